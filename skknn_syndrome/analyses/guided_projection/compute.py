"""Judgement of a guided projection on classes left out, by permutations that fit it again."""

from collections.abc import Mapping
from numbers import Integral

import numpy as np
from sklearn.utils import check_random_state, check_scalar

from skknn_syndrome._typing import Float64Array, LabelArray, MatrixLike, StringArray, VectorLike
from skknn_syndrome.analyses.guided_projection.left_out import HeldOut, leave_out, mean_defined
from skknn_syndrome.analyses.guided_projection.permutations import Permutations, permute_units
from skknn_syndrome.analyses.guided_projection.recognition import recognise
from skknn_syndrome.analyses.guided_projection.refits import EFFORTS, Effort, network_refits, ridge_refits
from skknn_syndrome.analyses.guided_projection.result import (
    METRICS,
    PAIRS,
    Gain,
    GuidedProjectionAnalysis,
    HeldOutJudgement,
    Metric,
    PairCorrelation,
    ProjectionMethod,
    Unit,
)
from skknn_syndrome.errors import Argument, ParameterError, meant, quote
from skknn_syndrome.preprocessing.guided_projection import (
    DistanceGuidedProjection,
    RidgeRegression,
    distances_between,
    principal_coordinates,
)
from skknn_syndrome.preprocessing.prototypes import PrototypeMethod, class_prototypes, subject_means
from skknn_syndrome.results.verdicts import CONFIDENCE, ROUNDING
from skknn_syndrome.statistics.class_distances import DistanceName, class_distances
from skknn_syndrome.statistics.paired_tests import corrected_t_test

FEWEST_CLASSES = 4
"""Of three left, with two distances from the one left out, no correlation says anything."""
FEWEST_GAINS = 5
"""Folds from which on the gain has an interval: with fewer, the t distribution has less than four degrees of
freedom, and the interval holds almost anything."""
CONSTANT = 1e-9
"""Distances vary by rounding alone if their deviations from the mean are below this share of their length."""
MANY_CLASSES = 200
"""Above, fewer permutations are made by default: each takes a second or so, and several of a network."""


