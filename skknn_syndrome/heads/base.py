"""A classification head: an estimator with a name, a grid and what it can say of an image."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeAlias

from sklearn.pipeline import Pipeline

from skknn_syndrome._typing import Estimator, Float64Array, IndexArray, LabelArray, MatrixLike

Gives: TypeAlias = Literal["probabilities", "decision", "neighbors"]
"""What a head can say: ``predict_proba``, ``decision_function``, or the training images that voted."""

TaskName: TypeAlias = Literal["binary", "multiclass", "multilabel"]

IndexSplit: TypeAlias = tuple[IndexArray, IndexArray]
"""Row numbers of a training and a test part."""

SINGLE_LABEL: frozenset[TaskName] = frozenset({"binary", "multiclass"})


class GridScores(Protocol):
    """Scores of a whole grid on any splits of the rows that it was made for."""

    def score_grid(
        self, grid: Mapping[str, Sequence[Any]], splits: Sequence[IndexSplit]
    ) -> Mapping[str, Float64Array]:
        """Return each score, shape (n_candidates, n_splits), candidates in the order of `ParameterGrid`."""
        ...


class Answers(Protocol):
    """How a head answers for a whole grid at once."""

    def __call__(
        self,
        estimator: Estimator,
        grid: Mapping[str, Sequence[Any]],
        samples: MatrixLike,
        labels: LabelArray,
        splits: Sequence[IndexSplit],
        *,
        n_jobs: int | None,
    ) -> GridScores | None:
        """Return where scores come from; None where candidates have to be fitted one by one after all."""
        ...


@dataclass(frozen=True)
class Head:
    """A classifier as a study knows it.

    Parameters
    ----------
    name : str
        What results call it, such as ``"knn"``.
    title : str
        What readers are shown, such as ``"k nearest neighbours"``.
    estimator : callable
        Returns an unfitted scikit-learn classifier; the class itself will do.
    grid : mapping of str to sequence
        Values of its parameters that a study tries, in the order in which readers see them.
    gives : frozenset of {"probabilities", "decision", "neighbors"}
        What it can say of an image. Without any, all that is known is the label that it predicts.
    answers : callable, optional
        How it answers for a whole grid at once. Without, `GridSearchCV` fits candidates one by one.
    tasks : frozenset of {"binary", "multiclass", "multilabel"}
        Which kinds of labels it takes.

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> head = Head(
    ...     name="bayes",
    ...     title="Gaussian naive Bayes",
    ...     estimator=GaussianNB,
    ...     grid={"var_smoothing": (1e-9, 1e-3)},
    ...     gives=frozenset({"probabilities"}),
    ... )
    >>> head.fits(GaussianNB()), head.owns(object())
    (True, False)
    """

    name: str
    title: str
    estimator: Callable[[], Estimator]
    grid: Mapping[str, Sequence[Any]]
    gives: frozenset[Gives]
    answers: Answers | None = None
    tasks: frozenset[TaskName] = SINGLE_LABEL

    def __post_init__(self) -> None:
        """Keep the grid from being written on."""
        kept = MappingProxyType({name: tuple(values) for name, values in self.grid.items()})
        object.__setattr__(self, "grid", kept)

    def owns(self, estimator: Estimator) -> bool:
        """Return whether an estimator, or the last step of a pipeline, is of this head's class or derived."""
        return isinstance(last_step(estimator), self.kind)

    @property
    def kind(self) -> type:
        """The class of its classifier, which is the last step where the factory makes a pipeline."""
        return type(last_step(self.estimator()))

    def fits(self, estimator: Estimator) -> bool:
        """Return whether an estimator, or the last step of a pipeline, does what this head's does.

        A derived class may have other defaults. As soon as it replaces a method, nothing but asking it shows
        what it says, and shortcuts of the head are no longer taken.
        """
        return self.owns(estimator) and not replaced_methods(last_step(estimator), self.kind)


def last_step(estimator: Estimator) -> Estimator:
    """Return the classifier at the end of a pipeline, or the estimator itself."""
    return estimator.steps[-1][1] if isinstance(estimator, Pipeline) else estimator


def prefix_of(estimator: Estimator) -> str:
    """Return what stands before the classifier's parameters in a grid: ``"<last step>__"`` of a pipeline."""
    return f"{estimator.steps[-1][0]}__" if isinstance(estimator, Pipeline) else ""


def replaced_methods(estimator: Estimator, kind: type) -> set[str]:
    """Return the methods and properties of a class that an estimator derived from it has replaced.

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> class Contrarian(GaussianNB):
    ...     def predict_proba(self, X):
    ...         return 1 - super().predict_proba(X)
    >>> replaced_methods(Contrarian(), GaussianNB)
    {'predict_proba'}
    """
    order = type(estimator).__mro__
    # Mixins may stand before the class in the order of look-up as well as classes derived from it.
    derived = order[: order.index(kind)]
    return {
        name
        for cls in derived
        for name, value in vars(cls).items()
        if hasattr(kind, name) and _decides(name, value)
    }


def _decides(name: str, value: object) -> bool:
    # scikit-learn puts a `set_<method>_request` on every class, and dunders hold defaults and texts.
    incidental = name.startswith("__") or (name.startswith("set_") and name.endswith("_request"))
    return not incidental and (callable(value) or hasattr(value, "__get__"))
