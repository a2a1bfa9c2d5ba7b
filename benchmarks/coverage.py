"""How often confidence intervals hold the truth: `python -m benchmarks.coverage`.

A population of people is simulated, each with one to three images that are alike. A study is made of some of
them: five folds by subject, pooled out-of-fold predictions, intervals over resampled subjects. The truth is
what the same five classifiers score on thousands of new people.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome._files import write_text
from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.crossval.bootstrap import pool_scores
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.crossval.predicting import record_candidate
from skknn_syndrome.crossval.resamples import Resamples
from skknn_syndrome.metrics.batch.reweighting import Reweighting
from skknn_syndrome.metrics.registry import SCORE_NAMES
from skknn_syndrome.results.candidate import CandidateKey, knn_params

N_CLASSES, N_FEATURES, N_NEIGHBORS = 7, 6, 7
SHARES = (0.25, 0.2, 0.15, 0.1, 0.1, 0.1, 0.1)
CENTRES = 1.2 * np.random.default_rng(2026).standard_normal((N_CLASSES, N_FEATURES))
NEW_SUBJECTS = 8000


def draw_people(
    n_subjects: int, shares: Sequence[float], seed: int
) -> tuple[Float64Array, IndexArray, IndexArray]:
    """Return embeddings, classes and subjects of people from the population, classes in these shares."""
    generator = np.random.default_rng(seed)
    classes = generator.choice(N_CLASSES, n_subjects, p=shares)
    people = CENTRES[classes] + 0.8 * generator.standard_normal((n_subjects, N_FEATURES))
    subjects = np.repeat(np.arange(n_subjects), generator.integers(1, 4, n_subjects))
    images = people[subjects] + 0.6 * generator.standard_normal((len(subjects), N_FEATURES))
    return images, classes[subjects], subjects


def cover(seed: int, n_subjects: int, *, n_resamples: int = 1000) -> Float64Array:
    """Return for each score whether percentile and BCa interval hold the truth, shape (n_scores, 2).

    NaN where there is no interval.
    """
    samples, labels, subjects = draw_people(n_subjects, SHARES, 2 * seed)
    splits = make_splits(labels, subjects, cv=5, random_state=seed)
    model = SyndromeKNNClassifier(N_NEIGHBORS, metric="euclidean")
    candidate = CandidateKey(head="knn", params=knn_params("euclidean", "distance", N_NEIGHBORS))
    record = record_candidate(model, samples, labels, subjects, splits, candidate)
    pooled = pool_scores(record, Resamples(n_resamples, seed))
    # People "drawn as those of the data set were" come in its shares of classes, not in the population's.
    own_shares = (
        np.bincount(labels[np.unique(subjects, return_index=True)[1]], minlength=N_CLASSES) / n_subjects
    )
    strangers, kinds, _ = draw_people(NEW_SUBJECTS, own_shares.tolist(), 2 * seed + 1)
    said = [_predict(samples[part.train], labels[part.train], strangers) for part in splits.parts]
    truth = Reweighting(np.concatenate(said), np.tile(kinds, len(said)))(
        np.ones((1, len(said) * len(kinds)))
    )[:, 0]
    ends = np.array(
        [
            [[entry.percentile_low, entry.percentile_high], [entry.low, entry.high]]
            for entry in pooled.all_scores
        ],
        dtype=np.float64,
    )
    inside = (ends[..., 0] <= truth[:, None]) & (truth[:, None] <= ends[..., 1])
    return np.where(np.isnan(ends).any(axis=-1), np.nan, inside)


def _predict(samples: Float64Array, labels: IndexArray, strangers: Float64Array) -> Float64Array:
    """Return what the classifier says of thousands, by scikit-learn's trees: few features make them fast.

    With a column for every class, for few people may lack one.
    """
    model = KNeighborsClassifier(N_NEIGHBORS, weights="distance", algorithm="kd_tree").fit(samples, labels)
    probabilities = np.zeros((len(strangers), N_CLASSES))
    probabilities[:, model.classes_] = model.predict_proba(strangers)
    return probabilities


def main() -> None:
    """Run, and write a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--subjects", type=int, default=600)
    parser.add_argument("--output", type=Path, default=Path("artifacts/bench/coverage.md"))
    arguments = parser.parse_args()
    runs = np.array([cover(seed, arguments.subjects) for seed in range(arguments.runs)])
    covered, n_runs = np.nanmean(runs, axis=0), np.count_nonzero(~np.isnan(runs), axis=0)
    errors = np.sqrt(covered * (1 - covered) / n_runs)
    lines = [
        f"| score | percentile | BCa | ({arguments.subjects} people, {arguments.runs} runs) |",
        "|---|---|---|---|",
        *(
            f"| {name} | {share[0]:.1%} ± {error[0]:.1%} | {share[1]:.1%} ± {error[1]:.1%} | |"
            for name, share, error in zip(SCORE_NAMES, covered, errors, strict=True)
        ),
    ]
    write_text(arguments.output, "\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
