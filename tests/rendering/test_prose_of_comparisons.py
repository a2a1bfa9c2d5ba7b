"""The report's sentences on what is compared follow the result."""

import pytest

from skknn_syndrome.analyses.inflation.result import InflationAnalysis, ProtocolInflation
from skknn_syndrome.results.check import Checks
from skknn_syndrome.results.dataset import SyndromeCount
from skknn_syndrome.results.intervals import Unit
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.study import StudyResult
from tests.analysis_builders import make_chance, make_nested, make_subject_level
from tests.builders import analysis_of, make_candidate, make_check, make_run, make_study, with_analyses
from tests.comparison_builders import (
    compared,
    make_alternative,
    make_interval,
    make_pooled,
    make_protocol_inflation,
)
from tests.rendering.full_study import make_full_study
from tests.rendering.studies import everything, prose, with_run


def test_what_does_better_stands_beside_the_best_of_the_grid() -> None:
    better = make_alternative(("roc_auc_ovr", 0.05, 0.01), ("f1_macro", -0.01, 0.5))
    worse_f1 = make_alternative(
        ("roc_auc_ovr", 0.04, 0.01), ("f1_macro", -0.1, 0.01), metric="cosine", n_neighbors=60
    )
    text = prose(with_run(*compared(better, worse_f1)))
    assert "significantly better than this configuration: linear discriminant analysis" in text
    assert r"k \= 60" in text
    assert "No baseline" not in text


def test_of_many_that_are_better_the_others_are_counted() -> None:
    many = tuple(
        make_alternative(("roc_auc_ovr", 0.01 * k, 0.01), metric="cosine", n_neighbors=k)
        for k in range(20, 26)
    )
    assert "; and 2 more (@tbl-alternatives)." in prose(with_run(*compared(*many)))


def test_what_is_not_significantly_better_is_not_called_so() -> None:
    ahead = make_alternative(("roc_auc_ovr", 0.05, 0.2), ("f1_macro", -0.01, None))
    text = prose(with_run(*compared(ahead)))
    assert "No baseline is significantly better than this configuration" in text
    assert "Ahead, but not significantly: linear discriminant analysis" in text
    larger = make_alternative(("roc_auc_ovr", -0.05, 0.2), metric="cosine", n_neighbors=60)
    text = prose(with_run(*compared(larger)))
    assert "No baseline and no larger k is significantly better" in text
    assert "Ahead, but" not in text


@pytest.mark.parametrize(
    "fused, half_width, part",
    [
        (0.75, 0.05, "significantly better than one"),
        (0.25, 0.05, "significantly worse than one"),
        (0.75, 0.3, "is open"),
        (0.75, None, "is open"),
        (0.5, None, "For none of these subjects do the two differ"),
    ],
)
def test_several_images_are_said_to_help_where_that_is_significant(
    fused: float, half_width: float | None, part: str
) -> None:
    text = prose(with_run(subject_levels=(make_subject_level(fused=fused, half_width=half_width),)))
    assert part in text


def test_without_subjects_of_several_images_nothing_is_said_to_help() -> None:
    single = prose(with_run(subject_levels=(make_subject_level(several=False),)))
    assert "fused by the mean of their probabilities" in single
    assert "than one" not in single


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize(
    "inflation, sentence",
    [
        (make_protocol_inflation(0.05), "an overestimate"),
        (make_protocol_inflation(0.01), "inconclusive"),
        (make_protocol_inflation(0.0, half=None), "give the same macro AUC"),
        (make_protocol_inflation(0.05, n_splits=1), "an overestimate"),
    ],
)
def test_an_inflation_is_called_one_where_its_interval_says_so(
    inflation: ProtocolInflation, sentence: str
) -> None:
    study = everything()
    found = analysis_of(study, InflationAnalysis).revised(protocol_inflations=(inflation,))
    study = with_analyses(study, found)
    text = prose(study).partition("## Results")[2].partition("## Open issues")[0]
    assert sentence in text
    assert ("an overestimate" in text) == (sentence == "an overestimate")


def test_an_older_file_has_the_means_of_both_protocols() -> None:
    study = everything()
    text = prose(with_analyses(study, analysis_of(study, InflationAnalysis).revised(protocol_inflations=())))
    assert "@tbl-protocol-differences" in text
    assert "@tbl-protocol-inflations" not in text


def test_estimate_and_interval_are_of_the_pooled_predictions() -> None:
    pooled = make_pooled(make_interval("roc_auc_ovr", 0.4, 0.6), make_interval("top_1_accuracy", 0.3, 0.7))
    text = prose(with_run(pooled=(pooled,)))
    assert "macro AUC of 0.50 (95 % CI 0.40 to 0.60)" in text
    assert "50 % (30 to 70 %) of the images" in text
    assert "The mean over the folds is" in prose(with_run())


def test_top_three_of_three_syndromes_is_no_news() -> None:
    text = prose(with_run())
    assert "among the first three" not in text
    assert "in the top 3" not in text


def test_one_thing_is_not_called_several() -> None:
    study = make_full_study()
    counted = study.dataset.model_copy(update={"n_subjects": 1, "n_images": 1, "n_features": 1})
    text = prose(study.model_copy(update={"dataset": counted}))
    assert "1 image, 1 subject" in text
    assert "holds 1 embedding of 1 number each" in text


def test_simulated_data_is_named_first_of_all() -> None:
    text = prose(everything())
    assert text.index("Simulated data") < text.index("## Summary")
    assert "Simulated data" not in prose(make_full_study())


