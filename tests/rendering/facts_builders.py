"""Small studies whose facts and advice are tested."""

from skknn_syndrome.analyses.per_class.result import Evaluation, SyndromeScores
from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.results.study import StudyResult
from tests.builders import make_candidate, make_run, study_of
from tests.rendering.full_study import CURVE


def compare(
    score: str = "roc_auc_ovr", *, p_value: float | None = 0.01, first: str = "cosine"
) -> DistanceComparison:
    second = {"cosine": "euclidean", "euclidean": "cosine"}[first]
    return DistanceComparison(
        score=score, first=first, second=second, mean_difference=0.1, standard_error=0.02, t_statistic=5.0,
        p_value=p_value, confidence_low=0.05, confidence_high=0.15, n_folds=2,
    )  # fmt: skip


def evaluation(*confusion: tuple[int, ...]) -> Evaluation:
    names = tuple("abcde"[: len(confusion)])
    rows = tuple(
        SyndromeScores(
            syndrome=name, n_images=sum(row), n_subjects=None, precision=None,
            recall=row[position] / sum(row), f1=row[position] / sum(row), roc_auc=None,
        )
        for position, (name, row) in enumerate(zip(names, confusion, strict=True))
    )  # fmt: skip
    return Evaluation(
        head=KNN, params=knn_params("cosine", "distance", 3), syndromes=names, confusion=confusion,
        per_syndrome=rows, micro_roc=CURVE, syndrome_rocs=(),
    )  # fmt: skip


def study_with(*found: Analysis, **run_parts: object) -> StudyResult:
    run = make_run(
        make_candidate([0.5, 0.6], metric="euclidean", n_neighbors=3),
        make_candidate([0.6, 0.7], metric="cosine", n_neighbors=3),
        protocol="subject",
    )
    return study_of(run, *found, **run_parts)