def judge_projection(  # noqa: PLR0913
    X: MatrixLike,
    y: VectorLike,
    groups: VectorLike | None,
    reference: object,
    *,
    method: ProjectionMethod = "ridge",
    class_groups: Mapping[str, str] | None = None,
    distance: DistanceName = "cosine",
    prototype: PrototypeMethod = "mean",
    hidden_size: int | None = None,
    device: str = "cpu",
    n_folds: int = 5,
    n_divisions: int | None = None,
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
    method : {"ridge", "attention"}, default="ridge"
        Of `DistanceGuidedProjection`. "attention" trains a network in each fold of each permutation, and
        takes torch.
    class_groups : mapping of str to str, optional
        The wider group of each class, such as its genus: whole groups, if there are four or more, are left
        out too.
    distance, prototype
        Between classes of embeddings as they are, and what stands for a class: see `ClassDistances.of`.
    hidden_size, device
        Of the network: see `DistanceGuidedProjection`.
    n_folds : int, default=5
        Of classes, and of groups. Where a fold would hold fewer than four of them, each is left out alone.
    n_divisions : int, optional
        Into folds, that correlations and the gain are of; permutations are of the first one. By default 10 by
        ridge regression, and 3 by a network.
    n_permutations : int, optional
        By default 199 by ridge regression, and 99 of more than 200 classes; 39 and 19 by a network. Of six
        classes or groups or fewer, by a network of four, all are made.
    random_state : int, RandomState instance or None, default=0
        Of folds, permutations and the weights that each network starts from.

    Returns
    -------
    GuidedProjectionAnalysis

    Raises
    ------
    ParameterError
        If there are fewer than four classes, all are equally far apart in the reference but for rounding, one
        has no group, or torch is not installed and a network is asked for.

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
    means = subject_means(X, y, groups)
    prototypes = means.prototypes(prototype)
    names = [str(name) for name in means.classes]
    effort = _effort(method, len(names), n_divisions, n_permutations)
    wanted = _varying_distances(reference, means.classes)
    raw = _raw_distances(X, y, groups, distance, prototype)
    units: dict[Unit, StringArray] = {"classes": np.array(names)}
    if class_groups is not None:
        units["groups"] = _groups_of(names, class_groups)
    points, negative_share = principal_coordinates(wanted)
    projection = DistanceGuidedProjection(
        reference, method=method, prototype=prototype, hidden_size=hidden_size, device=device
    )
    if method == "attention":
        # Every fit starts from the same weights.
        projection.set_params(random_state=random.randint(2**31 - 1))
    refit_to = ridge_refits(prototypes) if method == "ridge" else network_refits(projection, means)
    return GuidedProjectionAnalysis(
        n_classes=len(names),
        method=method,
        hidden_size=hidden_size if method == "attention" else None,
        distance=distance,
        penalty=RidgeRegression(prototypes).fit(points).penalty if method == "ridge" else None,
        negative_share=negative_share,
        judgements=tuple(
            _judge_closest(
                unit,
                permute_units(members, effort.n_permutations, random, effort.most_enumerated),
                leave_out(refit_to, members, n_folds, random, n_divisions=effort.n_divisions),
                raw,
                wanted,
            )
            for unit, members in units.items()
            if len({*members.tolist()}) >= FEWEST_CLASSES
        ),
        recognition=recognise(X, y, groups, projection, n_folds),
    )


def _effort(
    method: ProjectionMethod, n_classes: int, n_divisions: int | None, n_permutations: int | None
) -> Effort:
    """Return how often to fit: as asked for, else as the method allows in a while."""
    if method not in EFFORTS:
        raise ParameterError(
            "there is no {method}: {meant}.",
            code="unknown_method",
            parameter="method",
            method=Argument("method", method),
            meant=meant(method, EFFORTS),
        )
    usual = EFFORTS[method]
    if n_permutations is None:
        n_permutations = usual.n_permutations_of_many if n_classes > MANY_CLASSES else usual.n_permutations
    n_divisions = usual.n_divisions if n_divisions is None else n_divisions
    check_scalar(n_permutations, "n_permutations", Integral, min_val=1)
    check_scalar(n_divisions, "n_divisions", Integral, min_val=1)
    return usual._replace(n_divisions=n_divisions, n_permutations=n_permutations)


def _varying_distances(reference: object, classes: LabelArray) -> Float64Array:
    """Return the distances between classes, four or more, that are not all the same."""
    if len(classes) < FEWEST_CLASSES:
        raise ParameterError(
            f"a projection is judged on {FEWEST_CLASSES} classes or more, not on {len(classes)}.",
            code="too_few_classes",
            parameter="y",
        )
    wanted = distances_between(reference, classes)
    above = wanted[np.triu_indices(len(classes), 1)]
    if np.linalg.norm(above - above.mean()) <= CONSTANT * np.linalg.norm(above):
        raise ParameterError(
            "{reference} has all classes equally far apart: nothing can follow it.",
            code="constant_distances",
            parameter="reference",
            reference=Argument("reference"),
        )
    return wanted


def _raw_distances(
    X: MatrixLike,
    y: VectorLike,
    groups: VectorLike | None,
    distance: DistanceName,
    prototype: PrototypeMethod,
) -> dict[DistanceName, Float64Array]:
    """Return the distances between classes of embeddings that projecting is compared with."""
    _, prototypes = class_prototypes(X, y, groups, prototype)
    # Cosine has no direction of a prototype of length 0: refused where asked for.
    others: tuple[Metric, ...] = METRICS if prototypes.any(axis=1).all() else ("euclidean",)
    return {
        name: class_distances(X, y, groups, prototype=prototype, distance=name)[1]
        for name in dict.fromkeys((distance, *others))
    }


def _groups_of(names: list[str], class_groups: Mapping[str, str]) -> StringArray:
    for name in names:
        if name not in class_groups:
            raise ParameterError(
                f"class_groups has no group of {quote(name)}.", code="no_group", parameter="class_groups"
            )
    return np.array([str(class_groups[name]) for name in names])


def _judge_closest(
    unit: Unit,
    permutations: Permutations,
    left_out: HeldOut,
    raw: Mapping[DistanceName, Float64Array],
    reference: Float64Array,
) -> HeldOutJudgement:
    """Judge with the distance between embeddings that follows the reference most closely."""
    closest = max(raw, key=lambda name: _closeness(left_out, raw[name], reference))
    return judge(unit, left_out, raw[closest], reference, permutations, raw_distance=closest)


def _closeness(left_out: HeldOut, raw: Float64Array, reference: Float64Array) -> float:
    found = mean_defined(left_out.correlations([raw] * len(left_out.folds), reference, left_out.tested))
    return -np.inf if found is None else found


def judge(
    unit: Unit,
    left_out: HeldOut,
    raw: Float64Array,
    reference: Float64Array,
    permutations: Permutations,
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
    permutations : Permutations
    raw_distance : {"cosine", "euclidean", "mean_pairwise", "energy"}, default="euclidean"
        What `raw` is.
    """
    folds, first = left_out.folds, left_out.first
    fitted = [*left_out.projected(reference)]
    before = {kind: left_out.correlations([raw] * len(folds), reference, kind) for kind in PAIRS}
    after = {kind: left_out.correlations(fitted, reference, kind) for kind in PAIRS}
    tested = left_out.tested
    observed = mean_defined(after[tested][: first.n_folds]) or 0.0
    null = []
    for order in permutations.orders:
        permuted = reference[np.ix_(order, order)]
        null.append(mean_defined(first.correlations(first.projected(permuted), permuted, tested)) or 0.0)
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
            PairCorrelation(pairs=kind, raw=mean_defined(before[kind]), projected=mean_defined(after[kind]))
            for kind in PAIRS
        ),
        tested=tested,
        observed=observed,
        p_value=(as_high + 1) / (len(null) + 1),
        n_permutations=len(null),
        is_exhaustive=permutations.is_exhaustive,
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
