"""Checks of the grid."""

import pytest

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.results import Candidate, Check, ProtocolResult
from tests.builders import make_candidate, make_run
from tests.checks.contexts import make_check_on, make_context
from tests.comparison_builders import make_alternative


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


class TestBeyondGrid:
    @pytest.mark.parametrize(
        "entry, outcome",
        [
            (("roc_auc_ovr", 0.05, 0.01), "tip"),
            (("roc_auc_ovr", 0.05, 0.06), "passed"),
            (("roc_auc_ovr", -0.05, 0.01), "passed"),
            (("f1_macro", 0.05, 0.01), "passed"),
        ],
    )
    def test_a_larger_k_counts_where_it_is_significantly_better_by_the_deciding_score(
        self, entry: tuple[str, float, float], outcome: str
    ) -> None:
        alternative = make_alternative(entry, metric="cosine", n_neighbors=60)
        run = grid(0.8).model_copy(update={"alternatives": (alternative,)})
        check = make_check_on("beyond_grid", make_context(run))
        assert check.outcome == outcome
        assert check.figures["n_compared"] == 1
        if outcome == "tip":
            (found,) = alternative.differences
            key = "k60.cosine.roc_auc_ovr"
            assert check.figures[f"{key}.mean"] == found.mean
            assert check.figures[f"{key}.best_mean"] == found.best_mean
            assert check.figures[f"{key}.n_folds"] == found.n_folds

    def test_it_says_why_nobody_looked(self) -> None:
        assert make_check_on("beyond_grid", make_context()).outcome == "not_applicable"
        assert make_check_on("beyond_grid", make_context(analyses=["leaks"])).outcome == "skipped"
