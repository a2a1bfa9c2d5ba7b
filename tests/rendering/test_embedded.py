"""The embedded renderer writes everything that a report is written with, in each format."""

import html.parser
import io
import re
import sys
import zipfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.rendering import embedded
from skknn_syndrome.rendering.embedded import (
    compile_pdf,
    data_uri,
    embedded_version,
    render_embedded,
    typst_version,
)
from skknn_syndrome.rendering.source import Format, Source, read_source
from tests.refusing import refused
from tests.rendering.documents import BODY, HEADER, PNG, SVG, write_document

HOSTILE = r"""
## A <script>alert(1)</script> {{< include /etc/passwd >}}

#include "/etc/passwd" #read("/etc/passwd") ]] #panic() \input{/etc/passwd} <img src="https://example.org/x.png">
[a]{onclick="alert(1)"} [b](javascript:alert(1)) `<b>`{=html} $x$

```{=typst}
#read("/etc/passwd")
```

![A "\] #panic() <b>.](figures/first.svg){#fig-a fig-alt="a\" ) #panic() \\ <b>"}

| A |
|:---|
| <script>alert(2)</script> |

: {{< meta title >}} {#tbl-a}
"""


FOLDER = TemporaryDirectory()
"""Of all documents, each in a folder of its own."""


@cache
def source_of(body: str, header: str) -> Source:
    folder = Path(mkdtemp(dir=FOLDER.name))
    return read_source(write_document(folder, body, header=header), timeout=60)


@cache
def rendered(format_: Format, body: str = BODY, header: str = HEADER) -> bytes:
    return render_embedded(source_of(body, header), format_, timeout=60)


def page(body: str = BODY, header: str = HEADER) -> str:
    return rendered("html", body, header).decode()


def word(part: str = "word/document.xml", body: str = BODY, header: str = HEADER) -> str:
    with zipfile.ZipFile(io.BytesIO(rendered("docx", body, header))) as archive:
        return archive.read(part).decode()


