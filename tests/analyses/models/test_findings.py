"""What is said of compared models: each sentence holds where it stands, and is missing where it would not."""

from dataclasses import replace

import numpy as np
import pytest

from skknn_syndrome import compare_models
from skknn_syndrome.analyses.models.figures import draw_ranks
from skknn_syndrome.analyses.models.findings import ModelFindings, equal_groups, find_models
from skknn_syndrome.analyses.models.present import advise
from skknn_syndrome.analyses.models.result import Model, ModelDifference, ModelsAnalysis
from skknn_syndrome.heads.centroid import CENTROID
from skknn_syndrome.results.model_comparison import ModelComparison
from skknn_syndrome.results.score import Score
from tests.builders import make_study, with_analyses
from tests.model_builders import (
    AUC,
    make_difference,
    make_model,
    make_model_comparison,
    make_models,
    make_rank,
)
from tests.rendering.filling import whole_text
from tests.rendering.full_study import make_sweep

KNN = make_model("knn", [0.7, 0.7])
LDA = make_model("lda", [0.9, 0.9], seconds=2.0, log_loss=0.5)
CENTRE = make_model("centroid", [0.8, 0.8])


def said(found: ModelsAnalysis | ModelComparison) -> str:
    """Return the report on one line, without what escapes letters."""
    comparison = make_model_comparison(found) if isinstance(found, ModelsAnalysis) else found
    return " ".join(whole_text(comparison, ()).replace("\\", "").split())


def two(p: float | None, *, low: float = 0.6, difference: float = 0.2) -> str:
    """Return what is said of two models, of which the second is better."""
    best = make_model("lda", [0.9, 0.9], low=low, seconds=2.0)
    entry = make_difference("lda", "knn", difference, p=p)
    return said(make_models(KNN, best, pairs=[entry], against=[entry]))


class TestBest:
    """The best model, against the reference and against the second."""

    def test_folds_without_a_score_are_counted(self) -> None:
        model = make_model("lda", [0.9, 0.9])
        undefined = Score.from_values(AUC, [0.9, float("nan")])
        partly = model.revised(all_scores=(undefined, *model.all_scores[1:]))
        assert "It is defined in 1 of 2 folds" in said(make_models(partly))
        assert "It is defined in" not in said(make_models(model))

    def test_a_significant_difference_is_called_so(self) -> None:
        text = two(0.01)
        assert "p = 0.010 after Holm's correction for the other models" in text
        assert "It is significantly better than the reference, k-NN" in text
        assert "All others are significantly worse" in text

    def test_another_is_not(self) -> None:
        text = two(0.06)
        assert "It is not significantly better than the reference, k-NN" in text
        assert "significantly worse than the best, pair by pair: k-NN" in text
        assert "All others are significantly worse" not in text

    def test_one_that_is_the_same_in_every_fold_has_no_p_value(self) -> None:
        assert "It differs from the reference, k-NN, by +0.20 in every fold." in two(None)

    @pytest.mark.parametrize("p, n_tests", [(None, 0), (0.5, 1)])
    def test_a_test_that_was_not_made_is_not_told_of(self, p: float | None, n_tests: int) -> None:
        entry, other = make_difference("lda", "knn", 0.2, p=None), make_difference("lda", "centroid", p=p)
        found = make_models(KNN, LDA, CENTRE, pairs=[entry, other], against=[entry])
        assert [model.name for model in ModelFindings(found).untested] == ["centroid", "knn"][n_tests:]
        text = said(found)
        assert "; a test takes two folds at least" in text
        assert "All others are" not in text
        assert text.count("not significantly worse than the best") == n_tests
        assert text.count("Differences are means over the folds, tested by") == n_tests
        assert text.count("It differs from the reference, k-NN, by +0.20 in every fold.") == 2

    def test_of_one_fold_no_test_and_no_spread_is_told(self) -> None:
        one, other = (make_model("lda", [value], encoder=name) for name, value in (("b", 0.9), ("a", 0.7)))
        ranks = [make_rank("b + lda", 1.0), make_rank("a + lda", 2.0)]
        found = make_models(one, other, ranks=ranks)
        text = said(found)
        for claim in ("significantly", "SD ", "resampled t", "a bar joins", "Bars join"):
            assert claim not in text
        assert "Not tested against the best: linear discriminant analysis on a;" in text
        assert equal_groups(["b + lda", "a + lda"], found.pairwise) == []
        assert draw_ranks(found) is not None

    def test_others_that_are_worse_are_named_beside_what_was_not_tested(self) -> None:
        entries = make_difference("lda", "knn", p=0.01), make_difference("lda", "centroid", p=None)
        text = said(make_models(KNN, LDA, CENTRE, pairs=entries))
        assert "Significantly worse than the best, pair by pair: k-NN. Not tested" in text

    @pytest.mark.parametrize("low, is_said", [(0.49, True), (0.51, False)])
    def test_what_guessing_may_reach_is_said(self, low: float, *, is_said: bool) -> None:
        assert ("than guessing is not shown" in two(0.01, low=low)) is is_said

    def test_one_that_is_the_reference_is_held_against_the_second(self) -> None:
        entry = make_difference("lda", "knn", p=0.01)
        text = said(make_models(LDA, KNN, pairs=[entry], against=[make_difference("knn", "lda", -0.2)]))
        assert "It is the reference." in text
        assert "From the second, k-NN, it differs by +0.10" in text

    def test_a_pair_that_lies_the_other_way_is_turned(self) -> None:
        found = ModelFindings(make_models(KNN, LDA, pairs=[make_difference("knn", "lda", -0.2, p=0.01)]))
        assert found.over_runner_up is not None
        assert (found.over_runner_up.first, found.over_runner_up.mean_difference) == ("lda", 0.2)
        assert found.worse == [KNN]

    def test_the_second_may_be_the_same_in_every_fold(self) -> None:
        again = make_model("centroid", [0.9, 0.9])
        text = said(make_models(KNN, LDA, again, pairs=[make_difference("lda", "centroid", 0.0, p=None)]))
        assert "From the second, nearest class centroid, it differs by +0.00 in every fold." in text
        assert "Nearest class centroid has the same macro AUC as the best in every fold." in text

    def test_one_model_alone_is_compared_with_none(self) -> None:
        text = said(make_models(KNN))
        assert "The mean macro AUC of k-NN is 0.700" in text
        assert not [word for word in ("highest", "reference,", "worse", "favours it.") if word in text]

    def test_without_intervals_none_are_told(self) -> None:
        bare = make_models(KNN.revised(pooled=None, by_subject=(), calibration=None))
        text = said(bare)
        assert not [
            word for word in ("CI", "images fused", "expected calibration error", "guess") if word in text
        ]
        assert "#### Choices and times" in text

    def test_what_was_not_chosen_is_named(self) -> None:
        assert "the first configuration was taken of k-NN" in said(make_models(KNN, LDA, not_chosen=["knn"]))


