"""How well each head classifies a file, all chosen inside the folds: `python -m benchmarks.heads FILE`."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from skknn_syndrome import compare_models, heads, load_embeddings
from skknn_syndrome.heads.knn import KNN, answer_from_graph
from skknn_syndrome.results.model_comparison import ModelComparison

COLUMNS = {"AUC": "roc_auc_ovr", "F1": "f1_macro", "top-1": "top_1_accuracy"}

PLAIN = heads.Head(
    name="cosine_15",
    title="15 nearest neighbours by cosine",
    estimator=KNN.estimator,
    grid={"metric": ("cosine",), "n_neighbors": (15,), "weights": ("distance",)},
    gives=KNN.gives,
    answers=answer_from_graph,
)
VOTES = heads.Head(
    name="cosine_15_calibrated",
    title="calibrated votes of 15 nearest neighbours by cosine",
    estimator=heads.CalibratedKNNClassifier,
    grid={"n_neighbors": (15,), "scaling": (None,)},
    gives=heads.get("calibrated_knn").gives,
)
FIXED = {head.name: head for head in (PLAIN, VOTES)}
"""Heads that choose nothing."""


def row(comparison: ModelComparison) -> list[float]:
    """Return scores of the pooled predictions of each repeat, their means, and the calibration of all."""
    model = comparison.models.models[0]
    pooled = {each.score: each.values for each in model.by_repeat}
    means = [float(np.mean(pooled[score])) for score in COLUMNS.values()]
    said = model.calibration
    return [*means, said.log_loss, said.expected_calibration_error]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=0, help="of the first of five repeats")
    parser.add_argument("--heads", nargs="+", default=[*heads.names(), *FIXED])
    asked: Any = parser.parse_args(arguments)
    data = load_embeddings(asked.file)
    columns = [*COLUMNS, "log loss", "ECE", "CPU s"]
    print(f"{'head':22}" + "".join(f"{column:>10}" for column in columns), flush=True)
    for name in asked.heads:
        started = time.process_time()
        found = row(
            compare_models(
                data.embeddings,
                data.syndromes,
                groups=data.subjects,
                heads=FIXED.get(name, name),
                random_state=asked.seed,
                n_jobs=1,
            )
        )
        seconds = time.process_time() - started
        print(f"{name:22}" + "".join(f"{value:10.4f}" for value in found) + f"{seconds:10.1f}", flush=True)


if __name__ == "__main__":
    main()
