"""What a guided projection and its test are worth where the truth is known: `python -m benchmarks.guided`.

Families are simulated with a tree that their embeddings follow with a given strength. Parts: correlation with
the tree before and after projecting (`strength`), and that by the shape of the tree (`trees`); how often
intervals of the correlation hold what other subjects of the same families give (`coverage`); how often the
test by refitted permutations finds something (`test`); and the first and last of networks (`network`, with
torch).
"""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import binom

from skknn_syndrome._files import write_text
from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.analyses.guided_projection.compute import judge
from skknn_syndrome.analyses.guided_projection.left_out import HeldOut, leave_out
from skknn_syndrome.analyses.guided_projection.permutations import Permutations
from skknn_syndrome.analyses.guided_projection.refits import EFFORTS, network_refits, ridge_refits
from skknn_syndrome.analyses.guided_projection.result import HeldOutJudgement
from skknn_syndrome.data import TaxonomyEmbeddings, make_taxonomy_embeddings, taxonomy_simulation
from skknn_syndrome.preprocessing.guided_projection import DistanceGuidedProjection
from skknn_syndrome.statistics.class_distances import ClassDistances, correlation_interval
from skknn_syndrome.statistics.mantel import mantel

LEVEL = 0.05
N_PERMUTATIONS = 199


def distances_of(made: TaxonomyEmbeddings) -> ClassDistances:
    data = made.dataset
    return ClassDistances.of(data.embeddings, data.syndromes, data.subjects, distance="euclidean")


def left_out_of(made: TaxonomyEmbeddings, random: np.random.RandomState) -> tuple[HeldOut, ClassDistances]:
    distances = distances_of(made)
    refit_to = ridge_refits(distances.means.prototypes())
    return leave_out(refit_to, np.array(made.names), 5, random), distances


def judged(made: TaxonomyEmbeddings, n_permutations: int, seed: int) -> Iterator[HeldOutJudgement]:
    """Judge a projection by a few permutations after the other."""
    random = np.random.RandomState(seed)
    left_out, distances = left_out_of(made, random)
    orders = [random.permutation(len(made.names)) for _ in range(n_permutations)]
    for start in range(0, n_permutations, 10):
        some = Permutations(orders[start : start + 10])
        yield judge("classes", left_out, distances.distances, made.distances, some)


def is_found(made: TaxonomyEmbeddings, seed: int) -> bool:
    """Whether p is at most 0.05: no more permutations are made than it takes to see that it is not."""
    allowed = round(LEVEL * (N_PERMUTATIONS + 1)) - 1
    as_high = 0
    for part in judged(made, N_PERMUTATIONS, seed):
        as_high += round(part.p_value * (part.n_permutations + 1)) - 1
        if as_high > allowed:
            return False
    return True


def cells_of(judgements: list[HeldOutJudgement]) -> str:
    """Return the cells of a row: means over data sets, with the standard deviation of the last."""
    found = np.array([[(pairs.raw, pairs.projected) for pairs in entry.correlations] for entry in judgements])
    cells = [f"{before:.2f}, {after:.2f}" for before, after in found.mean(axis=0).tolist()]
    return f"{' | '.join(cells)} ± {found[:, 2, 1].std(ddof=1):.2f}"


def strength_table(n_runs: int) -> Iterator[str]:
    yield "| strength | both fitted: before, after | one left out | both left out |"
    yield "|---|---|---|---|"
    for strength in (0.0, 0.25, 0.5, 1.0):
        sets = [make_taxonomy_embeddings(strength=strength, random_state=seed) for seed in range(n_runs)]
        found = [next(judged(made, 1, seed)) for seed, made in enumerate(sets)]
        yield f"| {strength:g} | {cells_of(found)} |"


def tree_table(n_runs: int) -> Iterator[str]:
    yield "| tree | strength | both fitted: before, after | one left out | both left out |"
    yield "|---|---|---|---|---|"
    for power, name in ((1.0, "pure birth"), (2.0, "coalescent")):
        with patch.object(taxonomy_simulation, "SPLITTING", power):
            yield from (f"| {name} {row}" for row in [*strength_table(n_runs)][2:])


