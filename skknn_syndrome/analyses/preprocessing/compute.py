"""Every scaler, resampler and distance on shared folds."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from joblib import Parallel, delayed

from skknn_syndrome._typing import MatrixLike, VectorLike
from skknn_syndrome.analyses.preprocessing.collecting import Collected, collect
from skknn_syndrome.analyses.preprocessing.effects import ClassCount, LeftOut, VariantMap, Way
from skknn_syndrome.analyses.preprocessing.folds import (
    Fold,
    fit_before_splitting,
    fit_within_folds,
    graph_of,
    prepare_whole,
    score_further_folds,
)
from skknn_syndrome.analyses.preprocessing.gains import measure_gains, measure_inflations, place_of
from skknn_syndrome.analyses.preprocessing.plan import Plan, make_plan
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.analyses.preprocessing.variants import RESAMPLERS, SCALERS, Steps, Variant, make_variants
from skknn_syndrome.analyses.preprocessing.whole_rows import count_classes, map_rows, resample_whole
from skknn_syndrome.crossval.provenance import Stopwatch, make_provenance, summarise_arrays
from skknn_syndrome.crossval.study_data import classes_of_few_images, refuse_extremes, validate_data
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.neighbors import NeighborGraph, SyndromeKNNClassifier
from skknn_syndrome.neighbors.weighting import weights_name
from skknn_syndrome.preprocessing.before_splitting import Prepared

N_REPEATS: Final = 10
"""Splits on which cheap variants are compared, as many as a study repeats its distances on."""
MOST_IMAGES: Final = 1_200
"""Above, a sample is compared: scaling, resampling and searching in every fold takes its time."""


@classes_of_few_images()
def compare_preprocessing(  # noqa: PLR0913
    X: MatrixLike,
    y: VectorLike,
    *,
    groups: VectorLike | None = None,
    scalers: Sequence[str] | Steps = SCALERS,
    resamplers: Sequence[str] | Steps = RESAMPLERS,
    metrics: str | Sequence[str] = ("euclidean", "cosine"),
    n_neighbors: int | Iterable[int] = range(1, 16),
    estimator: SyndromeKNNClassifier | None = None,
    cv: int = 10,
    random_states: int | Iterable[int] = (42,),
    ways: Way | Collection[Way] = "within_folds",
    compare_at: int | None = None,
    maps: bool = False,
    n_repeats: int = N_REPEATS,
    most_images: int | None = MOST_IMAGES,
    n_jobs: int | None = None,
) -> PreprocessingComparison:
    """Show what scaling and resampling of embeddings are worth to a nearest-neighbour classifier.

    Every combination of scaler, resampler and distance meets the same folds, in which scalers and resamplers
    see the training part alone and test parts stay as they are. On request each is also fitted before
    splitting: all rows are resampled first and split afterwards, so that the difference can be seen.

    Parameters
    ----------
    X : array-like of shape (n_images, n_features)
        Embeddings.
    y : array-like of shape (n_images,)
        Class labels.
    groups : array-like of shape (n_images,), optional
        Subject ids: folds keep a subject's images together. Before splitting there are none.
    scalers : sequence of {"none", "l2", "zscore"} or mapping of str to transformer
        What `make_scaler` knows; or transformers by names of your own. What leaves rows as they are has to
        be called "none" here and among the resamplers, for gains are over that.
    resamplers : sequence of str or mapping of str to sampler or sequence of samplers
        What `make_resampler` knows: "none", "balanced", "smote", "noise", "mixup" (which appends 1,000 rows,
        as many in each class, as it was published); several joined by "+". Or samplers by names of your own.
        One that takes more images of a class than some training part has of it is left out, and
        `PreprocessingComparison.left_out` says so.
    metrics : str or sequence of str
        Distances.
    n_neighbors : int or iterable of int
        The grid of k.
    estimator : SyndromeKNNClassifier, optional
        With weights, temperature and class weight; k and distance are the grid's.
    cv : int
        Number of folds, shuffled.
    random_states : int or iterable of int
        Seeds: each makes a split of its own, and seeds the samplers in its folds.
    ways : {"within_folds", "before_splitting"} or collection of them
        "within_folds" fits scalers and resamplers within folds; "before_splitting" beside it adds the scores
        of fitting them to all rows, and by how much these are higher. A variant that cuts classes below the
        number of folds has none of these, and `PreprocessingComparison.left_out` says so.
    compare_at : int, optional
        The k at which variants are compared; by default each at its own best by the composite score.
    maps : bool, default=False
        Lay each variant's rows out in the plane by t-SNE, which takes longer than all the rest.
    n_repeats : int
        On how many splits variants are compared that are cheap to repeat: no resampler, and no scaler or one
        of the three above. These are the splits of `random_states` and those of the seeds that follow the
        first; every score but the gains' is of `random_states` alone.
    most_images : int or None, default=1200
        Of more images a sample of about so many is compared, as `draw_sample` draws it with the first seed:
        whole subjects, every class with its share and at least ten images. Folds are made of the sample, and
        gains are over unprocessed embeddings on it; `PreprocessingComparison.sample` says so. None takes all
        images.
    n_jobs : int or None
        Scalers at a time, as joblib counts them.

    Returns
    -------
    PreprocessingComparison

    Raises
    ------
    StudySettingsError
        If variants, grid, folds or ways do not fit the data or each other, or no variant can be fitted on
        every training part.

    Examples
    --------
    >>> from skknn_syndrome import make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> result = compare_preprocessing(
    ...     data.embeddings,
    ...     data.syndromes,
    ...     groups=data.subjects,
    ...     scalers=["none"],
    ...     resamplers=["none", "mixup"],
    ...     metrics="cosine",
    ...     n_neighbors=[15],
    ...     cv=3,
    ...     ways=("within_folds", "before_splitting"),
    ... )
    >>> inflation = {entry.resampler: entry for entry in result.inflations if entry.score == "accuracy"}
    >>> inflation["mixup"].difference > 0.1 > inflation["none"].difference
    True
    """
    stopwatch = Stopwatch()
    data = validate_data(X, y, groups)
    refuse_extremes(data.array)
    variants = make_variants(scalers, resamplers)
    plan = make_plan(
        data,
        SyndromeKNNClassifier() if estimator is None else estimator,
        metrics=metrics,
        n_neighbors=n_neighbors,
        cv=cv,
        random_states=random_states,
        ways=ways,
        compare_at=compare_at,
        n_repeats=n_repeats,
        most_images=most_images,
    )
    smallest = plan.smallest_class
    left_out = tuple(_too_few(variant, smallest) for variant in variants.all if variant.needed > smallest)
    variants = variants.within(smallest)
    if not variants.all:
        raise StudySettingsError(
            f"There is nothing to compare. {left_out[0].reason}", code="nothing_to_compare"
        )
    # Divided here, once for all workers.
    repeats = variants.repeatable and bool(plan.further)
    with stopwatch.part("variants"):
        found = Parallel(n_jobs=n_jobs)(
            delayed(_run)(plan, list(of_scaler), repeats=repeats, maps=maps)
            for _, of_scaler in groupby(variants.all, key=lambda variant: variant.scaler)
        )
    run = [outcome for outcomes in found for outcome in outcomes]
    within_folds = [entry for outcome in run for entry in outcome.within_folds]
    before_splitting = [entry for outcome in run for entry in outcome.before_splitting]
    return PreprocessingComparison(
        dataset=summarise_arrays(data.array, data.labels, data.groups),
        sample=plan.sample,
        protocol=plan.protocol,
        splitters=tuple(splits.description for splits in plan.splits),
        row_splitters=_row_splitters(plan),
        seeds=plan.seeds,
        repeat_seeds=(*plan.seeds, *plan.further_seeds) if repeats else (),
        n_folds=plan.cv,
        n_neighbors=plan.n_neighbors,
        weights=weights_name(plan.classifier.weights),
        compared_at=plan.compared_at,
        steps=variants.described,
        variants=tuple(entry.entry for entry in (*within_folds, *before_splitting)),
        gains=measure_gains(plan, within_folds),
        inflations=measure_inflations(plan, within_folds, before_splitting),
        left_out=(
            *left_out,
            *(outcome.left_out for outcome in run if outcome.left_out is not None),
        ),
        class_counts=tuple(count for outcome in run for count in outcome.counts),
        maps=tuple(outcome.map for outcome in run if outcome.map is not None),
        provenance=make_provenance(
            plan.classifier, random_state=plan.seeds[0], refit="composite", stopwatch=stopwatch
        ),
    )


def _too_few(variant: Variant, smallest: int) -> LeftOut:
    reason = (
        f"The resampler {variant.resampler!r} was left out of the comparison: it takes {variant.needed} "
        f"images of each syndrome in every training part, and the smallest has {smallest}."
    )
    return LeftOut(scaler=variant.scaler, resampler=variant.resampler, reason=reason, way="within_folds")


def _row_splitters(plan: Plan) -> tuple[str, ...]:
    if "before_splitting" not in plan.ways:
        return ()
    return tuple(
        f"StratifiedKFold(n_splits={plan.cv}, random_state={seed}, shuffle=True)" for seed in plan.seeds
    )


@dataclass(frozen=True, eq=False)
class _Outcome:
    """All that one variant gives."""

    within_folds: list[Collected]
    """One a distance."""
    before_splitting: list[Collected]
    """Likewise, empty where nobody asked or there can't be any."""
    left_out: LeftOut | None
    counts: tuple[ClassCount, ...]
    map: VariantMap | None


