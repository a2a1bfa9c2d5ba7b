"""Registry of classification heads by name."""

from collections.abc import Sequence

from skknn_syndrome._typing import Estimator
from skknn_syndrome.errors import Argument, StudySettingsError, meant
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.calibrated_knn import CALIBRATED_KNN
from skknn_syndrome.heads.centroid import CENTROID
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.heads.lda import LDA
from skknn_syndrome.heads.linear_svc import LINEAR_SVC
from skknn_syndrome.heads.logistic_regression import LOGISTIC_REGRESSION
from skknn_syndrome.heads.nca_knn import NCA_KNN
from skknn_syndrome.heads.plda_knn import PLDA_KNN
from skknn_syndrome.heads.pool import BEST_POOL, NEIGHBOR_POOL, POOL
from skknn_syndrome.heads.random_forest import RANDOM_FOREST
from skknn_syndrome.heads.softmax_knn import SOFTMAX_KNN
from skknn_syndrome.heads.svc import SVC

_HEADS: dict[str, Head] = {}


def register(head: Head, *, replace: bool = False) -> Head:
    """Add a head, so that studies know it by its name.

    Parameters
    ----------
    head : Head
    replace : bool, default=False
        Whether it may take the place of another of the same name.

    Returns
    -------
    Head
        The same.

    Raises
    ------
    StudySettingsError
        Another head has that name, or it is that of nearest neighbours, which can't be replaced.
    """
    _refuse_knn_of_others(head)
    if head.name in _HEADS and not replace:
        raise StudySettingsError(
            f"There is a head {head.name!r} already: pass replace=True, or name it otherwise.",
            code="name_taken",
            parameter="head",
        )
    _HEADS[head.name] = head
    return head


def unregister(name: str) -> None:
    """Take a head out again.

    Raises
    ------
    StudySettingsError
        There is none of that name.
    """
    get(name)
    del _HEADS[name]


def get(name: str) -> Head:
    """Return a head by its name.

    Raises
    ------
    StudySettingsError
        There is none of that name.

    Examples
    --------
    >>> get("knn").title
    'k nearest neighbours'
    """
    if name not in _HEADS:
        raise StudySettingsError(
            "{head} is unknown: {meant}, or a `heads.Head`.",
            code="unknown_head",
            parameter="head",
            head=Argument("head", name),
            meant=meant(name, names()),
        )
    return _HEADS[name]


def names() -> tuple[str, ...]:
    """Return the names of all heads, in the order in which they were added.

    Examples
    --------
    >>> names()
    ('knn', 'centroid', 'softmax_knn', 'logistic_regression', 'linear_svc', 'svc', 'random_forest', 'lda',
     'nca_knn', 'plda_knn', 'calibrated_knn', 'pool', 'neighbor_pool', 'best_pool')
    """
    return tuple(_HEADS)


def head_of(estimator: Estimator) -> Head | None:
    """Return the head of an estimator, or of the last step of a pipeline; None where no head owns it.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> head_of(KNN.estimator()).name, head_of(DummyClassifier())
    ('knn', None)
    """
    return next((head for head in _HEADS.values() if head.owns(estimator)), None)


def choose(head: str | Head | None, estimator: Estimator) -> Head:
    """Return the head of a study: that which is named, or else that of the estimator, k-NN by default.

    Parameters
    ----------
    head : str, Head or None
    estimator : classifier, Pipeline or None

    Returns
    -------
    Head

    Raises
    ------
    StudySettingsError
        There is no such head, its name belongs to another one, or the estimator is of another one.

    Examples
    --------
    >>> choose("centroid", None).name, choose(None, None).name
    ('centroid', 'knn')
    """
    if head is None:
        return (None if estimator is None else head_of(estimator)) or KNN
    if not isinstance(head, Head | str):
        raise StudySettingsError(
            f"head is a {type(head).__name__}: take one of {', '.join(names())}, or a `heads.Head`.",
            code="not_a_head",
            parameter="head",
        )
    chosen = head if isinstance(head, Head) else get(head)
    _refuse_knn_of_others(chosen)
    if _HEADS.get(chosen.name, chosen) is not chosen:
        raise StudySettingsError(
            f"Another head is registered as {chosen.name!r}, and results tell heads apart by name: name this "
            "one otherwise.",
            code="name_taken",
            parameter="head",
        )
    if estimator is not None and not chosen.owns(estimator):
        raise StudySettingsError(
            f"The estimator is no {chosen.kind.__name__}, nor a Pipeline that ends in one, and "
            f"the head is {chosen.name!r}: leave out one of the two.",
            code="head_and_estimator",
            parameter="estimator",
        )
    return chosen


def _refuse_knn_of_others(head: Head) -> None:
    # Results check the parameters of that name, even where the head was taken out of the registry.
    if head.name == KNN.name and head is not KNN:
        raise StudySettingsError(
            f"The name {KNN.name!r} is that of k nearest neighbours of this package: name the head "
            "otherwise.",
            code="name_taken",
            parameter="head",
        )


def refuse_unknown_heads(listed: Sequence[object]) -> None:
    """Refuse names of heads for a learning curve that are none.

    Raises
    ------
    StudySettingsError
    """
    unknown = [entry for entry in listed if isinstance(entry, str) and entry not in names()]
    if unknown:
        raise StudySettingsError(
            "{heads} is no head: {meant}.",
            code="unknown_head",
            parameter="learning_curve",
            heads=Argument("learning_curve", unknown[0]),
            meant=meant(unknown[0], names()),
        )


register(KNN)
register(CENTROID)
register(SOFTMAX_KNN)
register(LOGISTIC_REGRESSION)
register(LINEAR_SVC)
register(SVC)
register(RANDOM_FOREST)
register(LDA)
register(NCA_KNN)
register(PLDA_KNN)
register(CALIBRATED_KNN)
register(POOL)
register(NEIGHBOR_POOL)
register(BEST_POOL)
