"""A score that is registered reaches whatever scores, names or tests scores."""

import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.naive_bayes import GaussianNB

from skknn_syndrome import SyndromeKNNClassifier, SyndromeKNNClassifierCV, cross_validate_study, scorers
from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics import LabelScore, RankingScore, register_score, unregister_score
from skknn_syndrome.metrics.batch import batch_scores
from skknn_syndrome.metrics.batch.reweighting import Reweighting
from skknn_syndrome.metrics.counting import Tally
from skknn_syndrome.metrics.definition import Ranking, ScoreDefinition
from skknn_syndrome.metrics.predictions import pair_decisions
from skknn_syndrome.metrics.registry import (
    SCORE_NAMES,
    definitions,
    find_score,
    is_loss,
    top_ks,
    why_undefined,
)
from skknn_syndrome.metrics.score_table import evaluate, score_probabilities
from skknn_syndrome.metrics.scores import top_k_accuracy
from skknn_syndrome.results.score import Score
from skknn_syndrome.statistics.paired_tests import compare_scores
from skknn_syndrome.wording import score_title
from tests.metrics.builders import neighbour_votes, one_by_one
from tests.refusing import refused

X, Y = load_iris(return_X_y=True)


def least_recall(tally: Tally) -> Float64Array:
    least: Float64Array = tally.recalls.min(axis=-1, where=tally.true > 0, initial=1.0)
    return least


def second(ranking: Ranking) -> Float64Array:
    return ranking.within(2) - ranking.within(1)


def least_area(ranking: Ranking) -> Float64Array:
    won, pairs = ranking.pairs()
    least: Float64Array = (won / pairs).min(axis=-1, where=pairs > 0, initial=1.0)
    return least


TOYS: tuple[LabelScore | RankingScore, ...] = (
    LabelScore(name="least_recall", title="lowest recall", averaging="the lowest", kernel=least_recall),
    RankingScore(name="second", title="share of seconds", averaging="right second", kernel=second),
    RankingScore(name="least_area", title="lowest AUC", averaging="the lowest area", kernel=least_area),
    top_k_accuracy(7),
)


@pytest.fixture(autouse=True)
def toys() -> Iterator[None]:
    for toy in TOYS:
        register_score(toy)
    yield
    for toy in TOYS:
        unregister_score(toy.name)


def test_it_may_decide_for_the_classifier_that_searches() -> None:
    model = SyndromeKNNClassifierCV((1, 5), metrics="euclidean", cv=3, scoring="least_recall").fit(X, Y)
    plain = GridSearchCV(
        SyndromeKNNClassifier(metric="euclidean", weights="distance"),
        {"n_neighbors": [1, 5]},
        scoring=scorers.get_scorer("least_recall"),
        cv=StratifiedKFold(3, shuffle=True, random_state=model.random_state),
    ).fit(X, Y)
    assert model.best_score_ == pytest.approx(plain.best_score_, abs=1e-12)
    with pytest.raises(ValueError, match="did you mean least_recall"):
        SyndromeKNNClassifierCV(scoring="least_recal").fit(X, Y)


def test_it_is_computed_by_hand() -> None:
    # predicted: a, b, b, c; recalls 1, 1, 1/2. The third image is right second. Areas as in test_score_table.
    probabilities = [[0.8, 0.1, 0.1], [0.3, 0.4, 0.3], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7]]
    scores = score_probabilities(["a", "b", "c", "c"], probabilities, ["a", "b", "c"])
    assert (scores["least_recall"], scores["second"], scores["top_7_accuracy"]) == (0.5, 0.25, 1)
    assert scores["least_area"] == pytest.approx(2 / 3)


def test_it_has_a_scorer_that_a_search_takes() -> None:
    model = GaussianNB().fit(X, Y)
    recalls = [np.mean(model.predict(X[label == Y]) == label) for label in range(3)]
    assert scorers.least_recall(model, X, Y) == pytest.approx(min(recalls))
    search = GridSearchCV(GaussianNB(), {}, scoring=scorers.score_all, refit="least_area", cv=3).fit(X, Y)
    assert search.best_score_ == search.cv_results_["mean_test_least_area"][0] > 0.9


