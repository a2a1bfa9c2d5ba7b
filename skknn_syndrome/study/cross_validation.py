"""The main job: cross-validate k, distance and weights, and write down what came out."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sklearn.model_selection import GridSearchCV

from skknn_syndrome import heads
from skknn_syndrome._typing import AnalysisName, Estimator, MatrixLike, ProtocolName, VectorLike
from skknn_syndrome.checks.running import codes_of
from skknn_syndrome.crossval.collecting import CvResults, collect_protocol
from skknn_syndrome.crossval.folds import CrossValidation, Splits
from skknn_syndrome.crossval.predicting import record_best
from skknn_syndrome.crossval.protocol_run import ProtocolRun, run_search
from skknn_syndrome.crossval.refit_rules import Rule, RuleName, apply_rule
from skknn_syndrome.crossval.settings import (
    StudySettings,
    choose_protocols,
    refuse_undefined,
    settle,
    weigh_every_class,
)
from skknn_syndrome.crossval.study_data import (
    StudyData,
    classes_of_few_images,
    refuse_extremes,
    refuse_gaps,
    validate_data,
    with_covariates,
    with_levels,
)
from skknn_syndrome.crossval.study_run import StudyRun
from skknn_syndrome.data.covariates import CovariatesLike
from skknn_syndrome.data.levels import LevelsLike
from skknn_syndrome.heads.base import GridScores, Head
from skknn_syndrome.heads.graph_scores.sources import GraphSource
from skknn_syndrome.neighbors.embedding_space import EmbeddingSpace
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study.analysing import check_analyses, parts_of, questions_of
from skknn_syndrome.study.estimating import Estimate, expect_study, pass_over
from skknn_syndrome.study.progress import Course
from skknn_syndrome.study.study_folds import StudyFolds, plan_folds, repeated_splits
from skknn_syndrome.study.whole_study import find_all, merge_people, put_together


@classes_of_few_images()
def cross_validate_study(  # noqa: PLR0913
    X: MatrixLike,
    y: VectorLike | None = None,
    *,
    estimator: Estimator = None,
    head: str | Head | None = None,
    grid: Mapping[str, Sequence[Any]] | None = None,
    groups: VectorLike | None = None,
    n_neighbors: int | Iterable[int] = range(1, 16),
    metrics: str | Sequence[str] = ("euclidean", "cosine"),
    weights: Weights | Sequence[Weights] = ("distance",),
    cv: CrossValidation = 10,
    refit: str = "roc_auc_ovr",
    refit_rule: RuleName | Rule = "best",
    random_state: int | None = 42,
    n_jobs: int | None = None,
    protocols: ProtocolName | Sequence[ProtocolName] | None = None,
    n_repeats: int | None = None,
    group_near_duplicates: bool = False,
    analyses: Collection[AnalysisName] | None = None,
    learning_curve: Sequence[str | Head] = (),
    ignore: Collection[str] = (),
    callbacks: Sequence[object] = (),
    covariates: CovariatesLike = None,
    leave_out: str | Sequence[str] = (),
    levels: LevelsLike = None,
    level_head: str | Head | None = None,
    hold_out: str | Sequence[str] = (),
) -> StudyResult:
    """Cross-validate a classifier over a grid: nearest neighbours over k, distance and weights, or others.

    Every candidate meets the same folds. The search is scikit-learn's `GridSearchCV` with all scores of
    `skknn_syndrome.scorers` at once; behind that of nearest neighbours stands one `NeighborGraph` of all
    rows, or one search a fold where a pipeline's steps have to be fitted inside it.

    Parameters
    ----------
    X : array-like of shape (n_images, n_features)
        Embeddings.
    y : array-like of shape (n_images,)
        Class labels.
    estimator : classifier or Pipeline, optional
        A `SyndromeKNNClassifier` by default, else a classifier of the head. Of a pipeline, which has to end
        in one, the other steps are fitted inside the folds.
    head : str or Head, optional
        What is searched: one of `skknn_syndrome.heads.names`, or a `skknn_syndrome.heads.Head` of your own.
        By default that of the estimator, and ``"knn"`` without one. Analyses that need what a head does not
        give, neighbours or probabilities, are left out with a notice.
    grid : mapping of str to sequence, optional
        Values of the head's parameters, instead of its own grid.
    groups : array-like of shape (n_images,), optional
        Subject ids. With them, folds keep a subject's images together (`StratifiedGroupKFold`); without,
        every image is on its own (`StratifiedKFold`).
    n_neighbors : int or iterable of int
        The grid of k of nearest neighbours.
    metrics : str or sequence of str
        The distances to compare.
    weights : str, callable or sequence of them
        The voting schemes to compare.
    cv : int, cross-validator or iterable of (train, test)
        A number of folds, shuffled with `random_state`; or folds of your own.
    refit : str
        The score that decides which candidate is best; one of `skknn_syndrome.scorers`.
    refit_rule : {"best", "one_standard_error", "composite", "six_score_product"} or callable
        How it decides: the highest mean; the largest k (the smoothest decision) within one standard error of
        it; the highest cube root of AUC x F1 x top-5 accuracy, or the highest product of AUC, F1, accuracy,
        precision, recall and top-5 accuracy, whatever `refit` is; a rule that was registered; or a function
        from each score's array of shape (n_candidates, n_folds), by name, to the number of a candidate.
    random_state : int or None
        Seed of the folds, which is written down; repeats count on from it.
    n_jobs : int or None
        Threads that look for neighbours, and fits at a time, as in `GridSearchCV`. A study of some thousand
        images takes seconds on one core: processes for its fits take longer to start.
    protocols : {"subject", "image"} or sequence of them, optional
        Which folds to use, the primary first. By default ``("subject",)`` with `groups` and ``("image",)``
        without; ``("subject", "image")`` runs both and compares them.
    n_repeats : int, optional
        How many splits the "repeats" are made of, with seeds from `random_state` on. By default 10, and 1 for
        a pipeline, whose steps have to be fitted for each fold of each.
    group_near_duplicates : bool, default=False
        Take subjects whose images are hardly to be told apart for one person, in all folds. What that
        changes is in the study's `LeakageAnalysis` under the k-NN head, which takes the cosine distance for
        it. Takes `groups`, and no pipeline.
    analyses : collection of str, optional
        What to look into beside the scores, for the primary protocol's folds: some of "larger_k",
        "baselines", "uncertainty", "repeats", "leakage", "subject_level", "nested_cv", "chance",
        "calibration", "prediction_sets", "open_set", "embedding_space", "learning_curve", "label_errors", and
        with `covariates` "subgroups". All by default, ``()`` for none.
    learning_curve : sequence of str or Head
        Whose learning curves over the subjects are measured, such as ``("knn", "lda")``, whatever `analyses`
        names. By default that of the best candidate, where one graph of all images answers for it; of others
        each fold fits 25 models.
    ignore : collection of str
        Checks that are not made, by code or name: ``["SK007"]``.
    callbacks : sequence
        scikit-learn callbacks for the search, such as `sklearn.callback.ProgressBar`.
    covariates : mapping of str to array-like of shape (n_images,), optional
        What else is known of each image, such as sex or site: participants are counted and scores given by
        their levels. The name ``"age:0,2,6"`` parts numbers into bands.
    leave_out : str or sequence of str
        Covariates whose levels are held out in turn: trained on all others, tested on the one.
    levels : mapping of str to array-like or mapping, optional
        Taxonomic levels above the labels, such as ``{"genus": genera}``: the group of each image, or of each
        class. A level that is the labels themselves names the finest.
    level_head : str or Head, optional
        What is fitted at every level; a random forest of 100 trees by default, whose smaller classes are
        brought to the size of larger ones by Gaussian noise.
    hold_out : str or sequence of str
        Levels whose groups are held out whole: with ``"species"``, is a new species placed in its genus?

    Returns
    -------
    StudyResult
        Frozen and typed; its `search` and `best_estimator` are the fitted objects of the first protocol.

    Raises
    ------
    StudySettingsError
        If estimator, grid, seed, folds, protocols, groups or class weights do not fit the data, or `ignore`
        names what is no check.

    Examples
    --------
    >>> from skknn_syndrome import make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> study = cross_validate_study(
    ...     data.embeddings, data.syndromes, groups=data.subjects, n_neighbors=[5, 15], cv=3, analyses=()
    ... )
    >>> study.primary.protocol, sorted(study.best)
    ('subject', ['cosine', 'euclidean'])
    """
    study = run_study(
        X,
        y,
        estimator=estimator,
        head=head,
        groups=groups,
        protocols=protocols,
        group_near_duplicates=group_near_duplicates,
        analyses=analyses,
        ignore=ignore,
        learning_curve=learning_curve,
        grid=grid,
        n_neighbors=n_neighbors,
        metrics=metrics,
        weights=weights,
        cv=cv,
        refit=refit,
        refit_rule=refit_rule,
        random_state=random_state,
        n_repeats=n_repeats,
        n_jobs=n_jobs,
        callbacks=callbacks,
        covariates=covariates,
        leave_out=leave_out,
        levels=levels,
        level_head=level_head,
        hold_out=hold_out,
    )
    return put_together(study, *find_all(study))


def run_study(  # noqa: PLR0913
    X: MatrixLike,
    y: VectorLike | None,
    *,
    estimator: Estimator,
    head: str | Head | None,
    groups: VectorLike | None,
    protocols: ProtocolName | Sequence[ProtocolName] | None,
    group_near_duplicates: bool,
    analyses: Collection[AnalysisName] | None,
    ignore: Collection[str],
    covariates: CovariatesLike = None,
    leave_out: str | Sequence[str] = (),
    levels: LevelsLike = None,
    level_head: str | Head | None = None,
    hold_out: str | Sequence[str] = (),
    course: Course | None = None,
    later_parts: Collection[str] = (),
    on_plan: Callable[[Estimate], object] = pass_over,
    **options: Any,  # noqa: ANN401  checked by `settle`
) -> StudyRun:
    """Check what is asked for, and search and score each protocol's folds.

    Parameters
    ----------
    X, y, estimator, head, groups, protocols, group_near_duplicates, analyses, ignore, covariates, leave_out
    levels, level_head, hold_out
        As in `cross_validate_study`.
    course : Course, optional
        Tells how far it is, and takes up what is kept.
    later_parts : collection of str
        Parts that will follow, by the names of `stated_costs`, such as "preprocessing".
    on_plan : callable
        Told what the whole is expected to take, before it begins, where that is known: of nearest neighbours
        on one graph.
    **options
        Its other parameters.

    Returns
    -------
    StudyRun
        Still without its analyses.
    """
    course = Course() if course is None else course
    chosen_head = heads.choose(head, estimator)
    data = with_covariates(validate_data(X, y, groups, head=chosen_head), covariates, leave_out)
    data = with_levels(data, levels, level_head, hold_out)
    refuse_extremes(data.array)
    given = chosen_head.estimator() if estimator is None else estimator
    settings = settle(given, head=chosen_head, task=data.task.name, **options)
    settings = replace(settings, estimator=weigh_every_class(given, settings.prefix, data.labels))
    if not settings.prefix:
        refuse_gaps(data.array)
    chosen, ignored = (
        check_analyses(
            analyses, with_covariates=bool(data.covariates), with_levels=data.taxonomy is not None
        ),
        codes_of(ignore),
    )
    chosen |= {"learning_curve"} if settings.learning_curve else set()
    space = EmbeddingSpace(data.array, data.labels, data.groups, n_jobs=settings.n_jobs)
    if group_near_duplicates:
        data = merge_people(data, settings, space)
    names = choose_protocols(protocols, data, settings.cv)
    expected = expect_study(data, settings, names, (*parts_of(settings.head, chosen), *later_parts))
    if expected is not None:
        course.expect(expected.by_part)
        on_plan(expected)
    searching = len(names) * ("search", "out-of-fold predictions", "folds")
    course.plan(["folds", "graph", *searching, *questions_of(chosen)])
    with course.part("folds"):
        plan = plan_folds(data, settings, names, chosen)
    searches, runs = _search_all(data, settings, plan, course)
    space.offer(runs[0].graph)
    return StudyRun(
        given=given,
        data=data,
        settings=settings,
        analyses=chosen,
        runs=runs,
        search=searches[0],
        space=space,
        grouped=group_near_duplicates,
        ignore=ignored,
        stopwatch=course,
        withheld={} if expected is None else expected.left_out,
    )


def _search_all(
    data: StudyData, settings: StudySettings, plan: StudyFolds, course: Course
) -> tuple[tuple[GridSearchCV, ...], tuple[ProtocolRun, ...]]:
    """Search each protocol's folds, on one graph where there can be one."""
    for splits in plan.folds:
        refuse_undefined(settings, splits, data.labels)
    source = course.source(settings, data, plan.all_splits)
    found = [_search(data, settings, splits, plan, source, course) for splits in plan.folds]
    return tuple(search for search, _ in found), tuple(run for _, run in found)