def test_every_part_of_a_full_study_is_spoken_of() -> None:
    text = prose(everything())
    for part in (
        "was refused", "valid but suspicious", "one person under two ids", "change macro AUC by +0.05",
        "### Published and reproduced", "### Map of the embeddings",
        "misclassified as", "The best k is at the edge", "seed of the folds not set",
        "skknn-syndrome study x.csv", "95 % CI 0.40 to 0.60",
        "The best configuration of each distance is not the same on all of them",
        "McNemar's exact test, p = 1.00",
        "significantly better than this configuration: linear", "significantly better than one",
        "the score is inflated where images of the same subject", "### Subject leakage",
        "highest at k = 10 on the first split: 0.750, against 0.700 at the edge",
        "quantiles are those of 96 %",
        "p < 0.001 after Holm's correction",
    ):  # fmt: skip
        assert part in text, part


def summary(study: StudyResult) -> str:
    return prose(study).partition("## Summary")[2].partition("## Data")[0]


@pytest.mark.parametrize("upper, decided", [(1.0, True), (0.505, False)])
def test_where_ties_decide_top_three_is_a_band(upper: float, *, decided: bool) -> None:
    scores = {name: Score.from_values(name, [0.5]) for name in ("roc_auc_ovr", "f1_macro", "top_1_accuracy")}
    ties = Score.from_values("top_3_accuracy", [0.5], lower=[0.5], upper=[upper])
    five = Score.from_values("top_5_accuracy", [1.0], lower=[1.0], upper=[1.0])
    candidate = make_candidate([0.5]).model_copy(update={"all_scores": (*scores.values(), ties, five)})
    study = make_study(make_run(candidate))
    counts = tuple(SyndromeCount(syndrome=name, n_images=3, n_subjects=None) for name in "abcd")
    study = study.model_copy(update={"dataset": study.dataset.model_copy(update={"syndromes": counts})})
    assert ("depending on how equally probable" in summary(study)) == decided
    assert ("- Ties in top-k" in prose(study)) == decided


@pytest.mark.parametrize("n_subjects, warned", [(None, True), (5, False)])
def test_images_without_subjects_are_said_to_be_taken_as_independent(
    n_subjects: int | None, *, warned: bool
) -> None:
    pooled = make_pooled(make_interval("roc_auc_ovr", 0.4, 0.6)).model_copy(update={"unit": "images"})
    study = with_run(pooled=(pooled,))
    study = study.model_copy(update={"dataset": study.dataset.model_copy(update={"n_subjects": n_subjects})})
    assert ("Images are taken as independent" in summary(study)) == warned


@pytest.mark.parametrize("unit, warned", [("images", True), ("subjects", False)])
def test_a_search_against_chance_without_subjects_has_its_caveat(unit: Unit, *, warned: bool) -> None:
    text = prose(with_run(chance=make_chance(unit=unit)))
    assert ("recognising the subject is enough" in text) == warned


def test_the_nested_estimate_stands_beside_the_best_of_the_grid_unless_all_is_chance() -> None:
    nested = make_nested(pooled=make_pooled(make_interval("roc_auc_ovr", 0.3, 0.7)))
    assert "chosen inside the training parts" in summary(with_run(nested=nested))
    assert "chosen inside the training parts" not in summary(with_run(nested=make_nested()))
    assert "chosen inside the training parts" not in summary(with_run(nested=nested, chance=make_chance(0.5)))


def test_checks_are_told_in_full_where_something_was_found_and_else_by_title() -> None:
    sentences = " ".join(f"Sentence {number} of what was found." for number in range(40))
    checks = Checks(
        [
            make_check("no_subjects", "Every image has one.", "passed"),
            make_check("leak", sentences),
            make_check("hubs", "None.", "passed"),
            make_check("beyond_grid", "Nobody asked.", "skipped"),
            make_check("analysis_left_out", "Nobody asked.", "not_applicable"),
            make_check("resampler_left_out", "None was.", "passed"),
            make_check("preprocessing_left_out", "Nobody asked.", "skipped"),
        ]
    )
    text = prose(with_run().model_copy(update={"checks": checks}))
    assert "- **Effect of subject leakage on scores** ~SK003~: Sentence 0" in text
    assert "Sentence 39 of what was found\\. " in text
    assert "| Effect of subject leakage on scores | issue | Compare the images by eye" in text
    assert "Looked for and not found: missing subject ids ~SK002~; hubs ~SK014~." in text
    assert "Not looked for: better k beyond the grid ~SK008~." in text
    assert "Not applicable:" not in text
    assert "left out ~SK" not in text
    assert "nothing to warn of" not in text


def test_what_was_left_out_is_listed_where_something_was() -> None:
    checks = Checks([make_check("analysis_left_out", "One was.")])
    assert "- **Analyses left out** ~SK015~: One was" in prose(with_run().revised(checks=checks))


def test_a_study_of_an_older_version_has_the_remedies_of_today() -> None:
    old = make_check("miscalibrated_probabilities", "They mislead.").model_copy(update={"remedy": ""})
    unknown = old.model_copy(update={"code": "LAB001", "title": "Few images"})
    text = prose(with_run().model_copy(update={"checks": Checks([old, unknown])}))
    assert "~SK013~: They mislead\\. " in text
    assert "| Recalibrate" in text
    assert "~LAB001~: They mislead\\. " in text


def test_where_no_check_found_anything_the_report_says_so() -> None:
    assert "The checks found nothing to warn of." in prose(with_run())


def test_a_caveat_has_its_remedy_unless_all_is_chance() -> None:
    checks = Checks([make_check("miscalibrated_probabilities", "They mislead.")])
    for p_value, shown in ((0.005, True), (0.5, False)):
        study = with_run(chance=make_chance(p_value)).model_copy(update={"checks": checks})
        assert ("Recalibrate on data of its own" in prose(study)) == shown
