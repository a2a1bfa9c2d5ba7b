"""Scorer objects: a score of a fitted estimator, usable as ``scoring=`` anywhere in scikit-learn.

Accuracy, balanced accuracy, macro precision, recall and F1, Matthews' correlation coefficient and Cohen's
kappa are scores of the labels that ``predict`` gives, so that a tuned threshold counts. The AUC and top-k
accuracy are scores of ``predict_proba``, or of
``decision_function`` where an estimator has no probabilities; decision values need no normalisation, since
both scores look at their order alone. Equal values count half in the AUC; top-k takes the later of equal
classes first, and has bounds over all other ways.

Since the classes come from the estimator, a test part may lack some of them, where scikit-learn's own scorers
fail or give NaN. What each score means, and what it does in such a part, stands in
`skknn_syndrome.metrics.score_table.score_probabilities`.

>>> from sklearn.datasets import load_iris
>>> from sklearn.model_selection import cross_val_score
>>> from sklearn.neighbors import KNeighborsClassifier
>>> from skknn_syndrome.metrics import scorers
>>> X, y = load_iris(return_X_y=True)
>>> cross_val_score(KNeighborsClassifier(), X, y, scoring=scorers.f1_macro, cv=3).round(3)
array([0.98, 0.98, 0.98])
"""

from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from numpy.typing import ArrayLike
from sklearn import get_config
from sklearn.utils.metadata_routing import MetadataRequest

from skknn_syndrome._typing import Estimator
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics.predictions import decide, rank
from skknn_syndrome.metrics.registry import (
    SCORE_NAMES,
    Named,
    definitions,
    find_score,
    is_loss,
    task_of_classes,
)
from skknn_syndrome.metrics.score_table import evaluate, evaluate_all

__all__ = ["SCORE_NAMES", "Scorer", "get_scorer", "get_scorer_names", "score_all", "top_k_scorer"]
__all__ += list(SCORE_NAMES)


def __getattr__(name: str) -> "Scorer":
    """Make the scorer of a score's name."""
    if name not in SCORE_NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{_meant(name)}")
    return Scorer(name)


def _meant(name: str) -> str:
    """Return a hint at the score whose name is near, or holds this one."""
    near = get_close_matches(name, SCORE_NAMES, n=1) or [score for score in SCORE_NAMES if name in score]
    return f": did you mean {near[0]}?" if near else ""


