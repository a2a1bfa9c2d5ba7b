"""Title blocks, declarations and checklists with what authors supply, by either engine."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from skknn_syndrome.rendering import render_report
from skknn_syndrome.rendering.authors import blocks_of, flatten_authors, lift_logo
from skknn_syndrome.rendering.checklists import Item
from skknn_syndrome.rendering.document import write_document
from skknn_syndrome.rendering.meta import ReportMeta, load_meta, parse_meta
from skknn_syndrome.rendering.meta.title_block import with_title_block
from skknn_syndrome.rendering.pandoc import read_markdown
from tests.builders import make_study
from tests.model_builders import make_model_comparison, make_two_models
from tests.rendering.documents import SVG
from tests.rendering.filling import whole_text
from tests.rendering.full_study import make_full_study, make_sweep

META = """
title: "Faces: *three* syndromes"
subtitle: Of patients
authors:
  - {name: Ada Known, affiliations: [Somewhere, Elsewhere], orcid: 0000-0002-1825-0097,
     email: ada@example.org, corresponding: true}
  - {name: Bo Second, affiliations: Elsewhere}
ethics: "All subjects' parents agreed; *no* image is shown."
funding: Nobody.
conflicts: None.
data_availability: On request.
code_availability: https://example.org
encoder: ResNet-50.
protocol: None.
registration: None.
patient_involvement: None.
nouns: {subject: patient, image: photograph}
accent_colour: "#8a1538"
logo: logo.svg
"""


@pytest.fixture(scope="module")
def meta_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write metadata of all kinds, with its logo."""
    folder = tmp_path_factory.mktemp("meta")
    (folder / "logo.svg").write_text(SVG, "utf-8")
    (folder / "report.yaml").write_text(META, "utf-8")
    return folder / "report.yaml"


def _metadata(text: str, folder: Path) -> dict[str, Any]:
    tree = read_markdown(text, folder=folder, timeout=60)
    flatten_authors(tree["meta"])
    found: dict[str, Any] = tree["meta"]
    return found


def _text(node: object) -> str:
    if isinstance(node, dict):
        return " " if node.get("t") == "Space" else _text(node.get("c", ""))
    return "".join(map(_text, node)) if isinstance(node, list) else str(node)


def test_authors_become_names_a_byline_and_numbered_affiliations(meta_file: Path) -> None:
    meta = load_meta(meta_file)
    text = with_title_block('---\ntitle: "x"\nformat:\n  html:\n    toc: true\n---\nText\n', meta)
    found = _metadata(text, meta_file.parent)
    assert [_text(name) for name in found["author"]["c"]] == ["Ada Known", "Bo Second"]
    assert _text(found["title"]) == "Faces: *three* syndromes"
    assert _text(found["subtitle"]) == "Of patients"
    assert [_text(line) for line in found["affiliations"]["c"]] == ["1Somewhere", "2Elsewhere"]
    assert "https://orcid.org/0000-0002-1825-0097" in str(found["byline"])
    assert "mailto:ada@example.org" in str(found["correspondence"])
    assert _text(found["accent-colour"]) == "8a1538"
    (div,) = blocks_of(found)
    assert len(div["c"][1]) == 4
    assert div["c"][0][2] == [["custom-style", "Author"]]


def test_quarto_reads_the_same_and_the_colour_in_both_its_formats(meta_file: Path) -> None:
    formats = '  html:\n    toc: true\n  typst:\n    text: "#set par(justify: false)"\n'
    header = f'---\ntitle: "x"\nformat:\n{formats}---\n'
    text = with_title_block(header, load_meta(meta_file), "figures/logo.svg")
    fields = read_markdown(text, folder=meta_file.parent, timeout=60)["meta"]
    author = fields["author"]["c"][0]["c"]
    assert {"name", "orcid", "email", "corresponding", "affiliations"} == set(author)
    assert "#8a1538" in str(fields["format"]["c"]["html"])
    assert "8a1538" in str(fields["format"]["c"]["typst"])
    assert '![](figures/logo.svg){.logo fig-alt="Logo"' in text


def test_a_document_without_authors_or_header_stays_as_it_is(tmp_path: Path) -> None:
    assert with_title_block("Text\n", parse_meta("title: x")) == "Text\n"
    found = _metadata("---\nauthor: Ada\n---\n", tmp_path)
    assert _text(found["author"]) == "Ada"
    assert blocks_of(found) == []
    assert "author" not in _metadata("Text\n", tmp_path)


