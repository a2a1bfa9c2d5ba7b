"""Comparison of preprocessing on the grid and the folds of a study."""

from typing import Literal, TypeAlias, get_args

from sklearn.base import clone

from skknn_syndrome._typing import Estimator, LabelArray
from skknn_syndrome.analyses.preprocessing.compute import MOST_IMAGES, N_REPEATS, compare_preprocessing
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.weighting import WeightsName
from skknn_syndrome.results.candidate import KNN
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.protocol import ProtocolResult

Extent: TypeAlias = Literal["scores", "full"]
"""One split for all variants; or two of them, and maps."""


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
) -> tuple[PreprocessingComparison | None, dict[str, str]]:
    """Compare preprocessing on the grid and the folds of a protocol.

    Parameters
    ----------
    run : ProtocolResult
        The primary one of a study.
    summary : DatasetSummary
        Its data.
    dataset : EmbeddingDataset
    subjects : array of shape (n_images,) or None
        As the study took them: several may be one person.
    estimator : SyndromeKNNClassifier or None
        The study's, with its temperature and class weight.
    extent : {"scores", "full"}
    n_repeats, n_jobs
        As in `compare_preprocessing`.
    random_state : int or None
        Seed of the study's folds.

    Returns
    -------
    PreprocessingComparison or None
        None where nothing can be compared.
    dict
        Why nothing could be compared, under "preprocessing"; else empty.
    """
    try:
        _refuse_other_heads(run)
        comparison = _compare(
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
    return comparison.revised(dataset=summary), {}


def _refuse_other_heads(run: ProtocolResult) -> None:
    if run.winner.head != KNN:
        raise StudySettingsError(
            f"the comparison takes k nearest neighbours (head='{KNN}'), and the study's head is "
            f"{run.winner.head!r}.",
            code="other_head",
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
) -> PreprocessingComparison:
    n_folds = len({fold.split for fold in run.folds})
    splits = make_splits(dataset.syndromes, groups, cv=n_folds, random_state=seed)
    if splits.description != run.splitter:
        raise StudySettingsError(
            f"the study's folds, {run.splitter}, are not made of a number and a seed.", code="own_folds"
        )
    return compare_preprocessing(
        dataset.embeddings,
        dataset.syndromes,
        groups=groups,
        metrics=list(run.best),
        n_neighbors={candidate.n_neighbors for candidate in run.candidates},
        estimator=voting,
        cv=n_folds,
        random_states=(seed, seed + 1) if extent == "full" else seed,
        ways=("within_folds", "before_splitting"),
        maps=extent == "full",
        n_repeats=n_repeats,
        most_images=MOST_IMAGES,
        n_jobs=n_jobs,
    )


def _voting(estimator: Estimator, weights: str) -> SyndromeKNNClassifier:
    """Return the estimator with the winner's votes."""
    if not isinstance(estimator, SyndromeKNNClassifier):
        raise StudySettingsError(
            f"the study's estimator is a {type(estimator).__name__} with steps of its own: a comparison "
            "takes a SyndromeKNNClassifier.",
            code="own_steps",
        )
    if weights not in get_args(WeightsName):
        raise StudySettingsError(
            f"the winner votes by {weights!r}, a function that results don't hold.", code="own_weights"
        )
    voting: SyndromeKNNClassifier = clone(estimator).set_params(weights=weights)
    return voting
