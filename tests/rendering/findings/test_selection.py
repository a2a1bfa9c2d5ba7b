"""What choosing on the reporting folds was worth, in words."""

from typing import Any

from skknn_syndrome.rendering.findings.selection import SelectionFindings
from tests.analysis_builders import make_nested
from tests.comparison_builders import make_interval, make_pooled


def findings(
    chosen: float | None = 0.75,
    choices: tuple[tuple[str, int], ...] = (("cosine", 5), ("cosine", 3)),
    **options: Any,
) -> SelectionFindings:
    return SelectionFindings(make_nested(choices, chosen=chosen, **options), "roc_auc_ovr")


def test_the_verdict_is_that_of_the_deciding_score() -> None:
    assert findings(p_value=0.04).verdict == "significant"
    assert findings(p_value=0.05).verdict == "not significant"
    assert findings(None).verdict is None


def test_the_nested_searchs_own_interval_is_there_where_there_is_one() -> None:
    defined, empty = make_interval("roc_auc_ovr", 0.4, 0.6), make_interval("roc_auc_ovr", None, None)
    assert findings(pooled=make_pooled(defined)).interval == defined
    assert findings(pooled=make_pooled(empty)).interval is None
    assert findings(pooled=make_pooled()).interval is None
    assert findings().interval is None


def test_what_was_chosen_is_counted_the_most_frequent_first() -> None:
    found = findings(choices=(("euclidean", 3), ("cosine", 5), ("cosine", 5), ("cosine", 1)))
    choice, n_folds = found.counts[0]
    assert (choice.metric, choice.weights, choice.n_neighbors, n_folds) == ("cosine", "distance", 5, 2)
    assert found.metrics == [("cosine", 3), ("euclidean", 1)]
    assert found.ks == (1, 5)
