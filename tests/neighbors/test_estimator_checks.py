"""The classifier keeps scikit-learn's contract: every check of every variant, none of them excused."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.utils.estimator_checks import (
    check_dataframe_column_names_consistency,
    check_param_validation,
    parametrize_with_checks,
)

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.neighbors import SyndromeKNNClassifier

# scikit-learn's checks train on one to a few rows as well; the default asks for 15 neighbours.
pytestmark = pytest.mark.filterwarnings("ignore::skknn_syndrome.errors.FewerNeighborsWarning")


@dataclass(frozen=True)
class Closeness:
    """A callable whose name, unlike a function's, holds no address: tests keep their names between runs."""

    def __call__(self, distances: Float64Array) -> Float64Array:
        return np.asarray(1 / (1 + distances))


VARIANTS = [
    SyndromeKNNClassifier(),
    SyndromeKNNClassifier(metric="euclidean", weights="uniform"),
    SyndromeKNNClassifier(metric="euclidean", weights="softmax", temperature=10),
    SyndromeKNNClassifier(weights="softmax"),
    SyndromeKNNClassifier(metric="manhattan", n_jobs=2),
    SyndromeKNNClassifier(class_weight="balanced"),
    SyndromeKNNClassifier(weights=Closeness()),
    SyndromeKNNClassifier(metric="precomputed"),
]


@parametrize_with_checks(VARIANTS)  # type: ignore[untyped-decorator] # scikit-learn is untyped
def test_scikit_learn_contract(
    estimator: SyndromeKNNClassifier, check: Callable[[SyndromeKNNClassifier], None]
) -> None:
    check(estimator)


@pytest.mark.parametrize("classifier", VARIANTS)
@pytest.mark.parametrize("check", [check_param_validation, check_dataframe_column_names_consistency])
def test_scikit_learn_contract_for_its_own_estimators(
    classifier: SyndromeKNNClassifier, check: Callable[[str, SyndromeKNNClassifier], None]
) -> None:
    check("SyndromeKNNClassifier", classifier)
