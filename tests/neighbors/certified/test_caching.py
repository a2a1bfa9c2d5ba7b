"""Kernels run wherever the project lies."""

from pathlib import Path
from typing import Any

from numba import njit

from skknn_syndrome.neighbors.certified.caching import cached

SOURCE = "def twice(number): return 2 * number"


def compile_source(file: str) -> Any:
    names: dict[str, Any] = {"__name__": "of_a_test"}
    exec(compile(SOURCE, file, "exec"), names)  # noqa: S102  a function whose file is where we want it
    return cached(njit(names["twice"]))


def test_machine_code_is_kept_for_the_next_process(tmp_path: Path) -> None:
    file = tmp_path / "of_a_test.py"
    file.write_text(SOURCE, "utf-8")
    twice = compile_source(str(file))
    assert twice(3) == 6
    assert twice.stats.cache_path
    assert compile_source(str(file))(3) == 6


def test_where_it_can_be_kept_nowhere_it_is_made_all_the_same() -> None:
    twice = compile_source("<no file, beside which it could be kept>")
    assert twice(3) == 6
    assert twice.signatures
    assert not twice.stats.cache_path


def test_what_numba_does_not_compile_stays_as_it_is() -> None:
    assert cached(len) is len
