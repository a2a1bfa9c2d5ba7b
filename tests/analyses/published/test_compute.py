"""A whole reproduction on embeddings that no source had."""

import numpy as np
import pytest

from skknn_syndrome.analyses.published.compute import reproduce
from skknn_syndrome.analyses.published.result import Reproduction
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import StudySettingsError
from tests.analyses.published.conftest import FEW


@pytest.fixture(scope="module")
def apollo(small: EmbeddingDataset) -> Reproduction:
    return reproduce("apollo", small, n_draws=FEW)


def test_every_published_row_gets_its_verdict(apollo: Reproduction) -> None:
    assert len(apollo.rows) == 24
    assert {len(row.scores) for row in apollo.rows} == {6}
    assert {row.n_draws for row in apollo.rows} == {1, 2, 3}


def test_other_embeddings_are_named_as_such(apollo: Reproduction) -> None:
    assert not apollo.same_data
    assert apollo.dataset.name == "arrays"
    # The simulated classes are not those of the source, and neither are their scores.
    assert {row.verdict for row in apollo.rows if row.table == "result-1"} == {"not_reproducible"}


def test_the_folds_are_the_sources(apollo: Reproduction, small: EmbeddingDataset) -> None:
    assert apollo.splitter == "StratifiedKFold(n_splits=10, random_state=0, shuffle=True)"
    assert reproduce("monteiro", small).splitter == (
        "StratifiedKFold(n_splits=10, random_state=42, shuffle=True)"
    )


def test_classes_are_counted_before_and_after_balancing(
    apollo: Reproduction, small: EmbeddingDataset
) -> None:
    assert [entry.before for entry in apollo.balanced] == list(range(12, 36, 2))
    # The smallest class has 12 rows, and loses one; no class keeps more than twice as many.
    assert apollo.balanced[0].after == 11
    assert max(entry.after for entry in apollo.balanced) <= 24
    assert reproduce("monteiro", small).balanced == ()


def test_a_reproduction_goes_to_json_and_comes_back_equal(apollo: Reproduction) -> None:
    assert Reproduction.model_validate_json(apollo.model_dump_json()) == apollo


def test_one_class_is_refused() -> None:
    dataset = EmbeddingDataset.from_arrays(np.eye(12), ["a"] * 12)
    with pytest.raises(StudySettingsError, match="All images are of 'a': there is nothing to tell apart"):
        reproduce("monteiro", dataset)


def test_a_class_that_is_too_small_for_the_folds_is_refused() -> None:
    dataset = EmbeddingDataset.from_arrays(np.eye(20), ["a"] * 11 + ["b"] * 9)
    with pytest.raises(
        StudySettingsError, match="Syndrome 'b' has 9 images, and the published protocols div"
    ):
        reproduce("monteiro", dataset)
