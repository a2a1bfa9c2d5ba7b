"""Tables as HTML and LaTeX."""

import shutil
import subprocess
from pathlib import Path

import pypandoc
import pytest

from skknn_syndrome.display.styled import latex_text, to_html, to_latex
from skknn_syndrome.display.table import Column, Table

HOSTILE = ("<script>alert(1)</script>", r"\input{/etc/passwd}", "50 % & a_b # $x$ ^ ~ {", r"\\ \hline")


def hostile() -> Table:
    """Return a table of hostile labels, headings and caption."""
    columns = Column("name", HOSTILE[0] + HOSTILE[1] + HOSTILE[2]), Column("value", "Value", decimals=2)
    return Table("per_class", " ".join(HOSTILE), columns, tuple((label, -0.125) for label in HOSTILE))


def test_html_shows_hostile_text_and_runs_none_of_it() -> None:
    text = to_html(hostile())
    assert "<script" not in text
    assert text.count("&lt;script&gt;") == 3
    assert pypandoc.convert_text(text, "plain", format="html").count("alert(1)") == 3


def test_latex_reads_no_file_and_comments_nothing_out() -> None:
    text = to_latex(hostile())
    assert "\\input" not in text
    assert text.count("\\textbackslash input\\{/etc/passwd\\}") == 3
    # As LaTeX would read it: all cells are there, with the text that they had.
    plain = pypandoc.convert_text(text, "plain", format="latex", extra_args=["--sandbox", "--columns=300"])
    for label in HOSTILE:
        assert "".join(label.split()) in "".join(plain.split())


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX on this machine")
def test_latex_is_typeset(tmp_path: Path) -> None:
    document = "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{booktabs}\\begin{document}\n"
    source = f"{document}{to_latex(hostile())}\\end{{document}}"
    subprocess.run(["pdflatex", "-halt-on-error"], input=source, text=True, check=True, cwd=tmp_path)  # noqa: S607


def test_both_round_as_readers_see_it_and_use_their_words() -> None:
    columns = Column("metric", "Distance"), Column("n", "n"), Column("mean", "Mean", decimals=3)
    table = Table("t", "Scores", columns, (("euclidean", 1116, -0.12345), ("cosine", 2, None)))
    for text in (to_html(table), to_latex(table)):
        assert all(said in text for said in ("Euclidean", "1,116", "0.123", "Scores"))
    assert "\N{MINUS SIGN}0.123" in to_html(table)
    assert "$-$0.123" in to_latex(table)


def test_two_columns_may_have_one_heading() -> None:
    table = Table("t", "", (Column("a", "Same"), Column("b", "Same")), (("x", "y"),))
    assert to_html(table).count("Same") == 2
    assert to_latex(table, label="tab:mine").count("Same") == 2
    assert "\\label{tab:mine}" in to_latex(table, label="tab:mine")


def test_the_same_table_gives_the_same_text() -> None:
    assert to_html(hostile()) == to_html(hostile())


def test_text_of_latex_is_escaped() -> None:
    assert latex_text("a_b < 5 %") == "a\\_b $<$ 5 \\%"


def test_a_data_frame_has_all_digits() -> None:
    table = Table("t", "", (Column("a", "A", decimals=1),), ((0.12345,), (None,)))
    assert table.to_frame()["a"].tolist()[0] == 0.12345
    assert table.to_frame()["a"].isna().tolist() == [False, True]
