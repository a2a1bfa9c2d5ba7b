"""The functions that the metrics share with scikit-learn."""

import inspect

import pytest
import sklearn.metrics

from skknn_syndrome import metrics
from tests.metrics.replaced_by_ours import NAMES


def test_every_function_that_scikit_learn_lacks_is_known() -> None:
    assert set(metrics.__all__) - set(NAMES) == {
        "LabelScore",
        "RankingScore",
        "mean_roc_curve",
        "micro_average_roc_curve",
        "register_score",
        "top_k_accuracy_bounds",
        "unregister_score",
    }


@pytest.mark.parametrize("name", NAMES)
def test_signatures_are_scikit_learns(name: str) -> None:
    ours, theirs = (inspect.signature(getattr(module, name)) for module in (metrics, sklearn.metrics))
    described = [(p.name, p.kind, p.default) for p in ours.parameters.values()]
    assert described == [(p.name, p.kind, p.default) for p in theirs.parameters.values()]
