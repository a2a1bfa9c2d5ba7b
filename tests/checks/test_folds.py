"""Checks of the folds."""

import numpy as np

from skknn_syndrome.results import Fold
from tests.builders import make_candidate, make_run
from tests.checks.contexts import make_check_on, make_context

NAN = float("nan")


class TestTooFewMembers:
    def test_a_syndrome_with_fewer_images_or_subjects_than_folds_is_named(self) -> None:
        candidate = make_candidate([0.5] * 3)
        subjects = np.array(["s", "s", "t", "u", "v", "w"])
        by_image, by_subject = make_run(candidate), make_run(candidate, protocol="subject")
        assert make_check_on("too_few_members", make_context(by_image, groups=subjects)).outcome == "passed"
        check = make_check_on("too_few_members", make_context(by_subject, by_image, groups=subjects))
        assert check.outcome == "issue"
        assert "1 syndrome has fewer subjects" in check.message
        assert "3 subject-level folds" in check.message
        assert "'a' (2)" in check.message
        assert check.figures == {
            "subject.n_folds": 3,
            "subject.n_small_syndromes": 1,
            "subject.smallest": 2,
            "image.n_folds": 3,
            "image.n_small_syndromes": 0,
            "image.smallest": 3,
        }

    def test_of_many_ten_are_named_the_smallest_first(self) -> None:
        labels = np.concatenate([np.repeat("large", 40), *(np.repeat(f"c{n:02}", n) for n in range(1, 13))])
        check = make_check_on(
            "too_few_members", make_context(make_run(make_candidate([0.5] * 20)), labels=labels)
        )
        assert "12 syndromes have fewer images" in check.message
        assert "20 image-level folds" in check.message
        assert "'c01' (1), 'c02' (2)" in check.message
        assert "'c10' (10) and 2 more" in check.message
        assert "c11" not in check.message
        assert check.figures["image.n_small_syndromes"] == 12


def test_syndromes_missing_from_a_part_are_named_up_to_three() -> None:
    full = Fold(repeat=0, split=0, n_train=4, n_test=2)
    lacking = Fold(
        repeat=0,
        split=1,
        n_train=4,
        n_test=2,
        absent_from_test=("a", "b", "c", "d"),
        absent_from_train=("e",),
    )
    context = make_context(make_run(make_candidate([0.5, 0.5]), folds=(full, lacking)))
    test, train = (make_check_on(f"class_missing_from_{part}", context) for part in ("test", "train"))
    assert (test.outcome, train.outcome) == ("issue", "issue")
    assert "In 1 of 2 image-level folds" in test.message
    assert "test part ('a', 'b', 'c' and 1 more)" in test.message
    assert "training part ('e')" in train.message
    assert test.figures == {"image.n_folds": 2, "image.n_folds_lacking": 1, "image.n_syndromes_missing": 4}
    assert train.figures["image.n_syndromes_missing"] == 1


def test_folds_that_hold_every_syndrome_pass() -> None:
    for name in ("class_missing_from_test", "class_missing_from_train", "undefined_scores"):
        check = make_check_on(name, make_context())
        assert (check.outcome, check.figures["image.n_folds"]) == ("passed", 2)


class TestUndefinedScores:
    def test_a_score_that_is_not_defined_everywhere_says_where_its_mean_comes_from(self) -> None:
        check = make_check_on("undefined_scores", make_context(make_run(make_candidate([0.5, NAN]))))
        assert check.outcome == "issue"
        assert "roc_auc_ovr is not defined in 1 of 2 image-level folds (one syndrome only)" in check.message
        assert check.figures == {"image.n_folds": 2, "image.roc_auc_ovr.n_undefined": 1}

    def test_scores_that_are_undefined_for_one_reason_share_a_sentence(self) -> None:
        candidate = make_candidate([0.5, NAN])
        (first,) = candidate.all_scores
        other = first.model_copy(update={"name": "other"})
        several = candidate.model_copy(update={"all_scores": (first, other)})
        run = make_run(candidate).model_copy(update={"candidates": (several,)})
        check = make_check_on("undefined_scores", make_context(run))
        assert "roc_auc_ovr, other are not defined in 1 of 2 image-level folds" in check.message
        assert check.figures["image.other.n_undefined"] == 1
