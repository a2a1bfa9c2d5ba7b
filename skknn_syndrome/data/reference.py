"""Reference distances between classes, such as genetic ones: from a matrix, a tree, or a file of either."""

import codecs
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.data.distance_matrix import (
    check_unique,
    checked_matrix,
    matrix_of_frame,
    read_matrix,
    square_array,
)
from skknn_syndrome.data.formats import read_content
from skknn_syndrome.data.near_misses import near_misses
from skknn_syndrome.data.rooted_tree import PathMeasure, Tree, reference_error
from skknn_syndrome.data.trees import read_newick, read_nexus
from skknn_syndrome.errors import (
    Argument,
    ParameterError,
    ReferenceDistancesError,
    SkknnSyndromeError,
    nearest_name,
    quote,
)
from skknn_syndrome.wording import counted

ReferenceKind: TypeAlias = Literal["matrix", "tree", "terms"]
"""Where distances come from: a matrix, paths through a tree, or terms that describe the classes."""

PathKind: TypeAlias = Literal["path_length", "edges"]
"""How a path through a tree is measured: by the sum of its branches, or by their number."""

TREE_SUFFIXES = (".nwk", ".newick", ".tre", ".tree", ".treefile", ".nex", ".nexus")
"""Ends of the names of trees; what begins with ``#NEXUS`` or a bracket is one too."""


@dataclass(frozen=True)
class ReferenceMatch:
    """Which classes of a data set a reference has.

    Examples
    --------
    >>> reference = as_reference([[0, 1], [1, 0]], ["Papilio_xuthus", "Unio"])
    >>> found = reference.match(["Unio", "Papilio xuthus "])
    >>> found.shared, found.only_data, found.near_misses
    (('Unio',), ('Papilio xuthus ',), (('Papilio xuthus ', 'Papilio_xuthus'),))
    """

    shared: tuple[str, ...]
    """In the order of the data."""
    only_data: tuple[str, ...]
    only_reference: tuple[str, ...]
    near_misses: tuple[tuple[str, str], ...]
    """Pairs of a class and a name of the reference that differ by blanks, underscores, case or one letter.
    They may mean the same: that is for the user to say."""


@dataclass(frozen=True, eq=False)
class ReferenceDistances:
    """Distances between classes that images are compared with. Made by `as_reference` and `load_reference`.

    Parameters
    ----------
    names : tuple of str
        Of the classes, each once.
    distances : ndarray of shape (n_names, n_names)
        Symmetric, not negative, 0 on the diagonal.
    source : str
        Name of the file, "" for what was in memory.
    kind : {"matrix", "tree", "terms"}
    tree : Tree or None
        With these names at its tips, in an order of its own.

    Examples
    --------
    >>> reference = as_reference([[0, 1, 2], [1, 0, 2.5], [2, 2.5, 0]], ["Noonan", "Kabuki", "Sotos"])
    >>> reference
    ReferenceDistances(3 names, matrix)
    >>> reference.of(["Sotos", "Noonan"]).distances.tolist()
    [[0.0, 2.0], [2.0, 0.0]]
    """

    names: tuple[str, ...]
    distances: Float64Array
    source: str
    kind: ReferenceKind
    tree: Tree | None = None

    def __repr__(self) -> str:
        """Size, kind and source."""
        whence = f" of {quote(self.source)}" if self.source else ""
        return f"ReferenceDistances({counted(len(self.names), 'name')}, {self.kind}{whence})"

    def of(self, names: Iterable[str]) -> "ReferenceDistances":
        """Return the distances between some names, in that order, with their part of the tree.

        Raises
        ------
        ReferenceDistancesError
            If a name is not there, or comes twice.
        """
        chosen = tuple(names)
        check_unique(chosen, "is asked for")
        places = {name: place for place, name in enumerate(self.names)}
        for name in chosen:
            if name not in places:
                nearest = nearest_name(name, places)
                raise reference_error(
                    "no_such_name",
                    f"the reference has no {quote(name)}" + (f"; is it {quote(nearest)}?" if nearest else ""),
                )
        rows = np.array([places[name] for name in chosen], dtype=np.intp)
        tree = None if self.tree is None or not chosen else self.tree.of(chosen)
        return ReferenceDistances(chosen, self.distances[np.ix_(rows, rows)], self.source, self.kind, tree)

    def match(self, classes: Iterable[str]) -> ReferenceMatch:
        """Tell which classes have distances, by names that are the same in every character.

        Parameters
        ----------
        classes : iterable of str
            Of a data set; each counts once.
        """
        asked, known = {str(name): None for name in classes}, {*self.names}
        only_data = tuple(name for name in asked if name not in known)
        only_reference = tuple(name for name in self.names if name not in asked)
        return ReferenceMatch(
            shared=tuple(name for name in asked if name in known),
            only_data=only_data,
            only_reference=only_reference,
            near_misses=tuple(near_misses(only_data, self.names, only_reference)),
        )


