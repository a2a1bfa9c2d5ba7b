"""A study with a comparison of preprocessing, on the study's own grid and folds."""

from typing import Literal, TypeAlias, get_args

from sklearn.base import clone

from skknn_syndrome._typing import Estimator, LabelArray
from skknn_syndrome.checks import CheckContext, rerun_checks
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.weighting import WeightsName
from skknn_syndrome.results import AblationResult, DatasetSummary, ProtocolResult, StudyResult
from skknn_syndrome.results.candidate import KNN
from skknn_syndrome.study.ablating.comparing import N_REPEATS, compare_preprocessing
from skknn_syndrome.study.provenance import Stopwatch, with_later_parts

Extent: TypeAlias = Literal["scores", "full"]
"""One split for all variants; or two of them, and maps."""


def add_preprocessing(
    study: StudyResult,
    dataset: EmbeddingDataset,
    *,
    estimator: Estimator = None,
    extent: Extent = "scores",
    n_repeats: int | None = None,
    n_jobs: int | None = None,
) -> StudyResult:
    """Compare scalers and resamplers, within folds and before splitting, and add that to a finished study.

    Distances, grid, folds and the winner's way of voting are the study's. `study_dataset` does the study and
    this at once.

    Parameters
    ----------
    study : StudyResult
        Of the data set.
    dataset : EmbeddingDataset
    estimator : SyndromeKNNClassifier, optional
        The study's, with its temperature and class weight.
    extent : {"scores", "full"}
    n_repeats : int, optional
        Splits on which variants are compared that are cheap to repeat; by default as many as
        `compare_preprocessing` takes.
    n_jobs : int or None
        Variants at a time.

    Returns
    -------
    StudyResult
        Another one. Where a resampler can't be used on these data, or nothing can be compared, a check says
        so.

    Examples
    --------
    >>> from skknn_syndrome import make_syndrome_embeddings, study_dataset
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> study = study_dataset(data, with_map=False, n_neighbors=[5], cv=3, metrics="cosine", analyses=())
    >>> compared = add_preprocessing(study, data).ablation
    >>> compared.seeds, compared.n_folds, len(compared.variants)
    ((42,), 3, 36)
    """
    stopwatch = Stopwatch()
    with stopwatch.part("preprocessing"):
        ablation, left_out = compare_on_folds_of(
            study.headline,
            study.dataset,
            dataset,
            # The study may have taken several subjects for one person.
            study.records[0].subjects if study.records else dataset.subjects,
            estimator=estimator,
            extent=extent,
            random_state=study.provenance.random_state,
            n_repeats=n_repeats,
            n_jobs=n_jobs,
        )
    compared = study.revised(ablation=ablation, provenance=with_later_parts(study.provenance, stopwatch))
    checks = rerun_checks(
        study.checks, CheckContext.of(compared, left_out), "resampler_left_out", "preprocessing_left_out"
    )
    return compared.revised(checks=checks)


def compare_on_folds_of(
    run: ProtocolResult,
    summary: DatasetSummary,
    dataset: EmbeddingDataset,
    subjects: LabelArray | None,
    *,
    estimator: Estimator,
    extent: Extent,
    random_state: int | None,
    n_repeats: int | None,
    n_jobs: int | None,
) -> tuple[AblationResult | None, dict[str, str]]:
    """Compare preprocessing on the grid and the folds of a protocol.

    Parameters
    ----------
    run : ProtocolResult
        The headline of a study.
    summary : DatasetSummary
        Its data.
    dataset : EmbeddingDataset
    subjects : array of shape (n_images,) or None
        As the study took them: several may be one person.
    estimator, extent, n_repeats, n_jobs
        As in `add_preprocessing`.
    random_state : int or None
        Seed of the study's folds.

    Returns
    -------
    AblationResult or None
        None where nothing can be compared.
    dict
        Why nothing could be compared, under "preprocessing"; else empty.
    """
    try:
        _refuse_other_heads(run)
        ablation = _compare(
            run,
            dataset,
            subjects if run.protocol == "subject" else None,
            _voting(SyndromeKNNClassifier() if estimator is None else estimator, run.winner.weights),
            extent,
            random_state or 0,
            N_REPEATS if n_repeats is None else n_repeats,
            n_jobs,
        )
    except StudySettingsError as error:
        return None, {"preprocessing": str(error)}
    return ablation.revised(dataset=summary), {}


def _refuse_other_heads(run: ProtocolResult) -> None:
    if run.winner.head != KNN:
        raise StudySettingsError(
            f"the comparison takes k nearest neighbours (head='{KNN}'), and the study's head is "
            f"{run.winner.head!r}."
        )


def _compare(
    run: ProtocolResult,
    dataset: EmbeddingDataset,
    groups: LabelArray | None,
    voting: SyndromeKNNClassifier,
    extent: Extent,
    seed: int,
    n_repeats: int,
    n_jobs: int | None,
) -> AblationResult:
    n_folds = len({fold.split for fold in run.folds})
    splits = make_splits(dataset.syndromes, groups, cv=n_folds, random_state=seed)
    if splits.description != run.splitter:
        raise StudySettingsError(f"the study's folds, {run.splitter}, are not made of a number and a seed.")
    return compare_preprocessing(
        dataset.embeddings,
        dataset.syndromes,
        groups=groups,
        metrics=list(run.best),
        n_neighbors={candidate.n_neighbors for candidate in run.candidates},
        estimator=voting,
        cv=n_folds,
        random_states=(seed, seed + 1) if extent == "full" else seed,
        ways=("honest", "leaky"),
        maps=extent == "full",
        n_repeats=n_repeats,
        n_jobs=n_jobs,
    )


def _voting(estimator: Estimator, weights: str) -> SyndromeKNNClassifier:
    """Return the estimator with the winner's votes."""
    if not isinstance(estimator, SyndromeKNNClassifier):
        raise StudySettingsError(
            f"the study's estimator is a {type(estimator).__name__} with steps of its own: a comparison "
            "takes a SyndromeKNNClassifier."
        )
    if weights not in get_args(WeightsName):
        raise StudySettingsError(f"the winner votes by {weights!r}, a function that results don't hold.")
    voting: SyndromeKNNClassifier = clone(estimator).set_params(weights=weights)
    return voting
