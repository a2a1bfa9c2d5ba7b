"""Classification heads: an estimator with a name, a parameter grid, and what it predicts."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeAlias, get_args

from sklearn import get_config
from sklearn.base import clone
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import has_fit_parameter

from skknn_syndrome._typing import Estimator, Float64Array, IndexArray, LabelArray, MatrixLike
from skknn_syndrome.errors import StudySettingsError, meant
from skknn_syndrome.metrics.definition import SINGLE_LABEL
from skknn_syndrome.metrics.definition import TaskName as TaskName

Gives: TypeAlias = Literal["probabilities", "decision", "neighbors"]
"""What a head can say: ``predict_proba``, ``decision_function``, or the training images that voted."""

METHODS: Mapping[Gives, str] = MappingProxyType(
    {"probabilities": "predict_proba", "decision": "decision_function", "neighbors": "kneighbors"}
)
"""Of the estimator, that a head needs for what it gives."""

IndexSplit: TypeAlias = tuple[IndexArray, IndexArray]
"""Row numbers of a training and a test part."""


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
    estimator : classifier or callable
        An unfitted scikit-learn classifier, of which each fit gets a clone; or what returns one, such as its
        class.
    grid : mapping of str to sequence
        Values of its parameters that a study tries, in the order in which readers see them.
    gives : set of {"probabilities", "decision", "neighbors"}
        What it can say of an image. Without any, all that is known is the label that it predicts.
    answers : callable, optional
        How it answers for a whole grid at once. Without, `GridSearchCV` fits candidates one by one.
    tasks : frozenset of {"binary", "multiclass", "multilabel"}
        Which kinds of labels it takes.
    of_labels : callable, optional
        From this head to the one that takes several labels an image in its place, where its own estimator
        does not: `skknn_syndrome.heads.one_vs_rest.one_vs_rest`, for instance. `for_task` calls it.
    uses_class_shares : bool, default=False
        Whether its probabilities start from the shares of the classes among the training images, as those of
        a vote do; only then can posterior odds be set against these.

    Raises
    ------
    StudySettingsError
        A field is not what it has to be, or the estimator lacks a method of what the head gives.

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
    of_labels: Callable[["Head"], "Head"] | None = None
    uses_class_shares: bool = False

    def __post_init__(self) -> None:
        """Check the fields, and keep the grid from being written on."""
        _check_name(self.name, self.title)
        kept = MappingProxyType(_checked_grid(self.name, self.grid))
        object.__setattr__(self, "grid", kept)
        for field, known in (("gives", get_args(Gives)), ("tasks", get_args(TaskName))):
            object.__setattr__(self, field, _checked_words(self.name, field, getattr(self, field), known))
        given: Any = self.estimator
        if not callable(given) and not hasattr(given, "get_params"):
            raise StudySettingsError(
                f"The head {self.name!r} has the estimator {given!r}: give a classifier of scikit-learn's "
                "kind, or its class.",
                code="not_a_classifier",
                parameter="estimator",
            )
        _check_methods(self.name, given, self.gives)
        if not isinstance(given, type) and hasattr(given, "get_params"):
            object.__setattr__(self, "estimator", partial(clone, given))

    def for_task(self, task: TaskName) -> "Head":
        """Return the head of a kind of labels: this one, or what takes several labels an image in its place.

        Raises
        ------
        StudySettingsError
            It does not take such labels.

        Examples
        --------
        >>> from skknn_syndrome import heads
        >>> heads.get("lda").for_task("multilabel").estimator()
        GroupedOneVsRestClassifier(estimator=CalibratedLDA())
        """
        if task not in self.tasks:
            taken = " and ".join(sorted(self.tasks))
            raise StudySettingsError(
                f"y has {task} labels, and the head {self.name!r} takes {taken} ones: give labels of that "
                "kind, or another head.",
                code="labels_of_another_kind",
                parameter="y",
            )
        return self.of_labels(self) if task == "multilabel" and self.of_labels is not None else self

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


def _check_name(name: object, title: object) -> None:
    # Results, tables and files are called by it, and `best` is keyed by it.
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name):
        raise StudySettingsError(
            f"A head's name is {name!r}: take a letter, and letters, digits, hyphens or underscores after "
            "it.",
            code="not_a_name",
            parameter="name",
        )
    if not isinstance(title, str) or not title.strip():
        raise StudySettingsError(
            f"The head {name!r} has the title {title!r}: give the text that readers see.",
            code="no_title",
            parameter="title",
        )


def _checked_grid(head: str, grid: Any) -> dict[str, tuple[Any, ...]]:  # noqa: ANN401  checked here
    if not isinstance(grid, Mapping) or not all(isinstance(name, str) for name in grid):
        raise StudySettingsError(
            f"The head {head!r} has the grid {grid!r}: give a dict of lists by the name of the parameter, "
            "such as {'C': [0.1, 1.0]}.",
            code="not_a_grid",
            parameter="grid",
        )
    for name, values in grid.items():
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise StudySettingsError(
                f"The grid of the head {head!r} has {values!r} for {name}: give a list of values.",
                code="not_a_list",
                parameter="grid",
            )
    found = {name: tuple(values) for name, values in grid.items()}
    for name, values in found.items():
        if not values:
            raise StudySettingsError(
                f"The grid of the head {head!r} has no value for {name}.",
                code="no_value",
                parameter="grid",
            )
    return found


def _checked_words(head: str, field: str, words: Any, known: Sequence[str]) -> frozenset[Any]:  # noqa: ANN401
    example = f"{{{known[0]!r}}}"
    if isinstance(words, str) or not isinstance(words, Iterable):
        raise StudySettingsError(
            f"The head {head!r} has {field}={words!r}: give a set, such as {example}.",
            code="not_a_set",
            parameter=field,
        )
    found = frozenset(words)
    for word in sorted(map(str, found - set(known))):
        raise StudySettingsError(
            f"The head {head!r} has {word!r} in {field}: {meant(word, known)}.",
            code="unknown_word",
            parameter=field,
        )
    return found


def _check_methods(head: str, estimator: Any, gives: frozenset[Gives]) -> None:  # noqa: ANN401
    """Refuse what can't be given; what a function returns is known once it is called, and is not asked."""
    kind = estimator if isinstance(estimator, type) else type(last_step(estimator))
    if not hasattr(kind, "get_params"):
        return
    for word, method in METHODS.items():
        if word in gives and not hasattr(kind, method):
            raise StudySettingsError(
                f"The head {head!r} has {word!r} in gives, and {kind.__name__} has no {method}: leave it "
                "out.",
                code="no_such_method",
                parameter="gives",
            )