@dataclass(frozen=True, repr=False)
class Scorer:
    """A score of a fitted classifier on a test part; higher is better.

    It is frozen: `set_score_request` returns another one, so that this module's scorers stay as they are.

    Parameters
    ----------
    name : str
        One of `SCORE_NAMES`, or ``top_<k>_accuracy`` with any k from 1.
    sample_weight : bool, str or None, default=None
        What metadata routing is asked for: True (or the name they go by) to be given sample weights, False to
        be given none, None to have scikit-learn raise if there are any. Without routing it has no effect.

    Raises
    ------
    ValueError
        If there is no score of this name, or lower is better.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y = load_iris(return_X_y=True)
    >>> Scorer("accuracy")(GaussianNB().fit(X, y), X, y)
    0.96
    """

    name: str
    sample_weight: bool | str | None = None
    # Goes along when a scorer is pickled: the registry of another process lacks what this one registered.
    _entry: Named = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a name that is no score, or that of a loss."""
        object.__setattr__(self, "_entry", find_score(self.name))
        if is_loss(self.name):
            raise ParameterError(
                f"{self.name} is lower for better predictions, and a scorer is higher: take scikit-learn's "
                f"make_scorer(metrics.{self.name}, greater_is_better=False).",
                code="loss",
                parameter="name",
            )

    def __repr__(self) -> str:
        """Show the call that makes it."""
        request = "" if self.sample_weight is None else f", sample_weight={self.sample_weight!r}"
        return f"Scorer({self.name!r}{request})"

    def __call__(
        self,
        estimator: Estimator,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
    ) -> float:
        """Score an estimator on a test part.

        Parameters
        ----------
        estimator : fitted classifier
            With ``predict``; for AUC and top-k with ``classes_``, and ``predict_proba`` or
            ``decision_function``. Or a pipeline or search that ends in one.
        X : array-like of shape (n_samples, n_features)
            Samples of the test part.
        y : array-like of shape (n_samples,)
            Their true labels.
        sample_weight : array-like of shape (n_samples,), optional
            Their weights.

        Returns
        -------
        float
            The score; NaN (with ``UndefinedMetricWarning``) where it is not defined.

        Raises
        ------
        ValueError
            If shapes do not fit, a score of a class is not finite, or weights are negative or all zero.
        AttributeError
            If the estimator has neither ``predict_proba`` nor ``decision_function`` where one is needed.
        """
        ask = decide if self._entry.score.needs == "labels" else rank
        return evaluate(self._entry, ask(estimator, X, y, sample_weight))

    def set_score_request(self, *, sample_weight: bool | str | None) -> "Scorer":
        """Copy of this scorer that asks metadata routing for sample weights.

        Parameters
        ----------
        sample_weight : bool, str or None
            As for the class.

        Returns
        -------
        Scorer
            The copy.

        Raises
        ------
        RuntimeError
            If metadata routing is off, where the request would have no effect.
        """
        if not get_config()["enable_metadata_routing"]:
            message = (
                "This method is only available when metadata routing is enabled. You can enable it using "
                "sklearn.set_config(enable_metadata_routing=True)."
            )
            raise RuntimeError(message)
        return replace(self, sample_weight=sample_weight)

    def get_metadata_routing(self) -> MetadataRequest:
        """Tell scikit-learn's metadata routing what this scorer asks for.

        Returns
        -------
        MetadataRequest
            The request for ``sample_weight``.
        """
        request = MetadataRequest(owner=self)
        request.score.add_request(param="sample_weight", alias=self.sample_weight)
        return request

    def _accept_sample_weight(self) -> bool:
        # scikit-learn asks every scorer of a dictionary this when routing is off and weights are given.
        return True


def top_k_scorer(k: int) -> Scorer:
    """Scorer of the top-k accuracy for any k.

    Parameters
    ----------
    k : int
        Number of classes that may be named, at least 1.

    Returns
    -------
    Scorer
        The scorer ``top_<k>_accuracy``.

    Raises
    ------
    ValueError
        If `k` is not a whole number from 1.

    Examples
    --------
    >>> top_k_scorer(9)
    Scorer('top_9_accuracy')
    """
    return Scorer(f"top_{k}_accuracy")


def get_scorer(name: str) -> Scorer:
    """Scorer of this name.

    Parameters
    ----------
    name : str
        One of `SCORE_NAMES`, or ``top_<k>_accuracy`` with any k from 1.

    Returns
    -------
    Scorer
        The scorer.

    Raises
    ------
    ValueError
        If there is no score of this name.

    Examples
    --------
    >>> get_scorer("roc_auc_ovr")
    Scorer('roc_auc_ovr')
    """
    return Scorer(name)


def get_scorer_names() -> list[str]:
    """Names of the scorers of this module.

    Returns
    -------
    list of str
        `SCORE_NAMES`.

    Examples
    --------
    >>> get_scorer_names()[:3]
    ['roc_auc_ovr', 'f1_macro', 'accuracy']
    """
    return list(SCORE_NAMES)


def score_all(
    estimator: Estimator, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
) -> dict[str, float]:
    """All scores of a fitted classifier from one call of ``predict`` and one of ``predict_proba``.

    As ``scoring=score_all`` it lets a search compute every score at the cost of one; the search then needs
    the name of one of them as ``refit``.

    Parameters
    ----------
    estimator : fitted classifier
        With ``predict`` and ``classes_``, and ``predict_proba`` or else ``decision_function``.
    X : array-like of shape (n_samples, n_features)
        Samples of the test part.
    y : array-like of shape (n_samples,)
        Their true labels.
    sample_weight : array-like of shape (n_samples,), optional
        Their weights.

    Returns
    -------
    dict of str to float
        Those of `SCORE_NAMES` that serve so many classes, then ``<name>_lower`` and ``<name>_upper``: the
        bounds over ties of each top-k.

    Raises
    ------
    ValueError
        If shapes do not fit, a score of a class is not finite, or weights are negative or all zero.
    AttributeError
        If the estimator has neither ``predict_proba`` nor ``decision_function``.

    Warns
    -----
    UndefinedMetricWarning
        If classes had to be left out of ``roc_auc_ovr``; where none is left, it is NaN.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y = load_iris(return_X_y=True)
    >>> scores = score_all(GaussianNB().fit(X, y), X, y)
    >>> scores["accuracy"], scores["top_1_accuracy_lower"]
    (0.96, 0.96)
    """
    return evaluate_all(
        definitions(task_of_classes(len(estimator.classes_))),
        labels=decide(estimator, X, y, sample_weight),
        ranking=rank(estimator, X, y, sample_weight),
    )
