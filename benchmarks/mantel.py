"""How often tests of matrix correlations find what is not there, and what is: `python -m benchmarks.mantel`.

Each run draws a coalescent tree of 74 classes, whose path lengths are the reference, and visual distances of
class means with 64 features. Means of few images are noisier, so that some classes are far from all others.
"""

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
from scipy.stats import binom, kstest

from skknn_syndrome._files import write_text
from skknn_syndrome._typing import Float64Array
from skknn_syndrome.statistics.mantel import mantel, matrix_correlation, phylogenetic_permutations
from skknn_syndrome.statistics.mantel_power import naive_p_value

N_CLASSES = 74
N_FEATURES = 64
N_PERMUTATIONS = 499
LEVEL = 0.05
TESTS = ("pairs independent", "Mantel", "partial Mantel", "phylogenetic")

Case: TypeAlias = tuple[Float64Array, Float64Array, Float64Array, Float64Array]
"""Visual and reference distances, a nuisance matrix, and the tree whose relatives are exchanged."""


def coalescent(random: np.random.Generator) -> Float64Array:
    """Return distances between the tips of a random dated tree, in random order."""
    distances, height = np.zeros((N_CLASSES, N_CLASSES)), 0.0
    clusters = [np.array([tip]) for tip in random.permutation(N_CLASSES)]
    while (n := len(clusters)) > 1:
        height += random.exponential(2 / (n * (n - 1)))
        first, second = (clusters.pop(random.integers(len(clusters))) for _ in range(2))
        distances[np.ix_(first, second)] = distances[np.ix_(second, first)] = 2 * height
        clusters.append(np.concatenate([first, second]))
    return distances


def evolved(tree: Float64Array, n_features: int, random: np.random.Generator) -> Float64Array:
    """Return traits that have evolved along a tree by Brownian motion, of variance 1."""
    shared = 1 - tree / tree.max()
    sizes, axes = np.linalg.eigh(shared)
    return np.asarray(axes * np.sqrt(np.maximum(sizes, 0)) @ random.normal(size=(len(tree), n_features)))


def between(points: Float64Array) -> Float64Array:
    """Return Euclidean distances."""
    return np.asarray(np.sqrt(((points[:, np.newaxis] - points) ** 2).sum(axis=2)))


def sampled(means: Float64Array, random: np.random.Generator) -> tuple[Float64Array, Float64Array]:
    """Return distances of means of few images, and sums of the logarithms of their numbers."""
    n_images = 1 + random.geometric(0.05, size=len(means))
    noise = random.normal(size=means.shape) / np.sqrt(n_images[:, np.newaxis])
    logs = np.log(n_images)
    return between(means + 2 * noise), logs[:, np.newaxis] + logs


def unrelated(random: np.random.Generator) -> Case:
    tree = coalescent(random)
    visual, nuisance = sampled(random.normal(size=(N_CLASSES, N_FEATURES)), random)
    return visual, tree, nuisance, tree


def of_another_tree(random: np.random.Generator) -> Case:
    tree = coalescent(random)
    visual, nuisance = sampled(evolved(coalescent(random), N_FEATURES, random), random)
    return visual, tree, nuisance, tree


def of_a_common_tree(random: np.random.Generator) -> Case:
    tree = coalescent(random)
    visual, _ = sampled(evolved(tree, N_FEATURES, random), random)
    return visual, between(evolved(tree, 3, random)), tree, tree


def of_the_reference(random: np.random.Generator) -> Case:
    tree = coalescent(random)
    means = random.normal(size=(N_CLASSES, N_FEATURES))
    means[:, :16] += 0.6 * evolved(tree, 16, random)
    visual, nuisance = sampled(means, random)
    return visual, tree, nuisance, tree


CASES: Mapping[str, tuple[Callable[[np.random.Generator], Case], float]] = {
    "no relation: visual distances of random points": (unrelated, 0.5),
    "no relation: visual distances along another tree": (of_another_tree, 0.5),
    "no relation but the tree: both follow it, the reference is none": (of_a_common_tree, 0.3),
    "a weak relation: 16 of 64 features follow the reference's tree": (of_the_reference, 0.3),
}
"""What is drawn, and in which share of the runs."""


def p_values(case: Case, seed: int) -> list[float]:
    """Return the p-value of each test."""
    visual, reference, nuisance, tree = case
    naive = naive_p_value(matrix_correlation(visual, reference), N_CLASSES * (N_CLASSES - 1) // 2)
    scheme = phylogenetic_permutations(tree, n_permutations=N_PERMUTATIONS, random_state=seed)
    test = partial(mantel, visual, reference, n_permutations=N_PERMUTATIONS, random_state=seed)
    return [
        float(naive),
        test().p_value,
        test(nuisance=[nuisance]).p_value,
        mantel(visual, reference, scheme=scheme).p_value,
    ]


def main() -> None:
    """Run, and write a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--runs", type=int, default=1000, help="unrelated pairs of matrices, half of each kind"
    )
    parser.add_argument("--output", type=Path, default=Path("artifacts/bench/mantel.md"))
    arguments = parser.parse_args()
    lines = [
        f"| p <= {LEVEL} in | runs | {' | '.join(TESTS)} | 99 % band |",
        f"|---|---{'|---' * len(TESTS)}|---|",
    ]
    uniform = []
    for title, (draw, share) in CASES.items():
        n_runs = round(arguments.runs * share)
        found = np.array([p_values(draw(np.random.default_rng(run)), run) for run in range(n_runs)])
        shares = " | ".join(f"{value:.3f}" for value in (found <= LEVEL).mean(axis=0))
        low, high = binom.interval(0.99, n_runs, LEVEL)
        lines.append(f"| {title} | {n_runs} | {shares} | {low / n_runs:.3f} to {high / n_runs:.3f} |")
        if draw in {unrelated, of_another_tree}:
            jitter = np.random.default_rng(0).uniform(0, 1 / (N_PERMUTATIONS + 1), size=n_runs)
            uniform.append(f"{kstest(found[:, 1] - jitter, 'uniform').pvalue:.2f}")
    lines += ["", f"Mantel's p against uniform, Kolmogorov-Smirnov: p = {' and '.join(uniform)} (rows 1, 2)."]
    write_text(arguments.output, "\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
