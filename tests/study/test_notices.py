"""What the study says of itself."""

import numpy as np

from skknn_syndrome.results import Fold
from skknn_syndrome.study.notices import notices_on
from tests.builders import make_candidate, make_run

LABELS = np.array(["a", "a", "a", "b", "b", "b"])
NAN = float("nan")


def codes(*args: object) -> list[str]:
    return [notice.code for notice in notices_on(*args)]  # type: ignore[arg-type]


def grid(*means: float, first: int = 1) -> object:
    candidates = [make_candidate([mean, mean], n_neighbors=first + k) for k, mean in enumerate(means)]
    return make_run(*candidates)


def test_a_best_k_inside_the_grid_is_no_news() -> None:
    assert codes(grid(0.5, 0.7, 0.6), LABELS, None) == []


def test_a_best_k_at_the_upper_edge_is_said() -> None:
    (notice,) = notices_on(grid(0.5, 0.6, 0.7), LABELS, None)  # type: ignore[arg-type]
    assert notice.code == "edge_of_grid"
    assert (
        "cosine by macro AUC (image-level folds) is 3, the upper edge of the grid from 1 to 3"
        in notice.message
    )
    assert "a larger one may score higher" in notice.message


def test_a_best_k_at_the_lower_edge_is_said_unless_it_is_1() -> None:
    assert codes(grid(0.7, 0.6, first=1), LABELS, None) == []
    assert codes(grid(0.7, 0.6, first=2), LABELS, None) == ["edge_of_grid"]


def test_one_sentence_says_it_for_all_distances() -> None:
    candidates = [
        make_candidate([mean, mean], metric=metric, n_neighbors=k)
        for metric in ("euclidean", "cosine")
        for k, mean in ((1, 0.5), (2, 0.6))
    ]
    (notice,) = notices_on(make_run(*candidates), LABELS, None)
    assert "The best k for Euclidean and cosine by" in notice.message


def test_a_grid_of_one_value_has_no_edge() -> None:
    assert codes(grid(0.7), LABELS, None) == []


def test_a_class_with_fewer_images_or_subjects_than_folds_is_named() -> None:
    run = make_run(make_candidate([0.5] * 3))
    assert codes(run, LABELS, None) == []
    (notice,) = notices_on(run, LABELS, np.array(["s", "s", "t", "u", "v", "w"]))
    assert notice.code == "too_few_members"
    assert "Syndrome 'a' has 2 subjects, fewer than the 3 folds" in notice.message


def test_classes_missing_from_a_part_are_named_up_to_three() -> None:
    full = Fold(repeat=0, split=0, n_train=4, n_test=2)
    lacking = Fold(
        repeat=0,
        split=1,
        n_train=4,
        n_test=2,
        absent_from_test=("a", "b", "c", "d"),
        absent_from_train=("e",),
    )
    test, train = notices_on(make_run(make_candidate([0.5, 0.5]), folds=(full, lacking)), LABELS, None)
    assert (test.code, train.code) == ("class_missing_from_test", "class_missing_from_train")
    assert "In 1 of 2 image-level folds" in test.message
    assert "test part ('a', 'b', 'c' and 1 more)" in test.message
    assert "training part ('e')" in train.message


def test_a_score_that_is_not_defined_everywhere_says_where_its_mean_comes_from() -> None:
    (notice,) = notices_on(make_run(make_candidate([0.5, NAN])), LABELS, None)
    assert notice.code == "undefined_scores"
    assert "roc_auc_ovr is not defined in 1 of 2 image-level folds (one syndrome only)" in notice.message


def test_more_neighbours_than_images_are_said_once() -> None:
    run = make_run(
        *(make_candidate([mean, mean], n_neighbors=k) for k, mean in ((3, 0.9), (5, 0.5), (7, 0.5)))
    )
    (notice,) = [entry for entry in notices_on(run, LABELS, None) if entry.code != "edge_of_grid"]
    assert notice.code == "more_neighbors_than_images"
    assert "k = 7, but the smallest training part has 4 images" in notice.message