def test_authors_of_whom_little_is_said_are_names(tmp_path: Path) -> None:
    for fields, has_byline in (("", False), (", orcid: 0000-0002-1825-0097", True)):
        meta = parse_meta(f"authors: [{{name: Ada Known{fields}}}]")
        found = _metadata(with_title_block("---\ntitle: x\n---\nText\n", meta), tmp_path)
        assert [_text(name) for name in found["author"]["c"]] == ["Ada Known"]
        assert ("byline" in found) is has_byline
        assert "affiliations" not in found


def test_metadata_that_somebody_edited_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    second = "{orcid: javascript, affiliations: [Here], email: a@b.org}"
    header = f"accent-colour: red}}\nauthor:\n  - Ada\n  - {second}\n"
    found = _metadata(f"---\n{header}---\n", tmp_path)
    assert "accent-colour" not in found
    assert [_text(name) for name in found["author"]["c"]] == ["Ada", ""]
    assert "javascript" not in str(found)
    assert [_text(line) for line in found["affiliations"]["c"]] == ["1Here"]
    assert "correspondence" not in found


def test_a_logo_goes_into_the_title_block_and_no_other_picture(tmp_path: Path) -> None:
    for text, lifted in (("![](a.svg){.logo}\n\nText\n", True), ("![](a.svg)\n\nText\n", False)):
        tree = read_markdown(text, folder=tmp_path, timeout=60)
        lift_logo(tree)
        assert ("logo" in tree["meta"], len(tree["blocks"])) == (lifted, 1 if lifted else 2)


def test_declarations_are_a_section_in_the_words_of_the_authors(meta_file: Path) -> None:
    meta = load_meta(meta_file)
    for result in (make_study(make_sweep()), make_model_comparison(make_two_models())):
        text = whole_text(result, (), meta=meta)
        assert "\n## Declarations\n" in text
        assert "### Ethical approval and consent\n" in text
        assert r"All subjects\' parents agreed\; \*no\* image is shown\." in text
        assert "subject" not in re.sub(r"`[^`]*`|[@#]\S+|All subjects", "", text)
    assert "## Declarations" not in whole_text(make_study(make_sweep()), ())


def test_what_authors_supply_meets_items_of_the_checklists(meta_file: Path) -> None:
    study, full = make_study(make_sweep()), load_meta(meta_file)
    rows = {
        given: whole_text(study, (), meta=meta)
        for given, meta in (("all", full), ("some", parse_meta("data_availability: x")))
    }
    for item in (
        "| 17 |",
        "| 18a |",
        "| 18b |",
        "| 18c |",
        "| 18d |",
        "| 18e |",
        "| 19 |",
        "| 9b |",
        "| 44 |",
    ):
        (line,) = (
            line for line in rows["all"].splitlines() if line.startswith(item) and "Declarations" in line
        )
        assert "| met |" in line
    assert "Declarations\\: Data availability |" in rows["some"]
    # Item 43 of CLAIM takes data and code.
    assert "Code availability |" not in rows["some"]
    with pytest.raises(ValueError, match="there is no declaration 'fundings'"):
        Item(number="1", asks="Funding", verdict="to be supplied", supplied_by=("fundings",))


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_every_format_shows_title_authors_and_logo(meta_file: Path, tmp_path: Path) -> None:
    render_report(make_study(make_sweep()), tmp_path, ("html", "pdf", "docx"), "embedded", meta=meta_file)
    page = (tmp_path / "report.html").read_text("utf-8")
    head = page[: page.index('<div class="page">')]
    assert '<p class="logo"><img' in head
    assert "<sup>1,2</sup>" in head
    assert 'href="https://orcid.org/0000-0002-1825-0097"' in head
    assert "--link: #8a1538" in head
    with zipfile.ZipFile(tmp_path / "report.docx") as word:
        core = word.read("docProps/core.xml").decode()
        body = word.read("word/document.xml").decode()
    assert "<dc:creator>Ada Known; Bo Second</dc:creator>" in core
    assert "Faces: *three* syndromes</dc:title>" in core
    assert "Somewhere" in body
    assert (tmp_path / "report.pdf").read_bytes()[:5] == b"%PDF-"


def test_logo_and_map_lie_beside_the_document(meta_file: Path, tmp_path: Path) -> None:
    named = ReportMeta.model_validate({"classes": {"alpha": "Alpha syndrome"}}).classes
    meta = load_meta(meta_file).model_copy(update={"classes": named})
    document = write_document(make_full_study(), tmp_path, meta=meta)
    assert (tmp_path / "figures" / "logo.svg").read_text("utf-8") == SVG
    assert "figures/logo.svg" in document.read_text("utf-8")
    page = (tmp_path / "map.html").read_text("utf-8")
    assert '"name":"Alpha syndrome"' in page
    assert '"name":"alpha"' not in page
    assert '"nouns":{"class":"class","image":"photograph"}' in page
    assert " photographs, " in page
