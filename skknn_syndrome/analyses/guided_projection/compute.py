"""Judgement of a guided projection on classes left out, by permutations that fit it again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral

import numpy as np
from sklearn.model_selection import GroupKFold
from sklearn.utils import check_random_state, check_scalar

from skknn_syndrome._typing import Float64Array, IndexArray, MatrixLike, StringArray, VectorLike
from skknn_syndrome.analyses.guided_projection.permutations import MOST_ENUMERATED, permute_units
from skknn_syndrome.analyses.guided_projection.recognition import recognise
from skknn_syndrome.analyses.guided_projection.result import (
    METRICS,
    PAIRS,
    Gain,
    GuidedProjectionAnalysis,
    HeldOutJudgement,
    Metric,
    PairCorrelation,
    Pairs,
    Unit,
)
from skknn_syndrome.errors import Argument, ParameterError, quote
from skknn_syndrome.preprocessing.guided_projection import (
    DistanceGuidedProjection,
    RidgeRegression,
    distances_between,
    principal_coordinates,
)
from skknn_syndrome.preprocessing.prototypes import PrototypeMethod, class_prototypes
from skknn_syndrome.results.verdicts import CONFIDENCE, ROUNDING
from skknn_syndrome.statistics.class_distances import DistanceName, class_distances
from skknn_syndrome.statistics.paired_tests import corrected_t_test

FEWEST_CLASSES = 4
"""Of three left, with two distances from the one left out, no correlation says anything."""
FEWEST_HELD = 4
"""Classes or groups of a fold from which on pairs among them are correlated: there are six. With fewer, each
class or group is left out alone."""
FEWEST_GAINS = 5
"""Folds from which on the gain has an interval: with fewer, the t distribution has less than four degrees of
freedom, and the interval holds almost anything."""
CONSTANT = 1e-9
"""Distances vary by rounding alone if their deviations from the mean are below this share of their length."""
MANY_CLASSES = 200
"""Above, fewer permutations are made by default: each takes a second or so."""
SAME = 1e-8
"""Share of the largest distance by which others differ that are the same."""
N_DIVISIONS = 10
"""Divisions into folds that correlations are averaged over: whole genera differ much from fold to fold."""


@dataclass(frozen=True, eq=False)
class _Fold:
    """Classes to fit to, and classes left out."""

    kept: IndexArray
    held: IndexArray
    members: StringArray
    """The unit of each class, kept or held: its group, or itself."""
    regression: RidgeRegression

    @cached_property
    def pairs(self) -> dict[Pairs, tuple[IndexArray, IndexArray]]:
        """The pairs of each kind, as rows and columns of a matrix of distances."""
        one, other = np.meshgrid(self.held, self.kept, indexing="ij")
        first, second = _each_two(self.held)
        # Classes of one genus look alike whatever the tree: pairs of one group say nothing of new groups.
        apart = self.members[first] != self.members[second]
        return {
            "train": _each_two(self.kept),
            "held_train": (one.ravel(), other.ravel()),
            "held_held": (first[apart], second[apart]),
        }


def _each_two(members: IndexArray) -> tuple[IndexArray, IndexArray]:
    first, second = np.triu_indices(len(members), 1)
    return members[first], members[second]


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Folds of classes, to be fitted to any reference."""

    prototypes: Float64Array
    folds: list[_Fold]
    """Of all divisions, one after the other."""
    n_folds: int
    """Of each division."""

    @property
    def first(self) -> "HeldOut":
        """The first division alone."""
        return HeldOut(self.prototypes, self.folds[: self.n_folds], self.n_folds)

    @property
    def tested(self) -> Pairs:
        """The pairs to be tested: two left out, unless a fold holds too few units."""
        fewest = min(len(np.unique(fold.members[fold.held])) for fold in self.folds)
        return "held_held" if fewest >= FEWEST_HELD else "held_train"

    def projected(self, reference: Float64Array) -> Iterator[Float64Array]:
        """Yield the distances after a projection that is fitted to the kept classes of each fold."""
        for fold in self.folds:
            points = principal_coordinates(reference[np.ix_(fold.kept, fold.kept)]).points
            placed = self.prototypes @ fold.regression.fit(points).weights
            squared = (placed**2).sum(axis=1)
            products = placed @ placed.T
            yield np.sqrt(np.maximum(squared[:, None] + squared - 2 * products, 0))

    def correlations(
        self, distances: Iterable[Float64Array], reference: Float64Array, kind: Pairs
    ) -> Float64Array:
        """Return for each fold, whose distances come in turn, their correlation over one kind of pairs."""
        return np.array(
            [
                _pearson(matrix[fold.pairs[kind]], reference[fold.pairs[kind]])
                for matrix, fold in zip(distances, self.folds, strict=True)
            ]
        )


