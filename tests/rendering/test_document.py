"""From a typed result to a static document."""

import re
from pathlib import Path

import pytest

from skknn_syndrome.rendering import render_report
from skknn_syndrome.rendering.assets import assets_folder
from skknn_syndrome.rendering.document import fill_template, write_document
from tests.analysis_builders import make_baseline
from tests.builders import make_study
from tests.comparison_builders import make_alternative
from tests.figures.builders import make_full_study, make_sweep
from tests.head_builders import of_toy_head
from tests.rendering.studies import everything

HOSTILE = (
    "<script>alert(1)</script>",
    "{{< include /etc/passwd >}}",
    "```{python}\nimport os\n```",
    "$x$ @fig-x [@key] | *bold*",
    "\u202eesrever",
    "x" * 5_000_000,
)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write the documents of a bare, a full and a fuller study, and of the latter with another head."""
    return [
        write_document(study, tmp_path_factory.mktemp("document"))
        for study in (make_study(make_sweep()), make_full_study(), everything(), of_toy_head(everything()))
    ]


def test_every_reference_has_its_target_and_every_figure_its_file(documents: list[Path]) -> None:
    for document in documents:
        text = document.read_text("utf-8")
        targets = set(re.findall(r"\{#((?:fig|tbl)-[a-z0-9_-]+)", text))
        references = set(re.findall(r"@((?:fig|tbl)-[a-z0-9_-]+)", text))
        assert references <= targets
        for path in re.findall(r"\]\((figures/[^)]+)\)", text):
            assert (document.parent / path).is_file()


def test_a_figure_that_is_not_drawn_is_not_cited() -> None:
    for study in (make_full_study(), everything(), of_toy_head(everything())):
        text = fill_template(assets_folder(), study, ())
        assert not re.findall(r"@fig-[a-z-]+", text)


def test_alternatives_that_look_at_no_embedding_have_no_table_to_cite() -> None:
    majority = make_alternative(("roc_auc_ovr", -0.3, 0.01), name="majority")
    run = make_sweep().model_copy(update={"baselines": (make_baseline(0.5),), "alternatives": (majority,)})
    assert "tbl-alternatives" not in fill_template(assets_folder(), make_study(run), ())


def test_all_literature_that_is_cited_is_in_the_bibliography(documents: list[Path]) -> None:
    for document in documents:
        known = set(
            re.findall(
                r"^@\w+\{(\w+),", (document.parent / "references.bib").read_text("utf-8"), re.MULTILINE
            )
        )
        cited = set(re.findall(r"\[@(\w+)\]", document.read_text("utf-8")))
        assert cited <= known


def test_no_heading_is_empty_and_none_is_in_title_case(documents: list[Path]) -> None:
    for document in documents:
        text = document.read_text("utf-8")
        assert not re.findall(r"^(### .+)\n+(?=#)", text, flags=re.MULTILINE)
        assert not re.findall(r"^(## .+)\n+(?=## )", text, flags=re.MULTILINE)
        for heading in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE):
            words = [word for word in heading.split()[1:] if word.isalpha()]
            assert not any(word.istitle() for word in words), heading


def test_no_list_item_begins_with_a_small_letter(documents: list[Path]) -> None:
    for document in documents:
        assert not re.findall(r"^- [a-z].*", document.read_text("utf-8"), flags=re.MULTILINE)


def test_the_same_study_gives_the_same_bytes(documents: list[Path], tmp_path: Path) -> None:
    folder = documents[2].parent
    write_document(everything(), tmp_path)
    assert {path.name for path in tmp_path.rglob("*.*")} == {path.name for path in folder.rglob("*.*")}
    for path in tmp_path.rglob("*.*"):
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes(), path.name


def test_hostile_names_are_shown_as_text(tmp_path: Path) -> None:
    study = make_full_study(tuple(sorted(HOSTILE)))
    study = study.model_copy(update={"dataset": study.dataset.model_copy(update={"name": HOSTILE[0]})})
    (html,) = render_report(study, tmp_path, engine="embedded")
    source = (tmp_path / "report.qmd").read_text("utf-8")
    page = html.path.read_text("utf-8")
    assert "{{<" not in source
    assert "```" not in source
    assert "<script" not in page.replace("&lt;script", "").lower()
    assert "alert(1)" in page
    assert "root:" not in page
    assert len(source) < 200_000


def test_a_report_is_made_of_the_file_alone(tmp_path: Path) -> None:
    make_full_study().save(tmp_path / "study.json")
    files = render_report(
        tmp_path / "study.json", tmp_path / "out", formats=("html", "pdf"), engine="embedded"
    )
    assert [file.path.name for file in files] == ["report.html", "report.pdf"]
    assert files[1].path.read_bytes().startswith(b"%PDF")
