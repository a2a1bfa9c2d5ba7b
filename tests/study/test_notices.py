"""What the study says of itself."""

import numpy as np
import pytest

from skknn_syndrome._typing import LabelArray, ProtocolName
from skknn_syndrome.results import Fold, Notice, ProtocolResult
from skknn_syndrome.study.notices import notices_on_labels, notices_on_runs
from tests.builders import make_candidate, make_run

LABELS = np.array(["a", "a", "a", "b", "b", "b"])
NAN = float("nan")


def notices_on(run: ProtocolResult, labels: LabelArray, groups: LabelArray | None) -> tuple[Notice, ...]:
    return notices_on_runs([(run, groups)], labels)


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
        "cosine by macro AUC on image-level folds is 3, the upper edge of the grid from 1 to 3"
        in notice.message
    )


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
    assert "1 syndrome has fewer subjects" in notice.message
    assert "'a' (2)" in notice.message


def test_many_small_classes_are_one_notice_that_names_ten_the_smallest_first() -> None:
    labels = np.concatenate([np.repeat("large", 40), *(np.repeat(f"c{n:02}", n) for n in range(1, 13))])
    run = make_run(make_candidate([0.5] * 20))
    (notice,) = notices_on(run, labels, None)
    assert "12 syndromes have fewer images" in notice.message
    assert "20 image-level folds" in notice.message
    assert "'c01' (1), 'c02' (2)" in notice.message
    assert "'c10' (10) and 2 more" in notice.message
    assert "c11" not in notice.message


def test_what_holds_under_both_protocols_is_said_once() -> None:
    def at_edge(protocol: ProtocolName, *means: float) -> ProtocolResult:
        candidates = [make_candidate([mean, mean], n_neighbors=1 + k) for k, mean in enumerate(means)]
        return make_run(*candidates, protocol=protocol)

    subject, image = at_edge("subject", 0.5, 0.7), at_edge("image", 0.4, 0.6)
    (notice,) = notices_on_runs([(subject, None), (image, None)], LABELS)
    assert "on subject- and image-level folds is 2" in notice.message
    (notice,) = notices_on_runs([(subject, None), (at_edge("image", 0.7, 0.6), None)], LABELS)
    assert "on subject-level folds is 2" in notice.message


def test_scores_that_are_undefined_for_one_reason_share_a_notice() -> None:
    candidate = make_candidate([0.5, NAN])
    (first,) = candidate.all_scores
    several = candidate.model_copy(update={"all_scores": (first, first.model_copy(update={"name": "other"}))})
    run = make_run(candidate).model_copy(update={"candidates": (several,)})
    (notice,) = notices_on(run, LABELS, None)
    assert "roc_auc_ovr, other are not defined in 1 of 2 image-level folds" in notice.message


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


@pytest.mark.parametrize("edge", [4, 500])
def test_beyond_the_training_parts_there_is_no_better_k(edge: int) -> None:
    run = make_run(*(make_candidate([k / 1000, k / 1000], n_neighbors=k) for k in (1, edge)))
    assert run.winner.n_neighbors == edge
    assert codes(run, LABELS, None) == ["more_neighbors_than_images"] * (edge > 4)


def test_more_neighbours_than_images_are_said_once() -> None:
    run = make_run(
        *(make_candidate([mean, mean], n_neighbors=k) for k, mean in ((3, 0.9), (5, 0.5), (7, 0.5)))
    )
    _, notice = notices_on(run, LABELS, None)  # the first on the lower edge
    assert notice.code == "more_neighbors_than_images"
    assert "k = 7, but the smallest training part of image-level folds has 4 images" in notice.message


@pytest.mark.parametrize(
    "n_classes, trivial", [(2, ["top-3", "top-5"]), (4, ["top-5"]), (5, ["top-5"]), (6, [])]
)
def test_a_top_k_that_has_every_class_says_nothing_and_the_study_says_so_once(
    n_classes: int, trivial: list[str]
) -> None:
    notices = notices_on_labels(np.repeat(np.arange(n_classes), 3))
    assert [notice.code for notice in notices] == ["trivial_top_k"] * bool(trivial)
    for notice in notices:
        assert f"{' and '.join(trivial)} accuracy says nothing" in notice.message
