"""From a typed result to a static document."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pypandoc
import pytest

from skknn_syndrome.analyses.nested_cv.present import find_nested
from skknn_syndrome.rendering import filters, render_report
from skknn_syndrome.rendering.document import write_document
from skknn_syndrome.rendering.pandoc import elements
from skknn_syndrome.rendering.processes import run_program
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.dataset import DataNouns
from skknn_syndrome.results.study import StudyResult
from tests.analysis_builders import make_baseline
from tests.builders import make_study
from tests.comparison_builders import make_alternative
from tests.head_builders import of_toy_head
from tests.rendering.documents import PICTURES, drawn_as
from tests.rendering.filling import whole_text
from tests.rendering.full_study import make_full_study, make_sweep
from tests.rendering.studies import everything

pytestmark = pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time

ALWAYS = 4
"""Limitations of every study."""

HOSTILE = (
    "<script>alert(1)</script>",
    "{{< include /etc/passwd >}}",
    "```{python}\nimport os\n```",
    "$x$ @fig-x [@key] | *bold*",
    "\u202eesrever",
    "x" * 500_000,
)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write the documents of a bare, a full and a fuller study, and of the latter with another head."""
    studies = (make_study(make_sweep()), make_full_study(), everything(), of_toy_head(everything()))
    with drawn_as(PICTURES):
        return [write_document(study, tmp_path_factory.mktemp("document")) for study in studies]


def test_every_reference_has_its_target_and_what_is_shown_is_referred_to(documents: list[Path]) -> None:
    for document in documents:
        texts = [path.read_text("utf-8") for path in document.parent.glob("*.qmd")]
        text = "\n".join(texts)
        targets = set(re.findall(r"\{#(?:s-)?((?:fig|tbl)-[a-z0-9_-]+)", text))
        references = set(re.findall(r"(?:@|#s-|html#)((?:fig|tbl)-[a-z0-9_-]+)[^a-z0-9_}-]", text))
        assert not references ^ targets
        for path in re.findall(r"\]\((figures/[^)]+)\)", text):
            assert (document.parent / path).is_file()


def test_a_figure_that_is_not_drawn_is_not_cited() -> None:
    for study in (make_full_study(), everything(), of_toy_head(everything())):
        text = whole_text(study, ())
        assert not re.findall(r"@fig-[a-z-]+", text)


def test_each_limitation_is_an_item_of_its_own() -> None:
    people, species = make_full_study(), everything()
    species = species.revised(dataset=species.dataset.revised(nouns=DataNouns(classes="species")))
    for study in (make_study(make_sweep()), people, species):
        text = whole_text(study, ())
        said = text.partition("## Limitations\n")[2].partition("\n#")[0].strip()
        items = [line for line in said.splitlines() if line.startswith("- ")]
        which = (find_nested(study) is None, study.primary.protocol == "image", study.dataset.simulated)
        assert len(items) == ALWAYS + sum(which)
        assert not any("- " in item[2:] for item in items)


def test_alternatives_that_look_at_no_embedding_have_no_table_to_cite() -> None:
    majority = make_alternative(("roc_auc_ovr", -0.3, 0.01), name="majority")
    run = make_sweep().model_copy(update={"baselines": (make_baseline(0.5),), "alternatives": (majority,)})
    assert "tbl-alternatives" not in whole_text(make_study(run), ())


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
    write_document(everything().model_copy(deep=True), tmp_path)
    assert {path.name for path in tmp_path.rglob("*.*")} == {path.name for path in folder.rglob("*.*")}
    for path in tmp_path.rglob("*.*"):
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes(), path.name


def test_hostile_names_are_shown_as_text(tmp_path: Path) -> None:
    study = make_full_study(tuple(sorted(HOSTILE)))
    study = study.model_copy(update={"dataset": study.dataset.model_copy(update={"name": HOSTILE[0]})})
    pages = render_report(study, tmp_path, engine="embedded", parts=("main", "supplement"))
    source = "\n".join(path.read_text("utf-8") for path in sorted(tmp_path.glob("*.qmd")))
    page = "\n".join(file.path.read_text("utf-8") for file in pages)
    assert "{{<" not in source
    assert "```" not in source
    assert "<script" not in page.replace("&lt;script", "").lower()
    assert "alert(1)" in page
    assert "root:" not in page
    assert len(source) < 200_000


class TestEscape:
    """To Quarto, which reads HTML, TeX and its own short codes, escapes are all that guards a report."""

    PAYLOADS = (
        '<script>alert(1)</script> <img src=x onerror="alert(1)"> [a](javascript:alert(1))',
        '[b]{style="x"} `<b>`{=html} $x$ \\input{/etc/passwd} ![c](/etc/passwd)',
        "{{< include /etc/passwd >}} ^[d] [^e] @known *f* **g** ~~h~~ |",
        "::: https://example.org <i>k</i> &lt; # | --- [l]: m",
    )
    """Each short enough to stand in a table whole."""
    # fmt: off
    WRITTEN = frozenset({
        "syndrome", "syndromes", "subject", "subjects", "image", "images", "detail", "message", "title",
        "remedy", "description", "estimator", "command", "settings", "version", "splitter", "source", "table",
    })
    # fmt: on
    """What users write, and what is said of it, wherever it stands in a result."""
    WORDS = frozenset(
        {"Str", "Space", "SoftBreak", "Quoted", "SingleQuote", "DoubleQuote", "ColWidth", "ColWidthDefault"}
    )

    def test_no_text_of_a_study_means_anything(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Whether a column is constant depends on its texts, and is another matter.
        monkeypatch.setattr(filters, "without_constants", lambda table: table)
        study = everything()
        meant = self.meaning(study)
        for shift, payload in enumerate(self.PAYLOADS):
            hostile = self.hostile(study, shift)
            dataset = hostile.dataset.model_copy(update={"name": payload})
            assert self.meaning(hostile.model_copy(update={"dataset": dataset})) == meant

    def hostile(self, value: Any, shift: int, *, written: bool = False) -> Any:
        """Return a part of a result in which each text that a user may have written is hostile as well."""
        if isinstance(value, Result):
            parts = {name: self.hostile(part, shift, written=name in self.WRITTEN) for name, part in value}
            return value.model_copy(update=parts)
        if isinstance(value, tuple):
            return type(value)(self.hostile(part, shift, written=written) for part in value)
        if isinstance(value, str) and value and written:
            return f"{self.PAYLOADS[(len(value) + shift) % len(self.PAYLOADS)]} {value}"
        return value

    def meaning(self, study: StudyResult) -> Counter[str]:
        """Return what Quarto's reader finds in a study's document beside words."""
        text = whole_text(study, ())
        reader = [pypandoc.get_pandoc_path(), "--from", "markdown", "--to", "json"]
        found = json.loads(run_program(reader, folder=Path(), timeout=60, text=text.encode()).output)
        return Counter(kind for kind in map(self.kind, elements(found)) if kind != "words")

    def kind(self, element: Any) -> str:
        kind, content = element["t"], element.get("c")
        if kind in self.WORDS:
            return "words"
        if kind in {"Link", "Image"}:
            return f"{kind} to {content[2][0]}"
        return f"{kind} {content}" if kind.startswith("Raw") else kind
