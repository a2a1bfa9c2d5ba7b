"""Scores of a grid whose candidates are fitted one by one."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.model_selection import GridSearchCV

from skknn_syndrome._typing import Estimator, Float64Array, LabelArray, MatrixLike
from skknn_syndrome.crossval.scoring import ScoreEveryWay
from skknn_syndrome.crossval.tasks import MULTICLASS, Task
from skknn_syndrome.heads.base import IndexSplit


@dataclass(frozen=True, eq=False)
class FittedScores:
    """Scores of a grid on any splits, from candidates fitted one by one."""

    estimator: Estimator
    samples: MatrixLike
    labels: LabelArray
    n_jobs: int | None = None
    """Fits at a time."""
    task: Task = MULTICLASS
    """That judges."""

    def score_grid(
        self, grid: Mapping[str, Sequence[Any]], splits: Sequence[IndexSplit]
    ) -> Mapping[str, Float64Array]:
        """Return each score, shape (n_candidates, n_splits), candidates in the order of `ParameterGrid`.

        Examples
        --------
        >>> from sklearn.naive_bayes import GaussianNB
        >>> samples, labels = np.array([[0.0], [1.0], [8.0], [9.0], [1.5]]), np.array([*"aabba"])
        >>> split = np.array([0, 1, 2, 3]), np.array([4])
        >>> scores = FittedScores(GaussianNB(), samples, labels)
        >>> scores.score_grid({"var_smoothing": [1e-9, 1e-3]}, [split])["accuracy"].tolist()
        [[1.0], [1.0]]
        """
        search = GridSearchCV(
            self.estimator,
            {name: list(values) for name, values in grid.items()},
            scoring=ScoreEveryWay(self.task),
            refit=False,
            cv=list(splits),
            n_jobs=self.n_jobs,
            error_score="raise",
        )
        with warnings.catch_warnings():
            # A score that is not defined in a fold is NaN here and None, with its reason, in the result.
            warnings.filterwarnings("ignore", message="One or more of the test scores are non-finite")
            results = search.fit(self.samples, self.labels).cv_results_
        names = [name.removeprefix("split0_test_") for name in results if name.startswith("split0_test_")]
        return {
            name: np.stack([results[f"split{number}_test_{name}"] for number in range(len(splits))], axis=1)
            for name in names
        }
