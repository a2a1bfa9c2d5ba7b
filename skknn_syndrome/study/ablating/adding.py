"""A study with a comparison of preprocessing, on the study's own grid and folds."""

from typing import Literal, TypeAlias, get_args

from sklearn.base import clone

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.checks import CheckContext, rerun_checks
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.weighting import WeightsName
from skknn_syndrome.results import AblationResult, StudyResult
from skknn_syndrome.study.ablating.comparing import N_REPEATS, compare_preprocessing
from skknn_syndrome.study.provenance import Stopwatch, with_later_parts
from skknn_syndrome.study.splitting import make_splits

Extent: TypeAlias = Literal["scores", "full"]
"""One split for all variants; or two of them, and maps."""


def add_preprocessing(
    study: StudyResult,
    dataset: EmbeddingDataset,
    *,
    estimator: SyndromeKNNClassifier | None = None,
    extent: Extent = "scores",
    n_repeats: int | None = None,
    n_jobs: int | None = None,
) -> StudyResult:
    """Compare scalers and resamplers, within folds and before splitting, and add that to a study.

    Distances, grid, folds and the winner's way of voting are the study's.

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
        A copy. Where a resampler can't be used on these data, or nothing can be compared, a check says so.

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
    ablation: AblationResult | None = None
    left_out: dict[str, str] = {}
    try:
        with stopwatch.part("preprocessing"):
            ablation = _compare(
                study, dataset, estimator or SyndromeKNNClassifier(), extent, n_repeats, n_jobs
            )
    except StudySettingsError as error:
        left_out["preprocessing"] = str(error)
    compared = study.model_copy(
        update={"ablation": ablation, "provenance": with_later_parts(study.provenance, stopwatch)}
    )
    checks = rerun_checks(
        study.checks, CheckContext.of(compared, left_out), "resampler_left_out", "preprocessing_left_out"
    )
    return compared.model_copy(update={"checks": checks})


def _compare(
    study: StudyResult,
    dataset: EmbeddingDataset,
    estimator: SyndromeKNNClassifier,
    extent: Extent,
    n_repeats: int | None,
    n_jobs: int | None,
) -> AblationResult:
    run, groups = study.headline, _groups(study, dataset)
    n_folds = len({fold.split for fold in run.folds})
    seed = study.provenance.random_state or 0
    _refuse_other_folds(study, dataset.syndromes, groups, n_folds, seed)
    ablation = compare_preprocessing(
        dataset.embeddings,
        dataset.syndromes,
        groups=groups,
        metrics=list(run.best),
        n_neighbors={candidate.n_neighbors for candidate in run.candidates},
        estimator=_voting(estimator, run.winner.weights),
        cv=n_folds,
        random_states=(seed, seed + 1) if extent == "full" else seed,
        ways=("honest", "leaky"),
        maps=extent == "full",
        n_repeats=N_REPEATS if n_repeats is None else n_repeats,
        n_jobs=n_jobs,
    )
    return ablation.model_copy(update={"dataset": study.dataset})


def _voting(estimator: SyndromeKNNClassifier, weights: str) -> SyndromeKNNClassifier:
    """Return the estimator with the winner's votes."""
    if weights not in get_args(WeightsName):
        raise StudySettingsError(f"the winner votes by {weights!r}, a function that results don't hold.")
    voting: SyndromeKNNClassifier = clone(estimator).set_params(weights=weights)
    return voting


def _groups(study: StudyResult, dataset: EmbeddingDataset) -> LabelArray | None:
    """Return what the study's folds keep together."""
    if study.headline.protocol == "image":
        return None
    # The study may have taken several subjects for one person.
    return study.records[0].subjects if study.records else dataset.subjects


def _refuse_other_folds(
    study: StudyResult, labels: LabelArray, groups: LabelArray | None, n_folds: int, seed: int
) -> None:
    """Refuse what could not be compared on the study's own folds."""
    splits = make_splits(labels, groups, cv=n_folds, random_state=seed)
    if splits.description != study.headline.splitter:
        raise StudySettingsError(
            f"the study's folds, {study.headline.splitter}, are not made of a number and a seed."
        )
