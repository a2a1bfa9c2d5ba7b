"""Small typed results for tests, with every part a caller does not care about filled in."""

from collections.abc import Sequence

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.results import (
    Averaging,
    Candidate,
    DatasetSummary,
    Fold,
    ProtocolResult,
    Provenance,
    Score,
    StudyResult,
    SyndromeCount,
    Version,
)
from skknn_syndrome.results.candidate import KNN, knn_params


def make_candidate(
    values: Sequence[float], *, metric: str = "cosine", n_neighbors: int = 1, score: str = "roc_auc_ovr"
) -> Candidate:
    """Return a candidate with one score."""
    return Candidate(
        head=KNN,
        params=knn_params(metric, "distance", n_neighbors),
        all_scores=(Score.from_values(score, values, reason="one syndrome only"),),
    )


def make_run(
    *candidates: Candidate, protocol: ProtocolName = "image", folds: Sequence[Fold] = ()
) -> ProtocolResult:
    """Return a protocol with a fold for each value of its first candidate."""
    n_folds = len(candidates[0].all_scores[0].values)
    return ProtocolResult(
        protocol=protocol,
        splitter="StratifiedKFold(n_splits=2)",
        folds=tuple(folds)
        or tuple(Fold(repeat=0, split=split, n_train=4, n_test=2) for split in range(n_folds)),
        candidates=candidates,
        refit=candidates[0].all_scores[0].name,
    )


def make_study(*runs: ProtocolResult) -> StudyResult:
    """Return a study of six invented images."""
    return StudyResult(
        dataset=DatasetSummary(
            name="six.csv",
            simulated=False,
            file_sha256="f" * 64,
            data_sha256="d" * 64,
            dtype="float64",
            n_images=6,
            n_features=2,
            n_subjects=5,
            syndromes=(
                SyndromeCount(syndrome="a", n_images=4, n_subjects=3),
                SyndromeCount(syndrome="b", n_images=2, n_subjects=2),
            ),
        ),
        protocols=runs or (make_run(make_candidate([0.5, 1.0])),),
        provenance=Provenance(
            command=None,
            estimator="SyndromeKNNClassifier()",
            random_state=42,
            refit="roc_auc_ovr",
            started="2026-01-01T00:00:00+00:00",
            elapsed_seconds=0.5,
            versions=(Version(name="python", version="3.11.7"),),
            averaging=(Averaging(score="roc_auc_ovr", description="macro"),),
        ),
    )
