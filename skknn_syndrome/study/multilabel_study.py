"""Study of several labels an image: nearest neighbours, chosen in inner folds, beside the labels' shares."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from skknn_syndrome._typing import MatrixLike, ProtocolName, VectorLike
from skknn_syndrome.crossval.folds import CrossValidation
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import Argument, ParameterError
from skknn_syndrome.heads.knn import KNN, make_grid
from skknn_syndrome.heads.label_shares import LABEL_SHARES
from skknn_syndrome.heads.multilabel_knn import several_labels
from skknn_syndrome.neighbors.multilabel import MultilabelKNNClassifier
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.results.model_comparison import ModelComparison
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.study.judging import TestData
from skknn_syndrome.study.matching_encoders import (
    identified,
    match_images,
    test_data,
    warn_of_other_encoders,
)
from skknn_syndrome.study.model_comparison import run_comparison
from skknn_syndrome.study.model_settings import settle_comparison
from skknn_syndrome.study.progress import Progress
from skknn_syndrome.study.resuming import KeptParts

OF_ONE_LABEL: Mapping[str, object] = MappingProxyType(
    {
        "preprocessing": "off",
        "comparison": None,
        "head": None,
        "grid": None,
        "refit_rule": "best",
        "group_near_duplicates": False,
        "analyses": None,
        "learning_curve": (),
        "covariates": None,
        "leave_out": (),
        "levels": None,
        "level_head": None,
        "hold_out": (),
        "ignore": (),
        "callbacks": (),
    }
)
"""Settings of a study that have no meaning here, with their defaults, which may be given all the same."""


def study_multilabel(  # noqa: PLR0913
    X: MatrixLike | Mapping[str, MatrixLike],
    y: MatrixLike,
    *,
    estimator: MultilabelKNNClassifier | None = None,
    groups: VectorLike | None = None,
    n_neighbors: int | Iterable[int] = range(1, 16),
    metrics: str | Sequence[str] = ("euclidean", "cosine"),
    weights: Weights | Sequence[Weights] = ("distance",),
    cv: CrossValidation = 10,
    n_repeats: int | None = None,
    inner_cv: int = 5,
    refit: str = "roc_auc_ovr",
    holdout: float | None = None,
    test: TestData | None = None,
    published: Sequence[PublishedScore] = (),
    random_state: int | None = 42,
    n_jobs: int | None = None,
    on_progress: Callable[[Progress], object] | None = None,
    keep: KeptParts | None = None,
) -> ModelComparison:
    """Cross-validate nearest neighbours of several labels an image, and hold them against a baseline.

    k, distance and weights are chosen in inner folds of each training part. The baseline gives each label its
    share of the training images. Both are judged on the same folds, which keep a subject's images together
    and spread rare labels by iterative stratification.

    Parameters
    ----------
    X : array-like of shape (n_images, n_features)
        Embeddings; in a mapping by the name of their encoder, if it is to be told.
    y : indicator matrix of shape (n_images, n_labels), dense or sparse, or a data frame
    estimator : MultilabelKNNClassifier, optional
        With what is no part of the grid: the temperature, or the rule of ML-kNN.
    groups, n_neighbors, metrics, weights
        As in `cross_validate_study`.
    cv, inner_cv, refit, holdout, test, published, random_state, n_jobs, on_progress, keep
        As in `compare_models`.
    n_repeats : int, optional
        Divisions into outer folds, 5 by default.

    Returns
    -------
    ModelComparison
        Of the models "knn" and "label_shares", which is the reference.

    Raises
    ------
    StudySettingsError
        As `compare_models` raises it; or images have one label each.

    Examples
    --------
    >>> from skknn_syndrome.data import make_multilabel_embeddings
    >>> data = make_multilabel_embeddings()
    >>> study = study_multilabel(
    ...     data.embeddings, data.target, groups=data.subjects, n_neighbors=[5, 15], cv=3, n_repeats=1
    ... )
    >>> study.models.best.name, study.models.reference
    ('knn', 'label_shares')
    """
    settings = settle_comparison(
        "knn",
        cv=cv,
        n_repeats=5 if n_repeats is None else n_repeats,
        inner_cv=inner_cv,
        refit=refit,
        pca=None,
        random_state=random_state,
        n_jobs=n_jobs,
    )
    knn = replace(
        several_labels(KNN),
        estimator=MultilabelKNNClassifier() if estimator is None else estimator,
        grid=make_grid("", n_neighbors=n_neighbors, metrics=metrics, weights=weights),
    )
    return run_comparison(
        X,
        y,
        groups,
        replace(settings, heads=(knn, LABEL_SHARES)),
        reference=LABEL_SHARES.name,
        fuse=False,
        holdout=holdout,
        test=test,
        published=published,
        published_dataset=None,
        on_progress=on_progress,
        keep=keep,
    )


def study_multilabel_dataset(
    dataset: EmbeddingDataset,
    *,
    protocols: ProtocolName | Sequence[ProtocolName] | None = None,
    test: EmbeddingDataset | None = None,
    command: str | None = None,
    settings: str = "",
    **options: Any,  # noqa: ANN401  handed on as they are
) -> ModelComparison:
    """Study a data set of several labels an image: what `study_dataset` does of one.

    Parameters
    ----------
    dataset : EmbeddingDataset
        A `MultilabelDataset`; of one label an image it is refused.
    protocols : {"subject", "image"}, optional
        By subject where there are subjects.
    test : EmbeddingDataset, optional
        Images of another source, which models that were chosen and fitted on all others are judged on.
    command, settings
        As in `study_dataset`.
    **options
        As in `study_multilabel`; those of `study_dataset` that have no meaning here are refused.

    Returns
    -------
    ModelComparison

    Warns
    -----
    OtherEncoderWarning
        As `compare_datasets` does.
    """
    taken = {name: value for name, value in options.items() if name not in OF_ONE_LABEL}
    for name in options.keys() - taken.keys():
        if _is_set(options[name], OF_ONE_LABEL[name]):
            raise no_meaning(name, options[name])
    if _protocol(protocols, dataset) == "image":
        dataset = dataset.without_subjects()
    tests = {} if test is None else {dataset.name: test}
    warn_of_other_encoders({dataset.name: dataset}, tests)
    matched = match_images({dataset.name: dataset})
    found = study_multilabel(
        matched.vectors,
        matched.labels,
        groups=matched.subjects,
        test=test_data(tests) if tests else None,
        **taken,
    )
    own = {dataset.name: dataset}
    return identified(found, own, matched, test=tests, command=command, settings=settings)


def _is_set(value: Any, default: object) -> bool:  # noqa: ANN401  of any setting
    """Return whether a setting is not its default; an empty list is as good as an empty tuple."""
    if isinstance(default, tuple):
        return bool(value)
    return value is not None if default is None else bool(value != default)


def _protocol(
    protocols: ProtocolName | Sequence[ProtocolName] | None, dataset: EmbeddingDataset
) -> ProtocolName:
    listed = (protocols,) if isinstance(protocols, str) else tuple(protocols or ())
    if not listed:
        return "image" if dataset.subjects is None else "subject"
    if listed[1:] or listed[0] not in {"subject", "image"}:
        raise ParameterError(
            "{protocols}: several labels an image are studied on one kind of folds: take subject or image.",
            code="one_protocol",
            parameter="protocols",
            protocols=Argument("protocols", protocols),
        )
    if listed[0] == "subject" and dataset.subjects is None:
        raise ParameterError(
            "{protocols} needs subject ids, and the data has none.",
            code="no_subjects",
            parameter="protocols",
            protocols=Argument("protocols", protocols),
        )
    return listed[0]


def no_meaning(name: str, value: object) -> ParameterError:
    """Return the refusal of a setting that is of one label an image."""
    return ParameterError(
        "{option} is for one label an image, and these images have several: leave it out.",
        code="not_of_several_labels",
        parameter=name,
        option=Argument(name, value),
    )
