"""Coverage and size of prediction sets on a file, by head and kind: `python -m benchmarks.conformal FILE`.

With `--models` of models in use instead, asked about the images and the fused predictions of a third of the
subjects, whom they were not fitted to, each third in turn.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from skknn_syndrome import NeighborGraph, SyndromeKNNClassifier, heads, load_embeddings
from skknn_syndrome._typing import Estimator, Float64Array, IndexArray
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
from skknn_syndrome.model import SyndromeModel
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.prediction import Prediction
from skknn_syndrome.results.verdicts import SET_COVERAGES
from skknn_syndrome.statistics.conformal import subject_weights
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
    """Yield coverage and size of each kind of set at each nominal coverage, on the folds of one seed."""
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


def asked_of_models(name: str, data: EmbeddingDataset, seed: int) -> dict[str, list[float]]:
    """Return what sets of models cover of held-out subjects, and of the class where that is least.

    Each subject counts once; of images and of fused subjects at each nominal coverage: overall, least, size.
    """
    if data.subjects is None:
        raise SystemExit("Models are asked about held-out subjects: the file needs subject ids.")
    answers: dict[str, list[tuple[str, str, Prediction]]] = {}
    truth = dict(zip(data.subjects.tolist(), data.syndromes.tolist(), strict=True))
    for part in make_splits(data.syndromes, data.subjects, cv=3, random_state=seed).parts:
        model = SyndromeModel.fit(rows_of(data, part.train), head=name, random_state=seed)
        for coverage in SET_COVERAGES:
            said = model.predict(data.embeddings[part.test], data.subjects[part.test], coverage=coverage)
            for kind, found in (("images", said.images), ("subjects", said.subjects)):
                answers.setdefault(f"{kind} | {coverage}", []).extend(
                    (str(each.subject), truth[str(each.subject)], each) for each in found
                )
    return {key: covered_by(entries) for key, entries in answers.items()}


def rows_of(data: EmbeddingDataset, rows: IndexArray) -> EmbeddingDataset:
    """Return some images of a data set."""
    people = None if data.subjects is None else data.subjects[rows]
    return EmbeddingDataset.from_arrays(data.embeddings[rows], data.syndromes[rows], people)


def covered_by(entries: Sequence[tuple[str, str, Prediction]]) -> list[float]:
    """Return what is covered, of the class where that is least, and the mean size of a set."""
    people, truths = (np.array([entry[place] for entry in entries]) for place in (0, 1))
    held = np.array([truth in found.prediction_set for _, truth, found in entries])
    weights = subject_weights(people)
    least = min(
        float(np.average(held[truths == each], weights=weights[truths == each])) for each in np.unique(truths)
    )
    sizes = [len(found.prediction_set) for _, _, found in entries]
    return [float(np.average(held, weights=weights)), least, float(np.mean(sizes))]


def print_models(names: Sequence[str], data: EmbeddingDataset, n_seeds: int) -> None:
    """Print means over seeds."""
    print("model of | of | nominal | covered (SD) | least covered class | syndromes")
    for name in names:
        found = [asked_of_models(name, data, seed) for seed in range(n_seeds)]
        for key in found[0]:
            covered, least, size = np.mean([entry[key] for entry in found], axis=0)
            spread = np.std([entry[key][0] for entry in found])
            print(f"{name} | {key} | {covered:.3f} ({spread:.3f}) | {least:.3f} | {size:.2f}", flush=True)


def main() -> None:
    """Print means over seeds, and the SD of coverage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--heads", nargs="+", default=list(HEADS))
    parser.add_argument("--models", nargs="+", help="heads of models in use, instead")
    parser.add_argument("--seeds", type=int, default=N_SEEDS)
    asked = parser.parse_args()
    data = load_embeddings(asked.file)
    if asked.models:
        print_models(asked.models, data, asked.seeds)
        return
    graph = NeighborGraph.from_embeddings(data.embeddings, metrics=["cosine"])
    print("head | sets | nominal | covered (SD) | least covered class | syndromes | single | empty")
    for name in asked.heads:
        found: dict[tuple[str, float], list[SetCoverage]] = {}
        for seed in range(asked.seeds):
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
