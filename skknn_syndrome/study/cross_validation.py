"""The main job: cross-validate k, distance and weights, and write down what came out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

from sklearn.model_selection import GridSearchCV

from skknn_syndrome._typing import Estimator, MatrixLike, ProtocolName, VectorLike
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.metrics.score_table import SCORE_NAMES
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.results import ProtocolResult, StudyResult
from skknn_syndrome.study.collecting import collect_protocol
from skknn_syndrome.study.comparing import compare_protocols
from skknn_syndrome.study.distance_comparing import compare_distances
from skknn_syndrome.study.evaluating import evaluate_best
from skknn_syndrome.study.notices import NO_SUBJECTS, notices_on
from skknn_syndrome.study.provenance import Stopwatch, make_provenance
from skknn_syndrome.study.search import grid_prefix, make_grid, run_search
from skknn_syndrome.study.splitting import CrossValidation, make_splits
from skknn_syndrome.study.summarising import summarise_arrays
from skknn_syndrome.study.validating import StudyData, validate_data


@dataclass(frozen=True)
class _Settings:
    """What every protocol of one study shares."""

    estimator: Estimator
    prefix: str
    grid: dict[str, list[Any]]
    cv: CrossValidation
    refit: str
    random_state: int | None
    n_jobs: int | None
    callbacks: Sequence[object]


def cross_validate_study(  # noqa: PLR0913
    X: MatrixLike,
    y: VectorLike,
    *,
    estimator: Estimator = None,
    groups: VectorLike | None = None,
    n_neighbors: int | Iterable[int] = range(1, 16),
    metrics: str | Sequence[str] = ("euclidean", "cosine"),
    weights: Weights | Sequence[Weights] = ("distance",),
    cv: CrossValidation = 10,
    refit: str = "roc_auc_ovr",
    random_state: int | None = 42,
    n_jobs: int | None = None,
    protocols: Sequence[ProtocolName] | None = None,
    callbacks: Sequence[object] = (),
) -> StudyResult:
    """Cross-validate a nearest-neighbour classifier over k, distance and weights.

    Every candidate meets the same folds. The search is scikit-learn's `GridSearchCV` with all scores of
    `skknn_syndrome.scorers` at once; behind it stands one `NeighborGraph` of all rows, or one search a fold
    where a pipeline's steps have to be fitted inside it.

    Parameters
    ----------
    X : array-like of shape (n_images, n_features)
        Embeddings.
    y : array-like of shape (n_images,)
        Class labels.
    estimator : SyndromeKNNClassifier or Pipeline, optional
        A pipeline has to end in a `SyndromeKNNClassifier`; its other steps are fitted inside the folds.
    groups : array-like of shape (n_images,), optional
        Subject ids. With them, folds keep a subject's images together (`StratifiedGroupKFold`); without,
        every image is on its own (`StratifiedKFold`).
    n_neighbors : int or iterable of int
        The grid of k.
    metrics : str or sequence of str
        The distances to compare.
    weights : str, callable or sequence of them
        The voting schemes to compare.
    cv : int, cross-validator or iterable of (train, test)
        A number of folds, shuffled with `random_state`; or folds of your own.
    refit : str
        The score that decides which candidate is best; one of `skknn_syndrome.scorers`.
    random_state : int or None
        Seed of the folds.
    n_jobs : int or None
        Threads that look for neighbours, and fits at a time, as in `GridSearchCV`. A study of some thousand
        images takes seconds on one core: processes for its fits take longer to start.
    protocols : sequence of {"subject", "image"}, optional
        Which folds to use, the headline first. By default ``("subject",)`` with `groups` and ``("image",)``
        without; ``("subject", "image")`` runs both and compares them.
    callbacks : sequence
        scikit-learn callbacks for the search, such as `sklearn.callback.ProgressBar`.

    Returns
    -------
    StudyResult
        Frozen and typed; its `search` and `best_estimator` are the fitted objects of the first protocol.

    Raises
    ------
    StudySettingsError
        If estimator, grid, folds or protocols do not fit the data.

    Examples
    --------
    >>> from skknn_syndrome import make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> study = cross_validate_study(
    ...     data.embeddings, data.syndromes, groups=data.subjects, n_neighbors=[5, 15], cv=3
    ... )
    >>> study.headline.protocol, sorted(study.best)
    ('subject', ['cosine', 'euclidean'])
    """
    stopwatch = Stopwatch()
    data = validate_data(X, y, groups)
    settings = _settle(
        SyndromeKNNClassifier() if estimator is None else estimator,
        grid=(n_neighbors, metrics, weights),
        cv=cv,
        refit=refit,
        random_state=random_state,
        n_jobs=n_jobs,
        callbacks=callbacks,
    )
    names = _choose_protocols(protocols, data, settings)
    runs, searches = zip(*(_run_protocol(name, data, settings) for name in names), strict=True)
    study = StudyResult(
        dataset=summarise_arrays(data.array, data.labels, data.groups),
        protocols=runs,
        differences=compare_protocols(runs),
        notices=(
            *((NO_SUBJECTS,) if data.groups is None else ()),
            *(
                notice
                for run in runs
                for notice in notices_on(run, data.labels, data.groups_of(run.protocol))
            ),
        ),
        provenance=make_provenance(
            settings.estimator, random_state=random_state, refit=refit, stopwatch=stopwatch
        ),
    )
    study._search = searches[0]  # noqa: SLF001  a fitted object has no public field: it does not go to JSON
    return study


def _settle(
    estimator: Estimator,
    *,
    grid: tuple[int | Iterable[int], str | Sequence[str], Weights | Sequence[Weights]],
    cv: CrossValidation,
    refit: str,
    **others: Any,  # noqa: ANN401  handed on as they are
) -> _Settings:
    if refit not in SCORE_NAMES:
        message = f"refit={refit!r} is no score of this study; take one of {', '.join(SCORE_NAMES)}."
        raise StudySettingsError(message)
    prefix = grid_prefix(estimator)
    n_neighbors, metrics, weights = grid
    return _Settings(
        estimator=estimator,
        prefix=prefix,
        grid=make_grid(prefix, n_neighbors=n_neighbors, metrics=metrics, weights=weights),
        cv=int(cv) if isinstance(cv, Integral) else cv,
        refit=refit,
        **others,
    )


def _choose_protocols(
    protocols: Sequence[ProtocolName] | None, data: StudyData, settings: _Settings
) -> tuple[ProtocolName, ...]:
    if protocols is None:
        return ("image",) if data.groups is None else ("subject",)
    if not protocols or len(set(protocols)) < len(protocols) or not set(protocols) <= {"image", "subject"}:
        message = f"protocols={tuple(protocols)!r} must name 'subject', 'image' or both, each once."
        raise StudySettingsError(message)
    if "subject" in protocols and data.groups is None:
        message = "The subject protocol needs groups: give the subject id of each image."
        raise StudySettingsError(message)
    if len(protocols) > 1 and not isinstance(settings.cv, int):
        message = "Two protocols need folds of their own: give cv as a number."
        raise StudySettingsError(message)
    return tuple(protocols)


def _run_protocol(
    protocol: ProtocolName, data: StudyData, settings: _Settings
) -> tuple[ProtocolResult, GridSearchCV]:
    splits = make_splits(
        data.labels, data.groups_of(protocol), cv=settings.cv, random_state=settings.random_state
    )
    search = run_search(
        settings.estimator,
        settings.grid,
        data.samples,
        data.labels,
        splits,
        refit=settings.refit,
        n_jobs=settings.n_jobs,
        callbacks=settings.callbacks,
    )
    scored = collect_protocol(
        search.cv_results_, splits, data.labels, prefix=settings.prefix, refit=settings.refit
    )
    evaluations = evaluate_best(
        settings.estimator,
        data.samples,
        data.labels,
        data.groups,
        splits,
        scored,
        search.cv_results_["params"],
    )
    return scored.model_copy(
        update={"evaluations": evaluations, "comparisons": compare_distances(scored)}
    ), search
