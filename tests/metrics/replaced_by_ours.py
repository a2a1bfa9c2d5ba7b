"""A pytest plugin that puts this package's metrics in the place of scikit-learn's, and counts their calls."""

import functools
import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
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
    def count_and_call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (any function)
        _calls[function.__name__] += 1
        return function(*args, **kwargs)

    return count_and_call


def replace_everywhere(theirs: Callable[..., Any], ours: Callable[..., Any]) -> None:
    """Rebind every name in a module of scikit-learn, and every scorer, that holds `theirs`."""
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] == "sklearn"]
    for module in modules:
        for name, value in list(vars(module).items()):
            if value is theirs:
                setattr(module, name, ours)
    for scorer in _SCORERS.values():
        if scorer._score_func is theirs:
            scorer._score_func = ours


# At import, which is before any test module is collected: these take the functions by name.
for _name in NAMES:
    replace_everywhere(getattr(sklearn.metrics, _name), counted(getattr(metrics, _name)))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    folder = Path(os.environ[CALLS_FOLDER])
    (folder / f"{os.getpid()}.json").write_text(json.dumps(_calls), encoding="utf-8")