class TestLevel:
    """Models that scores do not tell apart, and the quickest of them."""

    PAIRS = (
        make_difference("lda", "centroid", p=0.2),
        make_difference("lda", "knn", p=0.01),
        make_difference("centroid", "knn", p=0.01),
    )

    def test_the_quickest_is_named_among_those_that_are_level(self) -> None:
        text = said(make_models(KNN, LDA, CENTRE, pairs=self.PAIRS))
        assert "1 is not significantly worse than the best, pair by pair: nearest class centroid." in text
        assert "Nearest class centroid takes the least time of these" in text

    def test_the_best_may_be_the_quickest(self) -> None:
        slow = make_model("centroid", [0.8, 0.8], seconds=3.0)
        assert "The best takes the least time of these" in said(make_models(KNN, LDA, slow, pairs=self.PAIRS))

    def test_of_many_the_first_are_named(self) -> None:
        heads = "knn", "centroid", "softmax_knn", "svc", "random_forest", "pool"
        others = [make_model(head, [0.7, 0.7]) for head in heads]
        found = ModelFindings(make_models(*others, LDA))
        assert found.named(others).endswith("support vector machine and 2 more")
        assert found.named(others[:5]).endswith("and random forest")


class TestOtherFindings:
    """Other scores, encoders, ranks, calibration, advice."""

    def test_a_score_that_does_not_decide_may_be_better(self) -> None:
        entries = [
            make_difference("lda", "knn", p=p, score=score) for score, p in ((AUC, 0.5), ("f1_macro", 0.01))
        ]
        text = said(make_models(KNN, LDA, against=entries))
        assert "By other scores, significantly better than the reference: linear discriminant" in text
        assert "By other scores" not in said(make_models(KNN, LDA, against=entries[:1]))

    @pytest.mark.parametrize(
        "p, verdict", [(0.01, ": significantly"), (0.2, ": not significantly"), (None, ".")]
    )
    def test_encoders_are_held_against_the_one_of_the_best(self, p: float | None, verdict: str) -> None:
        first, second = (
            make_model("lda", [mean, mean], encoder=name) for name, mean in (("a", 0.7), ("b", 0.9))
        )
        text = said(make_models(first, second, pairs=[make_difference("b + lda", "a + lda", p=p)]))
        assert "Of the 2 encoders, b has the model with the highest mean macro AUC." in text
        assert f"The best of a is linear discriminant analysis (0.700){verdict}" in text

    def test_the_least_log_loss_may_be_of_another_model(self) -> None:
        text = said(make_models(KNN, LDA, make_model("centroid", [0.8, 0.8], log_loss=0.3)))
        assert "the best by macro AUC has 0.500" in text
        assert "the best by macro AUC has" not in said(make_models(KNN, LDA))

    def test_the_first_by_rank_need_not_be_the_best(self) -> None:
        text = said(make_models(KNN, LDA, ranks=[make_rank("knn", 1.2), make_rank("lda", 1.8)]))
        assert "K-NN is first in 50 % of them; that is of these fits, and no test." in text

    def test_a_better_model_is_advised(self) -> None:
        entry = make_difference("lda", "knn", p=0.01)
        level = make_difference("lda", "centroid", p=0.2)
        found = make_models(KNN, LDA, CENTRE, pairs=[entry, level], against=[entry])
        (advice,) = advise(make_model_comparison(found))
        assert advice.sentence.startswith("Consider linear discriminant analysis in place of k-NN")
        assert "nearest class centroid, which is not significantly worse" in advice.sentence.lower()
        (alone,) = advise(make_model_comparison(make_models(KNN, LDA, pairs=[entry], against=[entry])))
        assert "less time" not in alone.sentence

    @pytest.mark.parametrize(
        "entry, model",
        [
            (make_difference("lda", "knn", p=0.2), LDA),
            (make_difference("lda", "knn", p=0.01), make_model("lda", [0.9, 0.9], low=0.4)),
        ],
        ids=["inconclusive", "guessing"],
    )
    def test_nothing_is_advised_where_nothing_is_shown(self, entry: ModelDifference, model: Model) -> None:
        assert not [*advise(make_model_comparison(make_models(KNN, model, against=[entry])))]

    def test_a_study_without_a_comparison_has_none(self) -> None:
        assert find_models(make_study(make_sweep())) is None
        assert not [*advise(make_study(make_sweep()))]

    def test_a_study_shows_it_as_one_of_its_sections(self) -> None:
        study = with_analyses(make_study(make_sweep()), make_models(KNN, LDA))
        text = whole_text(study, ())
        assert "### Comparison of models" in text
        assert "## Methodology" in text


