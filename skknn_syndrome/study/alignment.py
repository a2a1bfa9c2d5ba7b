"""Comparison of visual with reference distances between classes."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.alignment.compute import AlignmentSettings, align, class_size, same_group
from skknn_syndrome.analyses.alignment.matching import ImagesOf, Visual, leftovers_of, match_classes
from skknn_syndrome.analyses.guided_projection.compute import judge_projection
from skknn_syndrome.analyses.guided_projection.refits import EFFORTS
from skknn_syndrome.analyses.guided_projection.result import ProjectionMethod
from skknn_syndrome.crossval.provenance import summarise_arrays, versions
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.data.covariates import MISSING
from skknn_syndrome.data.reference import ReferenceDistances, as_reference
from skknn_syndrome.errors import Argument, ParameterError, meant, quote
from skknn_syndrome.preprocessing.projection_network import import_torch
from skknn_syndrome.preprocessing.prototypes import PrototypeMethod
from skknn_syndrome.results.analysis import Analyses, Analysis
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.distance_alignment import DistanceAlignment
from skknn_syndrome.results.provenance import Provenance
from skknn_syndrome.statistics.class_distances import DistanceName
from skknn_syndrome.statistics.mantel import Alternative
from skknn_syndrome.study.describing import identity
from skknn_syndrome.study.progress import Course, Progress

DistancesLike: TypeAlias = ReferenceDistances | pd.DataFrame | str | os.PathLike[str]
"""Distances between named classes, or the file that holds them."""

Groups: TypeAlias = str | Mapping[str, str]
"""A wider group of each class: the covariate of a data set that tells it, or the group by class."""


def compare_distances(  # noqa: PLR0913
    visual: EmbeddingDataset | DistancesLike,
    reference: DistancesLike,
    *,
    distance: DistanceName = "cosine",
    prototype: PrototypeMethod = "mean",
    group: Groups | None = None,
    nuisance: Mapping[str, DistancesLike] | None = None,
    shared_only: bool = False,
    alternative: Alternative = "greater",
    projection: ProjectionMethod | bool | None = "ridge",
    n_permutations: int | None = None,
    random_state: int | None = 42,
    command: str | None = None,
    settings: str = "",
    on_progress: Callable[[Progress], object] | None = None,
) -> DistanceAlignment:
    """Compare distances between classes in embeddings with those of a tree or a matrix.

    This is what ``skknn-syndrome align`` runs.

    Parameters
    ----------
    visual : EmbeddingDataset, DataFrame, ReferenceDistances or path
        Images with their classes, or the distances between these.
    reference : ReferenceDistances, DataFrame or path
        What they are compared with. Names are those of the classes, letter by letter.
    distance : {"cosine", "euclidean", "mean_pairwise", "energy"}, default="cosine"
        As in `skknn_syndrome.statistics.class_distances.ClassDistances.of`.
    prototype : {"mean", "medoid", "attention"}, default="mean"
        What stands for a class, see `skknn_syndrome.preprocessing.prototypes.class_prototypes`.
    group : str or mapping of str to str, optional
        A wider group of each class, such as its genus: a covariate of the data set, or the groups by class.
        The correlation is also given whether two classes are of one group, and the projection is also judged
        on whole groups.
    nuisance : mapping of str to DataFrame, ReferenceDistances or path, optional
        Further distances that may account for the correlation, by what they are called.
    shared_only : bool, default=False
        Leave out classes that the reference lacks, instead of refusing them.
    alternative : {"greater", "two-sided"}, default="greater"
        Whether a negative correlation is looked for too.
    projection : {"ridge", "attention"}, bool or None, default="ridge"
        Where there are images: judge how a projection fitted to the reference carries over to other classes,
        by ridge regression, or a network with attention pooling, which takes torch and minutes. True is
        "ridge"; with None or False none is judged. See `skknn_syndrome.judge_projection`.
    n_permutations : int, optional
        Of each Mantel test, unless there are no more; by default 9,999, of more than 200 classes 999. Of the
        projection, which is fitted anew to each, 199 at most, and 39 of a network.
    random_state : int or None, default=42
        Seed of permutations, simulations and folds.
    command : str, optional
        The command line that a second run would need.
    settings : str
        What was set on it or in a file, as TOML.
    on_progress : callable, optional
        Told before each part how far it is, as a `Progress`.

    Returns
    -------
    DistanceAlignment

    Raises
    ------
    ReferenceDistancesError
        A class has no distance in `reference` or `nuisance`, fewer than four have one, or these are no
        distances.
    ParameterError
        There is no such distance, prototype, projection or group, a class is of two groups, or a network is
        asked for and torch is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> names = list("abcde")
    >>> given = pd.DataFrame([[abs(i - j) for j in range(5)] for i in range(5)], names, names)
    >>> alignment = compare_distances(given**2, given)
    >>> round(alignment.alignment.correlations["pearson"].estimate, 3)
    0.981
    """
    course = Course(on_progress)
    method = _method_of(projection) if isinstance(visual, EmbeddingDataset) else None
    course.plan(["alignment", *([] if method is None else ["guided_projection"])])
    known = as_reference(reference)
    match = match_classes(class_names(visual), known, shared_only=shared_only)
    with course.part("alignment"):
        if isinstance(visual, EmbeddingDataset):
            images = ImagesOf.classes(visual, match.shared)
            seen = images.see(distance, prototype)
        else:
            images, seen = None, given_distances(visual, match.shared)
        groups = _groups_of(group, visual, seen.names)
        aligned = align(
            seen,
            known.of(seen.names),
            AlignmentSettings(
                alternative=alternative, n_permutations=n_permutations, random_state=random_state
            ),
            nuisance=_nuisance(seen, groups, nuisance or {}),
            leftovers=leftovers_of(match),
        )
    analyses: list[Analysis] = [aligned]
    if method is not None and images is not None and aligned.correlations["pearson"].estimate is not None:
        with course.part("guided_projection"):
            analyses.append(
                judge_projection(
                    images.embeddings,
                    images.labels,
                    images.subjects,
                    known.of(seen.names),
                    method=method,
                    class_groups=groups and groups.by_class,
                    distance=distance,
                    prototype=prototype,
                    n_permutations=n_permutations and min(n_permutations, EFFORTS[method].n_permutations),
                    random_state=random_state,
                )
            )
    course.finish()
    return DistanceAlignment(
        dataset=None if images is None else _summary(images),
        analyses=Analyses.of(analyses),
        provenance=Provenance(
            command=command,
            settings=settings,
            estimator=f"ClassDistances(prototype={prototype!r}, distance={distance!r})",
            random_state=random_state,
            refit="pearson",
            started=course.started.isoformat(timespec="seconds"),
            elapsed_seconds=course.elapsed_seconds(),
            timings=course.timings,
            versions=versions(),
            averaging=(),
        ),
    )


def _method_of(projection: ProjectionMethod | bool | None) -> ProjectionMethod | None:  # noqa: FBT001  as given
    """Return how to project, if at all; refuse a network before anything else where it can't be trained."""
    if projection is None or isinstance(projection, bool):
        return "ridge" if projection else None
    if projection not in EFFORTS:
        raise ParameterError(
            "There is no {projection}: {meant}.",
            code="unknown_projection",
            parameter="projection",
            projection=Argument("projection", projection),
            meant=meant(projection, EFFORTS),
        )
    if projection == "attention":
        import_torch("projection")
    return projection


