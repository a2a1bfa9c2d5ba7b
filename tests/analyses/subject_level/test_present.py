"""Images and subjects side by side."""

import pytest

from skknn_syndrome.analyses.subject_level.present import per_subject, several_images
from skknn_syndrome.analyses.subject_level.result import SeveralImages, SubjectLevel
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.score import Score
from tests.analysis_builders import make_subject_level

LEVEL = SubjectLevel(
    head=KNN,
    params=knn_params("cosine", "distance", 3),
    n_images=9,
    n_subjects=6,
    image_scores=(Score.from_values("accuracy", [0.5]), Score.from_values("roc_auc_ovr", [0.5])),
    subject_scores=(Score.from_values("accuracy", [0.75]), Score.from_values("roc_auc_ovr", [float("nan")])),
    several=SeveralImages(n_subjects=2, n_images=5, single_accuracy=0.4, fused_accuracy=0.5),
)


def test_both_means_and_their_difference_stand_in_a_row() -> None:
    table = per_subject([LEVEL, LEVEL.model_copy(update={"params": knn_params("euclidean", "distance", 3)})])
    assert table.rows == (
        ("cosine", "distance", 3, "accuracy", 0.5, 0.75, 0.25),
        ("cosine", "distance", 3, "roc_auc_ovr", 0.5, None, None),
        ("euclidean", "distance", 3, "accuracy", 0.5, 0.75, 0.25),
        ("euclidean", "distance", 3, "roc_auc_ovr", 0.5, None, None),
    )


def test_subjects_with_several_images_have_a_table_of_their_own() -> None:
    table = several_images([LEVEL, LEVEL.model_copy(update={"several": None})])
    (row,) = table.rows
    assert row[:-3] == ("cosine", "distance", 3, 2, 5, 0.4, 0.5)
    assert row[7] == pytest.approx(0.1)
    assert row[8:] == (None, None)


def test_the_difference_has_its_interval() -> None:
    (row,) = several_images([make_subject_level(0.5, 0.75, half_width=0.125)]).rows
    assert row[-3:] == (0.25, 0.125, 0.375)
