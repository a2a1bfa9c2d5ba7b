"""Classification at several levels: scores, baselines, consistency, stopping, groups held out."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, classification_report, f1_score
from sklearn.svm import LinearSVC

from skknn_syndrome import cross_validate_study, study_dataset
from skknn_syndrome._typing import IndexArray
from skknn_syndrome.analyses.levels import fitting
from skknn_syndrome.analyses.levels.fitting import LevelCodes, fit_scores
from skknn_syndrome.analyses.levels.hold_out import deal_out
from skknn_syndrome.analyses.levels.result import HeldOutLevel, LevelAnalysis, Placement
from skknn_syndrome.analyses.levels.scoring import GroupTally, report_classes, with_intervals
from skknn_syndrome.analyses.levels.stopping import choose_thresholds, stop
from skknn_syndrome.crossval.study_data import LevelSettings, validate_data
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.data.levels import Levels
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.random_forest import RANDOM_FOREST, CalibratedRandomForest
from skknn_syndrome.heads.registry import get
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.statistics.clustered import clustered_mean
from tests.analyses.levels.studies import OPTIONS, SPECIES, make_dataset, say, study_of
from tests.builders import analysis_of
from tests.refusing import refused

TWO = Levels(("kind", "genus"), {"a": ("a", "A"), "b": ("b", "B")})


class TestScores:
    def test_every_level_has_scores_of_its_own_classifier(self, found: LevelAnalysis) -> None:
        species, genus, family = found.scores
        assert found.levels == ("species", "genus", "family")
        assert (found.unit, found.head, found.upsampled) == ("subjects", "knn", False)
        assert [level.n_classes for level in found.scores] == [SPECIES, 4, 2]
        accuracies = [level.scores.accuracy.estimate for level in (species, genus, family)]
        assert accuracies == sorted(accuracies)
        assert accuracies[1] > 0.9
        # Its species, and with it its genus, has one subject: where it is tested nothing of it is trained on.
        assert [level.n_untrained for level in found.scores] == [2, 2, 0]

    def test_both_baselines_look_at_no_image(self, found: LevelAnalysis) -> None:
        majority, random = found.scores[2].baselines
        assert (majority.name, random.name) == ("majority", "random")
        assert majority.scores.accuracy.estimate == pytest.approx(60 / 98)  # images of the larger family
        assert random.scores.accuracy.estimate == pytest.approx((60**2 + 38**2) / 98**2, abs=0.05)
        assert all(level.is_above_baselines for level in found.scores)
        difference = majority.differences.accuracy
        own = found.scores[2].scores.accuracy.estimate
        assert difference.estimate == pytest.approx(own - majority.scores.accuracy.estimate)
        less = majority.differences.revised(accuracy=difference.revised(low=-0.1))
        assert not majority.revised(differences=less).is_beaten

    def test_reports_and_sizes_account_for_every_image(self, found: LevelAnalysis) -> None:
        for level in found.scores:
            assert sum(entry.n_images for entry in level.classes) == 98
            assert sum(entry.n_images for entry in level.by_size) == 98
            assert sum(entry.n_classes for entry in level.by_size) == level.n_classes
        alone, others = found.scores[0].by_size
        assert (alone.smallest, alone.largest, alone.n_classes, alone.accuracy.estimate) == (1, 1, 1, 0.0)
        assert (others.smallest, others.largest, others.n_classes) == (5, 9, SPECIES - 1)

    def test_scores_are_those_of_scikit_learn(self) -> None:
        rng = np.random.default_rng(0)
        truth, said = rng.integers(0, 5, 80), rng.integers(0, 5, 80)
        unit = np.unique(rng.integers(0, 20, 80), return_inverse=True)[1]
        tally = GroupTally(truth, said, unit, 5)
        assert tally.all == pytest.approx(by_scikit_learn(truth, said))
        left = unit != 3
        assert tally.without_each[:, 3] == pytest.approx(by_scikit_learn(truth[left], said[left]))

    def test_the_jackknife_interval_of_a_mean_is_that_of_student(self) -> None:
        right = np.arange(40) % 3 > 0
        tally = GroupTally(np.ones(40, dtype=int), right.astype(int), np.arange(40), 2)
        accuracy = with_intervals(tally.all, tally.without_each, "images").accuracy
        expected = clustered_mean(right)
        assert (accuracy.low, accuracy.high) == pytest.approx((expected.low, expected.high))
        certain = with_intervals(np.ones(3), np.ones((3, 9)), "images").f1_macro
        assert (certain.low, certain.high) == (None, None)

    def test_a_report_is_that_of_scikit_learn(self) -> None:
        rng = np.random.default_rng(1)
        truth, said = rng.integers(0, 4, 60), rng.integers(0, 5, 60)
        rows = report_classes(truth, said, np.arange(60) // 2, np.array([*"abcde"]))
        expected = classification_report(truth, said, output_dict=True, zero_division=0.0)
        for number, row in enumerate(rows):
            known = expected[str(number)]
            assert [row.precision, row.recall, row.f1, row.n_images] == pytest.approx([*known.values()])
        assert rows[4].n_units == 0


class TestConsistency:
    def test_of_levels_that_nest_it_is_between_each_and_the_next(self, found: LevelAnalysis) -> None:
        assert [(entry.lower, entry.upper) for entry in found.consistency] == [
            ("species", "genus"),
            ("genus", "family"),
        ]
        first = found.consistency[0]
        own = found.scores[0].scores.accuracy.estimate
        assert first.top_down.estimate == pytest.approx(own + first.top_down_gain.estimate)
        above = found.scores[1].scores.accuracy.estimate
        assert first.bottom_up.estimate == pytest.approx(above + first.bottom_up_gain.estimate)

    def test_accuracy_is_told_apart_by_agreement(self, found: LevelAnalysis) -> None:
        entry, own = found.consistency[0], found.scores[0].scores.accuracy.estimate
        share = entry.agreement.estimate
        parts = share * (entry.accuracy_if_consistent or 0) + (1 - share) * (entry.accuracy_if_not or 0)
        assert parts == pytest.approx(own)


class TestStopping:
    def test_what_is_not_sure_of_its_species_stops_above(self, found: LevelAnalysis) -> None:
        stopping = found.stopping
        shares = [entry.share.estimate for entry in stopping.levels]
        assert sum(shares) + stopping.unanswered.estimate == pytest.approx(1)
        assert shares[1] > shares[0]  # species of a genus overlap
        assert stopping.accuracy is not None
        assert stopping.accuracy.estimate > 0.85

    def test_thresholds_are_chosen_level_after_level(self) -> None:
        confidence = np.array([np.linspace(0.95, 0.0, 20), np.full(20, 0.5)])
        right = np.array([np.arange(20) < 12, np.arange(20) != 0])
        # Of the 20 images that species leave over, all are right at the genus.
        assert rounded(choose_thresholds(confidence, right, 1.0)) == [0.4, None]
        assert choose_thresholds(confidence, ~right, 1.0) == (None, None)
        wide = np.repeat(confidence, 2, axis=1)
        assert rounded(choose_thresholds(wide, np.repeat(right, 2, axis=1), 1.0)) == [0.4, 0.5]
        assert choose_thresholds(np.zeros((2, 0)), np.zeros((2, 0), dtype=bool), 0.9) == (None, None)

    def test_without_a_threshold_nothing_is_said(self) -> None:
        assert stop(np.ones((2, 3)), (None, None)).tolist() == [2, 2, 2]


class TestHeldOut:
    def test_species_are_placed_in_the_genus_of_others_and_in_the_family(self, found: LevelAnalysis) -> None:
        species, genus = found.held_out
        assert (species.level, genus.level) == ("species", "genus")
        assert [entry.upper for entry in species.placements] == ["genus", "family"]
        assert [entry.upper for entry in genus.placements] == ["family"]
        placed = placement(species, "genus")
        assert (placed.n_alone, placed.n_images, len(placed.groups)) == (1, 96, SPECIES - 1)
        assert placed.accuracy.estimate > 0.9
        assert placed.majority == pytest.approx(36 / 96)  # images of the largest genus
        assert placed.above_majority.sign == 1
        assert placed.seen is not None
        assert placed.below_seen is not None
        assert placed.accuracy.estimate == pytest.approx(placed.seen + placed.below_seen.estimate)
        assert {group.lies_in for group in placed.groups} == {"G0", "G1", "G2"}
        assert placed.groups[1].mostly == "G0"

    def test_species_of_one_genus_lie_in_different_folds(self) -> None:
        above = np.repeat([0, 1, 2], [12, 2, 1])
        folds = deal_out(above[None], 0)
        assert len(np.unique(folds[above == 0])) == 10
        assert len(np.unique(folds[above == 1])) == 2

    def test_genera_of_one_family_lie_in_different_folds_although_each_has_one_species(self) -> None:
        family = np.arange(20) % 10
        folds = deal_out(np.stack([np.arange(20), family]), 0)
        assert all(len(np.unique(folds[family == number])) == 2 for number in range(10))

    def test_seen_are_images_whose_group_their_training_part_has(self, found: LevelAnalysis) -> None:
        in_genus, in_family = found.held_out[0].placements
        assert (in_genus.n_seen, in_genus.n_images) == (96, 96)
        # The last species has one subject, whose images cross-validation tests together.
        assert (in_family.n_seen, in_family.n_images) == (96, 98)

    def test_species_of_one_subject_each_are_never_seen(self) -> None:
        study = study_of(four_species(np.repeat(np.arange(4), 6)), hold_out="species", cv=2, refit="accuracy")
        (placed,) = analysis_of(study, LevelAnalysis).held_out[0].placements
        assert (placed.n_seen, placed.seen, placed.below_seen) == (0, None, None)

    def test_species_that_share_their_subjects_are_not_told_to_be_alone(self) -> None:
        subjects = np.tile(np.arange(6), 4)
        subjects[12:] = np.arange(12) + 6  # those of the second genus have their own
        study = study_of(four_species(subjects), hold_out="species", cv=2)
        (placed,) = analysis_of(study, LevelAnalysis).held_out[0].placements
        assert (len(placed.groups), placed.n_alone, placed.n_shared) == (2, 0, 2)

    def test_levels_below_a_single_group_are_not_held_out(self, tmp_path: Path) -> None:
        data = four_species(np.arange(24))
        one = {**genera(), "family": dict.fromkeys(["s0", "s1", "s2", "s3"], "F")}
        study = study_of(data, levels=one, hold_out="genus", cv=2)
        held = analysis_of(study, LevelAnalysis).held_out[0]
        assert (held.placements, held.unplaced) == ((), ())
        assert "'genus' could be placed" in study.checks["SK046"].message
        assert "No genus could be held out: no level above it has two groups." in say(study, tmp_path)

    def test_a_sign_takes_an_interval_on_one_side_of_0(self, found: LevelAnalysis) -> None:
        interval = placement(found.held_out[0], "genus").above_majority
        assert interval.revised(low=None, high=None).sign == 0
        assert interval.revised(low=-0.2, high=-0.1).sign == -1
        assert interval.revised(low=-0.2, high=0.1).sign == 0

    def test_in_genera_that_mean_nothing_new_species_are_not_placed(self) -> None:
        groups = {f"s{number}": "AB"[number % 2] for number in range(SPECIES)}
        study = study_of(make_dataset(), levels={"genus": groups}, hold_out="class")
        found = analysis_of(study, LevelAnalysis)
        assert placement(found.held_out[0], "genus").above_majority.sign < 1
        assert study.checks["SK046"].outcome == "issue"

    def test_species_that_are_all_alone_are_not_held_out(self) -> None:
        data = two_classes()
        study = study_of(data, levels=TWO, hold_out="kind", protocols="image")
        held = analysis_of(study, LevelAnalysis).held_out[0]
        assert (held.placements, held.unplaced[0].n_alone) == ((), 2)


def placement(found: HeldOutLevel, upper: str) -> Placement:
    return next(entry for entry in found.placements if entry.upper == upper)


def two_classes() -> EmbeddingDataset:
    rng = np.random.default_rng(0)
    labels = np.repeat(["a", "b"], 15)
    return EmbeddingDataset.from_arrays(rng.normal(size=(30, 2)) + 6 * (labels == "b")[:, None], labels)


def genera() -> dict[str, dict[str, str]]:
    return {"genus": {"s0": "A", "s1": "A", "s2": "B", "s3": "B"}}


def four_species(subjects: IndexArray) -> EmbeddingDataset:
    """Return six images each of two species in each of two genera."""
    species = np.repeat(np.arange(4), 6)
    rows = np.random.default_rng(0).normal(size=(24, 2)) + 6 * species[:, None]
    names = np.char.add("s", species.astype(str))
    return EmbeddingDataset.from_arrays(rows, names, subjects, levels={"species": names, **genera()})


def rounded(thresholds: tuple[float | None, ...]) -> list[float | None]:
    return [None if value is None else round(value, 9) for value in thresholds]


def by_scikit_learn(truth: IndexArray, said: IndexArray) -> list[float]:
    scores = [
        accuracy_score(truth, said),
        *(f1_score(truth, said, average=kind) for kind in ("macro", "weighted")),
    ]
    return [float(score) for score in scores]


class TestFits:
    def test_the_default_is_a_forest_of_raised_classes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(fitting, "RANDOM_FOREST", small_forest())
        data = two_classes()
        study = study_dataset(
            replace(data, levels=TWO),
            with_map=False,
            **{**OPTIONS, "protocols": "image", "cv": 2},
        )
        found = analysis_of(study, LevelAnalysis)
        assert (found.head, found.upsampled, found.unit) == ("random_forest", True, "images")
        assert found.scores[0].scores.accuracy.estimate == 1.0
        assert found.consistency[0].accuracy_if_not is None

    def test_neighbours_give_logarithms_of_their_shares(self) -> None:
        data = two_classes()
        settings = LevelSettings(TWO, get("knn"))
        rows = np.arange(30)
        scores = fit_scores(settings, data.embeddings.astype(np.float64), rows // 15, rows, rows[:1], 0)
        assert scores[0] == pytest.approx(np.log([1, fitting.LEAST_SHARE]))
        assert scores[0, 1] == fitting.least_score(settings, 2)
        assert np.exp(fitting.least_score(settings, 4_000)) * 4_000 == pytest.approx(fitting.LEAST_SHARES)

    def test_what_no_tree_votes_for_is_known(self) -> None:
        data, rows = two_classes(), np.arange(30)
        settings = LevelSettings(TWO, small_forest())
        scores = fit_scores(settings, data.embeddings.astype(np.float64), rows // 15, rows, rows[:1], 0)
        assert scores[0, 1] == pytest.approx(fitting.least_score(settings, 2))
        assert fitting.least_score(LevelSettings(TWO, get("lda")), 2) == -np.inf

    def test_of_one_group_nothing_is_fitted(self) -> None:
        data = two_classes()
        rows = np.arange(30)
        scores = fit_scores(
            LevelSettings(TWO), data.embeddings.astype(np.float64), rows // 15, rows[:15], rows[15:], 0
        )
        assert scores[0].tolist() == [0.0, -np.inf]

    def test_enough_inner_folds_are_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(fitting, "ENOUGH", 1)
        data = make_dataset()
        checked = validate_data(data.embeddings, data.syndromes, data.subjects)
        codes = LevelCodes.of(checked, LevelSettings(data.levels or TWO))
        (inner,) = fitting.enough_folds(checked, codes, np.arange(98), 0)
        assert data.subjects is not None
        assert len(np.intersect1d(data.subjects[inner[0]], data.subjects[inner[1]])) == 0

    def test_folds_that_can_not_be_divided_again_go_uncalibrated(self) -> None:
        labels = np.repeat(["a", "b"], 2)
        data = EmbeddingDataset.from_arrays(np.arange(8.0).reshape(4, 2), labels)
        found = study_of(data, levels=TWO, cv=2, n_neighbors=1, protocols="image")
        entry = analysis_of(found, LevelAnalysis)
        assert {level.temperature for level in entry.scores} == {1.0}
        assert entry.stopping.accuracy is None
        assert entry.stopping.unanswered.estimate == 1.0


class TestRefusals:
    def test_levels_that_nothing_can_be_told_of_are_left_out_with_the_reason(self) -> None:
        data = two_classes()
        one = study_of(data, levels={"genus": ["A"] * 30}, protocols="image")
        assert "at the level 'genus' all images are of one group" in said_of(one)
        none = study_of(data, levels=None, level_head=None, protocols="image")
        assert "the data has no taxonomic levels" in said_of(none)

    @pytest.mark.parametrize(
        "options, code",
        [
            ({"hold_out": "genus"}, "no_level_to_hold_out"),
            ({"hold_out": ["species"]}, "no_level_to_hold_out"),
            ({"level_head": "no_such"}, "unknown_head"),
            ({"levels": None}, "no_levels"),
            ({"levels": None, "level_head": None, "hold_out": "species"}, "no_levels"),
        ],
    )
    def test_what_does_not_fit_is_refused_before_anything_is_fitted(
        self, options: dict[str, Any], code: str
    ) -> None:
        with refused(code):
            study_of(two_classes(), **{"levels": TWO, "protocols": "image", **options})

    def test_a_head_without_probabilities_can_not_stop(self) -> None:
        head = Head(
            name="svc_alone", title="SVC", estimator=LinearSVC, grid={}, gives=frozenset({"decision"})
        )
        with refused("head_without_probabilities", "level_head"):
            study_of(two_classes(), levels=TWO, level_head=head, protocols="image")

    def test_distances_are_no_embeddings(self) -> None:
        data = two_classes()
        study = cross_validate_study(
            np.abs(data.embeddings[:, :1] - data.embeddings[:, 0]),
            data.syndromes,
            levels=TWO,
            **{**OPTIONS, "metrics": "precomputed", "protocols": "image"},
        )
        assert "are distances" in said_of(study)


def small_forest() -> Head:
    return replace(RANDOM_FOREST, estimator=CalibratedRandomForest(n_estimators=5))


def said_of(study: StudyResult) -> str:
    """Return why there are no levels, as the check of what was left out has it."""
    assert study.find(LevelAnalysis) is None
    return study.checks["SK015"].message
