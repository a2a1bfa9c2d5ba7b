"""Checks of folds, grid and scores."""

import numpy as np
import pytest

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.analyses.scores.present import primary_scores
from skknn_syndrome.results.candidate import Candidate
from skknn_syndrome.results.check import Check
from skknn_syndrome.results.protocol import Fold, ProtocolResult
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


def grid(*means: float, first: int = 1, protocol: ProtocolName = "image") -> ProtocolResult:
    candidates = [make_candidate([mean, mean], n_neighbors=first + k) for k, mean in enumerate(means)]
    return make_run(*candidates, protocol=protocol)


class TestEdgeOfGrid:
    def check(self, *runs: ProtocolResult) -> Check:
        return make_check_on("edge_of_grid", make_context(*runs))

    def test_a_best_k_inside_the_grid_passes(self) -> None:
        check = self.check(grid(0.5, 0.7, 0.6))
        assert check.outcome == "passed"
        assert check.figures == {"image.smallest_k": 1, "image.largest_k": 3, "image.cosine.best_k": 2}

    def test_a_best_k_at_the_upper_edge_is_a_tip(self) -> None:
        check = self.check(grid(0.5, 0.6, 0.7))
        assert check.outcome == "tip"
        assert check.figures["image.cosine.best_k"] == check.figures["image.largest_k"] == 3
        assert (
            "cosine by macro AUC on image-level folds is 3, the upper edge of the grid from 1 to 3"
            in check.message
        )

    def test_a_best_k_at_the_lower_edge_is_a_tip_unless_it_is_1(self) -> None:
        assert self.check(grid(0.7, 0.6, first=1)).outcome == "passed"
        assert self.check(grid(0.7, 0.6, first=2)).outcome == "tip"

    def test_under_another_rule_the_k_is_the_one_that_the_rule_chose(self) -> None:
        best = grid(0.5, 0.7, 0.6)
        assert self.check(best).outcome == "passed"
        check = self.check(best.revised(refit_rule="six_score_product", chosen=(2, 2)))
        assert check.outcome == "tip"
        assert check.figures["image.cosine.best_k"] == 3
        assert "for cosine chosen by six_score_product on image-level folds is 3, the upper" in check.message

    def test_one_sentence_says_it_for_all_distances(self) -> None:
        candidates = [
            make_candidate([mean, mean], metric=metric, n_neighbors=k)
            for metric in ("euclidean", "cosine")
            for k, mean in ((1, 0.5), (2, 0.6))
        ]
        assert "The best k for Euclidean and cosine by" in self.check(make_run(*candidates)).message

    def test_what_holds_under_both_protocols_is_said_once(self) -> None:
        subject, image = grid(0.5, 0.7, protocol="subject"), grid(0.4, 0.6)
        message = self.check(subject, image).message
        assert "on subject- and image-level folds is 2" in message
        assert message.count("The best k") == 1
        assert "on subject-level folds is 2" in self.check(subject, grid(0.7, 0.6)).message

    def test_a_grid_of_one_value_has_no_edge(self) -> None:
        assert self.check(grid(0.7)).outcome == "not_applicable"
        assert self.check(grid(0.7), grid(0.6, 0.7)).outcome == "tip"

    @pytest.mark.parametrize("edge", [4, 500])
    def test_beyond_the_training_parts_there_is_no_better_k(self, edge: int) -> None:
        run = make_run(*(make_candidate([k / 1000, k / 1000], n_neighbors=k) for k in (1, edge)))
        assert run.winner.n_neighbors == edge
        assert self.check(run).outcome == "passed"


def test_heads_without_neighbours_have_no_grid_of_k() -> None:
    scores = make_candidate([0.8, 0.8]).all_scores
    run = make_run(Candidate(head="nearest_centroid", params={"metric": "cosine"}, all_scores=scores))
    for name in ("edge_of_grid", "more_neighbors_than_images"):
        assert make_check_on(name, make_context(run)).outcome == "not_applicable"
    mixed = make_run(*grid(0.5, 0.7).candidates, Candidate(head="lda", params={}, all_scores=scores))
    check = make_check_on("edge_of_grid", make_context(mixed))
    assert check.outcome == "tip"
    assert check.figures == {"image.smallest_k": 1, "image.largest_k": 2, "image.cosine.best_k": 2}


@pytest.mark.parametrize("largest, outcome", [(4, "passed"), (7, "tip")])
def test_more_neighbours_than_training_images_are_a_tip(largest: int, outcome: str) -> None:
    run = make_run(*(make_candidate([0.9, 0.9], n_neighbors=k) for k in (3, largest)))
    check = make_check_on("more_neighbors_than_images", make_context(run))
    assert check.outcome == outcome
    assert check.figures == {"image.largest_k": largest, "image.smallest_training_part": 4}
    said = "k = 7, but the smallest training part of image-level folds has 4 images" in check.message
    assert said == (outcome == "tip")


@pytest.mark.parametrize(
    "n_classes, trivial", [(2, ["top-3", "top-5"]), (4, ["top-5"]), (5, ["top-5"]), (6, [])]
)
def test_a_top_k_that_has_every_syndrome_says_nothing(n_classes: int, trivial: list[str]) -> None:
    (score,) = make_candidate([0.8, 0.8]).all_scores
    names = ("roc_auc_ovr", "top_1_accuracy", "top_3_accuracy", "top_5_accuracy")
    scores = tuple(score.model_copy(update={"name": name}) for name in names)
    run = make_run(make_candidate([0.8, 0.8]).model_copy(update={"all_scores": scores}))
    check = make_check_on("trivial_top_k", make_context(run, labels=np.repeat(np.arange(n_classes), 3)))
    assert check.outcome == ("tip" if trivial else "passed")
    assert check.figures["n_syndromes"] == n_classes
    assert check.figures.get("trivial", "") == ", ".join(trivial)
    verb = "is" if len(trivial) == 1 else "are"
    assert (f"{' and '.join(trivial)} accuracy {verb} trivial" in check.message) == bool(trivial)


def test_a_mean_over_few_of_the_folds_is_not_shown() -> None:
    def cell(*values: float) -> object:
        return primary_scores(make_run(make_candidate(list(values)))).rows[0][1]

    assert cell(0.5, 0.7) == "0.6000 ± 0.1000"
    assert cell(0.5, 0.7, NAN) == "0.6000 ± 0.1000 (2 folds)"
    assert cell(0.5, NAN, NAN) is None
    assert cell(NAN) is None
