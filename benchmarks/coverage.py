"""How often confidence intervals hold the truth: `python -m benchmarks.coverage`.

A population of people is simulated, each with one to three images that are alike. A study is made of some of
them: five folds by subject, pooled out-of-fold predictions, intervals over resampled subjects. The truth is
what the same five classifiers score on thousands of new people.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome._files import write_text
from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics.batch.reweighting import Reweighting
from skknn_syndrome.results import Candidate
from skknn_syndrome.study.recording import record_candidate
from skknn_syndrome.study.splitting import make_splits
from skknn_syndrome.study.subject_bootstrap import pool_scores

N_CLASSES, N_FEATURES, N_NEIGHBORS = 7, 6, 7
SHARES = (0.25, 0.2, 0.15, 0.1, 0.1, 0.1, 0.1)
CENTRES = 1.2 * np.random.default_rng(2026).standard_normal((N_CLASSES, N_FEATURES))
SUBJECTS, NEW_SUBJECTS = 600, 8000


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


def cover(seed: int, *, n_resamples: int = 1000) -> Float64Array:
    """Return for each score whether percentile and BCa interval hold the truth, shape (n_scores, 2)."""
    samples, labels, subjects = draw_people(SUBJECTS, SHARES, 2 * seed)
    splits = make_splits(labels, subjects, cv=5, random_state=seed)
    model = SyndromeKNNClassifier(N_NEIGHBORS, metric="euclidean")
    candidate = Candidate(metric="euclidean", weights="distance", n_neighbors=N_NEIGHBORS, all_scores=())
    record = record_candidate(model, samples, labels, subjects, splits, candidate)
    pooled = pool_scores(record, n_resamples=n_resamples, random_state=seed)
    # People "drawn as those of the data set were" come in its shares of classes, not in the population's.
    own_shares = (
        np.bincount(labels[np.unique(subjects, return_index=True)[1]], minlength=N_CLASSES) / SUBJECTS
    )
    strangers, kinds, _ = draw_people(NEW_SUBJECTS, own_shares.tolist(), 2 * seed + 1)
    said = [
        model.fit(samples[part.train], labels[part.train]).predict_proba(strangers) for part in splits.parts
    ]
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
    return np.asarray((ends[..., 0] <= truth[:, None]) & (truth[:, None] <= ends[..., 1]), dtype=np.float64)


def main() -> None:
    """Run, and write a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--output", type=Path, default=Path("artifacts/bench/coverage.md"))
    arguments = parser.parse_args()
    covered = np.mean([cover(seed) for seed in range(arguments.runs)], axis=0)
    lines = [
        f"| score | percentile | BCa | ({arguments.runs} runs, intervals of 95 %) |",
        "|---|---|---|---|",
        *(
            f"| {name} | {percentile:.1%} | {accelerated:.1%} | |"
            for name, (percentile, accelerated) in zip(Reweighting.names, covered, strict=True)
        ),
    ]
    write_text(arguments.output, "\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
