"""Expected time of a study: the stated cost of each part, at the speed of this machine."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import prod
from statistics import median
from time import perf_counter
from types import MappingProxyType
from typing import Final

import numpy as np

from skknn_syndrome._typing import AnalysisName
from skknn_syndrome.crossval.costs import Cost, Sizes, Speed, Term, Unit
from skknn_syndrome.crossval.settings import CHEAP_REPEATS, StudySettings
from skknn_syndrome.crossval.study_data import StudyData
from skknn_syndrome.heads.graph_scores.sources import GRAPH_METRICS
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.questions import computations, descriptions

SIDE: Final = 768
"""Of the matrices whose product is timed: 0.9 GFlop."""

ENTRIES: Final = 400_000
"""Of the array that is partially sorted, and of the list of objects that Python handles."""

TURNS: Final = 5
"""Of each workload; the median counts, for a machine has other things to do as well."""

STUDY_PARTS: Final[Mapping[str, Cost]] = MappingProxyType(
    {
        "folds": Cost(
            "each subject is tried in each fold of each split",
            (Term(41.0, "python", ("subjects", "folds", "repeats")),),
        ),
        "graph": Cost(
            "a product of all pairs of images, and the nearest of each, which all distances share",
            (
                Term(0.66, "product", ("images", "images", "features")),
                Term(0.05, "sort", ("images", "images", "distances")),
            ),
        ),
        "search": Cost(
            "each candidate's probabilities of each image, scored",
            (Term(6.9, "sort", ("images", "classes", "candidates", "protocols")),),
        ),
        "out-of-fold predictions": Cost(
            "each distance's best candidate, asked for each image",
            (
                Term(21.0, "sort", ("images", "classes", "distances", "protocols")),
                Term(0.00094, "product", ("images", "images", "features", "distances", "protocols")),
            ),
        ),
        "preprocessing": Cost(
            "a search of each fold under each of 36 pairs of a scaler and a resampler",
            (Term(65.0, "product", ("images", "images", "features", "folds")),),
            sampled_above=1_200,
        ),
    }
)
"""Of parts of a study that are no analysis."""


DEFAULT_FOLDS: Final = 10
"""Taken of folds that are the caller's: they may be drawn once alone, and are not counted beforehand."""

REPEATED: frozenset[AnalysisName] = frozenset({"repeats", "larger_k", "baselines"})
"""Analyses that compare over repeated splits."""

QUICK_PARTS: Final = frozenset(
    {"folds", "graph", "search", "out-of-fold predictions", "inflation", "per_class", "near_duplicates"}
)
"""What a study of scores alone is made of."""


def quick_seconds(sizes: Sizes) -> float:
    """Return what a study of scores alone is expected to take."""
    return estimate_study(replace(sizes, repeats=1), QUICK_PARTS).seconds


def pass_over(_expected: "Estimate") -> None:
    """Say nothing of what a study is expected to take."""


def stated_costs() -> dict[str, Cost]:
    """Return the cost of each part of a study by its name, which is that of its time in the provenance.

    Examples
    --------
    >>> stated_costs()["repeats"].why
    'the search again on each repeated split'
    """
    analyses = {entry.question: entry.cost for entry in computations()}
    return dict(STUDY_PARTS) | analyses | {entry.question: entry.cost for entry in descriptions()}


@dataclass(frozen=True)
class ExpectedPart:
    """What a part of a study is expected to take."""

    name: str
    seconds: float
    n_images: int | None
    """Of the sample that it works on; None where it takes all images."""


@dataclass(frozen=True)
class Estimate:
    """What a study is expected to take, and what it does less of, since that would take too long."""

    sizes: Sizes
    parts: tuple[ExpectedPart, ...]
    """In the order in which they were asked for."""
    left_out: Mapping[str, str]
    """Why parts that were asked for are left out of data of this size, by name."""

    @property
    def seconds(self) -> float:
        """Of all parts together."""
        return sum(part.seconds for part in self.parts)

    @property
    def by_part(self) -> dict[str, float]:
        """Seconds by the name of the part."""
        return {part.name: part.seconds for part in self.parts}


