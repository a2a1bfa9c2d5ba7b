"""What choosing on the reporting folds was worth, in words."""

import pytest

from skknn_syndrome.rendering.findings.selection import SelectionFindings
from tests.analysis_builders import make_nested


def findings(
    chosen: float | None = 0.75,
    values: tuple[float, ...] = (0.5, 0.9),
    choices: tuple[tuple[str, int], ...] = (),
) -> SelectionFindings:
    nested = make_nested(choices or (("cosine", 5), ("cosine", 3)), chosen=chosen, values=values)
    return SelectionFindings(nested, "roc_auc_ovr")


@pytest.mark.parametrize(
    "chosen, verdict",
    [
        (0.7, "none"),
        (0.6, "none"),
        (0.75, "small"),  # 0.05 above 0.7, whose standard error is 0.2 / sqrt(2) = 0.14
        (0.85, "noticeable"),
        (None, None),
    ],
)
def test_optimism_is_held_against_the_standard_error(chosen: float | None, verdict: str | None) -> None:
    assert findings(chosen).verdict == verdict


def test_a_score_that_is_nowhere_defined_gives_no_verdict() -> None:
    assert findings(0.5, (float("nan"), float("nan"))).verdict is None


def test_what_was_chosen_is_counted_the_most_frequent_first() -> None:
    found = findings(choices=(("euclidean", 3), ("cosine", 5), ("cosine", 5), ("cosine", 1)))
    assert found.counts[0] == (("cosine", "distance", 5), 2)
    assert found.metrics == [("cosine", 3), ("euclidean", 1)]
    assert found.ks == (1, 5)
