"""Coverage and size of prediction sets on a file, by head and kind: `python -m benchmarks.conformal FILE`."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from skknn_syndrome import NeighborGraph, SyndromeKNNClassifier, heads, load_embeddings
from skknn_syndrome._typing import Estimator, Float64Array
from skknn_syndrome.analyses.prediction_sets.compute import (
    calibrate_inside,
    inner_parts,
    measure_coverage,
)
from skknn_syndrome.analyses.prediction_sets.result import SetCoverage
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.crossval.predicting import record_candidate
from skknn_syndrome.crossval.repeats import split_inside
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.verdicts import SET_COVERAGES
from skknn_syndrome.statistics.novelty import ClassMeans

HEADS: dict[str, Estimator] = {
    "knn k=15": SyndromeKNNClassifier(15, metric="cosine"),
    "knn k=60": SyndromeKNNClassifier(60, metric="cosine", weights="softmax"),
    "lda": heads.get("lda").estimator(),
    "pool": heads.PooledClassifier(),
}
N_SEEDS, N_FOLDS = 5, 10


def measured(
    name: str, data: EmbeddingDataset, graph: NeighborGraph, seed: int
) -> Iterator[tuple[tuple[str, float], SetCoverage]]:
    """Yield coverage and size of each kind of set at each promise, on the folds of one seed."""
    labels, subjects = data.syndromes, data.subjects
    folds = make_splits(labels, subjects, cv=N_FOLDS, random_state=seed)
    splits = folds.as_cv()
    inner: Any = split_inside(splits, labels, subjects, random_state=1000 + seed)
    for kind, within in (("cross", inner), ("80/20", [part[:1] for part in inner])):
        parts = inner_parts(splits, within)
        record = record_candidate(
            HEADS[name],
            data.embeddings,
            labels,
            subjects,
            replace(folds, parts=parts),
            CandidateKey(head="measured", params={}),
            graph=graph if name.startswith("knn") else None,
        )
        for ties, similarity in (("", _similarity(data, parts)), (", ties kept", None)):
            tested = calibrate_inside(record, splits, within, similarity)
            for marginal in (False, True):
                for coverage in SET_COVERAGES:
                    key = f"{'marginal' if marginal else 'class'} {kind}{ties}", coverage
                    yield key, measure_coverage(tested, labels, subjects, coverage, marginal=marginal)


def _similarity(data: EmbeddingDataset, parts: Sequence[Any]) -> list[Float64Array]:
    codes = np.unique(data.syndromes, return_inverse=True)[1]
    people = np.arange(len(codes)) if data.subjects is None else data.subjects
    rows = data.embeddings
    return [
        ClassMeans.of(rows[part.train], codes[part.train], people[part.train]).similarity(rows[part.test])
        for part in parts
    ]


def main() -> None:
    """Print means over seeds, and the SD of coverage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--heads", nargs="+", default=list(HEADS))
    asked = parser.parse_args()
    data = load_embeddings(asked.file)
    graph = NeighborGraph.from_embeddings(data.embeddings, metrics=["cosine"])
    print("head | sets | promised | covered (SD) | least covered class | syndromes | single | empty")
    for name in asked.heads:
        found: dict[tuple[str, float], list[SetCoverage]] = {}
        for seed in range(N_SEEDS):
            for key, entry in measured(name, data, graph, seed):
                found.setdefault(key, []).append(entry)
        for (kind, coverage), entries in found.items():
            # Of each class the mean over seeds, and of these the least.
            by_class = [[own.covered.estimate for own in entry.classes] for entry in entries]
            covered = [entry.covered.estimate for entry in entries]
            size, single, empty = np.mean(
                [(entry.mean_size, entry.single_share, entry.empty_share) for entry in entries], axis=0
            )
            print(
                f"{name} | {kind} | {coverage} | {np.mean(covered):.3f} ({np.std(covered):.3f}) | "
                f"{np.mean(by_class, axis=0).min():.3f} | {size:.2f} | {single:.2f} | {empty:.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
