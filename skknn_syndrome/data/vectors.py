"""Vectors: what may be an embedding, as an array, a list or text."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.data.identities import RefusalError
from skknn_syndrome.errors import EmbeddingsFileError, quote

_MATRIX = 2
_ROWS = (list, tuple, np.ndarray)


def read_vector(value: object, feature_names: Sequence[str] = ()) -> FloatArray:
    """Return a vector as numbers.

    Parameters
    ----------
    value : object
        An array of floats or integers of shape (d,) or (1, d), a list or tuple of numbers, or one of one.
    feature_names : sequence of str, default=()
        Columns that the values come from, for the sentence.

    Returns
    -------
    ndarray of shape (n_features,)
        float32 for arrays of float16 or float32, else float64 (to which wider floats are rounded).

    Raises
    ------
    RefusalError
        `missing_vector`, `not_numeric`, `not_finite`, or `wrong_length` for no values at all.

    Examples
    --------
    >>> read_vector([1, 2.5])
    array([1. , 2.5])
    """
    value = _only_row(value)
    if value is None:
        raise RefusalError("missing_vector", "it has no vector")
    if isinstance(value, np.ndarray):
        vector = _from_array(value)
    elif isinstance(value, (list, tuple)):
        vector = _from_numbers(value, feature_names)
    else:
        raise RefusalError("not_numeric", f"its vector is a {type(value).__name__}")
    if vector.size == 0:
        raise RefusalError("wrong_length", "its vector is empty")
    finite = np.isfinite(vector)
    if not finite.all():
        raise RefusalError("not_finite", f"{_place(int(finite.argmin()), feature_names)} is NaN or infinite")
    return vector


def _only_row(value: object) -> object:
    """Unwrap one vector from a batch of one; several are not one image's."""
    if isinstance(value, np.ndarray):
        if value.ndim != _MATRIX:
            return value
        rows: Sequence[object] | NDArray[Any] = value
        shape = f" (shape {value.shape})"
    elif isinstance(value, (list, tuple)) and value and all(isinstance(row, _ROWS) for row in value):
        rows, shape = value, ""
    else:
        return value
    if len(rows) != 1:
        raise RefusalError("not_numeric", f"it has {len(rows)} vectors{shape}, not one")
    return rows[0]


def _from_array(array: NDArray[Any]) -> FloatArray:
    if array.ndim != 1:
        raise RefusalError("not_numeric", f"its vector is an array of {array.ndim} dimensions, not of one")
    if array.dtype.kind not in "fiu":
        raise RefusalError("not_numeric", f"its vector is an array of {array.dtype}")
    return as_floats(array)


def as_floats(array: NDArray[Any]) -> FloatArray:
    """Return float16 and float32 as float32, and all other numbers as float64, in the machine's byte order.

    Examples
    --------
    >>> as_floats(np.ones(2, dtype=np.float16)).dtype, as_floats(np.ones(2, dtype=np.int8)).dtype
    (dtype('float32'), dtype('float64'))
    """
    if array.dtype.kind == "f" and array.dtype.itemsize <= np.dtype(np.float32).itemsize:
        return array.astype(np.float32, copy=False)
    with np.errstate(over="ignore"):  # a wider float that overflows becomes infinite, and is refused for that
        return array.astype(np.float64, copy=False)


def _from_numbers(values: Sequence[object], feature_names: Sequence[str]) -> FloatArray:
    if not {*map(type, values)} <= {float, int}:  # the quick way for what nearly all lists are
        for position, value in enumerate(values):
            _check_number(value, _place(position, feature_names))
    try:
        return np.array(values, dtype=np.float64)
    except OverflowError:
        raise RefusalError("not_finite", "its vector holds an integer beyond the range of float64") from None


def _check_number(value: object, place: str) -> None:
    if value is None:
        raise RefusalError("missing_vector", f"{place} is missing")
    if isinstance(value, bool) or not isinstance(value, (float, int, np.floating, np.integer)):
        what = "text" if isinstance(value, str) else f"a {type(value).__name__}"
        raise RefusalError("not_numeric", f"{place} is {what}")


def _place(position: int, feature_names: Sequence[str]) -> str:
    return (
        f"column {quote(feature_names[position])}" if feature_names else f"value {position + 1} of its vector"
    )


def is_text_vector(cell: str) -> bool:
    """Tell whether a cell is in brackets, as vectors are when they become text.

    Examples
    --------
    >>> is_text_vector("[0.1, 0.2]"), is_text_vector("0.1")
    (True, False)
    """
    text = cell.strip()
    return text.startswith("[") and text.endswith("]")


def read_text_vector(cell: str, place: str) -> list[float | str | None] | str | None:
    r"""Return the numbers of a vector that is text.

    Parameters
    ----------
    cell : str
        `[0.1, 0.2]`, or `[0.1 0.2\n 0.3]` as NumPy prints a vector; the brackets may be doubled, for a matrix
        of one row.
    place : str
        Where it is, such as "line 2", for the sentence.

    Returns
    -------
    list, str or None
        Numbers, or the text of what is none; the cell itself if it is no vector, and None if it is blank.

    Raises
    ------
    EmbeddingsFileError
        If NumPy has left values out when it printed the vector.

    Examples
    --------
    >>> read_text_vector("[0.1, 0.2]", "line 2"), read_text_vector("[[0.1 0.2\n  3.]]", "line 3")
    ([0.1, 0.2], [0.1, 0.2, 3.0])
    """
    if not cell or cell.isspace():
        return None
    if "..." in cell:
        raise EmbeddingsFileError(
            f"the vector in {place} is shortened ('...'), and its values are lost: save the table again "
            "as Parquet, or with numpy.set_printoptions(threshold=sys.maxsize)",
            code="shortened_vector",
        )
    text = cell.strip()
    while is_text_vector(text):
        text = text[1:-1].strip()
    if "[" in text or "]" in text or not is_text_vector(cell):
        return cell
    return [read_number(part) for part in (text.split(",") if "," in text else text.split())]


def read_number(cell: str) -> float | str | None:
    """Return the number in a cell, its text if it is none, and None if it is blank.

    Examples
    --------
    >>> read_number(" 0.5"), read_number("x"), read_number(" ")
    (0.5, 'x', None)
    """
    if not cell or cell.isspace():
        return None
    if "_" in cell or not cell.isascii():
        return cell  # float() would read 1_000 and digits of other scripts
    try:
        return float(cell)
    except ValueError:
        return cell
