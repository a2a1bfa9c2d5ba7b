"""How often a report calls equal methods different: `python -m benchmarks.equal_methods`.

Two methods are equal by construction: nearest neighbours in the first half of the features, and in the
second, which is drawn from the same distribution around the same centres. A study compares them as it
compares two distances, and a baseline or a larger k with its best candidate: the corrected resampled t test
over ten splits, adjusted after Holm for the scores. The same test on the first split stands beside it.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from skknn_syndrome import NeighborGraph
from skknn_syndrome._files import write_text
from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.crossval.collecting import typed_scores
from skknn_syndrome.crossval.folds import Splits, make_splits
from skknn_syndrome.heads.graph_scores.grid import score_grid
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.results.score import Score
from skknn_syndrome.statistics.paired_tests import compare_scores, share_tested

N_CLASSES, N_SUBJECTS, N_FEATURES, N_NEIGHBORS, N_SPLITS = 5, 200, 8, 7, 10
SEPARATION = 0.9


@dataclass(frozen=True)
class Pair:
    """What the test says of one pair of equal methods."""

    over_splits: tuple[DistanceComparison, ...]
    first_split: tuple[DistanceComparison, ...]


def draw(seed: int) -> tuple[Float64Array, Float64Array, IndexArray, IndexArray]:
    """Return both halves of the features, classes and subjects, one or two images a subject."""
    generator = np.random.default_rng(seed)
    kinds = np.arange(N_SUBJECTS) % N_CLASSES
    subjects = np.repeat(np.arange(N_SUBJECTS), generator.integers(1, 3, N_SUBJECTS))
    centres = SEPARATION * generator.standard_normal((N_CLASSES, N_FEATURES))
    halves = []
    for _ in range(2):
        people = centres[kinds] + generator.standard_normal((N_SUBJECTS, N_FEATURES))
        halves.append(people[subjects] + 0.5 * generator.standard_normal((len(subjects), N_FEATURES)))
    return halves[0], halves[1], kinds[subjects], subjects


def compare(seed: int) -> Pair:
    """Compare both halves as a study compares two distances."""
    first, second, labels, subjects = draw(seed)
    repeated = [make_splits(labels, subjects, cv=10, random_state=seed + split) for split in range(N_SPLITS)]
    of_first, of_second = (_scores(half, labels, repeated) for half in (first, second))
    return Pair(
        over_splits=_compare(of_first, of_second, labels, repeated),
        first_split=_compare(_head(of_first), _head(of_second), labels, repeated[:1]),
    )


def _scores(samples: Float64Array, labels: IndexArray, repeated: list[Splits]) -> dict[str, Score]:
    graph = NeighborGraph.from_embeddings(samples, metrics=["euclidean"])
    splits = [split for part in repeated for split in part.as_cv()]
    found = score_grid(graph, labels, splits, metrics=["euclidean"], n_neighbors=[N_NEIGHBORS])
    return typed_scores({name: table[0, 0, 0] for name, table in found.items()})


def _head(scores: dict[str, Score]) -> dict[str, Score]:
    """Return the scores of the first split alone."""
    return {
        name: Score.from_values(
            name, [float("nan") if value is None else value for value in score.values[:10]]
        )
        for name, score in scores.items()
    }


def _compare(
    first: dict[str, Score], second: dict[str, Score], labels: IndexArray, repeated: list[Splits]
) -> tuple[DistanceComparison, ...]:
    folds = tuple(fold for splits in repeated for fold in splits.describe(labels))
    return compare_scores("first", "second", first, second, share_tested(folds), n_repeats=len(repeated))


def count_calls(pairs: list[Pair]) -> list[str]:
    """Return a table: in how many pairs the test calls equal methods different."""

    def calls(found: list[tuple[DistanceComparison, ...]], score: str | None) -> int:
        return sum(
            any(entry.significant for entry in entries if score is None or entry.score == score)
            for entries in found
        )

    over, one = [pair.over_splits for pair in pairs], [pair.first_split for pair in pairs]
    names = [entry.score for entry in over[0]]
    return [
        f"| score | called different over {N_SPLITS} splits, of {len(pairs)} pairs | on the first split |",
        "|---|---|---|",
        *(f"| {name} | {calls(over, name)} | {calls(one, name)} |" for name in names),
        f"| any score | {calls(over, None)} | {calls(one, None)} |",
    ]


def main() -> None:
    """Run, and write a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--output", type=Path, default=Path("artifacts/bench/equal_methods.md"))
    arguments = parser.parse_args()
    lines = count_calls([compare(1000 * pair) for pair in range(arguments.pairs)])
    write_text(arguments.output, "\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
