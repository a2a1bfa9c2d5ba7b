"""What a comparison of preprocessing is asked for, checked before anything is computed."""

import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from numbers import Integral
from types import MappingProxyType
from typing import Any, get_args

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from skknn_syndrome._typing import LabelArray, ProtocolName
from skknn_syndrome.analyses.preprocessing.effects import Way
from skknn_syndrome.crossval.folds import Splits, make_splits
from skknn_syndrome.crossval.sampling import describe_sample, draw_sample
from skknn_syndrome.crossval.study_data import StudyData
from skknn_syndrome.errors import Argument, StudySettingsError
from skknn_syndrome.heads.graph_scores.sources import GRAPH_METRICS
from skknn_syndrome.heads.knn import KNN, make_grid
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.results.sample import Sample

LARGEST_SEED = 2**32
"""Seeds of NumPy's generators are below."""
ROC_AT = (1, 10)
"""At which k ROC curves are kept, where the grid has them."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Folds and grid, shared by all variants."""

    data: StudyData
    classifier: SyndromeKNNClassifier
    """With weights, temperature and class weight; k and distance are the grid's."""
    metrics: tuple[str, ...]
    n_neighbors: tuple[int, ...]
    cv: int
    seeds: tuple[int, ...]
    ways: tuple[Way, ...]
    compared_at: int | None
    splits: tuple[Splits, ...]
    """One a seed."""
    further_seeds: tuple[int, ...] = ()
    """Of further splits, for variants that are cheap to repeat."""
    sample: Sample | None = None
    """Which part of the images `data` are; None where they are all."""

    @cached_property
    def classes(self) -> LabelArray:
        """Shape (n_classes,): sorted labels."""
        classes: LabelArray = np.unique(self.data.labels)
        return classes

    @cached_property
    def further(self) -> tuple[Splits, ...]:
        """Further splits, one a seed of these; made when they are first asked for."""
        return tuple(
            make_splits(self.data.labels, self.data.groups, cv=self.cv, random_state=seed)
            for seed in self.further_seeds
        )

    @property
    def smallest_class(self) -> int:
        """How many images of the rarest class a training part has that has any."""
        parts = (part for splits in self.splits for part in splits.parts)
        return int(
            min(np.unique(self.data.labels[part.train], return_counts=True)[1].min() for part in parts)
        )

    @property
    def roc_at(self) -> tuple[int, ...]:
        """The k at which ROC curves are kept."""
        return tuple(k for k in ROC_AT if k in self.n_neighbors)

    @property
    def protocol(self) -> ProtocolName:
        """What folds keep together."""
        return self.splits[0].protocol


def make_plan(
    data: StudyData,
    classifier: SyndromeKNNClassifier,
    *,
    metrics: str | Sequence[str],
    n_neighbors: int | Iterable[int],
    cv: Any,  # noqa: ANN401  checked here
    random_states: Any,  # noqa: ANN401  likewise
    ways: Way | Collection[Way],
    compare_at: int | None,
    n_repeats: int = 1,
    most_images: int | None = None,
) -> Plan:
    """Check what is asked for, draw a sample of many images, and divide them.

    Parameters
    ----------
    data : StudyData
    classifier : SyndromeKNNClassifier
    metrics, n_neighbors, cv, random_states, ways, compare_at, n_repeats, most_images
        As in `compare_preprocessing`.

    Returns
    -------
    Plan

    Raises
    ------
    StudySettingsError
        If they can't be used, or not together.
    """
    if isinstance(classifier, Pipeline) or not KNN.fits(classifier):
        raise StudySettingsError(
            f"estimator is a {type(classifier).__name__}: give a SyndromeKNNClassifier.",
            code="not_knn",
            parameter="estimator",
        )
    if not isinstance(cv, Integral):
        raise StudySettingsError(
            "cv must be a number of folds: each seed makes a split of its own.",
            code="not_whole",
            parameter="cv",
        )
    grid = make_grid("", n_neighbors=n_neighbors, metrics=metrics, weights=classifier.weights)
    _check_grid(grid, classifier, compare_at)
    _refuse_gaps(data)
    seeds = _listed(random_states)
    data, sample = _drawn(data, most_images, seeds[0])
    return Plan(
        data=data,
        classifier=classifier,
        metrics=tuple(grid["metric"]),
        n_neighbors=tuple(int(k) for k in grid["n_neighbors"]),
        cv=int(cv),
        seeds=seeds,
        ways=_chosen(ways),
        compared_at=None if compare_at is None else int(compare_at),
        splits=tuple(make_splits(data.labels, data.groups, cv=int(cv), random_state=seed) for seed in seeds),
        further_seeds=_further_seeds(seeds, n_repeats),
        sample=sample,
    )