class TestGroups:
    """Runs of models that no test tells apart."""

    NAMES = "abcd"

    @pytest.mark.parametrize(
        "apart, groups",
        [
            ([], [(0, 3)]),
            (["ad"], [(0, 2), (1, 3)]),
            (["ab", "ac", "ad", "cd", "bd"], [(1, 2)]),
            (["ab", "ac", "ad", "bc", "bd", "cd"], []),
            (["ac"], [(0, 1), (1, 3)]),
        ],
    )
    def test_none_lies_within_another(self, apart: list[str], groups: list[tuple[int, int]]) -> None:
        every = ["ab", "ac", "ad", "bc", "bd", "cd"]
        pairs = [make_difference(*pair, p=0.01 if pair in apart else 0.5) for pair in every]
        assert equal_groups(self.NAMES, pairs) == groups

    @pytest.mark.parametrize("difference, groups", [(0.0, [(0, 1)]), (0.1, [])])
    def test_without_a_test_only_what_is_the_same_is_joined(
        self, difference: float, groups: list[tuple[int, int]]
    ) -> None:
        assert equal_groups("ab", [make_difference("a", "b", difference, p=None)]) == groups


def test_of_forty_people_with_shuffled_labels_nothing_is_claimed() -> None:
    """Two classes, and the same head twice under two names."""
    random = np.random.default_rng(0)
    again = replace(CENTROID, name="again", title="the same again")
    comparison = compare_models(
        random.normal(size=(40, 4)),
        random.permutation(np.repeat(["a", "b"], 20)),
        heads=("centroid", again),
        cv=2,
        n_repeats=1,
        inner_cv=2,
    )
    text = said(comparison)
    assert "The same again has the same macro AUC as the best in every fold." in text
    assert "than guessing is not shown" in text
    assert "significantly better" not in text
    assert "All others" not in text
    assert not [*advise(comparison)]