class Networks:
    """Networks fitted to the kept classes of folds, and the time that it takes."""

    def __init__(self, hidden_size: int | None) -> None:
        self.projection = DistanceGuidedProjection(method="attention", hidden_size=hidden_size)
        self.seconds: list[float] = []

    def left_out(self, made: TaxonomyEmbeddings, n_divisions: int, seed: int) -> HeldOut:
        """Divide families into folds."""
        refit_to = network_refits(self.projection.set_params(random_state=seed), distances_of(made).means)
        random = np.random.RandomState(seed)
        return leave_out(refit_to, np.array(made.names), 5, random, n_divisions=n_divisions)

    def judge(
        self, made: TaxonomyEmbeddings, left_out: HeldOut, orders: list[IndexArray]
    ) -> HeldOutJudgement:
        """Judge, and note the time of a fit."""
        data = made.dataset
        raw = ClassDistances.of(data.embeddings, data.syndromes, data.subjects).distances
        start = time.process_time()
        found = judge("classes", left_out, raw, made.distances, Permutations(orders), raw_distance="cosine")
        n_fits = len(left_out.folds) + left_out.n_folds * len(orders)
        self.seconds.append((time.process_time() - start) / n_fits)
        return found


def network_table(n_runs: int) -> Iterator[str]:
    yield "| strength | projection | both fitted: before, after | one left out | both left out | CPU a fit |"
    yield "|---|---|---|---|---|---|"
    for strength in (0.0, 0.5, 1.0):
        sets = [make_taxonomy_embeddings(strength=strength, random_state=seed) for seed in range(n_runs)]
        for hidden_size, name in ((None, "network, linear"), (32, "network, hidden layer of 32")):
            networks = Networks(hidden_size)
            found = [
                networks.judge(made, networks.left_out(made, 1, seed), [np.arange(len(made.names))])
                for seed, made in enumerate(sets)
            ]
            seconds = np.mean(networks.seconds)
            yield f"| {strength:g} | {name} | {cells_of(found)} | {seconds:.2f} s |"
        ridge = [next(judged(made, 1, seed)) for seed, made in enumerate(sets)]
        yield f"| {strength:g} | ridge regression | {cells_of(ridge)} | |"
    yield ""
    yield f"Means over {n_runs} data sets of 74 families, seeds 0 to {n_runs - 1}, ± standard deviation."


def network_test_table(n_sets: int) -> Iterator[str]:
    """Judge networks by 19 permutations, the fewest that can be significant."""
    networks, effort = Networks(None), EFFORTS["attention"]
    yield "| strength | data sets | p of at most 0.05 | carries over |"
    yield "|---|---|---|---|"
    found = np.zeros((n_sets, 2), dtype=np.bool_)
    for seed in range(n_sets):
        made = make_taxonomy_embeddings(20, strength=0.0, random_state=seed)
        random = np.random.RandomState(seed)
        orders = [random.permutation(len(made.names)) for _ in range(effort.n_permutations_of_many)]
        left_out = networks.left_out(made, effort.n_divisions, seed)
        # One that does as well settles that p is larger.
        if all(networks.judge(made, left_out.first, [order]).p_value < 1 for order in orders):
            judgement = networks.judge(made, left_out, orders)
            found[seed] = judgement.significant, judgement.verdict == "carries over"
    shares = found.mean(axis=0)
    yield f"| 0 | {n_sets} | {shares[0]:.3f} | {shares[1]:.3f} |"
    low, high = binom.interval(0.99, n_sets, LEVEL) / np.array(n_sets)
    yield ""
    yield f"20 families, seeds 0 to {n_sets - 1}; 99 % band of a test at 5 %: {low:.3f} to {high:.3f}."


def test_table(n_runs: int, n_others: int) -> Iterator[str]:
    low, high = binom.interval(0.99, n_runs, LEVEL) / np.array(n_runs)
    yield "| strength | data sets | refitted permutations | Mantel test of the embeddings |"
    yield "|---|---|---|---|"
    for strength, n_sets in ((0.0, n_runs), (0.5, n_others), (1.0, n_others)):
        found = np.empty((n_sets, 2), dtype=np.bool_)
        for seed in range(n_sets):
            made = make_taxonomy_embeddings(10, strength=strength, random_state=seed)
            raw = distances_of(made).distances
            test = mantel(raw, made.distances, n_permutations=N_PERMUTATIONS, random_state=seed)
            found[seed] = is_found(made, seed), test.p_value <= LEVEL
        shares = found.mean(axis=0)
        yield f"| {strength:g} | {n_sets:,} | {shares[0]:.3f} | {shares[1]:.3f} |"
    yield ""
    yield f"99 % band of a test at 5 % in {n_runs:,} data sets: {low:.3f} to {high:.3f}."


