"""Comparison of models: heads on the vectors of one or several encoders, on the same folds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from skknn_syndrome._typing import MatrixLike, VectorLike
from skknn_syndrome.analyses.labels.compute import describe_labels
from skknn_syndrome.analyses.models.compute import compare_runs
from skknn_syndrome.analyses.models.result import ModelsAnalysis
from skknn_syndrome.analyses.published_models.compute import Setting, set_beside
from skknn_syndrome.analyses.test_sets.result import TestSetsAnalysis
from skknn_syndrome.crossval.folds import CrossValidation
from skknn_syndrome.crossval.model_records import ModelRun
from skknn_syndrome.crossval.provenance import Stopwatch, make_provenance, summarise_arrays
from skknn_syndrome.crossval.study_data import classes_of_few_images
from skknn_syndrome.errors import Argument, ParameterError
from skknn_syndrome.heads.base import Head
from skknn_syndrome.results.analysis import Analyses, Analysis
from skknn_syndrome.results.model_comparison import Encoder, ModelComparison
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.study.judging import TestData, hold_out, of_whole, on_other_source
from skknn_syndrome.study.kept_fits import fingerprint_sets
from skknn_syndrome.study.model_fits import ModelFits
from skknn_syndrome.study.model_settings import (
    QUICK_HEADS,
    ComparisonSettings,
    EncoderImages,
    check_reference,
    model_names,
    read_encoders,
    settle_comparison,
)
from skknn_syndrome.study.progress import Progress
from skknn_syndrome.study.resuming import KeptParts


@classes_of_few_images()
def compare_models(  # noqa: PLR0913
    X: MatrixLike | Mapping[str, MatrixLike],
    y: VectorLike,
    *,
    groups: VectorLike | None = None,
    heads: str | Head | Sequence[str | Head] = QUICK_HEADS,
    cv: CrossValidation = 10,
    n_repeats: int = 5,
    inner_cv: int = 5,
    refit: str = "roc_auc_ovr",
    reference: str | None = None,
    pca: float | None = None,
    fuse: bool = False,
    holdout: float | None = None,
    test: TestData | None = None,
    published: Sequence[PublishedScore] = (),
    published_dataset: str | None = None,
    random_state: int | None = 42,
    n_jobs: int | None = None,
    on_progress: Callable[[Progress], object] | None = None,
    keep: KeptParts | None = None,
) -> ModelComparison:
    """Compare heads, on the vectors of one or several encoders, on the same folds.

    Whatever a model has to choose or to fit (parameters, temperatures, weights of a pool, principal
    components) is chosen and fitted inside the training part of each outer fold, so that no score is of
    images that a choice was made by.

    Parameters
    ----------
    X : array-like of shape (n_images, n_features), or mapping of str to such
        Embeddings; those of several encoders by name, of the same images in the same order.
    y : array-like of shape (n_images,), or (n_images, n_labels)
        Class labels; an indicator matrix where images have several labels.
    groups : array-like of shape (n_images,), optional
        Subject ids. With them, outer and inner folds keep a subject's images together.
    heads : str, Head or sequence of them
        Some of `skknn_syndrome.heads.names`, or heads of your own. By default those that take seconds.
    cv : int, cross-validator or iterable of (train, test)
        Outer folds, as in `cross_validate_study`.
    n_repeats : int, default=5
        Divisions into outer folds, with seeds that count on from `random_state`; where `cv` is no number,
        those that it makes itself.
    inner_cv : int, default=5
        Inner folds of each training part; two where it can't be divided so.
    refit : str, default="roc_auc_ovr"
        The score by which inner folds choose, and by which models are ranked.
    reference : str, optional
        The model that all others are held against, by its name; the first by default.
    pca : int or float, optional
        Principal components to which vectors are reduced before each head: how many, or the share of variance
        that they have to explain.
    fuse : bool, default=False
        Add an encoder that puts the vectors of all others, each at unit norm, side by side.
    holdout : float, optional
        Share of the images, a subject's together and every class with its share, that is held out before
        anything is chosen. Cross-validation is of the others; then each model is chosen and fitted on all of
        these, and judged on what was held out.
    test : TestData, optional
        Images of another source, which models that were chosen and fitted on all others are judged on.
    published : sequence of PublishedScore
        Figures of others, as `skknn_syndrome.data.load_published` reads them, to be put beside the models of
        the same head.
    published_dataset : str, optional
        What the published figures call the data set that these images are; others can't be compared.
    random_state : int or None, default=42
        Seed of the folds.
    n_jobs : int or None
        Folds that are fitted at a time, in processes of their own.
    on_progress : callable, optional
        Told before each fit how far it is, as a `Progress`: head, repeat and fold, and the time left, as far
        as the fits so far tell it. The first fold of each head comes first, then the rest of those that take
        the least time.
    keep : KeptParts, optional
        Where the fits of each model are kept once it is finished, so that a comparison that is stopped can go
        on.

    Returns
    -------
    ModelComparison
        Frozen and typed; its `records` are the out-of-fold predictions of each model.

    Raises
    ------
    StudySettingsError
        If heads, folds, score or reference do not fit the data, or encoders have other numbers of images.

    References
    ----------
    .. [1] S. Varma and R. Simon, "Bias in error estimation when using cross-validation for model selection",
       BMC Bioinformatics 7:91, 2006. doi:10.1186/1471-2105-7-91

    Examples
    --------
    >>> from skknn_syndrome import make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> comparison = compare_models(
    ...     data.embeddings, data.syndromes, groups=data.subjects, heads=("knn", "lda"), cv=3, n_repeats=1
    ... )
    >>> [model.name for model in comparison.models.models], comparison.models.reference
    (['knn', 'lda'], 'knn')
    >>> comparison.scores["lda"]["f1_macro"].low < comparison.scores["lda"]["f1_macro"].high
    True
    """
    settings = settle_comparison(
        heads,
        cv=cv,
        n_repeats=n_repeats,
        inner_cv=inner_cv,
        refit=refit,
        pca=pca,
        random_state=random_state,
        n_jobs=n_jobs,
    )
    return run_comparison(
        X,
        y,
        groups,
        settings,
        reference=reference,
        fuse=fuse,
        holdout=holdout,
        test=test,
        published=published,
        published_dataset=published_dataset,
        on_progress=on_progress,
        keep=keep,
    )


def run_comparison(  # noqa: PLR0913
    X: MatrixLike | Mapping[str, MatrixLike],
    y: VectorLike,
    groups: VectorLike | None,
    settings: ComparisonSettings,
    *,
    reference: str | None,
    fuse: bool,
    holdout: float | None,
    test: TestData | None,
    published: Sequence[PublishedScore],
    published_dataset: str | None,
    on_progress: Callable[[Progress], object] | None,
    keep: KeptParts | None,
) -> ModelComparison:
    """Compare models as `compare_models` does, by settings that are checked.

    Parameters
    ----------
    X, y, groups, reference, fuse, holdout, test, published, published_dataset, on_progress, keep
        As in `compare_models`.
    settings : ComparisonSettings

    Returns
    -------
    ModelComparison
    """
    stopwatch = Stopwatch()
    _check_types(published, test)
    given = read_encoders(X, y, groups, settings, fuse=fuse)
    sets = {name: each.images for name, each in given.items()}
    contenders = settings.contenders(first := next(iter(sets.values())))
    names = model_names(sets, contenders)
    check_reference(reference, names.values())
    test_sets = [] if holdout is None else [hold_out(sets, holdout, settings.random_state)]
    developed = test_sets[0].developed if test_sets else sets
    if test is not None:
        test_sets.append(on_other_source(developed, test, settings, fuse=fuse))
    splits = settings.repeats(next(iter(developed.values())))
    if keep is not None:
        judged_on = [each.sets for each in test_sets]
        keep.begin_on(fingerprint_sets(sets, *judged_on), settings.for_resuming(holdout=holdout, fuse=fuse))
    with stopwatch.part("fits"):
        runs = ModelFits(developed, contenders, splits, settings, on_progress, keep=keep).run(names)
    analyses = _analyse(runs, settings, reference, stopwatch)
    with stopwatch.part("test sets"):
        entries = tuple(each.judge(contenders, settings, runs, on_progress, keep) for each in test_sets)
    if entries:
        analyses.append(TestSetsAnalysis(refit=settings.refit, test_sets=entries))
    kept = np.arange(len(first.target.labels)) if holdout is None else test_sets[0].split.train
    return ModelComparison.of(
        records={run.name: of_whole(run, sets[run.encoder], kept) for run in runs},
        encoders=tuple(_encoder(name, each) for name, each in given.items()),
        analyses=Analyses.of([*analyses, _beside(analyses[0], published, published_dataset)]),
        provenance=make_provenance(
            runs[0].contender.estimator,
            random_state=settings.random_state,
            refit=settings.refit,
            stopwatch=stopwatch,
            task=first.task.name,
        ),
    )


def _check_types(published: object, test: object) -> None:
    """Refuse a path where what stands in its file is asked for."""
    listed = published if isinstance(published, Sequence) and not isinstance(published, str) else [published]
    if not all(isinstance(entry, PublishedScore) for entry in listed):
        raise ParameterError(
            "{published} holds no published scores: give those that skknn_syndrome.data.load_published reads "
            "of a file.",
            code="not_published_scores",
            parameter="published",
            published=Argument("published", published),
        )
    if not isinstance(test, TestData | None):
        raise ParameterError(
            f"test is a {type(test).__name__}: give skknn_syndrome.study.TestData(X, y, groups).",
            code="not_test_data",
            parameter="test",
        )


def _analyse(
    runs: Sequence[ModelRun], settings: ComparisonSettings, reference: str | None, stopwatch: Stopwatch
) -> list[Any]:
    """Return the comparison of the models, and what was found label by label."""
    with stopwatch.part("models"):
        found = compare_runs(
            runs,
            reference=reference,
            refit=settings.refit,
            inner_cv=settings.inner_cv,
            seeds=settings.seeds(len(runs[0].splits)),
        )
    with stopwatch.part("labels"):
        return [found, describe_labels(runs)]


def _beside(
    found: ModelsAnalysis, published: Sequence[PublishedScore], dataset: str | None
) -> Analysis | None:
    """Set published figures beside the models, where there are any of their heads."""
    setting = Setting(found.protocol or "image", "hold_out" if found.n_folds == 1 else "folds", dataset)
    return set_beside(found.models, published, setting)


def _encoder(name: str, given: EncoderImages) -> Encoder:
    images = given.images
    labels = images.target.labels
    return Encoder(
        name=name,
        dataset=summarise_arrays(
            np.asarray(images.samples), labels, images.groups, classes=images.target.classes, name=name
        ),
        fused=given.fused,
    )
