"""Checks of parameters as scikit-learn makes them."""

from inspect import signature

import pytest
from sklearn.utils._param_validation import InvalidParameterError

from skknn_syndrome.metrics._parameters import validated


@validated({"number": [int], "free": "no_validation"})
def doubled(number: int, free: object = None) -> tuple[int, object]:
    """Twice the number."""
    return 2 * number, free


def test_arguments_that_fulfil_their_constraints_pass() -> None:
    assert doubled(2, free="anything") == (4, "anything")


def test_others_are_refused_by_name_before_the_function_runs() -> None:
    with pytest.raises(
        InvalidParameterError, match="The 'number' parameter of doubled must be an instance of 'int'"
    ):
        doubled("2")  # type: ignore[arg-type]


def test_signature_and_docstring_stay() -> None:
    assert list(signature(doubled).parameters) == ["number", "free"]
    assert doubled.__doc__ == "Twice the number."
