"""The functions that the metrics share with scikit-learn."""

import inspect
import subprocess
import sys

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
        "scores_by_label",
        "top_k_accuracy_bounds",
        "unregister_score",
    }


@pytest.mark.parametrize("name", NAMES)
def test_signatures_are_scikit_learns(name: str) -> None:
    ours, theirs = (inspect.signature(getattr(module, name)) for module in (metrics, sklearn.metrics))
    described = [(p.name, p.kind, p.default) for p in ours.parameters.values()]
    assert described == [(p.name, p.kind, p.default) for p in theirs.parameters.values()]


def test_a_name_that_is_not_there_is_refused() -> None:
    assert set(metrics.__all__) <= set(dir(metrics))
    with pytest.raises(AttributeError, match="has no attribute 'acuracy_score'"):
        _ = metrics.acuracy_score  # type: ignore[attr-defined]


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_names_and_titles_of_scores_load_neither_numpy_nor_scikit_learn() -> None:
    program = (
        "import sys; from skknn_syndrome import wording; from skknn_syndrome.cli import study; "
        "print(wording.score_title('cohen_kappa'), sorted({'numpy', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "Cohen's kappa []\n"