def _pearson(first: Float64Array, second: Float64Array) -> float:
    """Return the correlation, NaN where one of the two does not vary but for rounding."""
    # Through the root of a dated tree all paths are equal, up to the digits of its file.
    if len(first) == 0 or any(np.ptp(values) <= SAME * np.max(values) for values in (first, second)):
        return float("nan")
    first, second = first - first.mean(), second - second.mean()
    return float(first @ second / np.sqrt((first @ first) * (second @ second)))


def _mean(values: Float64Array) -> float | None:
    """Return the mean of the values that are defined; None where none is."""
    return None if np.isnan(values).all() else float(np.nanmean(values))


def judge_projection(
    X: MatrixLike,
    y: VectorLike,
    groups: VectorLike | None,
    reference: object,
    *,
    class_groups: Mapping[str, str] | None = None,
    distance: DistanceName = "cosine",
    prototype: PrototypeMethod = "mean",
    n_folds: int = 5,
    n_permutations: int | None = None,
    random_state: int | np.random.RandomState | None = 0,
) -> GuidedProjectionAnalysis:
    r"""Fit a projection to some classes, and tell how well others then follow the reference.

    Classes that it was fitted to say nothing: they would follow a random reference. Distances of one class
    left out from the others are biased too, since classes far out in the reference are far from everyone.
    Those between two left out are not. A permuted reference, to which all folds are fitted again, tells how
    high either gets by chance: with b of m as high as the observed one, :math:`p = (b + 1)/(m + 1)`. The
    projection carries over if that is significant, and if the correlation, less its mean by chance, is
    significantly higher than that of embeddings as they are, by a corrected resampled t test over folds. Of
    the embeddings that distance counts, of the one asked for, cosine and Euclidean, which follows the
    reference most closely.

    Where whole groups are left out, pairs are those of different groups, and whole groups are permuted: all
    classes of one take the places of those of another in the reference, which are repeated or cut where that
    has fewer or more. Permuting single classes would ask whether classes of a group look alike.

    Parameters
    ----------
    X : array-like of shape (n_images, n_features)
    y : array-like of shape (n_images,)
        The class of each image.
    groups : array-like of shape (n_images,) or None
        Its subject.
    reference : ReferenceDistances, DataFrame, path or (names, matrix)
        Distances between the classes.
    class_groups : mapping of str to str, optional
        The wider group of each class, such as its genus: whole groups, if there are four or more, are left
        out too.
    distance, prototype
        Between classes of embeddings as they are, and what stands for a class: see `ClassDistances.of`.
    n_folds : int, default=5
        Of classes, and of groups, in ten divisions; permutations are of the first one. Where a fold would
        hold fewer than four classes or groups, each is left out alone.
    n_permutations : int, optional
        By default 199, and 99 of more than 200 classes. Of six classes or groups or fewer, all are made.
    random_state : int, RandomState instance or None, default=0

    Returns
    -------
    GuidedProjectionAnalysis

    Raises
    ------
    ParameterError
        If there are fewer than four classes, all are equally far apart in the reference but for rounding, or
        one has no group.

    Notes
    -----
    Of data sets whose genera differ at random, whatever the reference, p was at most 0.05 in 5.4 % of 240
    with 8 genera of 1 to 9 classes, each left out alone, and in 6 % of 100 with 24 genera of 1 to 8 classes
    in five folds (19 permutations).

    Examples
    --------
    >>> from skknn_syndrome.data import make_taxonomy_embeddings
    >>> made = make_taxonomy_embeddings(strength=1.0)
    >>> data = made.dataset
    >>> found = judge_projection(
    ...     data.embeddings, data.syndromes, data.subjects, made.reference, n_permutations=19
    ... )
    >>> found.judgements[0].verdict
    'carries over'
    """
    check_scalar(n_folds, "n_folds", Integral, min_val=2)
    random = check_random_state(random_state)
    classes, prototypes = class_prototypes(X, y, groups, prototype)
    if n_permutations is None:
        n_permutations = 99 if len(classes) > MANY_CLASSES else 199
    check_scalar(n_permutations, "n_permutations", Integral, min_val=1)
    names = [str(name) for name in classes]
    if len(names) < FEWEST_CLASSES:
        raise ParameterError(
            f"a projection is judged on {FEWEST_CLASSES} classes or more, not on {len(names)}.",
            code="too_few_classes",
            parameter="y",
        )
    wanted = distances_between(reference, classes)
    above = wanted[np.triu_indices(len(names), 1)]
    if np.linalg.norm(above - above.mean()) <= CONSTANT * np.linalg.norm(above):
        raise ParameterError(
            "{reference} has all classes equally far apart: nothing can follow it.",
            code="constant_distances",
            parameter="reference",
            reference=Argument("reference"),
        )
    # Cosine has no direction of a prototype of length 0: refused where asked for.
    others: tuple[Metric, ...] = METRICS if prototypes.any(axis=1).all() else ("euclidean",)
    raw = {
        name: class_distances(X, y, groups, prototype=prototype, distance=name)[1]
        for name in dict.fromkeys((distance, *others))
    }
    units: dict[Unit, StringArray] = {"classes": np.array(names)}
    if class_groups is not None:
        units["groups"] = _groups_of(names, class_groups)
    points, negative_share = principal_coordinates(wanted)
    return GuidedProjectionAnalysis(
        n_classes=len(names),
        distance=distance,
        penalty=RidgeRegression(prototypes).fit(points).penalty,
        negative_share=negative_share,
        judgements=tuple(
            _judge_closest(
                unit,
                permute_units(members, n_permutations, random),
                leave_out(prototypes, members, n_folds, random),
                raw,
                wanted,
            )
            for unit, members in units.items()
            if len({*members.tolist()}) >= FEWEST_CLASSES
        ),
        recognition=recognise(
            X, y, groups, DistanceGuidedProjection(reference, prototype=prototype), n_folds
        ),
    )


