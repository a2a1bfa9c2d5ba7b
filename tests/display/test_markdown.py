"""Text and tables as Markdown that does nothing."""

import json
import subprocess

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome.display.markdown import escape_markdown, to_markdown
from skknn_syndrome.display.table import Column, Table

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


def plain_text(markdown: str) -> str:
    """Return what a reader sees of Markdown, after checking that it is nothing but words."""
    command = [pypandoc.get_pandoc_path(), "--sandbox", "-f", "markdown+autolink_bare_uris", "-t", "json"]
    ended = subprocess.run(command, input=markdown, capture_output=True, encoding="utf-8", check=True)
    blocks = json.loads(ended.stdout)["blocks"]
    inlines = [inline for block in blocks for inline in block["c"]]
    assert {block["t"] for block in blocks} <= {"Para"}
    assert {inline["t"] for inline in inlines} <= {"Str", "Space"}
    return "".join(inline.get("c", " ") for inline in inlines)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(text: str) -> None:
    shown = plain_text(f"x{escape_markdown(text)}x")
    expected = "".join(char if char.isprintable() else "\ufffd" for char in text)
    assert shown == f"x{expected}x"


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=60))
def test_no_text_becomes_anything_but_words(text: str) -> None:
    plain_text(f"x{escape_markdown(text)}x")


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
    assert to_markdown(table).splitlines()[2] == "| t\\-SNE | \N{MINUS SIGN}0\\.5000 |"