def last_step(estimator: Estimator) -> Estimator:
    """Return the classifier at the end of a pipeline, or the estimator itself."""
    return estimator.steps[-1][1] if isinstance(estimator, Pipeline) else estimator


def prefix_of(estimator: Estimator) -> str:
    """Return what stands before the classifier's parameters in a grid: ``"<last step>__"`` of a pipeline."""
    return f"{estimator.steps[-1][0]}__" if isinstance(estimator, Pipeline) else ""


def group_parameters(estimator: Estimator, groups: LabelArray | None) -> dict[str, LabelArray]:
    """Return the parameters that hand subjects on to a `fit`, or to that of a pipeline's last step.

    There are none where it takes no `groups`, where a step resamples, since nobody knows the subjects of its
    rows, and where a pipeline routes metadata, for which its steps have to ask.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> group_parameters(GaussianNB(), np.array(["s1", "s2"]))
    {}
    """
    steps = [step for _, step in estimator.steps] if isinstance(estimator, Pipeline) else [estimator]
    resampled = any(hasattr(step, "fit_resample") for step in steps)
    routed = len(steps) > 1 and get_config()["enable_metadata_routing"]
    if groups is None or resampled or routed or not has_fit_parameter(steps[-1], "groups"):
        return {}
    return {f"{prefix_of(estimator)}groups": groups}


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
