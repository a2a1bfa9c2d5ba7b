"""A pytest plugin that runs scikit-learn's tests of metrics with ours in their place, and counts calls."""

import functools
import inspect
import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
import sklearn.metrics
from sklearn.metrics._scorer import _SCORERS

from skknn_syndrome import metrics

CALLS_FOLDER = "SKKNN_SYNDROME_CALLS"
"""Environment variable: folder in which every process leaves its counts."""

NAMES = sorted(set(metrics.__all__) & set(sklearn.metrics.__all__))
"""Functions that both packages have."""

_calls: Counter[str] = Counter()


def counted(function: Callable[..., Any]) -> Callable[..., Any]:
    # `wraps` keeps the signature and the parameter constraints, at which scikit-learn's tests look.
    @functools.wraps(function)
    def count_and_call(*args: Any, **kwargs: Any) -> Any:
        _calls[function.__name__] += 1
        return function(*args, **kwargs)

    return count_and_call


def replace_everywhere(theirs: Callable[..., Any], ours: Callable[..., Any]) -> None:
    """Rebind every name in a module of scikit-learn, and in a scorer, that stands for `theirs`."""
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] == "sklearn"]
    for holder in (*modules, *_SCORERS.values()):
        for name, value in list(vars(holder).items()):
            if value is theirs:
                setattr(holder, name, ours)


def pytest_configure() -> None:
    # Before any test module is imported, for these take the functions by name. Not when this module is
    # imported: the test that starts the plugin does that too, in a process which keeps scikit-learn's.
    for name in NAMES:
        replace_everywhere(getattr(sklearn.metrics, name), counted(getattr(metrics, name)))


def module_of(value: object) -> str:
    return str(getattr(value, "__module__", ""))


def reaches_ours(function: Any, seen: set[Any]) -> bool:
    """Return whether a function is one of ours, or names one, be it by way of others of the metrics."""
    if module_of(function).startswith("skknn_syndrome."):
        return True
    if ".metrics." not in module_of(function) or not callable(function):
        return False
    plain = inspect.unwrap(function)
    if not isinstance(plain, FunctionType) or plain in seen:
        return False
    seen.add(plain)
    inner = [constant for constant in plain.__code__.co_consts if isinstance(constant, CodeType)]
    names = {name for code in (plain.__code__, *inner) for name in code.co_names}
    return any(reaches_ours(plain.__globals__.get(name), seen) for name in names)


def concerns_us(item: pytest.Function) -> bool:
    """Return whether a test of scikit-learn's is of a function of ours, or of several and may call one."""
    table = getattr(item.module, "ALL_METRICS", {})
    given = item.callspec.params.values() if hasattr(item, "callspec") else ()
    found = [table.get(value, value) if isinstance(value, str) else value for value in given]
    functions = [getattr(value, "func", value) for value in found]  # of a partial
    tested = [function for function in functions if ".metrics." in module_of(function)]
    if tested:
        return any(module_of(function).startswith("skknn_syndrome.") for function in tested)
    # Tests that go through a table of metrics name none.
    return bool(table) or reaches_ours(item.function, set())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Function]) -> None:
    chosen: list[pytest.Function] = []
    others: list[pytest.Function] = []
    for item in items:
        named = "test_public_functions" in item.nodeid  # on the command line, by the functions' names
        (chosen if named or concerns_us(item) else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = chosen


def pytest_sessionfinish() -> None:
    folder = Path(os.environ[CALLS_FOLDER])
    (folder / f"{os.getpid()}.json").write_text(json.dumps(_calls), encoding="utf-8")
