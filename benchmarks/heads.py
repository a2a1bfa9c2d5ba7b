"""How well each head classifies a file, all chosen inside the folds: `python -m benchmarks.heads FILE`."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import ParameterGrid, StratifiedGroupKFold

from skknn_syndrome import heads, load_embeddings
from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.heads.calibrated import CalibratedClassifier
from skknn_syndrome.heads.temperature import (
    fit_temperature,
    inner_folds,
    log_probabilities,
    out_of_fold_scores,
)

N_FOLDS = 10
COLUMNS = "AUC", "F1", "top-1", "log loss", "ECE"


class Rows(NamedTuple):
    """Embeddings with places of their classes and subjects."""

    samples: Float64Array
    codes: IndexArray
    subjects: IndexArray

    def part(self, rows: IndexArray) -> "Rows":
        """Return some of them."""
        return Rows(self.samples[rows], self.codes[rows], self.subjects[rows])


def choose(name: str, rows: Rows) -> CalibratedClassifier:
    """Return the candidate with the least log loss of inner folds, at its temperature, fitted to all rows.

    Each fits as a search by `GridSearchCV` would, with one set of inner folds instead of one in another.
    """
    head = heads.get(name)
    candidates = [head.estimator().set_params(**params) for params in ParameterGrid(dict(head.grid))]
    if len(candidates) > 1:
        candidates.sort(key=lambda each: inner_loss(each, rows))
    chosen: CalibratedClassifier = clone(candidates[0]).fit(*rows)
    return chosen


def inner_loss(model: CalibratedClassifier, rows: Rows) -> float:
    """Return the log loss of inner out-of-fold scores at the temperature that suits them best."""
    folds = inner_folds(rows.codes, rows.subjects, n_folds=5, random_state=0)
    scores = out_of_fold_scores(model, *rows, folds)
    said = log_probabilities(scores, fit_temperature(scores, rows.codes))
    return -float(np.take_along_axis(said, rows.codes[:, None], axis=1).mean())


def measure(name: str, rows: Rows, seed: int) -> list[float]:
    """Return scores of pooled out-of-fold probabilities."""
    said = np.zeros((len(rows.codes), int(rows.codes.max()) + 1))
    folds = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=seed)
    for train, test in folds.split(rows.samples, rows.codes, rows.subjects):
        said[test] = choose(name, rows.part(train)).predict_proba(rows.samples[test])
    predicted, sure = said.argmax(axis=1), said.max(axis=1)
    right = predicted == rows.codes
    bins = np.minimum((sure * 10).astype(int), 9)
    return [
        float(roc_auc_score(rows.codes, said, multi_class="ovr")),
        float(f1_score(rows.codes, predicted, average="macro")),
        float(right.mean()),
        -float(np.log(said[np.arange(len(said)), rows.codes]).mean()),
        float(np.abs(np.bincount(bins, right - sure)).sum() / len(said)),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=range(5))
    parser.add_argument("--heads", nargs="+", default=[name for name in heads.names() if name != "knn"])
    asked: Any = parser.parse_args(arguments)
    data = load_embeddings(asked.file)
    assert data.subjects is not None, "heads are compared on folds of subjects"
    codes = np.unique(data.syndromes, return_inverse=True)[1]
    subjects = np.unique(data.subjects, return_inverse=True)[1]
    rows = Rows(data.embeddings.astype(np.float64), codes, subjects)
    print(f"{'head':20}" + "".join(f"{column:>10}" for column in COLUMNS) + "     CPU s a seed")
    for name in asked.heads:
        started = time.process_time()
        found = np.array([measure(name, rows, seed) for seed in asked.seeds])
        seconds = (time.process_time() - started) / len(found)
        print(f"{name:20}" + "".join(f"{value:10.4f}" for value in found.mean(axis=0)) + f"{seconds:17.1f}")


if __name__ == "__main__":
    main()
