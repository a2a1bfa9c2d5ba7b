"""Every kernel, compiled and as plain Python, wherever the project lies."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from scipy.spatial.distance import cdist

from skknn_syndrome.neighbors.certified import kernels
from skknn_syndrome.neighbors.certified.kernels import RUN, TOGETHER, Lists, cached

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


Kernel = Callable[..., Any]


COMPILED = pytest.param(
    "compiled", marks=pytest.mark.no_cover
)  # coverage sees no line, and doubles compiling


@pytest.fixture(name="kernel", params=[COMPILED, "plain"])
def _kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Kernel]:
    if request.param == "compiled":
        return lambda name: getattr(kernels, name)
    plain = {name: value.py_func for name, value in vars(kernels).items() if hasattr(value, "py_func")}
    for name, function in plain.items():  # so that one calls the other
        monkeypatch.setattr(kernels, name, function)
    return plain.__getitem__


def lists_of(n_queries: int, capacity: int, below: float) -> Lists:
    return (
        np.zeros((n_queries, capacity), dtype=np.int64),
        np.zeros(n_queries, dtype=np.int32),
        np.full(n_queries, below, dtype=np.float32),
    )


def listed(lists: Lists, query: int) -> set[int]:
    keys, lengths, _ = lists
    return {int(key) & kernels.ROW_BITS for key in keys[query, : lengths[query]]}


@given(
    one=st.tuples(st.floats(width=32, allow_nan=False), st.integers(0, 2**31 - 1)),
    other=st.tuples(st.floats(width=32, allow_nan=False), st.integers(0, 2**31 - 1)),
)
def test_keys_order_as_scores_and_tell_score_and_row(
    one: tuple[float, int], other: tuple[float, int]
) -> None:
    first, second = (kernels.make_key.py_func(np.float32(score), row) for score, row in (one, other))
    if one[0] != other[0]:
        assert (first < second) == (one[0] < other[0])
    assert kernels.score_of.py_func(first) == np.float32(one[0])
    assert first & kernels.ROW_BITS == one[1]


def test_selection_brings_the_smallest_to_the_front(kernel: Callable[[str], Kernel]) -> None:
    generator = np.random.default_rng(0)
    make_key, select = kernel("make_key"), kernel("select")
    for _ in range(20):
        scores = generator.integers(-3, 4, 17).astype(np.float32)  # many ties
        keys = np.array([make_key(score, row) for row, score in enumerate(scores)])
        rank = int(generator.integers(1, 17))
        limit = select(keys, 17, rank)
        assert limit == np.sort(scores)[rank - 1]
        assert set(keys[:rank]) == set(np.sort(keys)[:rank])


def test_a_full_list_keeps_the_smallest_and_lowers_its_threshold(kernel: Callable[[str], Kernel]) -> None:
    lists = lists_of(1, 4, np.inf)
    for row, score in enumerate([5.0, 1.0, 4.0, 2.0]):
        kernel("push")(*lists, 0, np.float32(score), row, 2)
    assert listed(lists, 0) == {1, 3}
    assert lists[2][0] == 2


def test_lists_are_cut_where_they_are_longer(kernel: Callable[[str], Kernel]) -> None:
    lists = lists_of(2, 8, np.inf)
    for row, score in enumerate([5.0, 1.0, 4.0]):
        kernel("push")(*lists, 0, np.float32(score), row, 8)
    kernel("push")(*lists, 1, np.float32(9), 7, 8)
    kernel("tighten")(lists, 0, 2, 2)
    assert (listed(lists, 0), listed(lists, 1)) == ({1, 2}, {7})
    assert lists[2].tolist() == [4, np.inf]


@pytest.mark.parametrize("itself", [False, True])
def test_a_scan_finds_what_is_below_the_thresholds_on_both_sides(
    kernel: Callable[[str], Kernel], *, itself: bool
) -> None:
    generator = np.random.default_rng(1)
    n_rows, n_columns = (2 * RUN, 2 * RUN) if itself else (5, 3 * RUN)
    size = 200
    product = generator.standard_normal((n_rows, n_columns)).astype(np.float32)
    halves, inverses = generator.random((2, size)).astype(np.float32)
    row, column = (0, 0) if itself else (100, 16)
    rows = lists_of(size, 150, -1.0), lists_of(size, 150, -0.7)
    columns = lists_of(size, 150, -1.2), lists_of(size, 150, -0.6)
    values = halves, inverses
    kernel("scan")(product, (row, column), itself, values, values, rows, columns, 100)
    for i in range(n_rows):
        others = np.arange(column, column + n_columns) != (row + i if itself else -1)
        euclidean = (halves[column : column + n_columns] - product[i] < np.float32(-1.0)) & others
        cosine = (-product[i] * inverses[column : column + n_columns] < np.float32(-0.7)) & others
        assert listed(rows[0], row + i) == set((np.flatnonzero(euclidean) + column).tolist())
        assert listed(rows[1], row + i) == set((np.flatnonzero(cosine) + column).tolist())
    for j in range(n_columns):
        euclidean = halves[row : row + n_rows] - product[:, j] < np.float32(-1.2)
        cosine = -product[:, j] * inverses[row : row + n_rows] < np.float32(-0.6)
        assert listed(columns[0], column + j) == set((np.flatnonzero(euclidean) + row).tolist())
        assert listed(columns[1], column + j) == set((np.flatnonzero(cosine) + row).tolist())


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_candidates", [1, TOGETHER, TOGETHER + 3])
def test_sums_of_squares_have_scipys_bits(
    kernel: Callable[[str], Kernel], dtype: type[np.floating[Any]], n_candidates: int
) -> None:
    generator = np.random.default_rng(2)
    rows = generator.standard_normal((20, 33)).astype(dtype)
    ids = generator.integers(0, 20, (4, n_candidates)).astype(np.int32)
    norms = np.linalg.norm(rows.astype(np.float64), axis=1)
    for divisors in (np.ones(20), norms):
        sums = np.empty((4, n_candidates))
        kernel("sum_squares")(rows[:4], rows, ids, divisors[:4], divisors, sums)
        divided = rows.astype(np.float64) / divisors[:, None]
        expected = cdist(divided[:4], divided, "sqeuclidean")
        np.testing.assert_array_equal(sums, np.take_along_axis(expected, ids.astype(np.intp), axis=1))
