"""What the prose of a report speaks of."""

import pytest

from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.results import (
    CentroidSimilarity,
    Fold,
    PublishedScore,
)
from tests.analysis_builders import (
    make_calibration,
    make_distance,
    make_hubness,
    make_nested,
    make_open_set,
    make_subject_level,
    make_temperatures,
)
from tests.builders import make_candidate, make_run, make_study
from tests.comparison_builders import (
    make_alternative,
    make_comparison,
    make_interval,
    make_pooled,
    make_protocol_inflation,
    make_repeats,
)
from tests.rendering.facts_builders import compare, evaluation, study_with


def test_the_winner_decides_which_evaluation_is_spoken_of() -> None:
    facts = Facts(study_with(evaluations=(evaluation((3, 1), (0, 2)),)))
    assert facts.winner.metric == "cosine"
    assert facts.evaluation is not None
    assert facts.refit.mean == pytest.approx(0.65)
    assert facts.refit_title == "macro AUC"
    assert Facts(study_with()).evaluation is None


def test_the_grid_is_named_once() -> None:
    facts = Facts(study_with())
    assert (facts.metrics, facts.weights, facts.grid) == (["euclidean", "cosine"], ["distance"], [3])


def test_imbalance_is_largest_to_smallest() -> None:
    facts = Facts(make_study())
    assert (facts.largest.syndrome, facts.smallest.syndrome, facts.imbalance) == ("a", "b", 2.0)
    assert facts.n_syndromes == 2
    assert facts.images_per_subject == 6 / 5
    without = make_study()
    without = without.model_copy(update={"dataset": without.dataset.model_copy(update={"n_subjects": None})})
    assert Facts(without).images_per_subject is None


def test_scores_that_put_the_other_distance_first_significantly_are_named() -> None:
    facts = Facts(
        study_with(
            comparisons=(
                compare(),
                compare("f1_macro", first="euclidean"),
                compare("accuracy"),
                compare("top_3_accuracy", first="euclidean", p_value=0.4),
            )
        )
    )
    assert facts.comparison is not None
    assert facts.disagreeing == ["macro F1"]
    assert facts.agreeing == ["accuracy"]
    assert facts.distance_table is not None
    assert Facts(study_with()).comparison is None
    assert (Facts(study_with()).disagreeing, Facts(study_with()).agreeing) == ([], [])
    assert Facts(study_with()).distance_table is None


def test_one_split_is_compared_by_itself() -> None:
    single = make_comparison(p_value=0.2)
    for repeats in (None, make_repeats()):
        facts = Facts(study_with(comparisons=(single,), repeats=repeats))
        assert facts.comparison is single
        assert facts.single_comparison is None
        assert facts.p_value == 0.2
    assert Facts(study_with()).p_value is None


def test_sizes_of_the_folds_are_those_of_the_smallest_and_the_largest() -> None:
    folds = tuple(
        Fold(repeat=0, split=split, n_train=n_train, n_test=10 - n_train)
        for split, n_train in enumerate((7, 6, 8))
    )
    facts = Facts(make_study(make_run(make_candidate([0.5, 0.6, 0.7]), folds=folds)))
    assert (facts.train_sizes, facts.test_sizes) == ((6, 8), (2, 4))


def test_intervals_are_those_of_the_winner_where_they_are_defined() -> None:
    defined = make_interval("roc_auc_ovr", 0.4, 0.6)
    pooled = (
        make_pooled(make_interval("roc_auc_ovr", 0.1, 0.2), metric="euclidean"),
        make_pooled(defined, make_interval("f1_macro", None, None)),
    )
    facts = Facts(study_with(pooled=pooled))
    assert facts.interval("roc_auc_ovr") == defined
    assert facts.interval("f1_macro") is None
    assert facts.interval("accuracy") is None
    assert Facts(study_with()).interval("roc_auc_ovr") is None


def test_what_does_better_is_judged_by_the_deciding_score_and_by_macro_f1() -> None:
    better = make_alternative(("roc_auc_ovr", 0.02, 0.01), ("f1_macro", -0.1, 0.01))
    by_f1 = make_alternative(("roc_auc_ovr", -0.01, 0.9), ("f1_macro", 0.1, 0.01), name="nearest_centroid")
    ahead = make_alternative(("roc_auc_ovr", 0.01, 0.5), metric="cosine", n_neighbors=20)
    elsewhere = make_alternative(("accuracy", 0.2, 0.01), name="nearest_image")
    worse = make_alternative(("roc_auc_ovr", -0.2, 0.01), ("f1_macro", 0.01, 0.9), name="prior")
    facts = Facts(study_with(alternatives=(worse, elsewhere, ahead, by_f1, better)))
    assert facts.alternatives is not None
    assert facts.alternatives.better == [better, by_f1]
    assert facts.alternatives.ahead == [ahead]
    assert facts.alternatives.better_baseline == better
    assert facts.alternatives.better_k is None
    assert facts.alternatives.tried_larger_k
    assert Facts(study_with()).alternatives is None


