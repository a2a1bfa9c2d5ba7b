"""How well scores tell absent classes from known ones, each left out: `python -m benchmarks.novelty FILE`."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from skknn_syndrome import load_embeddings
from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.neighbors.distances import unit_rows
from skknn_syndrome.statistics.novelty import ClassMeans

N_SEEDS, N_FOLDS, ALLOWED = 5, 5, 0.05


class Gallery(NamedTuple):
    """Training images of known classes, as unit rows."""

    rows: Float64Array
    codes: IndexArray
    """0 to n_classes - 1."""
    subjects: IndexArray


def by_means(gallery: Gallery, new: Float64Array) -> Float64Array:
    return ClassMeans.of(gallery.rows, gallery.codes, gallery.subjects).novelty(new)


def by_means_of_images(gallery: Gallery, new: Float64Array) -> Float64Array:
    return ClassMeans.of(gallery.rows, gallery.codes).novelty(new)


def by_centred_means(gallery: Gallery, new: Float64Array) -> Float64Array:
    centre = gallery.rows.mean(axis=0)
    return by_means(gallery._replace(rows=gallery.rows - centre), new - centre)


def by_nearest(gallery: Gallery, new: Float64Array) -> Float64Array:
    return np.asarray(1 - (new @ gallery.rows.T).max(axis=1))


def by_neighbors(gallery: Gallery, new: Float64Array) -> Float64Array:
    return np.asarray(1 - np.sort(new @ gallery.rows.T, axis=1)[:, -15:].mean(axis=1))


def by_density(gallery: Gallery, new: Float64Array, width: float = 0.2) -> Float64Array:
    """Return minus the log of the largest class density, with a kernel exp(cos / width)."""
    exponents = new @ gallery.rows.T / width
    densities = [
        logsumexp(exponents[:, gallery.codes == code], axis=1) - np.log(np.sum(gallery.codes == code))
        for code in np.unique(gallery.codes)
    ]
    return np.asarray(-np.max(densities, axis=0))


def by_energy(gallery: Gallery, new: Float64Array) -> Float64Array:
    """Return minus the log-sum-exp of logistic regression's logits, of centred rows."""
    centre = gallery.rows.mean(axis=0)
    model = LogisticRegression(C=10.0, max_iter=500).fit(gallery.rows - centre, gallery.codes)
    logits = model.decision_function(new - centre)
    both = logits if logits.ndim > 1 else np.column_stack([-logits, logits]) / 2
    return np.asarray(-logsumexp(both, axis=1))


SCORES: Mapping[str, Callable[[Gallery, Float64Array], Float64Array]] = {
    "class means": by_means,
    "class means, images equal": by_means_of_images,
    "class means, centred": by_centred_means,
    "class densities": by_density,
    "energy": by_energy,
    "15 neighbours": by_neighbors,
    "nearest": by_nearest,
}
COMBINED = (
    ("class means", "energy"),
    ("class densities", "energy"),
    ("class means", "class densities"),
    ("class means", "15 neighbours"),
    ("class means", "energy", "15 neighbours"),
)
"""Sums of scores, each in units of its SD over the images of a turn, known and unknown alike."""


def main() -> None:
    """Print AUC and detection, means over seeds and classes, and those of the worst class."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    data = load_embeddings(parser.parse_args().file)
    rows = unit_rows(data.embeddings)
    codes = np.unique(data.syndromes, return_inverse=True)[1]
    names = np.arange(len(codes)) if data.subjects is None else data.subjects
    people = np.unique(names, return_inverse=True)[1]
    found: dict[str, list[list[tuple[float, float]]]] = {}
    for seed in range(N_SEEDS):
        splits = make_splits(codes, people, cv=N_FOLDS, random_state=seed).as_cv()
        of_seed: dict[str, list[tuple[float, float]]] = {}
        for code in np.unique(codes):
            scores: dict[str, list[Float64Array]] = {}
            for train, test in splits:
                kept = train[codes[train] != code]
                known = np.unique(codes[kept], return_inverse=True)[1]
                gallery = Gallery(rows[kept], known, people[kept])
                for name, score in SCORES.items():
                    scores.setdefault(name, []).append(score(gallery, rows[test]))
            unknown = codes[np.concatenate([test for _, test in splits])] == code
            whole = {name: np.concatenate(parts) for name, parts in scores.items()}
            for parts in COMBINED:
                whole[" + ".join(parts)] = np.sum([whole[name] / whole[name].std() for name in parts], axis=0)
            for name, values in whole.items():
                of_seed.setdefault(name, []).append(judged(values, unknown))
        for name, turns in of_seed.items():
            found.setdefault(name, []).append(turns)
    print("score | AUC (SD over seeds) | worst class | flagged at 5 % | worst class")
    for name, seeds in found.items():
        table = np.array(seeds)
        by_class = table.mean(axis=0)
        spread = table[:, :, 0].mean(axis=1).std()
        print(
            f"{name} | {by_class[:, 0].mean():.4f} ({spread:.4f}) | {by_class[:, 0].min():.3f} | "
            f"{by_class[:, 1].mean():.3f} | {by_class[:, 1].min():.3f}"
        )


def judged(scores: Float64Array, unknown: BoolArray) -> tuple[float, float]:
    """Return the AUC, and the share of the unknown above what 5 % of the known ones exceed."""
    limit = np.quantile(scores[~unknown], 1 - ALLOWED, method="inverted_cdf")
    return float(roc_auc_score(unknown, scores)), float((scores[unknown] > limit).mean())


if __name__ == "__main__":
    main()
