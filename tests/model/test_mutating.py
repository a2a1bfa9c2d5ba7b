"""Changed files and strange cases: some dozens of the thousand that `tests.model.mutating` tries by hand."""

import pytest

from tests.model.builders import knn_model, lda_model
from tests.model.mutating import MUTATIONS, REFUSED, RIGHT, ask_changed_file, ask_strange_cases


@pytest.mark.parametrize("seed", range(24))
def test_a_changed_file_is_refused_or_answers_rightly(seed: int) -> None:
    model = lda_model() if seed % 2 else knn_model()
    assert ask_changed_file(model, MUTATIONS[seed // 2 % len(MUTATIONS)], seed) in {REFUSED, RIGHT}


@pytest.mark.parametrize("seed", range(24))
def test_strange_cases_are_refused_or_answered(seed: int) -> None:
    assert ask_strange_cases(knn_model(), seed) in {REFUSED, RIGHT}