def estimate_study(sizes: Sizes, parts: Collection[str], speed: Speed | None = None) -> Estimate:
    """Estimate how long parts of a study take.

    Parameters
    ----------
    sizes : Sizes
    parts : collection of str
        Names of `stated_costs`: of analyses, and "folds", "graph", "search", "out-of-fold predictions",
        "preprocessing".
    speed : mapping of str to float, optional
        Seconds an operation; by default measured, once a process.

    Returns
    -------
    Estimate

    Examples
    --------
    >>> sizes = Sizes(images=20_000, features=64, classes=10, subjects=15_000)
    >>> found = estimate_study(sizes, ["graph", "embedding_map"])
    >>> [(part.name, part.n_images) for part in found.parts]
    [('graph', None), ('embedding_map', 3000)]
    """
    costs, speed = stated_costs(), speed or measure_speed()
    reasons = {name: costs[name].why_withheld(sizes) for name in parts}
    return Estimate(
        sizes,
        tuple(
            ExpectedPart(name, costs[name].seconds(sizes, speed), costs[name].sample_of(sizes))
            for name, reason in reasons.items()
            if reason is None
        ),
        {name: reason for name, reason in reasons.items() if reason is not None},
    )


def expect_study(
    data: StudyData, settings: StudySettings, protocols: Sequence[str], parts: Collection[str]
) -> Estimate | None:
    """Estimate how long a study takes; None where candidates are fitted one by one, as no cost has it.

    Parameters
    ----------
    data : StudyData
    settings : StudySettings
    protocols : sequence of str
    parts : collection of str
        As `estimate_study` takes them.

    Returns
    -------
    Estimate or None
    """
    if settings.head is not KNN or settings.prefix or not set(settings.metrics) <= GRAPH_METRICS:
        return None
    sizes = Sizes(
        images=len(data.labels),
        features=data.array.shape[1],
        classes=len(np.unique(data.labels)),
        subjects=len(data.labels if data.groups is None else np.unique(data.groups)),
        candidates=prod(map(len, settings.grid.values())),
        distances=len(settings.metrics),
        folds=settings.cv if isinstance(settings.cv, int) else DEFAULT_FOLDS,
        protocols=len(protocols),
        repeats=(settings.n_repeats or CHEAP_REPEATS) if REPEATED & set(parts) else 1,
        levels=0 if data.taxonomy is None else len(data.taxonomy.levels.names),
        curve_heads=sum(head is not KNN for head in settings.learning_curve),
    )
    return estimate_study(sizes, parts)


@cache
def measure_speed(clock: Callable[[], float] = perf_counter) -> Speed:
    """Measure what a product, a partial sort and a pass over objects take here, in a fifth of a second.

    Parameters
    ----------
    clock : callable
        `time.process_time` counts what other programs do not take.

    Returns
    -------
    mapping of str to float
        Seconds an operation, by unit; remembered.
    """
    generator = np.random.default_rng(0)
    square = generator.random((SIDE, SIDE), dtype=np.float32)
    entries = generator.random(ENTRIES)
    workloads: dict[Unit, tuple[Callable[[], object], int]] = {
        "product": (lambda: square @ square, SIDE**3),
        "sort": (lambda: np.partition(entries, ENTRIES // 2), ENTRIES),
        "python": (lambda: dict(enumerate(map(str, range(ENTRIES // 10)))), ENTRIES // 10),
    }
    return {unit: _seconds(run, clock) / size for unit, (run, size) in workloads.items()}


def _seconds(run: Callable[[], object], clock: Callable[[], float]) -> float:
    run()  # to wake threads and fill caches
    times = []
    for _ in range(TURNS):
        start = clock()
        run()
        times.append(clock() - start)
    return max(median(times), 1e-9)
