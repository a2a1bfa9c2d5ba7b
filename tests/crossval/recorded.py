"""Records of the small problem."""

from typing import Any

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.predicting import record_candidate
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.results.candidate import KNN, Candidate, knn_params
from tests.problems import Problem


def recorded(
    problem: Problem,
    model: Any = None,
    *,
    metric: Any = "cosine",
    by_subject: bool = False,
    with_subjects: bool = True,
    cv: Any = 3,
) -> OutOfFoldRecord:
    """Return what a model, by default five neighbours, says of the problem's images."""
    return record_candidate(
        SyndromeKNNClassifier(5, metric=metric) if model is None else model,
        problem.samples,
        problem.labels,
        problem.subjects if with_subjects else None,
        make_splits(problem.labels, problem.subjects if by_subject else None, cv=cv, random_state=42),
        Candidate(head=KNN, params=knn_params(metric, "distance", 5), all_scores=()),
    )


def recorded_primary(data: EmbeddingDataset) -> OutOfFoldRecord:
    """Return ten folds by subject of 15 neighbours by angle."""
    return record_candidate(
        SyndromeKNNClassifier(15),
        data.embeddings,
        data.syndromes,
        data.subjects,
        make_splits(data.syndromes, data.subjects, cv=10, random_state=42),
        Candidate(head=KNN, params=knn_params("cosine", "distance", 15), all_scores=()),
    )
