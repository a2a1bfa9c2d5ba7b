"""Numbers of columns that the estimators of a file were fitted to, which have to be those of the gallery."""

from typing import Any

from sklearn.ensemble._forest import BaseForest
from sklearn.tree import BaseDecisionTree
from sklearn.tree._tree import Tree

from skknn_syndrome.errors import ModelFileError
from skknn_syndrome.model.archive import broken
from skknn_syndrome.model.state import TRUSTED

_OF_OURS = frozenset(TRUSTED.values())
_HOLD_TREES = "tree_", "estimators_"


def check_columns(held: Any, n_columns: int | None) -> None:  # noqa: ANN401  any value of a state
    """Refuse estimators, and trees in them, that were fitted to another number of columns.

    A tree reads the column that it names without looking how many there are. scikit-learn compares rows with
    `n_features_in_` of the tree's forest, where that is recorded, and with nothing else.

    Parameters
    ----------
    held : object
        Lists, tuples, dictionaries and objects are gone through.
    n_columns : int or None
        What the estimator is asked about. None inside classes of the caller's own, such as a pipeline, which
        may hand on other columns: there each estimator has to agree with its own record.

    Raises
    ------
    ModelFileError
    """
    if isinstance(held, Tree):
        _compare(held.n_features, n_columns)
    elif isinstance(held, dict):
        for entry in held.values():
            check_columns(entry, n_columns)
    elif isinstance(held, (list, tuple)):
        for entry in held:
            check_columns(entry, n_columns)
    elif hasattr(held, "__dict__"):
        _check_object(held, n_columns if type(held) in _OF_OURS else None)


def _check_object(held: object, n_columns: int | None) -> None:
    attributes = vars(held)
    recorded = attributes.get("n_features_in_")
    if recorded is not None:
        _compare(recorded, recorded if n_columns is None else n_columns)
        n_columns = int(recorded)
    elif isinstance(held, (BaseForest, BaseDecisionTree)) and not attributes.keys().isdisjoint(_HOLD_TREES):
        raise _of_other_columns()
    for entry in attributes.values():
        check_columns(entry, n_columns)


def _compare(recorded: int, n_columns: int | None) -> None:
    if recorded != n_columns:
        raise _of_other_columns()


def _of_other_columns() -> ModelFileError:
    return broken("Its head was fitted to vectors of another length")