def as_reference(value: object, names: Sequence[str] | None = None) -> ReferenceDistances:
    """Return distances between classes, checked.

    Parameters
    ----------
    value : array-like, DataFrame, Tree, path-like or ReferenceDistances
        A matrix; or as `load_reference` takes it. A pair of names and a matrix is taken too.
    names : sequence of str, optional
        Of the rows of an array. Of anything else, which has names, those to be kept, in this order.

    Returns
    -------
    ReferenceDistances

    Raises
    ------
    ReferenceDistancesError
        If these are no distances: the matrix is not square or not symmetric within rounding, has a diagonal
        that is not 0, negative or missing values, or names are missing or come twice.

    Examples
    --------
    >>> as_reference([[0, 2], [1, 0]], ["Noonan", "Kabuki"])
    Traceback (most recent call last):
    skknn_syndrome.errors.ReferenceDistancesError: the distance from 'Noonan' to 'Kabuki' is 2, and 1 the
    other way round.
    """
    given: Any = value
    if isinstance(given, (str, os.PathLike)):
        given = load_reference(given)
    elif isinstance(given, Tree):
        given = _of_tree(given, "length", "")
    elif hasattr(given, "columns") and hasattr(given, "index"):
        given = ReferenceDistances(*matrix_of_frame(given), source="", kind="matrix")
    elif isinstance(given, tuple) and len(given) == 2 and names is None:  # noqa: PLR2004
        given, names = given[1], given[0]
    if isinstance(given, ReferenceDistances):
        return given if names is None else given.of(map(str, names))
    if names is None:
        square_array(given)
        raise reference_error(
            "no_names",
            "an array has no names of its rows: give skknn_syndrome.data.as_reference(distances, names)",
        )
    return ReferenceDistances(*checked_matrix([*map(str, names)], given), source="", kind="matrix")


def load_reference(path: str | os.PathLike[str], *, kind: PathKind = "path_length") -> ReferenceDistances:
    r"""Read distances between classes from a file.

    Parameters
    ----------
    path : str or path-like
        `.csv`, `.tsv`: a square matrix, with names in its header and in its first column. Newick (`.nwk`,
        `.tre`) or NEXUS (`.nex`): a tree with these names at its tips. Names are taken as they are written,
        with underscores and blanks.
    kind : {"path_length", "edges"}, default="path_length"
        Of a tree: whether the lengths of branches between two tips are added up, or branches are counted.

    Returns
    -------
    ReferenceDistances

    Raises
    ------
    ReferenceDistancesError
        As `as_reference`, naming the file and the cell; or if the file can't be read.
    ParameterError
        If `kind` is another.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "families.nwk"
    >>> _ = path.write_text("((Unio:1,Hyria:2):1,Pinna:3);")
    >>> load_reference(path)
    ReferenceDistances(3 names, tree of 'families.nwk')
    """
    if kind not in {"path_length", "edges"}:
        raise ParameterError(
            "{kind} is none of path_length and edges.",
            code="unknown_kind",
            parameter="kind",
            kind=Argument("kind", kind),
        )
    file = Path(path)
    try:
        text = _read_text(file)
        begins = text.lstrip()[: len("#NEXUS")].upper()
        if begins != "#NEXUS" and begins[:1] not in {"(", "["} and file.suffix.lower() not in TREE_SUFFIXES:
            return ReferenceDistances(*read_matrix(text), source=file.name, kind="matrix")
        tree = read_nexus(text) if begins == "#NEXUS" else read_newick(text)
        return _of_tree(tree, "edges" if kind == "edges" else "length", file.name)
    except SkknnSyndromeError as error:
        template, at = f"{error.template.rstrip('.')}.", f"{path}: "
        raise ReferenceDistancesError(
            f"{{at}}{template}" if error.fields else f"{at}{template}",
            code=error.code,
            parameter=error.parameter and "reference",
            **({"at": at, **error.fields} if error.fields else {}),
        ) from error


def _read_text(file: Path) -> str:
    content = read_content(file)
    if b"\0" in content and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise reference_error(
            "wrong_format",
            "its format is not taken: a reference is a square table as text (.csv, .tsv) or a tree (.nwk, "
            ".tre, .nex)",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise reference_error("not_utf8", f"line {line:,} is not UTF-8; save the file as UTF-8") from None


def _of_tree(tree: Tree, by: PathMeasure, source: str) -> ReferenceDistances:
    matrix = checked_matrix(tree.tip_names, tree.tip_distances(by))
    return ReferenceDistances(*matrix, source=source, kind="tree", tree=tree)