def text_of(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", markup).split())


class Tags(html.parser.HTMLParser):
    """All start tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("format_", ["html", "pdf", "docx"])
def test_the_same_document_gives_the_same_bytes(format_: Format, tmp_path: Path) -> None:
    again = read_source(write_document(tmp_path), timeout=60)
    assert render_embedded(again, format_, timeout=60) == rendered(format_)


def test_each_format_begins_as_its_kind_does() -> None:
    starts = {"html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "docx": b"PK"}
    formats: tuple[Format, ...] = ("html", "pdf", "docx")
    assert all(rendered(format_).startswith(starts[format_]) for format_ in formats)


def test_versions_are_those_of_the_programs_in_use() -> None:
    assert re.fullmatch(r"pandoc [\d.]+", embedded_version("html"))
    assert re.fullmatch(r"pandoc [\d.]+, Typst [\d.]+", embedded_version("pdf"))


def test_figures_and_tables_are_numbered_in_order_and_references_link_to_them() -> None:
    assert '<a href="#fig-first">Figure\N{NO-BREAK SPACE}1</a>' in page()
    assert '<a href="#fig-second">2</a>' in page()
    assert "<strong>Figure\N{NO-BREAK SPACE}2:</strong> The second figure." in page()
    assert "<strong>Table\N{NO-BREAK SPACE}1:</strong> Scores." in page()


def test_literature_in_the_brackets_of_a_reference_stays_cited() -> None:
    assert 'see\N{NO-BREAK SPACE}1</a>, <span class="citation"' in page()
    assert "Known, Ada. 1999." in text_of(page())


def test_a_page_has_one_title_a_language_and_contents() -> None:
    tags = Tags(page())
    assert tags.of("html") == [{"lang": "en"}]
    assert len(tags.of("h1")) == 1
    assert {"class": "contents", "aria-label": "Contents"} in tags.of("nav")
    assert "By image" not in page().partition("<main")[0]


def test_a_page_asks_for_nothing_and_runs_nothing() -> None:
    tags = Tags(page())
    assert not tags.of("script") + tags.of("link") + tags.of("iframe")
    assert all(str(image["src"]).startswith("data:image/") for image in tags.of("img"))
    policy = next(meta["content"] for meta in tags.of("meta") if "http-equiv" in meta)
    assert str(policy).startswith("default-src 'none'; img-src data:;")


def test_images_have_alt_texts_or_else_their_captions() -> None:
    assert [image["alt"] for image in Tags(page()).of("img")] == ['A black "box".', "The second figure."]


def test_tables_scroll_by_keyboard_and_are_named_by_their_captions() -> None:
    tags = Tags(page())
    label = {"aria-labelledby": "tbl-scores-caption"}
    assert {"class": "frame", "role": "group", "tabindex": "0", **label} in tags.of("div")
    assert tags.of("table") == [label]
    assert {"id": "tbl-scores-caption", "class": "caption"} in tags.of("div")


def test_a_table_or_figure_without_a_name_is_shown_without_a_number() -> None:
    text = page("|a|\n|---|\n|b|\n\n![Loose.](figures/first.svg)\n\n|c|\n|---|\n|d|\n\n: Loose.\n")
    assert 'aria-label="Table"' in text
    assert text.count("Loose.") == 3  # two captions and an alt text
    assert "Figure" not in text_of(text.partition("<main")[2])


def test_only_prose_in_tables_takes_several_lines() -> None:
    text = page("|a|b|\n|---|---|\n|0.5 ± 0.1|A sentence of more than thirty-two characters.|\n")
    assert "<td>0.5 ± 0.1</td>" in text
    assert '<td class="prose">A sentence' in text


def test_callouts_are_named_by_attribute_heading_or_kind() -> None:
    titles = re.findall(r'<div class="callout-title">\s*(.*?)\s*</div>', page())
    assert titles == ["Simulated data", "By attribute", "Warning"]
    assert 'class="callout callout-important" role="note"' in page()


def test_tabs_stand_one_under_the_other() -> None:
    assert re.search(r"By image</h4>\s*<p>Tab one.</p>\s*<h4[^>]*>By subject</h4>\s*<p>Tab two.", page())


def test_mathematics_is_mathml() -> None:
    assert "<msup><mi>k</mi><mn>2</mn></msup>" in page()


def test_the_footer_tells_the_engine() -> None:
    assert (
        f"Rendered by the embedded renderer ({embedded_version('html')})." in page().partition("<footer>")[2]
    )
    assert word().count("Rendered by the embedded renderer (pandoc") == 1


def test_a_pdf_is_tagged_with_headings_alt_texts_header_cells_and_links() -> None:
    content = rendered("pdf")
    assert b'/Alt(A black "box".)' in content
    assert b"/S/TH" in content
    assert b"/Title(Data)" in content
    assert content.count(b"/Subtype/Link") >= 6


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("title", ["many words " * 40, "x" * 300, "*one* `two` " * 40, "short"])
def test_a_title_of_any_length_fits_the_head_of_the_pages(title: str) -> None:
    body = "Text.\n\n" * 100
    assert rendered("pdf", body, f"---\ntitle: '{title}'\n---\n").startswith(b"%PDF")


def test_a_long_table_goes_over_pages() -> None:
    rows = "\n".join(f"| {row} |" for row in range(200))
    content = rendered("pdf", f"| Number |\n|---|\n{rows}\n\n: Long. {{#tbl-long}}\n")
    assert len(re.findall(rb"/Type ?/Page\b", content)) > 2


def test_the_last_rows_of_a_table_stay_on_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []

    def keep(source: bytes, **_: object) -> bytes:
        written.append(source)
        return b""

    monkeypatch.setattr(embedded, "compile_pdf", keep)
    for n_rows in (5, 6):
        rows = "\n".join(f"| r{number} | {number} |" for number in range(n_rows))
        render_embedded(
            source_of(f"| a | b |\n|:--|--:|\n{rows}\n\n: T {{#tbl-t}}\n", HEADER), "pdf", timeout=60
        )
    few, many = (source.decode() for source in written)
    assert "table.footer([" not in few
    foot = many[many.index("table.footer([") :]
    assert [f"[r{number}]" in foot for number in range(6)] == [False, False, False, True, True, True]
    assert many.count("table.hline()") == few.count("table.hline()")  # below the headings alone


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("columns", [1, 12, 30])
def test_tables_of_any_width_are_set(columns: int) -> None:
    lines = ["Heading", "---", "0.1234 ± 0.0123"]
    table = "\n".join("|" + f" {cell} |" * columns for cell in lines)
    assert rendered("pdf", f"{table}\n\n: Wide. {{#tbl-wide}}\n").startswith(b"%PDF")


def test_a_docx_has_the_title_the_numbers_the_links_and_the_alt_texts() -> None:
    text = word()
    assert "A small report" in text_of(text)
    assert "Figure 1: The first figure." in text_of(text)
    assert 'w:anchor="fig-first"' in text
    assert 'descr="A black &quot;box&quot;."' in text


def test_a_docx_takes_the_png_beside_an_svg(tmp_path: Path) -> None:
    def media(document: Path) -> set[str]:
        content = render_embedded(read_source(document, timeout=60), "docx", timeout=60)
        return {
            Path(name).suffix
            for name in zipfile.ZipFile(io.BytesIO(content)).namelist()
            if name.startswith("word/media/")
        }

    document = write_document(tmp_path)
    assert media(document) == {".svg", ".png"}
    png = tmp_path / "figures" / "first.png"
    png.symlink_to(tmp_path / "figures" / "second.png")
    assert media(document) == {".svg", ".png"}
    png.unlink()
    png.write_bytes(PNG)
    assert media(document) == {".png"}


def test_sections_are_numbered_and_referred_to_where_the_header_asks_for_it() -> None:
    headings = "## One {#sec-one}\n\n## Two\n\n### Inner {#sec-inner}\n\n## Out {.unnumbered}\n\n"
    text = page(f"{headings}@sec-one @sec-inner", "---\ntitle: T\nnumber-sections: true\n---\n")
    assert '<h2 id="sec-one">1 One</h2>' in text
    assert '<h3 id="sec-inner">2.1 Inner</h3>' in text
    assert ">Out</h2>" in text
    assert '<a href="#sec-inner">Section\N{NO-BREAK SPACE}2.1</a>' in text


def test_headings_begin_below_the_title_whatever_their_level() -> None:
    text = page("### Deep\n\n#### Deeper\n")
    assert re.findall(r"<(h\d)", text) == ["h1", "h2", "h3"]


@pytest.mark.parametrize(
    "body, complaint",
    [
        ("See @fig-none and [@tbl-none].", r"Unable to resolve crossref @fig-none, @tbl-none\."),
        ("## A {#sec-a}\n\n@sec-a", r"Unable to resolve crossref @sec-a: sections .* number-sections: true"),
        (
            "![A](figures/first.svg){#fig-a}\n\n![B](figures/first.svg){#fig-a}",
            r"Two elements are called #fig-a\.",
        ),
        ("[@nobody]", "citation nobody not found"),
    ],
)
@pytest.mark.parametrize("format_", ["html", "pdf", "docx"])
def test_what_leads_nowhere_is_an_error(format_: Format, body: str, complaint: str) -> None:
    with pytest.raises(RenderingError, match=complaint):
        rendered(format_, body)


def test_hostile_text_is_shown_and_does_nothing_in_html() -> None:
    tags = Tags(page(HOSTILE))
    assert not tags.of("script")
    assert len(tags.of("img")) == 1
    assert not [name for _, attributes in tags.found for name in attributes if name.startswith("on")]
    assert "javascript:" not in page(HOSTILE)
    text = text_of(page(HOSTILE))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{&lt; include /etc/passwd &gt;}}" in text
    assert "root:" not in text


def test_hostile_text_is_shown_and_does_nothing_in_pdf_and_docx() -> None:
    assert rb'/Alt(a" \) #panic\(\) \\ <b>)' in rendered("pdf", HOSTILE)
    text = text_of(word(body=HOSTILE))
    assert "#read(“/etc/passwd”)" in text
    assert "root:" not in text


def test_a_hostile_header_is_shown_and_does_nothing() -> None:
    header = """---
title: '<script>alert(1)</script> #panic() "] $x$'
author: 'Robert") #panic() //'
css: https://example.org/x.css
header-includes: '<script>alert(2)</script>'
---
"""
    tags = Tags(page("Text.", header))
    assert not tags.of("script") + tags.of("link")
    assert rendered("pdf", "Text.", header).startswith(b"%PDF")


def test_a_data_uri_holds_the_whole_file(tmp_path: Path) -> None:
    write_document(tmp_path)
    assert data_uri(tmp_path / "figures" / "second.png").startswith("data:image/png;base64,iVBOR")
    assert len(data_uri(tmp_path / "figures" / "first.svg")) > len(SVG)


CREATED = datetime(2025, 3, 4, tzinfo=UTC)


def test_the_version_is_told() -> None:
    assert typst_version().count(".") == 2


def test_a_pdf_tells_the_time_it_was_given(tmp_path: Path) -> None:
    content = compile_pdf(b"Text.", root=tmp_path, created=CREATED, timeout=60)
    assert content.startswith(b"%PDF")
    assert b"D:20250304000000" in content


@pytest.mark.parametrize(
    "source, reason",
    [
        (b'#read("/etc/hostname")', "file not found"),
        (b'#read("../secret")', "would escape the project root; cannot access files outside"),
        (b"#link(<nowhere>)[x]", "label `<nowhere>` does not exist"),
    ],
)
def test_what_typst_refuses_is_told(tmp_path: Path, source: bytes, reason: str) -> None:
    (tmp_path / "secret").touch()
    (tmp_path / "root").mkdir()
    with pytest.raises(RenderingError, match=f"PDF can't be made: .*{reason}"):
        compile_pdf(source, root=tmp_path / "root", created=CREATED, timeout=60)


def test_a_document_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    endless = b"#let n = 0\n#while true { n += 1 }\n#context while true { n += 1 }"
    with refused("program_too_slow"):
        compile_pdf(endless, root=tmp_path, created=CREATED, timeout=0)


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are Linux's")
@pytest.mark.parametrize(
    "program, said, lacks_memory",
    [
        ("import os; os.abort()", "was ended by SIGABRT", True),
        ("import os; os.kill(os.getpid(), 9)", "was ended by SIGKILL", True),
        ("import os; os.kill(os.getpid(), 15)", "was ended by SIGTERM", False),
        ("import os; os.kill(os.getpid(), 40)", "was ended by signal 40", False),
        ("raise MemoryError", r"ended without a result \(MemoryError\)", True),
        ("raise MemoryError('of pages')", r"ended without a result \(MemoryError: of pages\)", True),
        ("import no_typst", r"ended without a result \(ModuleNotFoundError: No module .*\)", False),
        ("import sys; sys.exit(7)", r"ended without a result \(code 7\)", False),
    ],
)
def test_a_child_that_dies_is_one_sentence_with_a_way_on(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    said: str,
    lacks_memory: bool,  # noqa: FBT001
) -> None:
    child = tmp_path / "child.py"
    child.write_text(program)
    monkeypatch.setattr(embedded, "CHILD", child)
    with pytest.raises(RenderingError, match=rf"The PDF can't be made: Typst {said}.* --to html") as raised:
        compile_pdf(b"Text.", root=tmp_path, created=CREATED, timeout=60)
    assert ("memory" in str(raised.value)) is lacks_memory
    assert "\n" not in str(raised.value)


def test_a_letter_that_typst_lacks_comes_from_the_font_of_the_figures(tmp_path: Path) -> None:
    content = compile_pdf("متلازمة".encode(), root=tmp_path, created=CREATED, timeout=60)
    assert b"DejaVuSans" in content
