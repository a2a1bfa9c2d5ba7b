"""Covariates: further columns of a data set, such as sex, age or site, and their levels."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray, StringArray, VectorLike
from skknn_syndrome.data.identities import RefusalError, is_missing, plain_ids, text_fault
from skknn_syndrome.errors import Argument, EmbeddingsFileError, ParameterError, quote
from skknn_syndrome.results.audit import listed

if TYPE_CHECKING:
    import pandas as pd

MISSING = "missing"
"""The level of images whose value is not known."""

MOST_NUMBERS = 10
"""Different numbers that are taken for categories; of more, cut points have to be given."""

MOST_LEVELS = 50
"""Levels of a covariate: more are ids or measurements, and no subgroups."""


class CovariateColumn(NamedTuple):
    """A column that is kept as a covariate."""

    name: str
    cuts: tuple[float, ...] = ()
    """Where bands of its numbers begin, in rising order; none where each value is a level."""

    def __str__(self) -> str:
        """Spell it as it is asked for: ``age:0,2,6``."""
        return f"{self.name}:{','.join(f'{cut:g}' for cut in self.cuts)}" if self.cuts else self.name


class LevelColumn(str):
    """The name of a column that holds a taxonomic level, which is read as a covariate is."""

    __slots__ = ()


def covariate_columns(asked: Sequence[str], names: Sequence[str]) -> tuple[CovariateColumn, ...]:
    """Return the columns that are asked for, such as ``"sex"`` or, in bands, ``"age:0,2,6"``.

    Raises
    ------
    EmbeddingsFileError
        There is no such column, or it is asked for twice.

    Examples
    --------
    >>> covariate_columns(["sex", "age:0,2"], ["age", "sex", "e0"])
    (CovariateColumn(name='sex', cuts=()), CovariateColumn(name='age', cuts=(0.0, 2.0)))
    """
    if isinstance(asked, str):
        raise ParameterError(
            "{covariates} is one text: give a list, {better}.",
            code="no_list",
            parameter="covariates",
            covariates=Argument("covariates", asked),
            better=Argument("covariates", [asked]),
        )
    found = tuple(_column(text, names) for text in asked)
    for column in found:
        if column.name not in names:
            kind = kind_of(column.name)
            raise EmbeddingsFileError(
                f"there is no column {quote(column.name)} for a {kind}, only {listed(names)}",
                code=f"no_such_{kind}",
                parameter=f"{kind}s",
            )
        if sum(column.name == other.name for other in found) > 1:
            raise EmbeddingsFileError(
                f"the covariate {quote(column.name)} is asked for twice",
                code="repeated_covariate",
                parameter="covariates",
            )
    return found


def kind_of(name: str) -> Literal["level", "covariate"]:
    """Return what a column was asked for as."""
    return "level" if isinstance(name, LevelColumn) else "covariate"


def with_saved(asked: Sequence[str], saved: Sequence[str]) -> Sequence[str]:
    """Return the columns to keep of a file that has covariates of its own, unless others are asked for.

    Examples
    --------
    >>> with_saved([LevelColumn("genus")], ["sex", "genus"]), with_saved(["age"], ["sex"])
    (['sex', 'genus'], ['age'])
    """
    if any(kind_of(name) == "covariate" for name in asked):
        return asked
    return [*(name for name in saved if name not in asked), *asked]


def _column(text: str, names: Sequence[str]) -> CovariateColumn:
    name, colon, numbers = text.rpartition(":")
    if not colon or text in names or isinstance(text, LevelColumn):
        return CovariateColumn(text)
    cuts = _numbers(numbers.split(","))
    if np.isfinite(cuts).all() and (np.diff(cuts) > 0).all():
        return CovariateColumn(name, tuple(cuts.tolist()))
    if name in names or np.isfinite(cuts).any():
        raise ParameterError(
            "the cut points of the covariate {name} must be rising numbers, as in {better}, not {numbers}.",
            code="invalid_cuts",
            parameter="covariates",
            name=quote(name),
            better=Argument("covariates", [f"{name}:0,2,6"]),
            numbers=quote(numbers),
        )
    return CovariateColumn(text)


def _numbers(texts: Iterable[str]) -> Float64Array:
    """Return texts as numbers, NaN for what is none."""

    def number(text: str) -> float:
        try:
            return float(text)
        except ValueError:
            return math.nan

    return np.array([*map(number, texts)], dtype=np.float64)


def read_covariate(value: object) -> str:
    """Return a cell as text, empty where its value is missing.

    Raises
    ------
    RefusalError
        It is neither text nor a number, or text that can't be kept.

    Examples
    --------
    >>> read_covariate("f"), read_covariate(3), read_covariate(0.5), read_covariate(None)
    ('f', '3', '0.5', '')
    """
    if is_missing(value):
        return ""
    plain = value.item() if isinstance(value, np.generic) else value
    if not isinstance(plain, str | int | float):
        raise RefusalError("invalid_id", f"a covariate is a {type(plain).__name__}")
    text = str(plain)
    fault = text_fault(text)
    if fault is not None:
        raise RefusalError("invalid_id", f"a covariate {fault}")
    return text


@dataclass(frozen=True, eq=False)
class Covariate:
    """What is known of each image beside its label, as text, and the level that it has.

    Parameters
    ----------
    name : str
        Of the column.
    texts : ndarray of str of shape (n_images,)
        As they were written; empty where the value is missing.
    cuts : tuple of float
        Where bands of its numbers begin; none where each value is a level.

    Raises
    ------
    ParameterError
        If numbers come in too many values and have no cut points, or cut points are given for what is no
        number.

    Examples
    --------
    >>> age = Covariate.of("age", [1, 7.5, None], cuts=(0, 2, 6))
    >>> age.levels.tolist(), age.level_names
    (['0 to <2', '6 and over', 'missing'], ('0 to <2', '6 and over', 'missing'))
    """

    name: str
    texts: StringArray
    cuts: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what has no levels."""
        if self.cuts:
            self._check_numbers()
        else:
            self._check_levels()

    def __repr__(self) -> str:
        """Name and levels."""
        return f"Covariate({str(self.column)!r}: {listed(self.level_names)})"

    @classmethod
    def of(cls, name: str, values: Iterable[object], *, cuts: Sequence[float] = ()) -> "Covariate":
        """Make a covariate of cells of any kind.

        Raises
        ------
        ParameterError
            As in the class, or naming the row whose cell can't be kept.
        """
        texts: list[str] = []
        for row, value in enumerate(values, start=1):
            try:
                texts.append(read_covariate(value))
            except RefusalError as refusal:
                raise ParameterError(
                    f"Row {row}, {quote(name)}: {refusal.detail}.",
                    code=refusal.reason,
                    parameter="covariates",
                ) from None
        # Integers with a gap become floats in pandas.
        plain = [text or "" for text in plain_ids(texts)]
        return cls(name, np.array(plain, dtype=np.str_), tuple(map(float, cuts)))

    @property
    def column(self) -> CovariateColumn:
        """As it was asked for."""
        return CovariateColumn(self.name, self.cuts)

    @property
    def known(self) -> BoolArray:
        """Shape (n_images,): whether the value is known."""
        return np.asarray(self.texts != "")

    @cached_property
    def numbers(self) -> Float64Array | None:
        """Shape (n_images,): the values where all that are known are numbers, NaN for missing ones."""
        found = _numbers(self.texts.tolist())
        is_numeric = self.known.any() and np.isfinite(found[self.known]).all()
        return found if is_numeric else None

    @cached_property
    def levels(self) -> StringArray:
        """Shape (n_images,): the level of each image, "missing" where it is not known."""
        if not self.cuts:
            return np.where(self.known, self.texts, MISSING)
        numbers = _numbers(self.texts.tolist())
        return np.where(self.known, np.array(self._bands)[np.digitize(numbers, self.cuts)], MISSING)

    @cached_property
    def level_names(self) -> tuple[str, ...]:
        """The levels that occur: numbers in rising order, else by the alphabet; "missing" comes last."""
        there = {*self.levels.tolist()}
        if self.cuts:
            ordered = [band for band in self._bands if band in there]
        elif self.numbers is not None:
            ordered = sorted(there - {MISSING}, key=float)
        else:
            ordered = sorted(there - {MISSING})
        return (*ordered, *({MISSING} & there))

    @property
    def _bands(self) -> list[str]:
        marks = [f"{cut:g}" for cut in self.cuts]
        between = (f"{low} to <{high}" for low, high in pairwise(marks))
        return [f"under {marks[0]}", *between, f"{marks[-1]} and over"]

    def part(self, rows: IndexArray) -> "Covariate":
        """Return the covariate of some images."""
        return replace(self, texts=self.texts[rows])

    def n_varying(self, subjects: LabelArray | None) -> int:
        """Return how many subjects have images of several levels, those that are missing left aside."""
        if subjects is None:
            return 0
        pairs = {*zip(subjects[self.known].tolist(), self.levels[self.known].tolist(), strict=True)}
        return len(_repeated([subject for subject, _ in pairs]))

    def _check_numbers(self) -> None:
        numbers = _numbers(self.texts.tolist())
        wrong = self.known & ~np.isfinite(numbers)
        if wrong.any():
            row = int(wrong.argmax())
            raise ParameterError(
                f"the covariate {quote(self.name)} has cut points, and {quote(self.texts[row])} in row "
                f"{row + 1} is no number: leave the cell empty where the value is not known.",
                code="no_number",
                parameter="covariates",
            )

    def _check_levels(self) -> None:
        n_levels = len({*self.texts[self.known].tolist()})
        numbers = self.numbers
        if numbers is not None and n_levels > MOST_NUMBERS:
            raise ParameterError(
                "the covariate {name} has {n_levels:,} different numbers: give cut points, as in {example}.",
                code="no_cut_points",
                parameter="covariates",
                name=quote(self.name),
                n_levels=n_levels,
                example=Argument("covariates", [str(CovariateColumn(self.name, _cuts_for(numbers)))]),
            )
        if n_levels > MOST_LEVELS:
            raise ParameterError(
                f"the covariate {quote(self.name)} has {n_levels:,} levels, more than {MOST_LEVELS}: leave "
                "it out, or merge levels.",
                code="too_many_levels",
                parameter="covariates",
            )


