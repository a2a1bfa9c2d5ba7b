"""Comparing a function of ours with scikit-learn's of the same name: value, warnings and errors."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import sklearn.metrics
from numpy.typing import NDArray

from skknn_syndrome import metrics

Outcome = tuple[list[NDArray[Any]], str, list[tuple[str, str]]]
"""Returned arrays, error, and the (category, message) of each warning."""


def outcome(function: Callable[..., Any], *args: object, **options: object) -> Outcome:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = function(*args, **options)
        except ValueError as error:
            return [], str(error), []
    values = [np.asarray(value) for value in (result if isinstance(result, tuple) else (result,))]
    return values, "", sorted((warning.category.__name__, str(warning.message)) for warning in caught)


def scikit_learns_scorer(name: str) -> Any:
    """Return scikit-learn's scorer of this name; it has none of kappa, but the function."""
    if name == "cohen_kappa":
        return sklearn.metrics.make_scorer(sklearn.metrics.cohen_kappa_score)
    return sklearn.metrics.get_scorer(name)


def assert_agree(name: str, *args: object, **options: object) -> None:
    """Call ours and scikit-learn's function of this name and demand the same outcome."""
    ours, error, warned = outcome(getattr(metrics, name), *args, **options)
    theirs, expected_error, expected_warned = outcome(getattr(sklearn.metrics, name), *args, **options)
    # Before 1.9, scikit-learn puts commas between classes.
    assert error.replace(", ", " ") == expected_error.replace(", ", " ")
    assert warned == expected_warned
    assert len(ours) == len(theirs)
    for value, expected in zip(ours, theirs, strict=True):
        if expected.dtype == object:  # None, for no support
            assert value == expected
        else:
            np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-14, strict=False)
