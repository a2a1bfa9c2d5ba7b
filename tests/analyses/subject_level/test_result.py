"""Images against subjects."""

import pytest

from skknn_syndrome.analyses.subject_level.result import SubjectLevel
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.score import Score


def test_a_difference_is_subject_minus_image_and_none_where_one_is_missing() -> None:
    nan = float("nan")
    level = SubjectLevel(
        head=KNN,
        params=knn_params("cosine", "distance", 3),
        n_images=3,
        n_subjects=2,
        image_scores=tuple(Score.from_values(*pair) for pair in (("a", [0.5]), ("b", [nan]), ("c", [0.5]))),
        subject_scores=tuple(
            Score.from_values(*pair) for pair in (("a", [0.75]), ("b", [0.5]), ("c", [nan]))
        ),
        several=None,
    )
    assert dict(level.differences) == {"a": pytest.approx(0.25), "b": None, "c": None}
    assert SubjectLevel.model_validate_json(level.model_dump_json()) == level
