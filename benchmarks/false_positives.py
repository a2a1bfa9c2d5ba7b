"""How often the corrected t test finds what is not there: `python -m benchmarks.false_positives`.

Labels are shuffled, so that no distance can be better than another, and no classifier better than chance. The
graph of the embeddings stays the same: a run takes milliseconds.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import binom

from skknn_syndrome import NeighborGraph, make_syndrome_embeddings
from skknn_syndrome._files import write_text
from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.heads.graph_scores.grid import score_grid
from skknn_syndrome.statistics.paired_tests import corrected_t_test

SCORES = ("roc_auc_ovr", "f1_macro", "accuracy")
LEVEL = 0.05


@dataclass(frozen=True)
class Found:
    """What came of shuffled labels, run after run."""

    p_values: dict[str, Float64Array]
    """By score, shape (n_runs,)."""
    areas: Float64Array
    """Shape (n_runs,): mean AUC of cosine neighbours."""

    def positives(self, score: str) -> int:
        """Return in how many runs the difference was called significant."""
        return int(np.count_nonzero(self.p_values[score] < LEVEL))


def shuffle_labels(
    graph: NeighborGraph, labels: LabelArray, groups: LabelArray | None, n_runs: int, *, first_seed: int = 0
) -> Found:
    """Compare cosine with Euclidean neighbours, k = 15, on ten folds of shuffled labels."""
    p_values = {score: np.empty(n_runs) for score in SCORES}
    areas = np.empty(n_runs)
    for run in range(n_runs):
        shuffled = np.random.default_rng(first_seed + run).permutation(labels)
        splits = make_splits(shuffled, groups, cv=10, random_state=first_seed + run)
        scores = score_grid(
            graph, shuffled, splits.as_cv(), metrics=["cosine", "euclidean"], n_neighbors=[15]
        )
        share = float(np.mean([len(part.test) / len(part.train) for part in splits.parts]))
        areas[run] = scores["roc_auc_ovr"][0].mean()
        for score in SCORES:
            cosine, euclidean = scores[score][:, 0, 0]
            found = corrected_t_test(score, "cosine", "euclidean", cosine - euclidean, share)
            p_values[score][run] = 1.0 if found.p_value is None else found.p_value
    return Found(p_values, areas)


def main() -> None:
    """Run, and write a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--output", type=Path, default=Path("artifacts/bench/false_positives.md"))
    arguments = parser.parse_args()
    data = make_syndrome_embeddings()
    graph = NeighborGraph.from_embeddings(data.embeddings)
    found = shuffle_labels(graph, data.syndromes, None, arguments.runs)
    low, high = binom.interval(0.99, arguments.runs, LEVEL)
    lines = [
        f"| score | called significant at 5 % in {arguments.runs} runs | 99 % band of a test at 5 % |",
        "|---|---|---|",
        *(f"| {score} | {found.positives(score)} | {low:.0f} to {high:.0f} |" for score in SCORES),
        "",
        f"AUC of shuffled labels: mean {found.areas.mean():.4f}, SD {found.areas.std(ddof=1):.4f} over runs.",
    ]
    write_text(arguments.output, "\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