def _groups_of(names: list[str], class_groups: Mapping[str, str]) -> StringArray:
    for name in names:
        if name not in class_groups:
            raise ParameterError(
                f"class_groups has no group of {quote(name)}.", code="no_group", parameter="class_groups"
            )
    return np.array([str(class_groups[name]) for name in names])


def _judge_closest(
    unit: Unit,
    permutations: list[IndexArray],
    left_out: HeldOut,
    raw: Mapping[DistanceName, Float64Array],
    reference: Float64Array,
) -> HeldOutJudgement:
    """Judge with the distance between embeddings that follows the reference most closely."""
    closest = max(raw, key=lambda name: _closeness(left_out, raw[name], reference))
    return judge(unit, left_out, raw[closest], reference, permutations, raw_distance=closest)


def _closeness(left_out: HeldOut, raw: Float64Array, reference: Float64Array) -> float:
    found = _mean(left_out.correlations([raw] * len(left_out.folds), reference, left_out.tested))
    return -np.inf if found is None else found


def leave_out(
    prototypes: Float64Array, members: StringArray, n_folds: int, random: np.random.RandomState
) -> HeldOut:
    """Divide classes into folds that keep their groups together, several times where there are choices.

    Parameters
    ----------
    prototypes : ndarray of shape (n_classes, n_features)
    members : ndarray of shape (n_classes,)
        The group of each class; its own name where classes are left out.
    n_folds : int
    random : RandomState
    """
    n_units = len(np.unique(members))
    large = n_units >= FEWEST_HELD * n_folds
    n_folds = n_folds if large else n_units
    splitter = GroupKFold(n_folds, shuffle=True, random_state=random)
    folds = [
        _Fold(kept, held, members, RidgeRegression(prototypes[kept]))
        for _ in range(N_DIVISIONS if large and n_folds < n_units else 1)
        for kept, held in splitter.split(prototypes, groups=members)
    ]
    return HeldOut(prototypes, folds, n_folds)