def _repeated(names: Sequence[object]) -> set[object]:
    seen: set[object] = set()
    return {name for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]


def _cuts_for(numbers: Float64Array) -> tuple[float, ...]:
    """Return round numbers near the quartiles, to be proposed."""
    known = numbers[np.isfinite(numbers)]
    step = 10.0 ** math.floor(math.log10(np.ptp(known) / 4))
    rounded = [round(float(quartile) / step) * step for quartile in np.quantile(known, [0.25, 0.5, 0.75])]
    return tuple(dict.fromkeys(float(f"{number:.6g}") for number in rounded))


CovariatesLike: TypeAlias = "Mapping[str, VectorLike] | Sequence[Covariate] | pd.DataFrame | None"
"""Covariates, or their values by name; ``"age:0,2,6"`` is a name with cut points."""


def as_covariates(given: CovariatesLike, n_images: int) -> tuple[Covariate, ...]:
    """Return covariates in memory, checked.

    Raises
    ------
    ParameterError
        As `Covariate`; or one has not a value for each image, or a name comes twice.

    Examples
    --------
    >>> as_covariates({"sex": ["f", None, "m"]}, 3)
    (Covariate('sex': 'f', 'm' and 'missing'),)
    """
    found: list[Any]  # whatever a caller gives
    table: Any = given
    if hasattr(table, "columns"):  # a data frame
        given = {str(name): table[name] for name in table.columns}
    if isinstance(given, Mapping):
        found = [
            Covariate.of(column.name, values, cuts=column.cuts)
            for name, values in given.items()
            for column in [_column(name, ())]
        ]
    else:
        found = [] if given is None else list(given)
    names = [getattr(covariate, "name", "") for covariate in found]
    for covariate in found:
        if not isinstance(covariate, Covariate) or not covariate.name.strip():
            raise ParameterError(
                "covariates must map names to values, one an image, as in {'sex': sexes, 'age:0,2,6': ages}.",
                code="wrong_type",
                parameter="covariates",
            )
        if covariate.texts.shape != (n_images,):
            raise ParameterError(
                f"the covariate {quote(covariate.name)} has {len(covariate.texts):,} values for "
                f"{n_images:,} images.",
                code="wrong_shape",
                parameter="covariates",
            )
        if names.count(covariate.name) > 1:
            raise ParameterError(
                f"the covariate {quote(covariate.name)} comes twice.",
                code="repeated_covariate",
                parameter="covariates",
            )
    return tuple(found)
