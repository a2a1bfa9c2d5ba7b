"""Work on several threads."""

import threading

import numpy as np
import pytest

from skknn_syndrome.neighbors.threads import on_threads


@pytest.mark.parametrize("n_threads", [1, 3])
def test_results_come_in_the_order_of_the_tasks(n_threads: int) -> None:
    assert on_threads(lambda task: task**2, range(20), n_threads) == [task**2 for task in range(20)]


def test_one_thread_is_the_callers() -> None:
    assert on_threads(lambda _: threading.current_thread(), [0], 1) == [threading.current_thread()]


def test_numpys_error_state_goes_along() -> None:
    with np.errstate(over="ignore"):
        assert on_threads(lambda task: np.float32(task) * np.float32(1e30), [1e30, 0.0], 2) == [np.inf, 0]


def test_an_error_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError, match="by zero"):
        on_threads(lambda task: 1 // task, range(5), 2)
