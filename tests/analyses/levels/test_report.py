"""Report, tables, figures, checks and advice of levels."""

from pathlib import Path

import pytest

from skknn_syndrome.analyses.levels.checks import (
    AnswersBelowTarget,
    InconsistentLevels,
    LevelBelowBaseline,
    MisplacedNewGroups,
)
from skknn_syndrome.analyses.levels.figures import say_held_out, say_scores, say_sizes, say_stopping
from skknn_syndrome.analyses.levels.present import PRESENTATION, left_out, plural
from skknn_syndrome.analyses.levels.result import LeftOut, LevelAnalysis
from skknn_syndrome.analyses.levels.tables import size_of
from skknn_syndrome.checks.base import CheckContext, StudyCheck
from skknn_syndrome.display.prose import NBSP, percent
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.study import StudyResult
from tests.analyses.levels.studies import say


def with_levels(study: StudyResult, found: LevelAnalysis | None) -> StudyResult:
    return study.revised(analyses=Analyses([] if found is None else [found]))


@pytest.fixture(scope="module")
def poor(study: StudyResult, found: LevelAnalysis) -> StudyResult:
    """Return the study as if images told next to nothing."""
    finest, *others = found.scores
    most = finest.baselines[0]
    less = most.differences.revised(accuracy=most.differences.accuracy.revised(low=-0.1))
    beaten = most.revised(differences=less)
    (held, genera), stopping = found.held_out, found.stopping
    placed = held.placements[0]
    alone = LeftOut(upper="family", n_alone=4, n_shared=0)
    nowhere = placed.revised(
        seen=None, below_seen=None, above_majority=placed.above_majority.revised(low=-0.2, high=0.1)
    )
    few = MeanInterval(estimate=0.5, low=0.4, high=0.6, unit="subjects", n_units=9)
    genus = stopping.levels[1].revised(accuracy=few)
    return with_levels(
        study,
        found.revised(
            upsampled=True,
            scores=(finest.revised(baselines=(beaten, *finest.baselines[1:])), *others),
            consistency=(
                found.consistency[0].revised(agreement=few, accuracy_if_not=0.25),
                found.consistency[1].revised(accuracy_if_not=None),
            ),
            stopping=stopping.revised(levels=(stopping.levels[0], genus, stopping.levels[2])),
            held_out=(held.revised(placements=(nowhere,)), genera.revised(placements=(), unplaced=(alone,))),
        ),
    )


class TestReport:
    def test_it_speaks_of_the_levels_by_their_names(self, study: StudyResult, tmp_path: Path) -> None:
        said = say(study, tmp_path)
        assert (
            "At each level, species, genus and family, the classifier (k nearest neighbours) was fitted"
            in said
        )
        assert "Among 9 species, " in said
        assert "Among 4 genera, " in said
        assert "Among 2 families, " in said
        assert "significantly above both baselines" in said
        assert "The predicted genus contains the predicted species of " in said
        assert "Of 8 held-out species, " in said
        assert "1 species is alone in its genus." in said
        assert "#### New species and genera" in said
        assert "syndrome" not in said

    def test_what_is_poor_is_told(self, poor: StudyResult, tmp_path: Path) -> None:
        said = say(poor, tmp_path)
        assert "smaller groups were oversampled with Gaussian noise" in said
        assert "not significantly above both baselines" in said
        assert "of the others 25 %" in said
        assert "not significantly more than by naming the most frequent genus of all images" in said
        assert "Cross-validation tests none of these images with others of the same species" in said
        assert "No genus could be placed in its family. 4 genera are alone in their family." in said

    def test_causes_of_what_is_not_placed_are_told_apart(self) -> None:
        said = left_out("species", LeftOut(upper="genus", n_alone=1, n_shared=2))
        assert said.startswith(
            "1 species is alone in its genus. For 2 species, all images of others in the same"
        )

    def test_levels_have_plurals(self) -> None:
        assert [plural(level) for level in ("genus", "Species", "family", "superfamily", "order")] == [
            *("genera", "Species", "families", "superfamilies", "orders")
        ]

    def test_sizes_are_ranges(self, found: LevelAnalysis) -> None:
        entry = found.scores[0].by_size[-1]
        sizes = [(1, 1), (2, 9), (1_000, None)]
        said = [size_of(entry.revised(smallest=low, largest=high)) for low, high in sizes]
        assert said == ["1", "2\N{EN DASH}9", "1,000 and more"]