def _summary(images: ImagesOf) -> DatasetSummary:
    return summarise_arrays(images.embeddings, images.labels, images.subjects, **identity(images.dataset))


class ClassGroups(NamedTuple):
    """A wider group of each class."""

    name: str
    """What such a group is called, such as "genus"."""
    by_class: dict[str, str]


def class_names(visual: EmbeddingDataset | DistancesLike) -> list[str]:
    """Return the classes of images, or those that distances are of."""
    if isinstance(visual, EmbeddingDataset):
        return [str(name) for name in np.unique(visual.syndromes)]
    return [*as_reference(visual).names]


def given_distances(visual: DistancesLike, names: Sequence[str]) -> Visual:
    """Return distances that are given between some classes."""
    given = as_reference(visual).of(names)
    return Visual(given.names, given.distances)


def _groups_of(
    group: Groups | None, visual: EmbeddingDataset | DistancesLike, names: Sequence[str]
) -> ClassGroups | None:
    """Return the group of each class, read off its images where a covariate is named."""
    if group is None:
        return None
    told = _groups_by_class(group, visual) if isinstance(group, str) else group
    missing = next((name for name in names if name not in told), None)
    if missing is not None:
        raise ParameterError(
            "{group} has none for {name}: every class needs one.",
            code="class_without_group",
            parameter="group",
            group=Argument("group"),
            name=quote(missing),
        )
    found = {name: told[name] for name in names}
    if len({*found.values()}) in {1, len(found)}:
        raise ParameterError(
            "{group} puts all classes into {number}: it needs several groups, and several classes in one.",
            code="groups_tell_nothing",
            parameter="group",
            group=Argument("group"),
            number="one group" if len({*found.values()}) == 1 else "groups of one",
        )
    return ClassGroups(group if isinstance(group, str) else "group", found)


def _groups_by_class(group: str, visual: EmbeddingDataset | DistancesLike) -> dict[str, str]:
    covariates = visual.covariates if isinstance(visual, EmbeddingDataset) else ()
    told = next((entry for entry in covariates if entry.name == group), None)
    if not isinstance(visual, EmbeddingDataset) or told is None:
        raise ParameterError(
            "There is no covariate {name}: {meant}.",
            code="unknown_group",
            parameter="group",
            name=quote(group),
            meant=meant(group, [entry.name for entry in covariates]),
        )
    by_class: dict[str, str] = {}
    for name, level in zip(visual.syndromes.tolist(), told.levels.tolist(), strict=True):
        if level == MISSING:
            continue
        if by_class.setdefault(name, level) != level:
            raise ParameterError(
                "Images of {name} are of {first} and of {second}: {group} needs one group a class.",
                code="class_in_two_groups",
                parameter="group",
                name=quote(name),
                first=quote(by_class[name]),
                second=quote(level),
                group=Argument("group", group),
            )
    return by_class


def _nuisance(
    seen: Visual, groups: ClassGroups | None, further: Mapping[str, DistancesLike]
) -> dict[str, Float64Array]:
    """Return distances that may account for the correlation, by what they are called."""
    made: dict[str, Float64Array | None] = {}
    if seen.n_subjects is not None:
        made["class size"] = class_size(seen.n_subjects)
    if groups is not None:
        made[f"the same {groups.name}"] = same_group([groups.by_class[name] for name in seen.names])
    found = {name: matrix for name, matrix in made.items() if matrix is not None}
    twice = next((name for name in further if name in found), None)
    if twice is not None:
        raise ParameterError(
            "{nuisance} has the name {name}, which is that of distances made here: rename it.",
            code="reserved_nuisance_name",
            parameter="nuisance",
            nuisance=Argument("nuisance"),
            name=quote(twice),
        )
    return found | {name: as_reference(each).of(seen.names).distances for name, each in further.items()}
