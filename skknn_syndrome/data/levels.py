"""Taxonomic levels: the groups, such as genus and family, that the classes of a data set lie in."""

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from skknn_syndrome._typing import StringArray, VectorLike
from skknn_syndrome.data.covariates import read_covariate
from skknn_syndrome.data.identities import RefusalError
from skknn_syndrome.errors import EmbeddingsFileError, ParameterError, nearest_name, quote

if TYPE_CHECKING:
    import pandas as pd

CLASS = "class"
"""The finest level, where nothing names it."""

_MIN_COLUMNS = 2


@dataclass(frozen=True, eq=False)
class Levels:
    """The levels at which images are labelled, from the labels themselves to the coarsest.

    Made by `as_levels`, which sees to it that each group of a level lies in one group of the next.

    Parameters
    ----------
    names : tuple of str
        Of the levels, the finest first: that of the labels.
    paths : mapping of str to tuple of str
        For each class its groups, itself first.

    Examples
    --------
    >>> genera = {"machaon": "Papilio", "hospiton": "Papilio", "feisthamelii": "Iphiclides"}
    >>> levels = as_levels({"genus": genera}, [*genera])
    >>> levels
    Levels(3 class, 2 genus)
    >>> levels.of(["hospiton", "machaon"])[1].tolist()
    ['Papilio', 'Papilio']
    >>> levels.containing("class", "genus")["machaon"]
    'Papilio'
    """

    names: tuple[str, ...]
    paths: Mapping[str, tuple[str, ...]]

    def __repr__(self) -> str:
        """Name the levels, each with the number of its groups."""
        sizes = (len({path[place] for path in self.paths.values()}) for place in range(len(self.names)))
        return (
            f"Levels({', '.join(f'{size:,} {name}' for size, name in zip(sizes, self.names, strict=True))})"
        )

    def of(self, labels: VectorLike) -> tuple[StringArray, ...]:
        """Return the labels of images at each level, the finest first."""
        paths = [self.paths[str(label)] for label in np.asarray(labels).tolist()]
        return tuple(np.array(column, dtype=np.str_) for column in zip(*paths, strict=True))

    def containing(self, lower: str, upper: str) -> dict[str, str]:
        """Return the group of one level in which each group of a finer one lies."""
        places = self.names.index(lower), self.names.index(upper)
        return {path[places[0]]: path[places[1]] for path in self.paths.values()}


LevelsLike: TypeAlias = "Mapping[str, VectorLike | Mapping[Any, str]] | Levels | pd.DataFrame | None"
"""Levels, or the group of each image, or of each class, by the name of the level."""


def as_levels(given: LevelsLike, labels: VectorLike, *, finest: str = CLASS) -> Levels | None:
    """Return the levels of some labels, checked, and in order.

    Parameters
    ----------
    given : mapping of str to array-like or mapping, DataFrame, Levels or None
        By the name of a level, the group of each image, or of each class. A level that is the labels
        themselves names the finest one. Where the group of an image is missing, it is that of others of its
        class.
    labels : array-like of shape (n_images,)
    finest : str
        What the level of the labels is called otherwise.

    Returns
    -------
    Levels or None
        Of the classes that occur. None where nothing is given.

    Raises
    ------
    ParameterError
        A class has no group or two, a group lies in two of the next level, or a level has not a group for
        each image.

    Examples
    --------
    >>> as_levels({"species": ["a", "b"], "genus": {"a": "A", "b": "A"}}, ["a", "b"])
    Levels(2 species, 1 genus)
    """
    if given is None:
        return None
    texts = [str(label) for label in np.asarray(labels).tolist()]
    if isinstance(given, Levels):
        return _restricted(given, dict.fromkeys(texts))
    table: Any = given
    if not isinstance(given, Mapping) and not hasattr(given, "columns"):
        raise _fault("levels must map names to groups, as in {'genus': genera}.", "wrong_type")
    columns = {str(name): table[name] for name in getattr(table, "columns", table)}
    groups = {name: _groups_of(name, values, texts) for name, values in columns.items()}
    own = [
        name for name, found in groups.items() if all(text.strip() == group for text, group in found.items())
    ]
    finest = own[0] if own else finest
    coarser = {name: found for name, found in groups.items() if name not in own}
    if not coarser:
        raise _fault(
            "no level lies above the labels: name the groups that they are in, such as genera.", "no_levels"
        )
    if finest in coarser:
        raise _fault(
            f"the level {quote(finest)} is called as the labels are: give it another name.", "repeated_level"
        )
    order = sorted(coarser, key=lambda name: -len({*coarser[name].values()}))
    paths = {text: (text, *(coarser[name][text] for name in order)) for text in dict.fromkeys(texts)}
    _refuse_crossing((finest, *order), paths)
    return Levels((finest, *order), paths)


def _restricted(levels: Levels, classes: Iterable[str]) -> Levels:
    """Return the levels of some classes alone."""
    for text in classes:
        if text not in levels.paths:
            raise _without_group(text, levels.names[-1], levels.paths)
    return Levels(levels.names, {text: levels.paths[text] for text in classes})