def _check_grid(grid: dict[str, list[Any]], classifier: SyndromeKNNClassifier, compare_at: object) -> None:
    unknown = [metric for metric in grid["metric"] if metric not in GRAPH_METRICS]
    if unknown:
        raise StudySettingsError(
            f"metrics names {unknown[0]!r}: take some of {', '.join(sorted(GRAPH_METRICS))}.",
            code="unknown_value",
            parameter="metrics",
        )
    clone(classifier).set_params(metric=grid["metric"][0])._validate_params()  # noqa: SLF001  as each fit would
    if compare_at is not None and not (
        isinstance(compare_at, Integral) and int(compare_at) in grid["n_neighbors"]
    ):
        raise StudySettingsError(
            f"compare_at={compare_at!r} is not in the grid of n_neighbors: add it there.",
            code="not_in_grid",
            parameter="compare_at",
        )


def _refuse_gaps(data: StudyData) -> None:
    gaps = np.flatnonzero(~np.isfinite(np.asarray(data.array, dtype=np.float64)).all(axis=1))
    if gaps.size:
        raise StudySettingsError(
            f"X holds NaN or infinity in row {gaps[0]} (counted from 0): fill it in, or leave the row out.",
            code="not_finite",
            parameter="X",
        )


def _drawn(data: StudyData, most_images: int | None, seed: int) -> tuple[StudyData, Sample | None]:
    """Return a part of the data where there are more images than are taken, with what to say of it."""
    n_images = len(data.labels)
    if most_images is None:
        return data, None
    rows = draw_sample(data.labels, data.groups, n_images=most_images, random_state=seed)
    if len(rows) == n_images:
        return data, None
    return data.part(rows), describe_sample(rows, data.groups, n_images=n_images, random_state=seed)


def _listed(random_states: Any) -> tuple[int, ...]:  # noqa: ANN401  whatever the caller gave
    given = list(random_states) if isinstance(random_states, Iterable) else [random_states]
    if not given or not all(isinstance(seed, Integral) for seed in given) or len(set(given)) < len(given):
        raise StudySettingsError(
            f"random_states={tuple(given)!r} must name one or several whole numbers, each once.",
            code="not_whole",
            parameter="random_states",
        )
    return tuple(int(seed) for seed in given)


def _further_seeds(seeds: tuple[int, ...], n_repeats: Any) -> tuple[int, ...]:  # noqa: ANN401  checked here
    """Return the seeds that follow the first, until there are as many splits as asked for."""
    if not isinstance(n_repeats, Integral) or n_repeats < 1:
        raise StudySettingsError(
            f"n_repeats={n_repeats!r} must be a whole number of splits, 1 at least.",
            code="not_whole",
            parameter="n_repeats",
        )
    following = (number % LARGEST_SEED for number in count(seeds[0] + 1))
    unused = (seed for seed in following if seed not in seeds)
    return tuple(islice(unused, max(0, int(n_repeats) - len(seeds))))


_WAYS_BEFORE: Mapping[object, Way] = MappingProxyType({"honest": "within_folds", "leaky": "before_splitting"})
"""What the ways were called before version 0.2."""


def _chosen(ways: Way | Collection[Way]) -> tuple[Way, ...]:
    chosen = {_renamed(way) for way in ([ways] if isinstance(ways, str) else ways)}
    known = get_args(Way)
    if "within_folds" not in chosen or not chosen <= set(known):
        raise StudySettingsError(
            "{ways} must be ('within_folds',), or ('within_folds', 'before_splitting') to show what "
            "preprocessing before splitting adds.",
            code="unknown_way",
            parameter="ways",
            ways=Argument("ways", ways),
        )
    return tuple(sorted(chosen, key=known.index))


def _renamed(way: Way) -> Way:
    """Return a way as it is called today; old names are taken for one version, with a hint."""
    if way not in _WAYS_BEFORE:
        return way
    warnings.warn(
        f"ways={way!r} is called {_WAYS_BEFORE[way]!r} now; the old name goes with the next version.",
        FutureWarning,
        stacklevel=5,
    )
    return _WAYS_BEFORE[way]
