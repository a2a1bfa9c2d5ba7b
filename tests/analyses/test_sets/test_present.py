"""Test sets in a report: tables, a figure, and sentences that hold only where their figures do."""

from pathlib import Path
from typing import Any

import pytest

from skknn_syndrome.analyses.test_sets.present import PRESENTATION, find_test_sets
from skknn_syndrome.analyses.test_sets.result import (
    Partition,
    ScoreDrop,
    TestedModel,
    TestSet,
    TestSetsAnalysis,
)
from skknn_syndrome.questions import as_study, folders
from skknn_syndrome.rendering.templates import Contents, fill
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.dataset import SyndromeCount
from skknn_syndrome.results.intervals import Interval
from skknn_syndrome.results.model_comparison import ModelComparison
from tests.model_builders import AUC, make_model_comparison, make_two_models


def make_tested(name: str, internal: float, test: float, ends: tuple[float, float] | None) -> TestedModel:
    low, high = (None, None) if ends is None else ends
    return TestedModel(
        name=name,
        title=name,
        choice=CandidateKey(head=name, params={}),
        all_scores=(
            Interval(
                score=AUC,
                estimate=test,
                percentile_low=test - 0.1,
                percentile_high=test + 0.1,
                bca_low=None,
                bca_high=None,
            ),
        ),
        drops=(
            ScoreDrop(
                score=AUC, internal=internal, test=test, difference=test - internal, low=low, high=high
            ),
        ),
    )


def make_set(*models: TestedModel, **changes: Any) -> TestSet:
    def part(name: Any, n_images: int) -> Partition:
        count = SyndromeCount(syndrome="a", n_images=n_images, n_subjects=n_images)
        return Partition(name=name, n_images=n_images, n_subjects=n_images, syndromes=(count,))

    fields: dict[str, Any] = {
        "kind": "holdout",
        "name": "hold-out",
        "unit": "subjects",
        "n_units": 5,
    } | changes
    return TestSet(development=part("development", 20), test=part(fields["kind"], 5), models=models, **fields)


def with_sets(*sets: TestSet) -> ModelComparison:
    comparison = make_model_comparison(make_two_models())
    analysis = TestSetsAnalysis(refit=AUC, test_sets=sets)
    return comparison.revised(analyses=comparison.analyses.replaced_by(analysis))


def section(result: ModelComparison, folder: Path) -> str:
    made = {**PRESENTATION.tables, **PRESENTATION.report_tables}
    contents = Contents(
        tables={name: make(as_study(result)) for name, make in made.items()},
        names={"findings": {"test_sets": find_test_sets(result)}},
        sections={"test_sets": folders()["test_sets"]},
    )
    (folder / "report.qmd").write_text("<% include 'test_sets/section.qmd' %>", "utf-8")
    return " ".join(fill(contents, folder).split())


STEADY = make_set(make_tested("lda", 0.8, 0.79, (-0.05, 0.04)), make_tested("centroid", 0.7, 0.75, None))
DROPPING = make_set(
    make_tested("lda", 0.8, 0.6, (-0.3, -0.1)),
    make_tested("centroid", 0.7, 0.5, (-0.3, -0.1)),
    kind="external",
    name="other.csv",
    only_test=("x",),
    n_left_out=3,
    only_development=("b",),
    n_shared_subjects=2,
)


class TestProse:
    """What is said of a hold-out part and of an external file."""

    def test_the_best_by_cross_validation_is_told_with_its_drop(self, tmp_path: Path) -> None:
        said = section(with_sets(STEADY), tmp_path)
        assert "5 images of 5 subjects were held out" in said
        assert "has a macro AUC of 0.79 there" in said
        assert "0 lies within" in said
        assert "lies below 0" not in said

    def test_a_drop_is_called_significant(self, tmp_path: Path) -> None:
        said = section(with_sets(DROPPING), tmp_path)
        assert "a drop beyond its interval" in said
        assert "lies below 0, not adjusted for the number of models, for" in said
        assert "3 images of classes that no model knows were left out: x" in said
        assert "nothing of b" in said
        assert "2 subject ids occur in both sources" in said

    def test_a_rise_is_one(self, tmp_path: Path) -> None:
        said = section(with_sets(make_set(make_tested("lda", 0.7, 0.8, (0.05, 0.2)))), tmp_path)
        assert "a rise beyond its interval" in said
        assert "shared" not in said

    def test_without_a_test_set_nothing_is_said(self, tmp_path: Path) -> None:
        assert section(make_model_comparison(make_two_models()), tmp_path) == ""


