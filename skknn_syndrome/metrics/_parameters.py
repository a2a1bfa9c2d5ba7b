"""Checks of parameter types and values, as scikit-learn's public functions make them."""

from collections.abc import Callable, Mapping, Sequence
from typing import ParamSpec, TypeVar, cast

from sklearn.utils._param_validation import validate_params

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def validated(
    constraints: Mapping[str, Sequence[object]],
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Refuse arguments that do not fulfil scikit-learn's constraints.

    Parameters
    ----------
    constraints : mapping of str to sequence
        Parameter name -> what is allowed, in the form of scikit-learn's ``_parameter_constraints``.

    Returns
    -------
    callable
        A decorator. The function it returns raises ``InvalidParameterError`` (a ``ValueError`` and a
        ``TypeError``) before anything is computed.
    """
    # scikit-learn ships no types; the cast keeps the signature of the decorated function for mypy.
    return cast(
        "Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]",
        validate_params(dict(constraints), prefer_skip_nested_validation=True),
    )
