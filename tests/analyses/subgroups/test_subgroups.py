"""Subgroups of a study: participants, scores, and levels held out."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome import cross_validate_study
from skknn_syndrome.analyses.subgroups.compute import measure_subgroups
from skknn_syndrome.analyses.subgroups.participants import summarise
from skknn_syndrome.analyses.subgroups.present import PRESENTATION, find_subgroups
from skknn_syndrome.analyses.subgroups.result import LeaveOneGroupOut, SubgroupAnalysis
from skknn_syndrome.data.covariates import Covariate
from skknn_syndrome.questions import as_study
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study.cross_validation import run_study
from tests.analyses.subgroups.studies import GRID, N_SUBJECTS, OPTIONS, make_dataset, say, study_of
from tests.builders import analysis_of
from tests.refusing import refused


class TestParticipants:
    def test_each_level_is_counted_by_class_and_missing_values_too(self, found: SubgroupAnalysis) -> None:
        camera, view, _, age = found.covariates
        assert [(entry.level, entry.n_images, entry.n_subjects) for entry in camera.levels] == [
            ("bright", 180, 90),
            ("dark", 60, 30),
        ]
        assert [entry.subjects_by_class for entry in camera.levels] == [(45, 45), (15, 15)]
        assert (camera.n_varying, view.n_varying) == (0, N_SUBJECTS)
        assert [entry.images_by_class for entry in view.levels] == [(60, 60), (60, 60)]
        assert age.missing is not None
        assert (age.missing.n_subjects, age.missing.n_images) == (12, 24)

    def test_numbers_have_median_and_quartiles_of_subjects_that_are_known(
        self, found: SubgroupAnalysis
    ) -> None:
        numbers = found.covariates[3].numbers
        known = np.array([number / 40 for number in range(N_SUBJECTS) if number % 10])
        assert numbers is not None
        assert numbers.n_known == len(known)
        assert numbers.median == pytest.approx(np.median(known))
        assert [entry and entry.n_known for entry in found.covariates[3].numbers_by_class] == [48, 60]

    def test_without_subjects_images_are_counted(self) -> None:
        sites = Covariate.of("site", [1, 2, None])
        alone = summarise(sites, np.array(["a", "a", "b"]), None)
        assert (alone.n_subjects, alone.n_varying, alone.levels[0].n_subjects) == (None, None, None)
        assert alone.numbers is not None
        assert alone.numbers.n_known == 2
        assert alone.numbers_by_class[1] is None


class TestScores:
    def test_levels_share_out_the_predictions_of_the_primary_protocol(
        self, study: StudyResult, found: SubgroupAnalysis
    ) -> None:
        (record,) = study.records
        right = record.predicted == record.truth
        cameras = make_dataset().covariates[0].levels[record.rows]
        for level in found.subgroups[0].levels:
            assert level.scores["accuracy"].estimate == pytest.approx(right[cameras == level.level].mean())
            assert [*level.scores] == ["roc_auc_ovr", "f1_macro", "accuracy", "balanced_accuracy"]

    def test_the_planted_gap_is_found_and_no_other_is_claimed(self, found: SubgroupAnalysis) -> None:
        verdicts = {entry.covariate: entry.gap and entry.gap.verdict for entry in found.subgroups}
        assert verdicts["camera"] == "gap"
        assert "gap" not in {verdicts["view"], verdicts["age"]}

    def test_what_is_too_small_is_named_with_its_reason(self, found: SubgroupAnalysis) -> None:
        sites = found.subgroups[2]
        assert [(entry.level, entry.too_small) for entry in sites.small("few_units")] == [
            ("east", "few_units")
        ]
        dark = found.subgroups[0].levels[1]
        assert dark.too_small == "wide_interval"

    def test_shuffled_covariates_have_no_gap(self) -> None:
        dataset = make_dataset()
        assert dataset.subjects is not None
        order = np.random.default_rng(5).permutation(N_SUBJECTS)
        cameras = dataset.covariates[0].texts[::2][order]
        found = study_of(dataset, {"camera": np.repeat(cameras, 2)})
        gap = analysis_of(found, SubgroupAnalysis).subgroups[0].gap
        assert gap is not None
        assert gap.verdict != "gap"
        outcomes = {check.code: check.outcome for check in found.checks}
        assert (outcomes["SK040"], outcomes["SK042"]) == ("passed", "skipped")


class TestLevelsHeldOut:
    def test_a_level_is_tested_by_what_was_trained_on_the_others(self, found: SubgroupAnalysis) -> None:
        site = held_out(found, "site")
        east, north, south = site.levels
        assert (east.level, east.n_images, east.n_train, east.n_subjects_shared) == ("east", 8, 232, 0)
        assert (north.n_train, south.n_train) == (60, 188)
        assert south.verdict == "lower"
        assert south.held_out is not None
        change, own = south.differences["accuracy"].estimate, south.held_out.scores["accuracy"].estimate
        before = {level.level: level for level in found.subgroups[2].levels}["south"].scores["accuracy"]
        assert before.estimate == pytest.approx((own or 0) - (change or 0))

    def test_of_subjects_at_several_levels_each_fold_leaves_out_its_own(
        self, found: SubgroupAnalysis
    ) -> None:
        view = held_out(found, "view")
        front, _ = view.levels
        assert front.n_subjects_shared == view.n_subjects_shared == N_SUBJECTS
        assert front.n_train == 80  # the other view of two thirds of the subjects
        assert front.n_images == N_SUBJECTS

    def test_the_verdict_is_adjusted_for_the_number_of_levels(self, found: SubgroupAnalysis) -> None:
        south = held_out(found, "site").levels[2]
        assert south.n_compared == 5  # of the site and of the view
        (change,) = (entry for entry in south.difference if entry.score == "accuracy")
        near = change.revised(estimate=-0.1, bca_low=-0.19, bca_high=-0.01)
        alone = south.revised(difference=(near,), n_compared=1)
        assert alone.adjusted == pytest.approx((-0.19, -0.01))
        assert alone.verdict == "lower"
        fifth = alone.revised(n_compared=5)
        # 2.576 standard errors in the place of 1.96
        assert fifth.adjusted == pytest.approx((-0.2183, 0.0183), abs=1e-4)
        assert fifth.verdict == "inconclusive"
        better = near.revised(estimate=0.1, bca_low=0.05, bca_high=0.15)
        assert fifth.revised(difference=(better,)).verdict == "higher"

    def test_images_whose_class_is_nowhere_else_are_not_scored(self) -> None:
        dataset = make_dataset()
        sites = np.where(dataset.syndromes == "a", "x", np.where(np.arange(240) < 120, "x", "y"))
        found = study_of(dataset, {"site": sites}, leave_out="site")
        x, y = analysis_of(found, SubgroupAnalysis).left_out[0].levels
        assert (x.held_out, x.difference, x.n_without_class) == (None, (), 180)
        assert x.verdict == "inconclusive"
        assert (y.n_images, y.n_without_class) == (60, 0)

    def test_without_subjects_all_others_train(self, tmp_path: Path) -> None:
        rng = np.random.default_rng(0)
        rows, labels = rng.normal(size=(60, 2)), np.array(["a", "b"] * 30)
        rows[labels == "b"] += 6
        sites = np.repeat(["x", "y"], 30)
        options = {**OPTIONS, "protocols": "image"}
        study = cross_validate_study(rows, labels, covariates={"site": sites}, leave_out="site", **options)
        x, _ = analysis_of(study, SubgroupAnalysis).left_out[0].levels
        assert (x.n_train, x.n_images, x.verdict) == (30, 30, "inconclusive")
        assert analysis_of(study, SubgroupAnalysis).unit == "images"
        assert "exchanges levels among images of one syndrome; its p-values" in say(study, tmp_path)


class TestWhatIsAskedFor:
    @pytest.mark.parametrize("name, code", [("height", "unknown_covariate"), ("camera", "single_level")])
    def test_only_covariates_with_levels_can_be_left_out(self, name: str, code: str) -> None:
        with refused(code, "leave_out"):
            study_of(make_dataset(), {"camera": np.repeat("dark", 240)}, leave_out=name)

    def test_nothing_can_be_left_out_without_covariates(self) -> None:
        with refused("unknown_covariate", "leave_out"):
            study_of(make_dataset(), None, leave_out=["site"])

    def test_without_covariates_the_reason_is_told_where_subgroups_were_asked_for(self) -> None:
        study = study_of(make_dataset(), None)
        assert study.find("subgroups") is None
        left_out = study.checks["analysis_left_out"]
        assert "no covariates" in left_out.message
        assert study.checks["SK040"].outcome == "skipped"

    def test_without_covariates_nothing_of_them_is_in_a_study(self) -> None:
        study = study_of(make_dataset(), None, analyses=())
        assert not {"SK040", "SK041", "SK042"} & {check.code for check in study.checks}
        assert find_subgroups(study) is None
        assert not any(PRESENTATION.gist(study) if PRESENTATION.gist else ())
        assert not any(PRESENTATION.advice(study) if PRESENTATION.advice else ())
        made = (*PRESENTATION.tables.values(), *PRESENTATION.report_tables.values())
        assert all(make(as_study(study)) is None for make in made)

    def test_predictions_of_another_ranking_have_no_pooled_scores(self) -> None:
        dataset = make_dataset()
        options = {**OPTIONS, "analyses": (), "covariates": dataset.covariates}
        run = run_study(
            dataset.embeddings,
            dataset.syndromes,
            estimator=None,
            head=None,
            groups=dataset.subjects,
            group_near_duplicates=False,
            ignore=(),
            **GRID,
            **options,
        ).runs[0]
        record = replace(run.records[0], said=1 - run.records[0].predicted)
        with refused("two_rankings"):
            measure_subgroups(replace(run, records=(record,)))


def held_out(found: SubgroupAnalysis, covariate: str) -> LeaveOneGroupOut:
    (entry,) = (entry for entry in found.left_out if entry.covariate == covariate)
    return entry