class TestTablesAndFigure:
    """All scores in CSV, the deciding ones on pages."""

    def test_a_row_for_each_set_model_and_score(self) -> None:
        result = as_study(with_sets(STEADY, DROPPING))
        scores, parts = (make(result) for make in PRESENTATION.tables.values())
        assert scores is not None
        assert parts is not None
        assert [row[:3] for row in scores.rows] == [
            ("Hold-out", "lda", AUC),
            ("Hold-out", "centroid", AUC),
            ("External", "lda", AUC),
            ("External", "centroid", AUC),
        ]
        assert [row[1] for row in parts.rows] == ["development", "held out", "development", "external"]
        shown = PRESENTATION.report_tables["test_scores"](result)
        assert shown is not None
        assert shown.rows[0][3:] == ("0.79 (0.69 to 0.89)", 0.8, shown.rows[0][5])

    def test_scores_without_a_drop_have_rows_too(self) -> None:
        alone = make_tested("lda", 0.8, 0.7, None).revised(drops=())
        result = as_study(with_sets(make_set(alone)))
        table = PRESENTATION.tables["test_scores"](result)
        assert table is not None
        assert table.rows[0][6:] == (None,) * 5
        assert find_test_sets(result)[0].best.name == "lda"  # type: ignore[index]
        assert PRESENTATION.figures[0].draw(result) is not None

    def test_a_score_that_is_not_defined_is_not_drawn(self) -> None:
        nothing = dict.fromkeys(("percentile_low", "percentile_high", "bca_low", "bca_high"))
        undefined = make_tested("lda", 0.8, 0.7, None).revised(
            all_scores=(Interval(score=AUC, estimate=None, **nothing),)
        )
        result = as_study(with_sets(make_set(undefined)))
        figure = PRESENTATION.figures[0].draw(result)
        assert figure is not None
        assert len(figure.axes[0].lines) == 1  # that of cross-validation

    def test_the_terminal_shows_the_deciding_scores(self) -> None:
        assert PRESENTATION.gist is not None
        (shown,) = PRESENTATION.gist(as_study(with_sets(STEADY)))
        assert [row[1] for row in shown.rows] == ["linear discriminant analysis", "nearest class centroid"]
        assert [*PRESENTATION.gist(as_study(make_model_comparison(make_two_models())))] == []

    def test_the_figure_has_a_row_for_each_model(self) -> None:
        result = as_study(with_sets(STEADY, DROPPING))
        figure = PRESENTATION.figures[0].draw(result)
        assert figure is not None
        assert len(figure.axes[0].get_yticklabels()) == 2
        assert "0.790 after 0.800" in PRESENTATION.figures[0].describe(result)

    def test_a_study_without_test_sets_has_none(self) -> None:
        result = as_study(make_model_comparison(make_two_models()))
        made = [*PRESENTATION.tables.values(), *PRESENTATION.report_tables.values()]
        assert [make(result) for make in made] == [None] * len(made)
        assert PRESENTATION.figures[0].draw(result) is None
        assert PRESENTATION.figures[0].describe(result) == ""


def test_kinds_are_told_apart() -> None:
    found = TestSetsAnalysis(refit=AUC, test_sets=(STEADY,))
    assert found.of_kind("holdout") is STEADY
    assert found.of_kind("external") is None
    with pytest.raises(ValueError, match="partition"):
        STEADY.revised(kind="external")


def test_the_message_counts_the_tests_with_a_significant_drop() -> None:
    message = PRESENTATION.figures[0].message(as_study(with_sets(STEADY, DROPPING)))
    assert str(message).startswith("Macro AUC is significantly lower than in cross-validation in ")
    alone = PRESENTATION.figures[0].message(as_study(with_sets(STEADY)))
    assert " in 0 of " in str(alone)
