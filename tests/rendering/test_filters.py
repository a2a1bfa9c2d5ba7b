"""Filters from values to Markdown, and the programs that rendering runs."""

import json
import sys
import time
from pathlib import Path

import pytest

from skknn_syndrome.display.prose import NBSP, Markdown, adjusted, count, count_of, number, p, percent, signed
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.rendering.filters import FILTERS, as_markdown, code, day, method, table, yaml
from skknn_syndrome.rendering.processes import run_program
from skknn_syndrome.wording import sentence_list
from tests.comparison_builders import make_alternative
from tests.refusing import refused


def test_what_is_inserted_is_escaped_unless_it_is_markdown() -> None:
    assert as_markdown("a*b") == r"a\*b"
    assert as_markdown(Markdown("a*b")) == "a*b"
    assert as_markdown(7) == "7"


def test_numbers_have_fixed_decimals_and_a_true_minus_sign() -> None:
    assert number(0.12345) == "0.123"
    assert number(-0.5, 1) == "\N{MINUS SIGN}0.5"
    assert number(None) == "\N{EN DASH}"
    assert signed(0.25, 2) == "+0.25"
    assert signed(-0.25, 2) == "\N{MINUS SIGN}0.25"
    assert percent(0.1234) == f"12{NBSP}%"
    assert percent(None) == "\N{EN DASH}"
    assert count(1116) == "1,116"


@pytest.mark.parametrize("value, text", [(0.5, "p = 0.50"), (0.001, "p = 0.001"), (0.0009, "p < 0.001")])
def test_a_small_p_is_not_told_to_the_last_digit(value: float, text: str) -> None:
    assert p(value).replace(NBSP, " ") == text


@pytest.mark.parametrize(
    "items, text", [([], ""), (["a"], "a"), (["a", "b"], "a and b"), ([1, 2, 3], "1, 2 and 3")]
)
def test_items_are_listed_as_in_prose(items: list[object], text: str) -> None:
    assert sentence_list(items) == text


def test_what_rounds_to_zero_has_no_sign() -> None:
    assert number(-0.0004) == "0.000"
    assert signed(-0.0004) == "+0.000"


def test_one_thing_is_not_called_several() -> None:
    assert count_of(1, "subject") == "1 subject"
    assert count_of(1116, "image") == "1,116 images"


def test_methods_have_names_for_readers() -> None:
    assert method(make_alternative()) == "linear discriminant analysis"
    centroid = make_alternative(name="nearest_centroid", metric="euclidean")
    assert method(centroid) == "nearest centroid (Euclidean distance)"
    assert method(make_alternative(metric="cosine", n_neighbors=60)) == "k = 60 (cosine distance)"


def test_what_never_differs_has_no_p() -> None:
    assert adjusted(0.25) == f"p{NBSP}={NBSP}0.25"
    assert adjusted(None) == "no difference in any fold"


@pytest.mark.parametrize("moment", ["", "yesterday", '"\na: [b]\n#', "2025-03-041"])
def test_what_is_no_day_is_none(moment: str) -> None:
    assert day(moment) == ""
    assert day("2025-03-04T05:06") == "2025-03-04"


def test_a_code_span_can_not_be_left() -> None:
    assert "`" not in code("a`b")
    assert "{{<" not in code("{{< include x >}}")
    assert "\n" not in code("a\nb")


def test_a_header_value_is_yaml_and_markdown_at_once() -> None:
    assert json.loads(yaml('a "b" c.csv')) == r"a \"b\" c\.csv"


def test_a_table_without_rows_is_nothing() -> None:
    columns = (Column("a", "A"),)
    assert table(Table("t", "T", columns, ())) == ""
    assert table(Table("t", "T", columns, (("x",),))).startswith("| A |")


def test_every_filter_has_its_name() -> None:
    assert FILTERS["p"] is p
    assert FILTERS["title"]("f1_macro") == "macro F1"
    assert FILTERS["title"]("new_score") == "new_score"


SLOW_PARENT: list[str | Path] = ["/bin/sh", "-c", "sleep 60 & echo $! > child; wait"]
"""Has its child long before the time is out, also on a machine on which Python takes seconds to start."""


def python(code: str) -> list[str | Path]:
    return [sys.executable, "-c", code]


def is_alive(process: int) -> bool:
    """Return whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_output_log_and_exit_code_come_back(tmp_path: Path) -> None:
    code = "import sys; print(sys.stdin.read()); print('why', file=sys.stderr); sys.exit(3)"
    assert run_program(python(code), folder=tmp_path, timeout=30, text=b"in") == (3, b"in\n", "why\n")


def test_a_program_runs_in_the_folder_with_the_variables_added(tmp_path: Path) -> None:
    code = "import os; print(os.getcwd(), os.environ['ADDED'], 'PATH' in os.environ)"
    finished = run_program(python(code), folder=tmp_path, timeout=30, environment={"ADDED": "yes"})
    assert finished.output.decode() == f"{tmp_path} yes True\n"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_a_time_out_ends_the_children_too(tmp_path: Path) -> None:
    with refused("program_too_slow"):
        run_program(SLOW_PARENT, folder=tmp_path, timeout=2)
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(child)


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with refused("program_not_started"):
        run_program([tmp_path / "nowhere"], folder=tmp_path, timeout=1)
