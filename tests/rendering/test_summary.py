"""The page that comes first: what it says follows the study, and answers what a reader asks."""

from typing import Any

import pytest

from skknn_syndrome.analyses.inflation.result import InflationAnalysis
from skknn_syndrome.analyses.open_set.result import OpenSetAnalysis
from skknn_syndrome.analyses.per_class.result import Evaluation
from skknn_syndrome.analyses.prediction_sets.result import PredictionSetsAnalysis
from skknn_syndrome.analyses.subgroups.result import (
    CovariateSummary,
    Gap,
    LevelCount,
    SubgroupAnalysis,
    Subgroups,
    SubgroupScores,
)
from skknn_syndrome.rendering.summary import MOST_NAMED, OpenSetVerdict
from skknn_syndrome.results.candidate import KNN, CandidateKey, knn_params
from skknn_syndrome.results.dataset import DataNouns
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.study import StudyResult
from tests.analysis_builders import make_calibration, make_chance, make_open_set
from tests.builders import with_analyses
from tests.comparison_builders import (
    compared,
    make_alternative,
    make_interval,
    make_pooled,
    make_protocol_inflation,
)
from tests.rendering.facts_builders import evaluation, study_with
from tests.rendering.studies import everything
from tests.rendering.summary_pages import findings_of, line, numbers, page, with_subjects
from tests.set_builders import make_class_means, make_sets


@pytest.mark.parametrize(
    "caught, verdict",
    [(0.25, "unsafe without review"), (0.6, "review needed"), (1.0, "most are flagged")],
)
def test_absent_classes_are_judged_by_the_share_that_is_flagged(
    caught: float, verdict: OpenSetVerdict
) -> None:
    study = study_with(open_sets=(make_open_set(caught=caught).model_copy(update={"params": WINNER}),))
    assert findings_of(study).open_set == verdict
    assert f"**Unknown syndromes: {verdict}.**" in page(study)


def test_absent_classes_are_judged_by_class_means_where_there_are_some() -> None:
    means = make_class_means(detected=(0.5, 0.76), names=("a", "b"))
    text = page(study_with(OpenSetAnalysis(class_means=means)))
    said = line(text, "Unknown")
    assert said.startswith("**Unknown syndromes: review needed.**")
    assert numbers(said) == [5, 63, 95, 58, 68]
    assert "of the known subjects may be rejected" in said


@pytest.mark.parametrize("covered", [0.9, 0.8])
def test_how_sure_says_what_sets_promise_and_what_they_cover(covered: float) -> None:
    study = study_with(PredictionSetsAnalysis(prediction_sets=make_sets(("a", "b"), covered=covered)))
    text = page(study)
    said = line(text, "How sure")
    share = 100 * covered
    assert numbers(said) == pytest.approx([90, share, 95, share - 3, share + 3, share - 2, 1.5, 25])
    assert ("Significantly below the nominal coverage." in text) == (covered < 0.9)
    assert "How sure a prediction is, is not known." not in text


WINNER = {"metric": "cosine", "weights": "distance", "n_neighbors": 3}


def test_what_was_not_measured_is_said() -> None:
    text = page(study_with())
    assert "**Unknown syndromes: not measured.** Every image is given one of the known syndromes" in text
    assert "**Calibration: not measured.**" in text
    assert line(text, "Per syndrome") == ""
    assert "No top-k accuracy is defined: mean macro AUC 0.650." in text


@pytest.mark.parametrize(
    "confidence, verdict",
    [(0.6, "underconfident"), (0.95, "overconfident"), (0.79, "no over- or underconfidence shown")],
)
def test_the_calibration_is_that_of_the_best_configuration(confidence: float, verdict: str) -> None:
    study = study_with(calibrations=(make_calibration(confidence=confidence),))
    said = line(page(study), "Calibration")
    assert said.startswith(f"**Calibration: {verdict}.**")
    assert numbers(said) == [pytest.approx(100 * confidence), 80]


def with_interval(found: Evaluation, low: float, high: float) -> Evaluation:
    """Return an evaluation whose sensitivities all have one interval."""
    interval = MeanInterval(estimate=(low + high) / 2, low=low, high=high, unit="images", n_units=9)
    return found.revised(per_syndrome=tuple(row.revised(sensitivity=interval) for row in found.per_syndrome))


def classes_of(*confusion: tuple[int, ...]) -> tuple[StudyResult, str]:
    study = study_with(evaluations=(evaluation(*confusion),))
    return study, line(page(study), "Per syndrome")