def test_folds_that_lack_a_class_are_known() -> None:
    assert not Facts(make_study()).lacks_classes
    fold = Fold(repeat=0, split=0, n_train=4, n_test=2, absent_from_test=("a",))
    assert Facts(make_study(make_run(make_candidate([0.5]), folds=(fold,)))).lacks_classes


def test_what_a_study_did_not_look_into_has_no_findings() -> None:
    facts = Facts(study_with())
    assert facts.selection is None
    assert facts.calibration is None
    assert facts.geometry is None
    assert facts.unseen is None
    assert facts.subject_level is None
    assert facts.failures is None


def test_findings_are_those_of_the_winner() -> None:
    facts = Facts(
        study_with(
            nested=make_nested(),
            calibrations=(make_calibration("euclidean"), make_calibration()),
            temperatures=(make_temperatures(metric="euclidean"), make_temperatures()),
            open_sets=(make_open_set(metric="euclidean"), make_open_set()),
            subject_levels=(make_subject_level(),),
        ).model_copy(update={"hubness": make_hubness()})
    )
    assert facts.selection is not None
    assert facts.calibration is not None
    assert facts.calibration.own.metric == "cosine"
    assert facts.calibration.temperature is not None
    assert facts.calibration.temperature.metric == "cosine"
    assert facts.unseen is not None
    assert facts.unseen.open_set.metric == "cosine"
    assert facts.geometry is not None
    assert (facts.geometry.metric, facts.geometry.other_metric) == ("cosine", "euclidean")
    assert facts.subject_level is not None


def test_one_distance_has_no_second() -> None:
    study = make_study(make_run(make_candidate([0.5]))).model_copy(
        update={"hubness": make_hubness(make_distance("cosine"))}
    )
    facts = Facts(study)
    assert facts.geometry is not None
    assert facts.geometry.other is None


def test_inflation_is_that_of_the_winner_on_the_deciding_score() -> None:
    entry, other = make_protocol_inflation(), make_protocol_inflation(metric="euclidean")
    study = study_with().model_copy(update={"protocol_inflations": (other, entry)})
    assert Facts(study).inflation is entry
    assert Facts(study_with()).inflation is None


def test_published_scores_meet_their_counterpart_of_the_same_distance_and_k() -> None:
    entry = PublishedScore(
        source="s", table="t", dataset="original", classifier="knn", distance="cosine", n_neighbors=3,
        score="roc_auc_ovr", value=0.9,
    )  # fmt: skip
    image = make_run(make_candidate([0.6, 0.7], n_neighbors=3))
    others = [entry.model_copy(update=change) for change in (
        {"n_neighbors": 5}, {"dataset": "balanced"}, {"classifier": "svm"}, {"score": "top_9_accuracy"},
    )]  # fmt: skip
    study = make_study(image).model_copy(update={"published": (entry, *others)})
    table = Facts(study).published_table
    assert table is not None
    assert table.rows[0][:6] == ("s", "t", "cosine", 3, "roc_auc_ovr", 0.9)
    assert len(table.rows) == 1
    assert Facts(study).published_gap == pytest.approx(0.25)
    assert Facts(make_study(image)).published_table is None


def test_the_closest_syndromes_are_those_of_the_largest_cosine() -> None:
    similarity = CentroidSimilarity(
        measure="cosine", syndromes=("a", "b", "c"), matrix=((1, 0.5, 0.2), (0.5, 1, 0.8), (0.2, 0.8, 1))
    )
    confused = evaluation((3, 0, 0), (0, 1, 2), (0, 0, 3))
    study = study_with(evaluations=(confused,)).model_copy(update={"centroid_similarities": (similarity,)})
    assert Facts(study).closest == ("b", "c", 0.8)
    assert Facts(study).closest_are_confused
    # Both directions count: a and b 2 + 1, b and c 2.
    both = evaluation((2, 1, 0), (2, 1, 2), (0, 0, 3))
    more = study_with(evaluations=(both,)).model_copy(update={"centroid_similarities": (similarity,)})
    assert not Facts(more).closest_are_confused
    assert Facts(make_study()).closest is None
    assert not Facts(make_study()).closest_are_confused
