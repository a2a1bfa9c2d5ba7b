"""Templates, and the facts that fill them."""

from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from skknn_syndrome.display.style import FigureFile
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.questions import folders
from skknn_syndrome.rendering.embedded import FILTERS
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.rendering.templates import MOST_ROWS, Contents, assets_folder, fill
from skknn_syndrome.results.protocol import Fold
from tests.analysis_builders import make_nested, make_open_set
from tests.builders import make_candidate, make_run, make_study
from tests.comparison_builders import compared, make_alternative
from tests.refusing import refused
from tests.rendering.facts_builders import evaluation, study_with


def write_frame(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.qmd").write_text(text, "utf-8")
    return folder


def make_table(n_rows: int) -> Table:
    return Table("scores", "Scores", (Column("a", "A"),), tuple((f"row {n}",) for n in range(n_rows)))


class TestFolder:
    """The report's frame, theme and filters are found."""

    def test_all_that_the_embedded_renderer_needs_is_there(self) -> None:
        folder = assets_folder()
        names = [*(f"filters/{name}" for name in FILTERS), "theme/template.html", "theme/template.typ"]
        assert all((folder / name).is_file() for name in names)

    def test_no_template_refers_to_a_section_by_its_number(self) -> None:
        # Sections have none, and a renderer refuses the whole report.
        places = assets_folder(), *folders().values()
        texts = [path.read_text("utf-8") for place in places for path in place.rglob("*.qmd")]
        assert len(texts) > 20
        assert not any("@sec-" in text for text in texts)

    def test_the_first_place_that_holds_a_template_is_taken(self, tmp_path: Path) -> None:
        for name in ("second", "third"):
            write_frame(tmp_path / name, "")
        places = tuple(tmp_path / name for name in ("first", "second", "third"))
        assert assets_folder(places) == tmp_path / "second"

    def test_a_broken_installation_is_named(self, tmp_path: Path) -> None:
        with refused("no_template"):
            assets_folder((tmp_path / "a", tmp_path / "b"))


class TestFilling:
    """A report is filled with what it is given, and with nothing else."""

    def test_a_section_may_lie_in_a_folder_of_its_own(self, tmp_path: Path) -> None:
        frame = write_frame(
            tmp_path / "frame",
            "<% for question in order %><% include question ~ '/section.qmd' %><% endfor %>",
        )
        sections = {}
        for question in ("leakage", "calibration"):
            sections[question] = tmp_path / "analyses" / question
            sections[question].mkdir(parents=True)
            (sections[question] / "section.qmd").write_text(f"{question} of << label >>. ")
        names = {"order": ["calibration", "leakage"], "label": "a*b"}
        text = fill(Contents(names=names, sections=sections), frame)
        assert text == r"calibration of a\*b. leakage of a\*b. "

    def test_a_section_that_is_nowhere_is_an_error(self, tmp_path: Path) -> None:
        frame = write_frame(tmp_path, "<% include 'calibration/section.qmd' %>")
        with pytest.raises(TemplateNotFound):
            fill(Contents(), frame)

    def test_a_name_that_is_not_given_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(UndefinedError):
            fill(Contents(), write_frame(tmp_path, "<< study.name >>"))

    def test_a_table_is_shown_where_there_is_one(self, tmp_path: Path) -> None:
        frame = write_frame(tmp_path, "<< tables.scores | table >>|<< tables.none | table >>")
        text = fill(Contents(tables={"scores": make_table(1), "none": None}), frame)
        assert text == "| A |\n|:---|\n| row 0 |\n\n: Scores {#tbl-scores}|"

    def test_a_long_table_is_cut_and_says_so(self, tmp_path: Path) -> None:
        frame = write_frame(tmp_path, "<< tables.scores | table >>")
        text = fill(Contents(tables={"scores": make_table(MOST_ROWS + 1)}), frame)
        assert f"row {MOST_ROWS - 1}" in text
        assert f"row {MOST_ROWS}" not in text
        assert f"the first {MOST_ROWS} of 201 rows" in text

    def test_a_figure_that_is_not_drawn_leaves_nothing(self, tmp_path: Path) -> None:
        frame = write_frame(tmp_path, '<< figure("roc", "A *curve*.") >><% if has_figure("roc") %>!<%endif%>')
        assert fill(Contents(), frame) == ""
        drawn = FigureFile("roc", Path("roc.png"), Path("roc.svg"), alt_text='A "line".')
        assert fill(Contents(figures={"roc": drawn}), frame) == (
            r'![A \*curve\*\.](figures/roc.svg){#fig-roc fig-alt="A \"line\"\."}!'
        )


def test_the_winner_decides_which_evaluation_is_spoken_of() -> None:
    facts = Facts(study_with(evaluations=(evaluation((3, 1), (0, 2)),)))
    assert facts.winner.metric == "cosine"
    assert facts.failures is not None
    assert facts.refit.mean == pytest.approx(0.65)
    assert facts.refit_title == "macro AUC"
    assert Facts(study_with()).failures is None


def test_the_grid_is_named_once() -> None:
    facts = Facts(study_with())
    assert (facts.metrics, facts.weights, facts.grid) == (["euclidean", "cosine"], ["distance"], [3])


def test_sizes_of_the_folds_are_those_of_the_smallest_and_the_largest() -> None:
    folds = tuple(
        Fold(repeat=0, split=split, n_train=n_train, n_test=10 - n_train)
        for split, n_train in enumerate((7, 6, 8))
    )
    facts = Facts(make_study(make_run(make_candidate([0.5, 0.6, 0.7]), folds=folds)))
    assert (facts.train_sizes, facts.test_sizes) == ((6, 8), (2, 4))


def test_what_does_better_is_judged_by_the_deciding_score_and_by_macro_f1() -> None:
    better = make_alternative(("roc_auc_ovr", 0.02, 0.01), ("f1_macro", -0.1, 0.01))
    by_f1 = make_alternative(("roc_auc_ovr", -0.01, 0.9), ("f1_macro", 0.1, 0.01), name="nearest_centroid")
    ahead = make_alternative(("roc_auc_ovr", 0.01, 0.5), metric="cosine", n_neighbors=20)
    elsewhere = make_alternative(("accuracy", 0.2, 0.01), name="nearest_image")
    worse = make_alternative(("roc_auc_ovr", -0.2, 0.01), ("f1_macro", 0.01, 0.9), name="prior")
    facts = Facts(study_with(*compared(worse, elsewhere, ahead, by_f1, better)))
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
    assert facts.open_set is None
    assert facts.failures is None


def test_findings_are_those_of_the_winner() -> None:
    facts = Facts(
        study_with(
            nested=make_nested(),
            open_sets=(make_open_set(metric="euclidean"), make_open_set()),
        )
    )
    assert facts.selection is not None
    assert facts.open_set is not None
    assert facts.open_set.neighbors is not None
    assert facts.open_set.neighbors.open_set.metric == "cosine"