def test_classes_that_are_not_recognised_are_named_with_their_counts() -> None:
    study, said = classes_of((9, 1, 0), (5, 5, 0), (9, 0, 1))
    assert [row.label for row in findings_of(study).unreliable] == ["c", "b"]
    assert numbers(said) == [*(90, 9, 10), 60, *(10, 1, 10), *(50, 5, 10)]
    study, said = classes_of((9, 1), (2, 8))
    assert findings_of(study).unreliable == []
    assert numbers(said) == [*(90, 9, 10), *(80, 8, 10)]
    measured = study_with(evaluations=(with_interval(evaluation((9, 1), (2, 8)), 0.5, 0.95),))
    assert numbers(line(page(measured), "Per syndrome")) == [
        *(90, 95, 50, 95, 9, 10),
        *(80, 95, 50, 95, 8, 10),
    ]


def test_a_sensitivity_just_below_the_limit_does_not_print_as_the_limit() -> None:
    study, said = classes_of((598, 402), (0, 1000))
    assert findings_of(study).unreliable[0].scores.recall == 0.598
    assert 59.8 in numbers(said)
    assert numbers(said).count(60) == 1


def test_classes_that_share_the_highest_sensitivity_are_counted() -> None:
    study, said = classes_of((4, 0, 0), (0, 4, 0), (1, 0, 3))
    assert len(findings_of(study).best) == 2
    assert numbers(said) == [2, 100, 75, 3, 4]
    study, said = classes_of((4, 0), (0, 4))
    assert (len(findings_of(study).best), findings_of(study).worst) == (2, [])
    assert numbers(said) == [2, 100]


def test_no_unreliable_class_has_the_highest_sensitivity() -> None:
    study, said = classes_of((1, 3), (2, 2))
    assert (findings_of(study).best, findings_of(study).worst) == ([], [])
    assert numbers(said) == [60, *(25, 1, 4), *(50, 2, 4)]


def test_of_many_unreliable_classes_three_are_named_and_the_others_counted() -> None:
    rows = tuple(tuple(int(column == (row + 1) % 5) for column in range(5)) for row in range(5))
    study, said = classes_of(*rows)
    assert numbers(said)[-1] == len(findings_of(study).unreliable) - MOST_NAMED == 2


BETTER = make_alternative(("roc_auc_ovr", 0.1, 0.01), ("f1_macro", 0.05, 0.2))
MIXED = make_alternative(
    ("roc_auc_ovr", 0.1, 0.01), ("f1_macro", -0.05, 0.01), metric="cosine", n_neighbors=9
)
LEVEL = make_alternative(("roc_auc_ovr", 0.012, 0.5), metric="cosine", n_neighbors=60)
CENTROID = make_alternative(("f1_macro", -0.014, 0.5), name="nearest_centroid", metric="cosine")
WORSE = make_alternative(("roc_auc_ovr", 0.01, 0.5), ("f1_macro", -0.2, 0.01), name="prior")


def heads_of(*alternatives: Any, **parts: Any) -> tuple[dict[str, list[str]], str]:
    """Return which heads stand in which list, and the text."""
    study = study_with(*compared(*alternatives, protocol="subject"), **parts)
    found = findings_of(study)
    lists = {"better": found.better, "mixed": found.mixed, "level": found.level}
    return {name: [entry.head for entry in entries] for name, entries in lists.items()}, page(study)


def test_what_is_better_is_worse_in_nothing_and_has_both_scores_and_their_intervals() -> None:
    heads, text = heads_of(BETTER, LEVEL, WORSE)
    assert heads == {"better": ["lda"], "mixed": [], "level": ["knn"]}
    assert numbers(line(text, "Better")) == [0.1, 95, 0.09, 0.11, 0.05, 95, 0.04, 0.06]
    assert line(text, "Not significantly different") == ""


def test_a_trade_off_is_not_called_better() -> None:
    heads, text = heads_of(MIXED, LEVEL)
    assert heads == {"better": [], "mixed": ["knn"], "level": ["knn"]}
    assert line(text, "Better:") == ""
    assert {0.1, -0.05} <= set(numbers(line(text, "Better by one score")))


def test_what_does_not_differ_significantly_is_not_called_as_good() -> None:
    heads, text = heads_of(LEVEL, CENTROID, WORSE)
    assert heads["level"] == ["knn", "nearest_centroid"]
    said = line(text, "Not significantly different")
    assert "As good" not in text
    assert numbers(said) == [60, 0.012, 95, 0.002, 0.022, -0.014, 95, -0.024, -0.004]
    assert said.count("simpler") == 1
    assert said.index("centroid") < said.index("simpler")