class TestTablesAndFigures:
    def test_every_table_has_its_rows(self, study: StudyResult) -> None:
        made = {name: make(study) for name, make in PRESENTATION.tables.items()}
        assert {name: len(table.rows) for name, table in made.items() if table is not None} == {
            "level_scores": 9,
            "level_classes": 15,
            "level_sizes": 6,
            "level_consistency": 2,
            "level_stopping": 4,
            "level_held_out": 3,
            "level_held_out_groups": 21,
        }
        report = made["level_classes"]
        assert report is not None
        assert report.to_csv().splitlines()[0] == "level,group,n_images,n_units,precision,recall,f1"
        assert PRESENTATION.gist is not None
        assert [table.name for table in PRESENTATION.gist(study)] == [
            *("level_scores", "level_stopping", "level_held_out")
        ]

    def test_figures_show_every_level(self, study: StudyResult) -> None:
        drawn = {maker.name: (maker.draw(study), maker.describe(study)) for maker in PRESENTATION.figures}
        scores, said = drawn["level-scores"]
        assert scores is not None
        assert [label.get_text() for label in scores.axes[0].get_yticklabels()] == [
            *("species (9)", "genus (4)", "family (2)")
        ]
        assert "species 0." in said
        assert "genus of a new species" in drawn["level-held-out"][1]
        assert all(figure is not None for figure, _ in drawn.values())

    def test_what_was_not_seen_is_not_drawn(self, poor: StudyResult) -> None:
        figure = PRESENTATION.figures[-1].draw(poor)
        assert figure is not None
        assert [text.get_text() for text in figure.legends[0].get_texts()] == [
            *("held out", "most frequent of all images")
        ]
        assert "of a seen one" not in PRESENTATION.figures[-1].describe(poor)

    def test_without_groups_held_out_there_is_no_figure_of_them(
        self, study: StudyResult, found: LevelAnalysis, tmp_path: Path
    ) -> None:
        without = with_levels(study, found.revised(held_out=()))
        assert PRESENTATION.figures[-1].draw(without) is None
        assert "#### New " not in say(without, tmp_path)
        assert PRESENTATION.gist is not None
        assert len([*PRESENTATION.gist(without)]) == 2

    def test_without_levels_there_is_nothing(self, study: StudyResult) -> None:
        nothing = with_levels(study, None)
        assert PRESENTATION.findings is not None
        assert PRESENTATION.findings(nothing) is None
        assert PRESENTATION.gist is not None
        assert PRESENTATION.advice is not None
        assert [*PRESENTATION.gist(nothing), *PRESENTATION.advice(nothing)] == []


class TestChecks:
    def test_good_levels_pass(self, study: StudyResult) -> None:
        assert {study.checks[code].outcome for code in ("SK043", "SK044")} == {"passed"}
        # Of nine species, most of one family, the difference from naming that family is not known well.
        assert "right 'family'" in study.checks["SK046"].message
        assert "right 'genus'" not in study.checks["SK046"].message

    def test_each_fault_is_named(self, poor: StudyResult) -> None:
        context = CheckContext.of(poor)
        kinds: list[StudyCheck] = [
            LevelBelowBaseline(),
            InconsistentLevels(),
            AnswersBelowTarget(),
            MisplacedNewGroups(),
        ]
        found = {kind.code: kind.check(context) for kind in kinds}
        assert [check.outcome for check in found.values()] == ["issue", "tip", "tip", "issue"]
        assert "At the level 'species'" in found["SK043"].message
        assert "On 50 % of the images, the predicted 'genus'" in found["SK044"].message.replace(NBSP, " ")
        assert "at the level 'genus', 50 % are right" in found["SK045"].message.replace(NBSP, " ")
        assert "Held-out groups of the level 'species'" in found["SK046"].message

    def test_without_levels_they_are_skipped(self, study: StudyResult, found: LevelAnalysis) -> None:
        nothing = CheckContext.of(with_levels(study, None))
        kinds = LevelBelowBaseline, InconsistentLevels, AnswersBelowTarget, MisplacedNewGroups
        assert {kind().look(nothing).outcome for kind in kinds} == {"skipped"}
        assert not LevelBelowBaseline().concerns(nothing)
        silent = tuple(entry.revised(accuracy=None) for entry in found.stopping.levels)
        none = MisplacedNewGroups().look(CheckContext.of(with_levels(study, found.revised(held_out=()))))
        assert none.outcome == "skipped"
        unanswered = found.revised(stopping=found.stopping.revised(levels=silent))
        assert AnswersBelowTarget().look(CheckContext.of(with_levels(study, unanswered))).outcome == "skipped"


def test_advice_follows_the_scores(study: StudyResult, found: LevelAnalysis, poor: StudyResult) -> None:
    assert PRESENTATION.advice is not None
    stop, place = (entry.sentence for entry in PRESENTATION.advice(poor))
    assert "not always at the species" in stop
    assert place == "Do not place new species in a genus by these images."
    assert not any("genus" in entry.sentence for entry in PRESENTATION.advice(study) if entry.rank > 38)
    silent = found.revised(stopping=found.stopping.revised(accuracy=None), held_out=())
    assert [*PRESENTATION.advice(with_levels(study, silent))] == []


def test_messages_above_figures_have_the_figures_of_the_levels(found: LevelAnalysis) -> None:
    finest, coarsest = (percent(found.scores[place].scores.accuracy.estimate) for place in (0, -1))
    said = say_scores(found)
    assert said == f"Accuracy is {finest} for species and {coarsest} for {found.scores[-1].level}"
    first, *others = found.scores
    size = first.by_size[0]
    two = first.revised(by_size=(size, size.revised(smallest=size.smallest + 1)))
    assert str(say_sizes(found.revised(scores=(two, *others)))).startswith("By species, accuracy is ")
    assert say_sizes(found.revised(scores=(first.revised(by_size=(size,)), *others))) is None
    finest_alone = found.model_copy(update={"scores": (first,)})
    assert say_scores(finest_alone) == f"Accuracy is {finest} for species"
    assert "of the answers are right" in str(say_stopping(found))
    assert say_stopping(found.revised(stopping=found.stopping.revised(accuracy=None))) is None
    assert say_held_out(found.revised(held_out=())) is None
    assert "of the images of a new" in str(say_held_out(found))