def judge(
    unit: Unit,
    left_out: HeldOut,
    raw: Float64Array,
    reference: Float64Array,
    permutations: list[IndexArray],
    *,
    raw_distance: DistanceName = "euclidean",
) -> HeldOutJudgement:
    """Fit all folds to the reference and to permuted ones.

    Parameters
    ----------
    unit : {"classes", "groups"}
    left_out : HeldOut
    raw, reference : ndarray of shape (n_classes, n_classes)
        Distances.
    permutations : list of ndarray of shape (n_classes,)
    raw_distance : {"cosine", "euclidean", "mean_pairwise", "energy"}, default="euclidean"
        What `raw` is.
    """
    folds, first = left_out.folds, left_out.first
    fitted = [*left_out.projected(reference)]
    before = {kind: left_out.correlations([raw] * len(folds), reference, kind) for kind in PAIRS}
    after = {kind: left_out.correlations(fitted, reference, kind) for kind in PAIRS}
    tested = left_out.tested
    observed = _mean(after[tested][: first.n_folds]) or 0.0
    null = []
    for order in permutations:
        permuted = reference[np.ix_(order, order)]
        null.append(_mean(first.correlations(first.projected(permuted), permuted, tested)) or 0.0)
    by_chance = float(np.mean(null))
    as_high = int(np.count_nonzero(np.array(null) >= observed - ROUNDING))
    share = float(np.mean([len(fold.held) / len(fold.kept) for fold in folds]))
    return HeldOutJudgement(
        unit=unit,
        n_units=len(np.unique(folds[0].members)),
        n_folds=left_out.n_folds,
        n_divisions=len(folds) // left_out.n_folds,
        raw_distance=raw_distance,
        correlations=tuple(
            PairCorrelation(pairs=kind, raw=_mean(before[kind]), projected=_mean(after[kind]))
            for kind in PAIRS
        ),
        tested=tested,
        observed=observed,
        p_value=(as_high + 1) / (len(null) + 1),
        n_permutations=len(null),
        is_exhaustive=len(np.unique(folds[0].members)) <= MOST_ENUMERATED,
        null_mean=by_chance,
        null_high=float(np.quantile(null, CONFIDENCE)),
        gain=_gain(after[tested] - before[tested] - by_chance, share),
    )


def _gain(differences: Float64Array, share: float) -> Gain | None:
    """Return the mean of what projecting adds in each fold, with its interval; None of few folds."""
    defined = differences[~np.isnan(differences)]
    if len(defined) < FEWEST_GAINS:
        return None
    found = corrected_t_test("", "projected", "raw", defined, share)
    ends = found.confidence_low, found.confidence_high
    if found.first == "raw":
        ends = -ends[1], -ends[0]
    return Gain(estimate=float(defined.mean()), low=ends[0], high=ends[1])
