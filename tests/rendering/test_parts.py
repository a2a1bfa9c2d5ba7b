"""The parts of a report: which figures and tables stand where, and references between them."""

import re
from collections import Counter
from functools import cache

import pytest

from skknn_syndrome.questions import presentations, presentations_of
from skknn_syndrome.rendering.document import fill_parts
from skknn_syndrome.rendering.figures import known_figures
from skknn_syndrome.rendering.parts import FRAMES, PARTS, Part, linked, targets
from skknn_syndrome.rendering.templates import assets_folder
from skknn_syndrome.results.study import StudyResult
from tests.builders import make_study
from tests.head_builders import of_toy_head
from tests.rendering.documents import drawn_files
from tests.rendering.full_study import make_full_study, make_sweep
from tests.rendering.studies import everything


@cache
def texts(number: int) -> dict[Part, str]:
    """Return the parts of a bare, a full and a fuller study, and of the latter with another head."""
    study: StudyResult = (
        make_study(make_sweep()),
        make_full_study(),
        everything(),
        of_toy_head(everything()),
    )[number]
    return fill_parts(assets_folder(), study, drawn_files(known_figures()))


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_each_table_and_figure_stands_in_main_text_or_supplement_and_nowhere_else() -> None:
    for number in range(4):
        parts = texts(number)
        places = Counter(label for part in PARTS if part != "summary" for label in targets(parts[part]))
        assert set(places.values()) == {1}
        assert set(targets(parts["summary"])) == {"fig-top-k", "fig-class-forest"}
        assert set(targets(parts["summary"])) <= set(targets(parts["main"]))


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_every_reference_is_within_a_part_or_leads_to_where_the_other_part_has_it() -> None:
    for number in range(4):
        parts = linked(texts(number))
        for text in parts.values():
            cited = set(re.findall(r"(?<!\\)@((?:fig|tbl)-[a-z0-9_-]+)", text))
            assert cited <= set(targets(text))
            for stem, anchor in re.findall(
                r"\]\((?:(supplement|report)\.html)?#((?:s-)?(?:fig|tbl)-[^)]+)\)", text
            ):
                other = parts["main"] if stem == "report" else parts["supplement"]
                assert f"{{#{anchor}" in other


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_tables_of_the_supplement_are_numbered_in_the_order_of_reading() -> None:
    for number in range(1, 4):
        text = linked(texts(number))["supplement"]
        for kind in ("Table", "Figure"):
            found = [int(count) for count in re.findall(rf"\*\*{kind} S(\d+):\*\*", text)]
            assert found == list(range(1, len(found) + 1))
        assert "{#tbl-" not in text
        assert len(re.findall(r"^::: \{#s-tbl-", text, re.MULTILINE)) == text.count("**Table S")


def test_a_reference_that_leads_nowhere_is_left_for_the_renderer_to_refuse() -> None:
    assert linked({"main": "@tbl-a"}) == {"main": "@tbl-a"}


def test_a_supplement_refers_to_itself_and_to_the_main_text() -> None:
    figure = '![Of b](figures/b.svg){#fig-b fig-alt="B"}'
    parts = linked({"main": "![A](figures/a.svg){#fig-a}", "supplement": f"@fig-a and @fig-b.\n\n{figure}\n"})
    assert parts["supplement"].replace("\N{NO-BREAK SPACE}", " ") == (
        "[Figure 1](report.html#fig-a) and [Figure S1](#s-fig-b).\n\n"
        '![**Figure S1:** Of b](figures/b.svg){#s-fig-b fig-alt="B"}\n'
    )


def test_what_a_study_writes_is_no_reference() -> None:
    hostile = r"\@tbl\-a a@tbl-a \{\#tbl\-b\}"
    assert linked({"main": hostile, "supplement": "| b |\n|--|\n| c |\n\n: B {#tbl-a}"})["main"] == hostile


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_the_main_text_has_at_most_one_figure_or_table_of_each_question() -> None:
    tables = {
        name.replace("_", "-"): entry.question
        for entry in presentations()
        for name in (*entry.tables, *entry.report_tables)
    }
    figures = {figure.name: entry.question for entry in presentations() for figure in entry.figures}
    shown = [label for label in targets(texts(2)["main"]) if label not in targets(texts(2)["summary"])]
    found = Counter((tables | figures).get(label[4:], "checks") for label in shown)
    assert max(found.values()) == 1


def test_a_result_without_parts_is_one_document() -> None:
    assert {kind: list(frames) for kind, frames in FRAMES.items()} == {
        "study": list(PARTS),
        "comparison": ["main"],
        "alignment": ["main"],
    }


def test_whatever_has_a_supplement_has_something_in_the_main_text() -> None:
    for entry in presentations_of(make_full_study()):
        chapters = set(entry.sections)
        assert (
            "supplement" not in chapters or chapters & {"data", "results"} or entry.question == "baselines"
        )  # which "scores" speaks of