def test_all_folds_of_all_candidates_are_those_of_each_by_itself() -> None:
    case = neighbour_votes(3, 150, 9, 5)
    scores, expected = batch_scores(*case), one_by_one(*case)
    assert {"second", "least_recall", "top_7_accuracy_lower"} < set(scores)
    for name, values in expected.items():
        np.testing.assert_allclose(scores[name], values, atol=1e-12, err_msg=name)


def test_a_kernel_may_ask_for_any_k_where_no_other_is_wanted() -> None:
    case = neighbour_votes(2, 60, 5, 5)
    found = batch_scores(*case, names=["second", "top_4_accuracy"])
    assert list(found) == ["second", "top_4_accuracy"]
    np.testing.assert_allclose(found["second"], one_by_one(*case)["second"], atol=1e-12)


def test_many_k_at_once_are_graded_together() -> None:
    case = neighbour_votes(2, 60, 9, 5)
    names = [f"top_{k}_accuracy" for k in range(1, 9)]
    together = batch_scores(*case, names=names)
    for name in names:
        np.testing.assert_array_equal(together[name], batch_scores(*case, names=[name])[name])


def test_a_bootstrap_scores_it_as_sample_weights_do() -> None:
    probabilities, truth, *_ = neighbour_votes(1, 60, 5, 5)
    weights = np.random.default_rng(0).integers(0, 3, (4, 60)).astype(float)
    again = Reweighting(probabilities[0], truth)
    found = dict(zip(again.names, again(weights).T.T, strict=True))
    for number, row in enumerate(weights):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UndefinedMetricWarning)  # a class without weight has no area
            expected = score_probabilities(truth, probabilities[0], np.arange(5), row)
        for toy in TOYS:
            assert found[toy.name][number] == pytest.approx(expected[toy.name], abs=1e-12)


def test_it_decides_a_study_whose_result_names_it() -> None:
    labels = np.repeat(["a", "b", "c"], 20)
    study = cross_validate_study(
        np.random.default_rng(0).normal(size=(60, 6)) + (labels == "a")[:, None],
        labels,
        estimator=SyndromeKNNClassifier(),
        n_neighbors=[1, 5],
        metrics=["cosine"],
        cv=3,
        refit="least_recall",
        analyses=(),
    )
    means = [candidate.scores["least_recall"].mean for candidate in study.primary.candidates]
    assert study.best["cosine"].scores["least_recall"].mean == max(mean for mean in means if mean is not None)
    described = {entry.score: entry.description for entry in study.provenance.averaging}
    assert described["least_recall"] == "the lowest"


def test_it_has_a_title_and_a_place_after_the_others() -> None:
    assert score_title("least_recall") == "lowest recall"
    assert list(SCORE_NAMES)[-4:] == [toy.name for toy in TOYS]
    assert SCORE_NAMES[-1] == "top_7_accuracy"
    assert SCORE_NAMES[-4:-2] == ["least_recall", "second"]
    assert repr(SCORE_NAMES).startswith("('roc_auc_ovr', ")
    assert len(SCORE_NAMES) == len(definitions("binary", "multiclass"))
    assert top_ks() == (1, 3, 5, 7)


def test_it_goes_as_it_came() -> None:
    unregister_score("least_recall")
    try:
        assert "least_recall" not in SCORE_NAMES
        with pytest.raises(AttributeError, match="least_recall"):
            _ = scorers.least_recall
    finally:
        register_score(TOYS[0])


@pytest.mark.parametrize("name", ["accuracy", "top_3_accuracy_lower", "second", "not a name"])
def test_a_name_that_is_taken_or_none_is_refused(name: str) -> None:
    toy = LabelScore(name=name, title="toy", averaging="", kernel=least_recall)
    with refused("not_an_identifier" if " " in name else "name_taken", "score"):
        register_score(toy)


