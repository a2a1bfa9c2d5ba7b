"""Report, tables, figures, checks and advice of subgroups."""

from pathlib import Path

import numpy as np

from skknn_syndrome.analyses.subgroups.checks import HeldOutLevels
from skknn_syndrome.analyses.subgroups.figures import say_held_out, say_scores
from skknn_syndrome.analyses.subgroups.present import PRESENTATION
from skknn_syndrome.analyses.subgroups.result import SubgroupAnalysis
from skknn_syndrome.checks.base import CheckContext
from skknn_syndrome.display.table import Table
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.study import StudyResult
from tests.analyses.subgroups.studies import make_dataset, say, study_of
from tests.builders import analysis_of


class TestReport:
    def test_participants_are_counted_in_prose_and_tables(self, study: StudyResult, tmp_path: Path) -> None:
        said = say(study, tmp_path)
        assert "counts the participants by camera, view, site and age" in said
        assert "Each subject has one level of camera." in said
        assert "The images of 120 subjects differ in view." in said
        assert "For 24 images of 12 subjects age is missing." in said
        assert "The median of age is 1.5 (quartiles 0.8 to 2.2, 108 values)." in said
        assert "| camera | bright | 90 | 0.750 | 180 | 0.750 |" in said

    def test_classes_stand_below_one_another_where_there_is_room(self) -> None:
        camera = make_dataset().covariates[0].texts
        ages = [None if number % 8 else number / 480 for number in range(240)]
        study = study_of(make_dataset(), {"camera": camera, "age:0,2": ages})
        table = PRESENTATION.report_tables["participants_by_class"](study)
        assert table is not None
        assert [column.heading for column in table.columns] == [
            *("Syndrome", "camera: bright", "camera: dark", "age: 0 to <2", "age: missing", "age")
        ]
        assert table.rows == (
            ("a", "45 (75 %)", "15 (25 %)", "30 (50 %)", "60 (100 %)", "0.242 (0.121 to 0.362)"),
            ("b", "45 (75 %)", "15 (25 %)", "0 (0 %)", "60 (100 %)", None),
        )

    def test_a_gap_and_a_drop_are_told_with_their_intervals(self, study: StudyResult, tmp_path: Path) -> None:
        said = say(study, tmp_path)
        assert "By camera, accuracy differs significantly: it is higher for bright than for dark (+" in said
        assert "By view, accuracy differs" not in said
        assert "and of view, which differs within subjects, also among the images of a subject" in said
        south = "site south: trained on 188 images, accuracy is significantly lower than in cross-validation"
        assert f"{south} (\N{MINUS SIGN}" in said
        assert "Up to 120 subjects have images of several levels of view" in said
        assert "Fewer than 10 subjects, by site: east (4)." in said
        assert "Interval too wide, by camera: dark (30)." in said

    def test_checks_name_gap_drop_and_small_subgroups(self, study: StudyResult) -> None:
        gap, small, held_out = (study.checks[code] for code in ("SK040", "SK041", "SK042"))
        assert (gap.outcome, small.outcome, held_out.outcome) == ("issue", "tip", "issue")
        assert "higher for 'bright' than for 'dark'" in gap.message
        assert "'site east': fewer than 10 subjects." in small.message
        assert "'age 2 and over': 10 subjects or more, but a 95 % confidence interval" in small.message
        assert "Where 'site south' is held out" in held_out.message
        assert "trained on 188 images" in held_out.message

    def test_advice_follows_the_verdicts(self, study: StudyResult) -> None:
        assert PRESENTATION.advice is not None
        report, collect = (entry.sentence for entry in PRESENTATION.advice(study))
        assert "camera (dark below bright)" in report
        assert "Collect more subjects of the subgroups" in collect
        assert "site east" in collect

    def test_every_table_has_its_rows(self, study: StudyResult) -> None:
        sizes = {name: len((make(study) or EMPTY).rows) for name, make in PRESENTATION.tables.items()}
        assert sizes == {
            "participants": 10,
            "participants_by_class": 20,
            "subgroup_scores": 40,
            "subgroup_gaps": 4,
            "held_out_levels": 20,
        }
        assert PRESENTATION.report_tables["participants_by_class"](study) is None  # too many levels
        assert PRESENTATION.gist is not None
        assert [table.name for table in PRESENTATION.gist(study)] == ["subgroup_scores", "subgroup_gaps"]

    def test_figures_show_every_level(self, study: StudyResult) -> None:
        scores, held_out = PRESENTATION.figures
        drawn = scores.draw(study)
        assert drawn is not None
        names = [label.get_text() for label in drawn.axes[0].get_yticklabels()]
        assert names[:3] == ["camera: bright (n = 90)", "camera: dark (n = 30)", "view: front (n = 120)"]
        assert "camera bright" in scores.describe(study)
        again = held_out.draw(study)
        assert again is not None
        assert len(again.axes[0].get_yticklabels()) == 5
        assert "site south: \N{MINUS SIGN}0." in held_out.describe(study)

    def test_of_small_subgroups_alone_the_whole_axis_is_shown(
        self, study: StudyResult, found: SubgroupAnalysis
    ) -> None:
        sites = found.subgroups[2]
        small = found.revised(subgroups=(sites.revised(levels=sites.small("few_units")[:1], gap=None),))
        drawn = PRESENTATION.figures[0].draw(study.revised(analyses=Analyses([small])))
        assert drawn is not None
        assert len(drawn.axes[0].get_yticklabels()) == 1

    def test_levels_that_nothing_could_be_trained_for_are_told(self, tmp_path: Path) -> None:
        dataset = make_dataset()
        sites = np.where(dataset.syndromes == "a", "x", np.where(np.arange(240) < 120, "x", "y"))
        study = study_of(dataset, {"site": sites}, leave_out="site")
        said = say(study, tmp_path)
        assert "site x: nothing could be trained." in said
        assert "180 images of syndromes without a training image are not scored." in said
        assert "macro AUC is not defined where that is one alone" in said
        tables = (
            PRESENTATION.tables["held_out_levels"](study),
            PRESENTATION.report_tables["held_out_levels"](study),
        )
        assert [len(table.rows) for table in tables if table is not None] == [5, 2]
        only_x = study.revised(analyses=Analyses([without_y(study)]))
        assert PRESENTATION.figures[1].draw(only_x) is None
        assert HeldOutLevels().look(CheckContext.of(only_x)).outcome == "skipped"

    def test_what_can_not_be_compared_is_told(self, tmp_path: Path) -> None:
        dataset = make_dataset()
        sites = np.where(np.arange(240) < 10, "x", "y")
        study = study_of(dataset, {"site": sites})
        assert study.checks["SK040"].outcome == "skipped"
        said = say(study, tmp_path)
        assert "By site, fewer than two subgroups have 10 subjects: nothing is compared." in said
        assert "tbl-subgroup-gaps" not in said

    def test_levels_of_different_classes_are_not_compared(self, tmp_path: Path) -> None:
        dataset = make_dataset()
        study = study_of(dataset, {"clinic": np.where(dataset.syndromes == "a", "x", "y")})
        assert study.checks["SK040"].outcome == "skipped"
        assert "By clinic, no two subgroups have 10 subjects each of the same syndromes" in say(
            study, tmp_path
        )

    def test_of_equal_levels_none_is_named_and_of_others_what_is_not_compared(
        self, study: StudyResult, found: SubgroupAnalysis, tmp_path: Path
    ) -> None:
        camera, view, *_ = found.subgroups
        assert camera.gap is not None
        assert view.gap is not None
        equal = view.gap.revised(difference=0.0, low=None, high=None)
        changed = found.revised(
            subgroups=(camera.revised(gap=camera.gap.revised(n_images_alone=7)), view.revised(gap=equal))
        )
        said = say(study.revised(analyses=Analyses([changed])), tmp_path)
        assert "By view, the subgroups that were compared are equally accurate." in said
        assert "between front" not in said
        assert "7 images of syndromes that only one of the two has are not compared." in said

    def test_a_narrow_interval_around_0_is_no_gap_and_a_wide_one_inconclusive(
        self, study: StudyResult, found: SubgroupAnalysis, tmp_path: Path
    ) -> None:
        gaps = [entry.gap for entry in found.subgroups]
        assert gaps[0] is not None
        narrow = gaps[0].revised(p_holm=0.5, low=-0.02, high=0.1)
        wide = gaps[0].revised(p_holm=0.5, low=-0.2, high=0.4)
        unlikely = gaps[0].revised(p_holm=0.01, low=-0.01, high=0.1)
        assert [gap.verdict for gap in (narrow, wide, unlikely)] == ["no_gap", "inconclusive", "inconclusive"]
        camera, view, *others = found.subgroups
        changed = found.revised(
            subgroups=(
                camera.revised(gap=narrow),
                view.revised(gap=wide.revised(low=None, high=None)),
                *others,
            )
        )
        said = say(study.revised(analyses=Analyses([changed])), tmp_path)
        assert "By camera there is no significant gap; the largest is between bright and dark" in said
        assert "By view the data are inconclusive" in said
        nothing = found.revised(subgroups=(view.revised(gap=narrow),))
        assert PRESENTATION.advice is not None
        assert not [*PRESENTATION.advice(study.revised(analyses=Analyses([nothing])))]


EMPTY = Table(name="", caption="", columns=(), rows=())


def without_y(study: StudyResult) -> SubgroupAnalysis:
    found = analysis_of(study, SubgroupAnalysis)
    (site,) = found.left_out
    return found.revised(left_out=(site.revised(levels=site.levels[:1]),))


def test_messages_name_the_largest_gap_and_the_largest_change(found: SubgroupAnalysis) -> None:
    gaps = [entry.gap for entry in found.subgroups if entry.gap is not None]
    said = str(say_scores(found))
    assert said.startswith("Largest gap in accuracy, by ")
    assert said.endswith(
        "(significant)" if any(gap.verdict == "gap" for gap in gaps) else "(not significant)"
    )
    assert say_scores(found.model_copy(update={"subgroups": ()})) is None
    equal, gap = next((entry, entry.gap) for entry in found.subgroups if entry.gap is not None)
    level = equal.revised(gap=gap.revised(difference=0.0, low=None, high=None, p_value=1.0, p_holm=1.0))
    same = say_scores(found.model_copy(update={"subgroups": (level,)}))
    assert same == f"Accuracy does not differ by {equal.covariate}"
    assert "has the largest change in accuracy" in str(say_held_out(found))
    assert say_held_out(found.revised(left_out=())) is None