def _groups_of(name: str, values: Any, texts: Sequence[str]) -> dict[str, str]:  # noqa: ANN401  checked here
    """Return the group of each class at one level."""
    if isinstance(values, Mapping):
        known = {str(label): _read(name, group) for label, group in values.items()}
        cells = [known.get(text, "") for text in texts]
    else:
        known, cells = {}, [_read(name, value) for value in np.asarray(values, dtype=object).tolist()]
    if len(cells) != len(texts):
        raise _fault(
            f"the level {quote(name)} has {len(cells):,} groups for {len(texts):,} images.", "wrong_shape"
        )
    found: dict[str, str] = {}
    for text, cell in zip(texts, cells, strict=True):
        if cell and found.setdefault(text, cell) != cell:
            raise _in_two(text, name, found[text], cell)
    for text in texts:
        if text not in found:
            raise _without_group(text, name, known)
    return found


def _read(name: str, cell: object) -> str:
    try:
        return read_covariate(cell).strip()
    except RefusalError as refusal:
        detail = refusal.detail.replace("covariate", "group")
        raise _fault(f"the level {quote(name)}: {detail}.", refusal.reason) from None


def _refuse_crossing(names: Sequence[str], paths: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a group that lies in two of the next level."""
    for place in range(1, len(names) - 1):
        found: dict[str, str] = {}
        for path in paths.values():
            group, above = path[place : place + 2]
            if found.setdefault(group, above) != above:
                raise _in_two(group, names[place + 1], found[group], above, of=f"the {names[place]} ")


def _in_two(group: str, level: str, one: str, other: str, *, of: str = "") -> ParameterError:
    return _fault(
        f"levels have to nest, and {of}{quote(group)} lies in two of the level {quote(level)}: {quote(one)} "
        f"and {quote(other)}.",
        "not_nested",
    )


def _without_group(text: str, level: str, known: Iterable[str]) -> ParameterError:
    names = [*known]
    stripped = (name for name in names if name.strip() == text.strip())
    alike = next(stripped, None) or nearest_name(text, names)
    hint = "" if alike is None else f"; there is one for {quote(alike)}, and names have to match exactly"
    return _fault(f"{quote(text)} has no group at the level {quote(level)}{hint}.", "class_without_group")


def _fault(sentence: str, code: str) -> ParameterError:
    return ParameterError(sentence, code=code, parameter="levels")


def load_levels(path: str | os.PathLike[str]) -> dict[str, dict[str, str]]:
    r"""Read the levels of classes from a CSV file: a class a row, a level a column, the classes first.

    Parameters
    ----------
    path : str or path-like
        UTF-8, with a header that names the levels, and commas, semicolons or tabs between the cells.

    Returns
    -------
    dict of str to dict of str to str
        By the name of the level, the group of each class, as `as_levels` takes it.

    Raises
    ------
    EmbeddingsFileError
        The file can't be read, has one column, or a row of another length; a name of a level comes twice; or
        a class is listed twice with different groups.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "taxonomy.csv"
    >>> _ = path.write_text("species,genus\nmachaon,Papilio\n")
    >>> load_levels(path)
    {'species': {'machaon': 'machaon'}, 'genus': {'machaon': 'Papilio'}}
    """
    try:
        text = Path(path).read_text("utf-8-sig")
        mark = next((mark for mark in ";\t" if mark in text.partition("\n")[0]), ",")
        rows = [*csv.reader(text.splitlines(), delimiter=mark, strict=True)]
    except OSError as error:
        raise _file_fault(path, f"it can't be read ({error.strerror})", "unreadable") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise _file_fault(path, f"it is no CSV file in UTF-8 ({error})", "not_csv") from error
    header, *filled = [row for row in rows if any(cell.strip() for cell in row)] or [[]]
    names = [cell.strip() for cell in header]
    if len(names) < _MIN_COLUMNS:
        raise _file_fault(
            path, "it needs a column of classes and one for each level, as in species,genus", "one_column"
        )
    if len({*names}) < len(names) or "" in names:
        raise _file_fault(
            path, f"its header {quote(mark.join(names))} has a name twice, or none", "repeated_level"
        )
    groups: dict[str, dict[str, str]] = {name: {} for name in names}
    for row in filled:
        if len(row) != len(names):
            raise _file_fault(
                path, f"{quote(row[0])} has {len(row)} cells, and the header {len(names)}", "wrong_length"
            )
        for name, cell in zip(names, [cell.strip() for cell in row], strict=True):
            # Classes are told apart by blanks, as labels are.
            if groups[name].setdefault(row[0], cell) != cell:
                two = f"{quote(groups[name][row[0]])} and {quote(cell)}"
                raise _file_fault(
                    path, f"{quote(row[0])} lies in two of the level {quote(name)}: {two}", "not_nested"
                )
    return groups


def _file_fault(path: str | os.PathLike[str], fault: str, code: str) -> EmbeddingsFileError:
    return EmbeddingsFileError(f"{os.fspath(path)}: {fault}.", code=code, parameter="level_file")