def redraw(
    made: TaxonomyEmbeddings, distances: ClassDistances, random: np.random.RandomState
) -> ClassDistances:
    """Draw other subjects of families whose means are those of these."""
    data = made.dataset
    _, family = np.unique(data.syndromes, return_inverse=True)
    _, subject = np.unique(np.asarray(data.subjects), return_inverse=True)
    vectors = distances.means.prototypes()[family] + random.standard_normal(data.embeddings.shape)
    vectors += random.standard_normal((subject.max() + 1, data.n_features))[subject]
    return ClassDistances.of(vectors, data.syndromes, data.subjects, distance="euclidean")


def intervals_of(
    found: ClassDistances, correlate: Callable[[Float64Array], float], random: np.random.RandomState
) -> dict[str, tuple[float, float]]:
    """Return the interval in use, and those that could be."""
    estimate = correlate(found.distances)
    resampled = np.array([correlate(distances) for distances in found.bootstrap(N_PERMUTATIONS + 1, random)])
    low, high = np.quantile(resampled, [0.025, 0.975]).tolist()
    shift = estimate - float(resampled.mean())
    bias = ndtri(np.clip((resampled < estimate).mean(), 0.002, 0.998))
    corrected = np.quantile(resampled, ndtr(2 * bias + ndtri([0.025, 0.975]))).tolist()
    return {
        "jackknife (in use)": correlation_interval(found, correlate) or (np.nan, np.nan),
        "percentiles": (low, high),
        "percentiles, shifted to the estimate": (low + shift, high + shift),
        "basic": (2 * estimate - high, 2 * estimate - low),
        "bias-corrected": (corrected[0], corrected[1]),
    }


def coverage_table(n_runs: int) -> Iterator[str]:
    settings = ((10, 0.5, 8), (20, 1.0, 8), (30, 0.0, 4), (30, 1.0, 4))
    held: dict[str, list[list[bool]]] = {}
    for n_classes, strength, n_subjects in settings:
        for seed in range(n_runs):
            random = np.random.RandomState(seed)
            made = make_taxonomy_embeddings(
                n_classes, strength=strength, n_subjects=n_subjects, random_state=seed
            )
            pairs = np.triu_indices(n_classes, 1)
            wanted = made.distances[pairs]

            def correlate(distances: Float64Array) -> float:
                return float(np.corrcoef(distances[pairs], wanted)[0, 1])  # noqa: B023  called within the turn

            first = distances_of(made)
            others = [correlate(redraw(made, first, random).distances) for _ in range(60)]
            given = intervals_of(redraw(made, first, random), correlate, random)
            for name, (low, high) in given.items():
                held.setdefault(name, [[] for _ in settings])
                held[name][settings.index((n_classes, strength, n_subjects))].append(
                    low <= float(np.mean(others)) <= high
                )
    heads = [f"{n} families, strength {s:g}, {k} subjects" for n, s, k in settings]
    yield f"| 95 % interval | {' | '.join(heads)} |"
    yield "|---" * (len(heads) + 1) + "|"
    for name, columns in held.items():
        yield f"| {name} | {' | '.join(f'{np.mean(column):.2f}' for column in columns)} |"


def main() -> None:
    """Run, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="data sets without signal")
    parser.add_argument("--others", type=int, default=100, help="data sets of all else")
    parser.add_argument("--sets", type=int, default=5, help="data sets of 74 families for networks")
    parser.add_argument(
        "--part",
        action="append",
        choices=["strength", "trees", "coverage", "test", "network"],
        help="repeat for several; by default all but the network",
    )
    parser.add_argument("--output", type=Path, default=Path("artifacts/bench/guided.md"))
    arguments = parser.parse_args()
    few = max(2, arguments.others // 5)
    parts = {
        "strength": [strength_table(few)],
        "trees": [tree_table(few)],
        "coverage": [coverage_table(arguments.others)],
        "test": [test_table(arguments.runs, arguments.others)],
        "network": [network_table(max(2, arguments.sets)), network_test_table(8 * arguments.sets)],
    }
    lines: list[str] = []
    for part in arguments.part or ["strength", "trees", "coverage", "test"]:
        for rows in parts[part]:
            for line in rows:
                print(line, flush=True)
                lines.append(line)
            lines.append("")
    write_text(arguments.output, "\n".join(lines))


if __name__ == "__main__":
    main()
