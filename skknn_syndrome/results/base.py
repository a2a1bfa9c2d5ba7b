"""What all result models share."""

from collections.abc import Iterable, Sized
from itertools import islice
from typing import Final, NoReturn, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from skknn_syndrome.results.one_line import call_repr

Entry = TypeVar("Entry")


class Named(dict[str, Entry]):
    """Entries by name; who asks for a name that there isn't is told which there are."""

    def __missing__(self, name: object) -> NoReturn:
        """Name the choices."""
        message = f"there is no {name!r}, but {', '.join(map(repr, self))}"
        raise KeyError(message)


_DEPRECATED: Final = frozenset(
    {"construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj", "parse_raw", "schema"}
    | {"schema_json", "update_forward_refs", "validate"}
)
"""Names that pydantic keeps for its first version alone."""


class Result(BaseModel):
    """A frozen, typed piece of a study's result.

    Unknown fields are refused, so that a misspelt one can't vanish; NaN and infinity are refused, since
    JSON has neither and a `null` would not load again as a number.
    """

    # Built on first use: few verbs look at all models.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True, defer_build=True)

    def revised(self, **changes: object) -> Self:
        """Return the same result with some fields changed, and validated as if it were new.

        pydantic's own `model_copy` puts in whatever it is given.

        Parameters
        ----------
        **changes
            New values by field.

        Returns
        -------
        Self

        Raises
        ------
        pydantic.ValidationError
            A value is of another type, a field is unknown, or the parts no longer agree.

        Examples
        --------
        >>> from skknn_syndrome.results.dataset import SyndromeCount
        >>> SyndromeCount(syndrome="a", n_images=3, n_subjects=2).revised(n_images=4)
        SyndromeCount(syndrome='a', n_images=4, n_subjects=2)
        """
        return type(self).model_validate(self._fields() | changes)

    def __repr__(self) -> str:
        """Return the fields on one line, long ones counted: a result can hold thousands of numbers.

        Examples
        --------
        >>> from skknn_syndrome.results.roc_curve import RocCurve
        >>> line = (0.0,) * 1000
        >>> RocCurve(
        ...     false_positive_rate=line, true_positive_rate=line, true_positive_rate_std=line, mean_auc=0.5,
        ...     std_auc=0.0, n_folds=2,
        ... )
        RocCurve(false_positive_rate=<1,000 entries>, true_positive_rate=<1,000 entries>, ...)
        """
        return call_repr(type(self).__name__, self._fields().items())

    def __str__(self) -> str:
        """Return the same as `repr`."""
        return repr(self)

    def __dir__(self) -> list[str]:
        """Return the names, without those that pydantic has deprecated."""
        return sorted(set(super().__dir__()) - _DEPRECATED)

    def _fields(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in type(self).model_fields}


def check_lengths(wanted: int, **lists: Sized) -> None:
    """Refuse lists that should be of one length and are not, as after an edit by hand.

    Examples
    --------
    >>> check_lengths(2, x=[1, 2], y=[1])
    Traceback (most recent call last):
    ...
    ValueError: 'y' has 1 entries, and 2 are needed
    """
    for name, entries in lists.items():
        if len(entries) != wanted:
            message = f"'{name}' has {len(entries)} entries, and {wanted} are needed"
            raise ValueError(message)


def check_known(what: str, names: Iterable[object], known: Iterable[object]) -> None:
    """Refuse names that stand nowhere else in the file.

    Examples
    --------
    >>> check_known("score", ["auc"], ["roc_auc_ovr", "f1_macro"])
    Traceback (most recent call last):
    ...
    ValueError: there is no score 'auc', only 'roc_auc_ovr', 'f1_macro'
    """
    there = dict.fromkeys(known)
    for name in names:
        if name not in there:
            listed = ", ".join(map(repr, islice(there, 6)))
            message = f"there is no {what} {name!r}, only {listed or 'none at all'}"
            raise ValueError(message)
