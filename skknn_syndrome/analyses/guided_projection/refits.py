"""Refits of a guided projection to permuted references: ridge regression, or the network with attention."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.analyses.guided_projection.left_out import Refit
from skknn_syndrome.analyses.guided_projection.result import ProjectionMethod
from skknn_syndrome.preprocessing.guided_projection import (
    DistanceGuidedProjection,
    RidgeRegression,
    principal_coordinates,
)
from skknn_syndrome.preprocessing.prototypes import SubjectMeans


class Effort(NamedTuple):
    """How often a projection is fitted, unless asked for otherwise."""

    n_divisions: int
    """Into folds, that correlations are averaged over: whole genera differ much from fold to fold."""
    n_permutations: int
    n_permutations_of_many: int
    """Of more than 200 classes."""
    most_enumerated: int
    """Classes or groups up to which all permutations are made."""


EFFORTS: Final[Mapping[ProjectionMethod, Effort]] = MappingProxyType(
    {
        "ridge": Effort(10, 199, 99, 6),  # a fit takes milliseconds
        "attention": Effort(3, 39, 19, 4),  # half a second: of six classes, there are 720 orders
    }
)


def ridge_refits(prototypes: Float64Array) -> Callable[[IndexArray], Refit]:
    """Return what gives, for the kept classes of a fold, ridge regressions on their prototypes.

    Parameters
    ----------
    prototypes : ndarray of shape (n_classes, n_features)
    """

    def refit_to(kept: IndexArray) -> Refit:
        regression = RidgeRegression(prototypes[kept])

        def refit(reference: Float64Array) -> Float64Array:
            placed = prototypes @ regression.fit(principal_coordinates(reference).points).weights
            squared = (placed**2).sum(axis=1)
            products = placed @ placed.T
            return np.asarray(np.sqrt(np.maximum(squared[:, None] + squared - 2 * products, 0)))

        return refit

    return refit_to


def network_refits(
    projection: DistanceGuidedProjection, means: SubjectMeans
) -> Callable[[IndexArray], Refit]:
    """Return what gives, for the kept classes of a fold, networks that are trained on their subjects.

    Distances after projecting are between the prototypes of all classes, kept or not.

    Parameters
    ----------
    projection : DistanceGuidedProjection
        With ``method="attention"`` and an integer as `random_state`: each fit starts from the same weights.
    means : SubjectMeans
    """
    of_subject = np.repeat(np.arange(len(means.classes)), means.n_subjects)
    prototypes = means.prototypes(projection.prototype)

    def refit_to(kept: IndexArray) -> Refit:
        rows = np.isin(of_subject, kept)
        vectors, of_kept = means.vectors[rows], of_subject[rows]

        def refit(reference: Float64Array) -> Float64Array:
            if not reference.any():
                return np.zeros((len(prototypes), len(prototypes)))
            projection.fit(vectors, of_kept, reference=([str(place) for place in kept], reference))
            placed = projection.transform(prototypes)
            return np.asarray(cdist(placed, placed, projection.distance_))

        return refit

    return refit_to
