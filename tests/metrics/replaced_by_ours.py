"""A pytest plugin that puts this package's metrics in the place of scikit-learn's, and counts their calls."""

import functools
import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


def pytest_sessionfinish() -> None:
    folder = Path(os.environ[CALLS_FOLDER])
    (folder / f"{os.getpid()}.json").write_text(json.dumps(_calls), encoding="utf-8")