def test_a_search_that_is_chance_has_no_result_but_that() -> None:
    parts: dict[str, Any] = {
        "chance": make_chance(0.5),
        "evaluations": (evaluation((9, 1), (2, 8)),),
        "calibrations": (make_calibration(),),
    }
    heads, text = heads_of(BETTER, MIXED, LEVEL, **parts)
    assert heads == {"better": [], "mixed": [], "level": []}
    assert "not significantly better than chance" in text
    for head in ("Per syndrome", "Calibration", "Unknown", "Better", "Not significantly different"):
        assert line(text, head) == "", head
    assert numbers(line(text, "Main result")) == [0.75, 0.5, 0.5, 67]
    assert line(text, "Not shown")


def inflated(difference: float, half: float | None) -> StudyResult:
    found = InflationAnalysis(protocol_inflations=(make_protocol_inflation(difference, half=half),))
    return with_analyses(with_subjects(everything()), found)


def test_image_level_folds_add_only_what_is_significantly_more_than_nothing() -> None:
    said = line(page(inflated(0.05, 0.02)), "Leakage")
    assert numbers(said)[-4:] == [0.05, 95, 0.03, 0.07]
    for difference, half in ((-0.05, 0.02), (0.01, 0.02), (0.0, None)):
        assert findings_of(inflated(difference, half)).inflation is None
        assert "Image-level" not in line(page(inflated(difference, half)), "Leakage")
    assert "for the data are simulated" in page(with_subjects(everything()))


def gap_of(covariate: str, difference: float, p_holm: float) -> Subgroups:
    """Return two levels of a covariate with a gap between them."""
    scores = make_pooled(make_interval("accuracy", 0.4, 0.6))
    fields = "unit", "n_units", "n_resamples", "confidence", "all_scores"
    pooled: dict[str, Any] = {name: getattr(scores, name) for name in fields}
    levels = tuple(
        SubgroupScores(level=level, n_images=20, n_classes=2, **pooled) for level in ("one", "other")
    )
    gap = Gap(
        higher="one", lower="other", difference=difference, low=difference - 0.01, high=difference + 0.01,
        n_levels=2, unit="subjects", n_units=20, n_permutations=99, p_value=p_holm, p_holm=p_holm,
        exchange="units",
    )  # fmt: skip
    return Subgroups(covariate=covariate, levels=levels, gap=gap)


def with_covariates(*found: Subgroups) -> SubgroupAnalysis:
    """Return an analysis of some covariates."""
    count = LevelCount(
        level="one", n_images=6, n_subjects=3, images_by_class=(2, 2, 2), subjects_by_class=(1, 1, 1)
    )
    return SubgroupAnalysis(
        candidate=CandidateKey(head=KNN, params=knn_params("cosine", "distance", 3)),
        covariates=tuple(
            CovariateSummary(name=entry.covariate, levels=(count,), n_subjects=3, n_varying=0)
            for entry in found
        ),
        subgroups=found,
    )


def test_a_covariate_is_known_by_its_own_name_and_the_largest_gap_is_told() -> None:
    view, site = gap_of("view", 0.3, 0.5), gap_of("site", 0.2, 0.01)
    text = page(study_with(with_covariates(view, site)))
    assert numbers(line(text, "Subgroups")) == [20, 95, 19, 21, 0.01]
    assert "any covariate but view and site" in line(text, "Not shown")
    assert "Age" not in text
    alone = study_with(with_covariates(view))
    assert numbers(line(page(alone), "Subgroups")) == [30, 95, 29, 31, 0.5]
    equal = study_with(with_covariates(gap_of("view", 0.0, 1.0)))
    assert numbers(line(page(equal), "Subgroups")) == []
    uncompared = study_with(with_covariates(view.revised(gap=None)))
    assert findings_of(uncompared).gap is None
    assert line(page(uncompared), "Subgroups") == ""


def test_only_people_have_an_age_and_a_diagnosis() -> None:
    people = page(study_with())
    assert "Age, sex and ancestry unknown" in people
    assert "age, sex or ancestry" in line(people, "Not shown")
    assert line(people, "Not for diagnostic use")
    for nouns in (DataNouns(classes="species", subjects="specimen"), DataNouns(classes="genus")):
        study = study_with()
        text = page(study.revised(dataset=study.dataset.revised(nouns=nouns)))
        assert "ancestry" not in text
        assert "diagnostic" not in text
        assert line(text, "Not shown").startswith("**Not shown.** Performance")
    patients = study_with()
    assert "diagnostic" in page(
        patients.revised(dataset=patients.dataset.revised(nouns=DataNouns(subjects="patient")))
    )