def _run(plan: Plan, variants: Sequence[Variant], *, repeats: bool, maps: bool) -> list[_Outcome]:
    """Compare the variants of one scaler."""
    graph = graph_of(plan, variants[0])
    folds = fit_within_folds(plan, variants, graph=graph)
    return [
        _finish(plan, variant, own, graph, repeated=repeats and variant.is_cheap, maps=maps)
        for variant, own in zip(variants, folds, strict=True)
    ]


def _finish(
    plan: Plan,
    variant: Variant,
    folds: Sequence[Fold],
    graph: NeighborGraph | None,
    *,
    repeated: bool,
    maps: bool,
) -> _Outcome:
    """Put a variant's folds together, and add what it gives beyond them."""
    collected = [collect(plan, variant, metric, "within_folds", folds) for metric in plan.metrics]
    if repeated:
        chosen = {one.entry.metric: plan.n_neighbors[place_of(plan, one)] for one in collected}
        further = score_further_folds(plan, variant, chosen, graph=graph)
        collected = [replace(one, further=further[one.entry.metric]) for one in collected]
    whole = prepare_whole(plan, variant, plan.seeds[0])
    flattering, left_out = _flatter(plan, variant, whole, graph)
    return _Outcome(
        within_folds=collected,
        before_splitting=[
            collect(plan, variant, metric, "before_splitting", flattering)
            for metric in plan.metrics
            if flattering
        ],
        left_out=left_out,
        counts=count_classes(plan, variant, whole.labels),
        map=map_rows(plan, resample_whole(plan, variant, whole)) if maps else None,
    )


def _flatter(
    plan: Plan, variant: Variant, whole: Prepared, graph: NeighborGraph | None
) -> tuple[list[Fold], LeftOut | None]:
    """Prepare before splitting, where that was asked for and can be done."""
    if "before_splitting" not in plan.ways:
        return [], None
    try:
        return fit_before_splitting(plan, variant, first=whole, graph=graph), None
    except StudySettingsError as error:
        return [], LeftOut(scaler=variant.scaler, resampler=variant.resampler, reason=str(error))


__all__ = ["compare_preprocessing"]
