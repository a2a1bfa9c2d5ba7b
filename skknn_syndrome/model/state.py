"""State of fitted heads as arrays and JSON, and back: plain values, and objects of trusted classes."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.tree._tree import Tree

from skknn_syndrome import heads
from skknn_syndrome.errors import ModelFileError, quote
from skknn_syndrome.heads.shrunken_lda import ShrunkenLDA
from skknn_syndrome.heads.softmax_knn import Gallery
from skknn_syndrome.model.archive import broken
from skknn_syndrome.model.trees import read_tree, write_tree
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.gallery import TrainingRows

TRUSTED: Mapping[str, type] = {
    kind.__name__: kind
    for kind in (
        heads.CalibratedKNNClassifier,
        heads.CalibratedLDA,
        heads.CalibratedLinearSVC,
        heads.CalibratedLogisticRegression,
        heads.CalibratedRandomForest,
        heads.CalibratedSVC,
        heads.NCAKNNClassifier,
        heads.NearestCentroidClassifier,
        heads.PLDAKNNClassifier,
        heads.PooledClassifier,
        heads.SoftmaxKNNClassifier,
        SyndromeKNNClassifier,
        TrainingRows,
        Gallery,
        ShrunkenLDA,
        LinearDiscriminantAnalysis,
        LogisticRegression,
        LinearSVC,
        PCA,
        RandomForestClassifier,
        DecisionTreeClassifier,
    )
}
"""The classes whose objects a file may hold, by their names; a file can ask for no other."""

MOST_NESTED = 40
_PLAIN = (bool, int, str, type(None))


def known_types(more: Sequence[type] = ()) -> Mapping[str, type]:
    """Return the classes that are trusted: those of this package, and those that the caller names.

    Raises
    ------
    ModelFileError
        One of the caller's has the name of another.
    """
    found = dict(TRUSTED)
    for kind in more:
        if found.get(kind.__name__, kind) is not kind:
            raise ModelFileError(
                f"Two classes are called {kind.__name__}, by which a file tells them apart: rename yours.",
                code="name_taken",
                parameter="trusted",
            )
        found[kind.__name__] = kind
    return found


class StateWriter:
    """Writes values as JSON, and their arrays, each once, beside it.

    Parameters
    ----------
    trusted : mapping of str to type
    """

    def __init__(self, trusted: Mapping[str, type] = TRUSTED) -> None:
        self.arrays: list[NDArray[Any]] = []
        self._names = {kind: name for name, kind in trusted.items()}
        self._places: dict[object, int] = {}
        self._writers: dict[type, Callable[[Any], dict[str, Any]]] = {
            float: lambda value: {"float": str(value)},
            list: lambda entries: {"list": [self.write(entry) for entry in entries]},
            tuple: lambda entries: {"tuple": [self.write(entry) for entry in entries]},
            dict: lambda held: {
                "dict": [[self.write(key), self.write(entry)] for key, entry in held.items()]
            },
            Tree: lambda tree: {"tree": self.write(write_tree(tree))},
        }

    def write(self, value: object) -> Any:  # noqa: ANN401  any JSON
        """Return a value as JSON.

        Raises
        ------
        ModelFileError
            It is an object of a class that is not trusted.
        """
        if type(value) in _PLAIN or (type(value) is float and np.isfinite(value)):
            return value
        return self._object(value) if (said := self._marked(value)) is None else said

    def _marked(self, value: object) -> dict[str, Any] | None:
        """Return what JSON has no form of under the name of its kind; None for an object."""
        if isinstance(value, np.ndarray) and not value.dtype.hasobject:
            return {"array": self._place(value)}
        if isinstance(value, np.generic):
            return {"scalar": self._place(np.asarray(value))}
        writer = self._writers.get(type(value))
        return None if writer is None else writer(value)

    def _object(self, value: object) -> dict[str, Any]:
        name = self._names.get(type(value))
        if name is None:
            raise ModelFileError(
                f"The model holds a {type(value).__name__}, which is none of the classes that a file may "
                "hold: take another head, or name the class in `trusted`, here and when the file is loaded.",
                code="untrusted_type",
                parameter="trusted",
            )
        return {"type": name, "state": [[key, self.write(entry)] for key, entry in vars(value).items()]}

    def _place(self, array: NDArray[Any]) -> int:
        is_fortran = array.flags.f_contiguous and not array.flags.c_contiguous
        content = array.tobytes(order="F" if is_fortran else "C")
        key = array.dtype.str, array.shape, is_fortran, sha256(content).digest()
        if key not in self._places:
            self._places[key] = len(self.arrays)
            self.arrays.append(array)
        return self._places[key]


class StateReader:
    """Reads what a `StateWriter` wrote, and refuses all else.

    Parameters
    ----------
    arrays : sequence of ndarray
    trusted : mapping of str to type
    """

    def __init__(self, arrays: Sequence[NDArray[Any]], trusted: Mapping[str, type] = TRUSTED) -> None:
        self._arrays, self._trusted = arrays, trusted
        self._readers: dict[str, Callable[[Any, int], Any]] = {
            "float": lambda said, _: float({"nan": "nan", "inf": "inf", "-inf": "-inf"}[said]),
            "array": lambda place, _: self._array(place),
            "scalar": lambda place, _: self._array(place)[()],
            "list": lambda entries, depth: [self.read(entry, depth) for entry in entries],
            "tuple": lambda entries, depth: tuple(self.read(entry, depth) for entry in entries),
            "dict": lambda pairs, depth: dict(self._pairs(pairs, depth)),
            "tree": lambda said, depth: read_tree(self.read(said, depth)),
        }

    def read(self, said: Any, depth: int = 0) -> Any:  # noqa: ANN401  any JSON, any value
        """Return the value that JSON stands for.

        Raises
        ------
        ModelFileError
            It is of a class that is not trusted, or nothing that was written so.
        """
        if type(said) in {*_PLAIN, float}:
            return said
        if depth > MOST_NESTED:
            raise broken("Its state is nested more deeply than any model's")
        try:
            if "type" in said:
                return self._object(said["type"], said["state"], depth + 1)
            ((kind, content),) = said.items()
            return self._readers[kind](content, depth + 1)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
            if isinstance(error, ModelFileError):
                raise
            raise broken("Its state is not one that was written") from error

    def _array(self, place: object) -> NDArray[Any]:
        if type(place) is not int or not 0 <= place < len(self._arrays):
            raise broken("Its state names an array that is not there")
        return self._arrays[place]

    def _pairs(self, pairs: Any, depth: int) -> list[tuple[Any, Any]]:  # noqa: ANN401
        return [(self.read(key, depth), self.read(entry, depth)) for key, entry in pairs]

    def _object(self, name: object, state: Any, depth: int) -> Any:  # noqa: ANN401
        kind = self._trusted.get(name) if isinstance(name, str) else None
        if kind is None:
            raise ModelFileError(
                f"It holds an object of the class {quote(name)}, which is none that a model may hold: do not "
                "trust the file, or, if the class is yours, name it in `trusted`.",
                code="untrusted_type",
                parameter="trusted",
            )
        attributes = {}
        for key, entry in state:
            if not isinstance(key, str) or not key.isidentifier() or callable(getattr(kind, key, None)):
                raise broken(f"Its {name} has the attribute {quote(key)}, which can't be one")
            attributes[key] = self.read(entry, depth)
        # Neither a constructor nor __setstate__ is called: an object is what it holds, and runs nothing.
        found: Any = object.__new__(kind)
        vars(found).update(attributes)
        return found
