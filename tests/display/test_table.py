"""Tables, and their Markdown."""

import csv
import io
import json
import subprocess

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome.display.markdown import escape_markdown, to_markdown
from skknn_syndrome.display.table import Column, Table


def one_cell(cell: str | float | None) -> Table:
    return Table("t", "caption", (Column("a", "A", decimals=2),), ((cell,),))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_csv_keeps_every_digit(number: float) -> None:
    assert float(one_cell(number).to_csv().splitlines()[1]) == number


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_takes_no_text_for_a_formula(start: str) -> None:
    rows = list(csv.reader(io.StringIO(one_cell(f"{start}cmd|calc").to_csv(), newline="")))
    assert rows[1] == [f"'{start}cmd|calc"]


def test_a_negative_number_stays_a_number_in_csv() -> None:
    assert one_cell(-0.5).to_csv() == "a\r\n-0.5\r\n"


def test_none_is_an_empty_cell_in_csv_and_a_dash_for_people() -> None:
    assert one_cell(None).to_csv() == 'a\r\n""\r\n'
    assert one_cell(None).to_text() == [["\N{EN DASH}"]]


def test_people_see_rounded_numbers_and_grouped_counts() -> None:
    assert one_cell(0.12345).to_text() == [["0.12"]]
    assert one_cell(-0.001).to_text() == [["0.00"]]
    assert one_cell(-0.5).to_text() == [["-0.50"]]
    assert one_cell(1116).to_text() == [["1,116"]]


def test_people_see_short_text_on_one_line_that_runs_one_way() -> None:
    assert one_cell("a\nb\u202ec").to_text() == [["a\ufffdb\ufffdc"]]
    assert len(one_cell("x" * 5_000_000).to_text()[0][0]) == 80


def test_some_columns_alone_are_shown_where_there_is_little_room() -> None:
    table = Table("t", "", (Column("a", "A"), Column("b", "B"), Column("c", "C")), ((1, 2, 3),))
    narrow = table.only("a", "c")
    assert ([column.key for column in narrow.columns], narrow.rows) == (["a", "c"], ((1, 3),))


def test_what_is_too_small_to_show_is_shown_as_less() -> None:
    column = Column("p", "p", decimals=3, least=0.001)
    table = Table("t", "", (column,), ((0.0004,), (0.001,), (0.0,), (-1.0,)))
    assert table.to_text() == [["< 0.001"], ["0.001"], ["< 0.001"], ["-1.000"]]


HOSTILE = [
    "<script>alert(1)</script>",
    "{{< include /etc/passwd >}}",
    "```{python}\nimport os\n```",
    "$x$ and \\(y\\)",
    "a\nb\r\nc\u2028d",
    "\u202eesrever",
    '=HYPERLINK("http://x")',
    "[link](http://x) ![image](x.png)",
    "@fig-x [@key] {#id .class}",
    "# heading | cell",
    "&lt; &#60;",
    "http://example.org",
    "-- ... 'quotes'",
]


def plain_texts(*paragraphs: str) -> list[str]:
    """Return what a reader sees of paragraphs of Markdown, after checking that they are nothing but words."""
    command = [pypandoc.get_pandoc_path(), "--sandbox", "-f", "markdown+autolink_bare_uris", "-t", "json"]
    text = "\n\n".join(paragraphs)
    ended = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=True)
    blocks = json.loads(ended.stdout)["blocks"]
    inlines = [inline for block in blocks for inline in block["c"]]
    assert {block["t"] for block in blocks} <= {"Para"}
    assert {inline["t"] for inline in inlines} <= {"Str", "Space"}
    return ["".join(inline.get("c", " ") for inline in block["c"]) for block in blocks]


def test_hostile_text_is_shown_as_text() -> None:
    shown = plain_texts(*(f"x{escape_markdown(text)}x" for text in HOSTILE))
    expected = ["".join(char if char.isprintable() else "\ufffd" for char in text) for text in HOSTILE]
    assert shown == [f"x{text}x" for text in expected]


@settings(max_examples=5, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=4, max_size=8))
def test_no_text_becomes_anything_but_words(texts: list[str]) -> None:
    assert len(plain_texts(*(f"x{escape_markdown(text)}x" for text in texts))) == len(texts)


def test_long_text_is_cut() -> None:
    assert len(escape_markdown("x" * 5_000_000, longest=50)) == 50


def test_a_table_has_alignment_caption_and_a_label_for_references() -> None:
    table = Table("best_k", "Best | k", (Column("a", "Name"), Column("b", "k")), (("x|y", 15), ("z", None)))
    assert to_markdown(table).splitlines() == [
        "| Name | k |",
        "|:---|---:|",
        r"| x\|y | 15 |",
        "| z | \N{EN DASH} |",
        "",
        r": Best \| k {#tbl-best-k}",
    ]
    assert to_markdown(table, label="other").endswith("{#tbl-other}")


def test_numbers_have_a_true_minus_sign_and_names_keep_their_hyphens() -> None:
    table = Table("t", "", (Column("a", "A"), Column("b", "B")), (("t-SNE", -0.5),))
    assert to_markdown(table).splitlines()[2] == "| t\\-SNE | \N{MINUS SIGN}0\\.500 |"