@pytest.mark.parametrize("name", ["accuracy", "top_9_accuracy"])
def test_what_was_not_registered_stays(name: str) -> None:
    with refused("not_registered", "name"):
        unregister_score(name)


def test_an_unknown_score_is_not_batched() -> None:
    with refused("unknown_score", "name"):
        batch_scores(*neighbour_votes(1, 10, 3, 3), names=["guess"])


def test_every_score_is_described() -> None:
    for score in definitions():
        assert score.title
        assert score.averaging
        assert score.undefined == why_undefined(score.name)
        assert score.lowest < score.highest
        assert {"binary", "multiclass"} <= score.tasks or score.tasks == {"multilabel"}
        assert find_score(score.name).score is score


def by_name(score: ScoreDefinition) -> str:
    return score.name


def test_tasks_choose_scores() -> None:
    of_sets = {score.name for score in definitions("multilabel")}
    of_sets_alone = {"f1_micro", "f1_weighted", "f1_samples", "hamming_loss", "subset_accuracy"}
    of_sets_alone |= {"average_precision_macro", "label_ranking_average_precision"}
    assert of_sets == {"roc_auc_ovr", "f1_macro", "precision_macro", "recall_macro"} | of_sets_alone
    assert of_sets_alone.isdisjoint(SCORE_NAMES)
    assert [*map(by_name, definitions("binary"))] == list(SCORE_NAMES)


def test_scores_outside_the_family_leave_the_p_values_of_others_as_they_are() -> None:
    rng = np.random.default_rng(0)
    family = ("roc_auc_ovr", "f1_macro")
    values = {name: (rng.random(8), rng.random(8) + 0.3) for name in (*family, "cohen_kappa")}
    values["matthews_corrcoef"] = values["f1_macro"]  # a twin

    def adjusted(*names: str) -> dict[str, float | None]:
        first, second = (
            {name: Score.from_values(name, values[name][place].tolist()) for name in names}
            for place in (0, 1)
        )
        return {entry.score: entry.p_holm for entry in compare_scores("a", "b", first, second, 0.1)}

    alone, beside = adjusted(*family), adjusted("cohen_kappa", "matthews_corrcoef", *family)
    assert {name: beside[name] for name in family} == alone
    assert beside["matthews_corrcoef"] == alone["f1_macro"]
    assert list(beside) == ["cohen_kappa", "matthews_corrcoef", *family]
    assert beside["cohen_kappa"] is not None


def test_of_single_labels_scores_of_sets_are_the_accuracy() -> None:
    model = GaussianNB().fit(X, Y)
    accuracy = scorers.accuracy(model, X, Y)
    for name in ("f1_micro", "f1_samples", "subset_accuracy"):
        assert scorers.get_scorer(name)(model, X, Y) == pytest.approx(accuracy)
        assert name not in scorers.score_all(model, X, Y)


def test_a_loss_is_known_as_one_and_is_no_scorer() -> None:
    assert [score.name for score in definitions() if not score.higher_is_better] == ["hamming_loss"]
    assert (is_loss("hamming_loss"), is_loss("accuracy"), is_loss("guess")) == (True, False, False)
    with refused("loss", "name"):
        scorers.get_scorer("hamming_loss")


def test_of_single_labels_a_loss_is_what_accuracy_lacks() -> None:
    decisions = pair_decisions(["a", "b", "c", "c"], ["a", "b", "c", "a"])
    assert evaluate(find_score("hamming_loss"), decisions) == 0.25


@pytest.mark.parametrize("name", ["average_precision_macro", "label_ranking_average_precision"])
def test_rankings_of_sets_of_labels_are_not_of_single_ones(name: str) -> None:
    with pytest.raises(TypeError, match="sets of labels"):
        scorers.get_scorer(name)(GaussianNB().fit(X, Y), X, Y)