def _search(
    data: StudyData,
    settings: StudySettings,
    splits: Splits,
    plan: StudyFolds,
    source: GridScores | None,
    course: Course,
) -> tuple[GridSearchCV, ProtocolRun]:
    """Search one protocol's folds, and ask the best candidate of each distance for every image."""
    with course.part("search"):
        search = run_search(
            settings.estimator,
            settings.grid,
            data.samples,
            data.labels,
            splits,
            task=data.task,
            refit=_refit(settings, splits, data),
            n_jobs=settings.n_jobs,
            callbacks=settings.callbacks,
            source=source,
        )
    scored = _collect(search.cv_results_, splits, data, settings)
    parameters = search.cv_results_["params"]
    with course.part("out-of-fold predictions"):
        records = record_best(
            settings.estimator,
            data.samples,
            data.labels,
            data.groups,
            splits,
            scored,
            parameters,
            graph=source.graph if isinstance(source, GraphSource) else None,
        )
    with course.part("folds"):
        repeated = repeated_splits(data, settings, splits, source, plan.analyses)
    run = ProtocolRun(
        data=data,
        settings=settings,
        splits=splits,
        scored=scored,
        parameters=parameters,
        records=records,
        source=source,
        repeated=repeated,
        inner=plan.inner,
    )
    return search, run


def _collect(
    cv_results: CvResults, splits: Splits, data: StudyData, settings: StudySettings
) -> ProtocolResult:
    scored = collect_protocol(
        cv_results,
        splits,
        data.labels,
        prefix=settings.prefix,
        refit=settings.refit,
        head=settings.head,
    )
    return apply_rule(scored, settings.refit_rule)


def _refit(settings: StudySettings, splits: Splits, data: StudyData) -> str | Callable[[CvResults], int]:
    """Return what `GridSearchCV` takes as `refit`."""
    if settings.refit_rule == "best":
        return settings.refit
    return lambda cv_results: _collect(cv_results, splits, data, settings).chosen[-1]
