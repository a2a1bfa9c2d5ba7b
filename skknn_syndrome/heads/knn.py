"""k-nearest-neighbour head: its parameter grid, validated, and scores from one exact neighbour graph."""

from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral
from typing import Any, get_args

from skknn_syndrome._typing import Estimator, LabelArray, MatrixLike
from skknn_syndrome.errors import Argument, StudySettingsError
from skknn_syndrome.heads.base import GridScores, Head, IndexSplit, last_step, prefix_of
from skknn_syndrome.heads.multilabel_knn import several_labels
from skknn_syndrome.metrics.definition import ALL_TASKS
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.classifier import MetricName
from skknn_syndrome.neighbors.weighting import Weights, WeightsName

METRICS: tuple[str, ...] = get_args(MetricName)
SCHEMES: tuple[str, ...] = get_args(WeightsName)


def answer_from_graph(
    estimator: Estimator,
    grid: Mapping[str, Sequence[Any]],
    samples: MatrixLike,
    labels: LabelArray,
    splits: Sequence[IndexSplit],
    *,
    n_jobs: int | None,
) -> GridScores | None:
    """Score a grid from one exact neighbour graph of all rows, or from one search a fold of a pipeline."""
    # The engine moves beneath the heads together with the other rooms of study/.
    from skknn_syndrome.heads.graph_scores.sources import make_source  # noqa: PLC0415

    return make_source(estimator, grid, samples, labels, splits, n_jobs=n_jobs)


KNN = Head(
    name="knn",
    title="k nearest neighbours",
    estimator=SyndromeKNNClassifier,
    grid={"metric": ("euclidean", "cosine"), "n_neighbors": range(1, 16), "weights": ("distance",)},
    gives=frozenset({"probabilities", "neighbors"}),
    answers=answer_from_graph,
    tasks=ALL_TASKS,
    of_labels=several_labels,
    uses_class_shares=True,
)


def grid_prefix(estimator: Estimator) -> str:
    """Return what stands before the classifier's parameters in the grid.

    Parameters
    ----------
    estimator : SyndromeKNNClassifier or Pipeline
        A pipeline has to end in a `SyndromeKNNClassifier`.

    Returns
    -------
    str
        ``""`` for the classifier itself, ``"<last step>__"`` for a pipeline.

    Raises
    ------
    StudySettingsError
        If the estimator is neither, or has a `predict` that need not name the most probable class.
    """
    prefix, classifier = prefix_of(estimator), last_step(estimator)
    if not KNN.owns(estimator):
        pipeline = f" that ends in a {type(classifier).__name__}" if prefix else ""
        raise StudySettingsError(
            f"The estimator is a {type(estimator).__name__}{pipeline}; a study takes a SyndromeKNNClassifier "
            "or a Pipeline that ends in one. Register another classifier as a head (skknn_syndrome.heads), "
            "or take GridSearchCV with skknn_syndrome.scorers.",
            code="not_knn",
            parameter="estimator",
        )
    if type(classifier).predict is not SyndromeKNNClassifier.predict:
        raise StudySettingsError(
            f"{type(classifier).__name__} has a predict of its own, and a study takes the most probable "
            "class as the predicted one: change predict_proba, or take GridSearchCV and "
            "skknn_syndrome.scorers.",
            code="own_predict",
            parameter="estimator",
        )
    return prefix


def is_default(name: str, values: Any) -> bool:  # noqa: ANN401  whatever the caller gave
    """Return whether the values of n_neighbors, metrics or weights are those of the head's own grid.

    Examples
    --------
    >>> is_default("metrics", ("euclidean", "cosine")), is_default("n_neighbors", [1, 3])
    (True, False)
    """
    return tuple(_listed(values)) == KNN.grid["metric" if name == "metrics" else name]


def list_values(
    *,
    n_neighbors: int | Iterable[int],
    metrics: str | Iterable[str],
    weights: Weights | Iterable[Weights],
) -> dict[str, list[Any]]:
    """Return the values of each parameter of `SyndromeKNNClassifier` in the order given.

    A single value stands for the list that holds it.

    Raises
    ------
    StudySettingsError
        There is no value for a parameter.

    Examples
    --------
    >>> list_values(n_neighbors=range(1, 4), metrics="cosine", weights=("uniform", "distance"))
    {'metric': ['cosine'], 'n_neighbors': [1, 2, 3], 'weights': ['uniform', 'distance']}
    """
    given = {"metrics": metrics, "n_neighbors": n_neighbors, "weights": weights}
    for name, values in (listed := {name: _listed(values) for name, values in given.items()}).items():
        if not values:
            raise StudySettingsError(
                "The grid has no value for {argument}: name at least one.",
                code="no_value",
                parameter=name,
                argument=Argument(name),
            )
    return {"metric": listed["metrics"], **{name: listed[name] for name in ("n_neighbors", "weights")}}


def make_grid(
    prefix: str,
    *,
    n_neighbors: int | Iterable[int],
    metrics: str | Sequence[str],
    weights: Weights | Sequence[Weights],
) -> dict[str, list[Any]]:
    """Return the parameter grid, each list without repetitions and `n_neighbors` in rising order.

    A single value stands for the list that holds it.
    """
    listed = list_values(n_neighbors=n_neighbors, metrics=metrics, weights=weights)
    _refuse_unknown("metrics", listed["metric"], METRICS)
    _refuse_unknown("weights", [each for each in listed["weights"] if not callable(each)], SCHEMES)
    numbers = listed["n_neighbors"]
    odd = [number for number in numbers if type(number) is bool or not isinstance(number, Integral)]
    if odd:
        raise StudySettingsError(
            "{argument} must be whole numbers, the grid holds {value!r}.",
            code="not_whole",
            parameter="n_neighbors",
            argument=Argument("n_neighbors"),
            value=odd[0],
        )
    if min(numbers) < 1:
        raise StudySettingsError(
            "{argument} must be at least 1, the grid holds {value}.",
            code="below_one",
            parameter="n_neighbors",
            argument=Argument("n_neighbors"),
            value=min(numbers),
        )
    return {
        f"{prefix}metric": list(dict.fromkeys(listed["metric"])),
        f"{prefix}n_neighbors": sorted(set(numbers)),
        f"{prefix}weights": list(dict.fromkeys(listed["weights"])),
    }


def check_grid(
    *,
    n_neighbors: int | Iterable[int],
    metrics: str | Iterable[str],
    weights: Weights | Iterable[Weights],
) -> dict[str, list[Any]]:
    """Return the values of each parameter for a search on one graph, in the order given, as a fit takes them.

    Raises
    ------
    StudySettingsError
        There is no value for a parameter, or the distances are precomputed.
    ValueError
        A value is none that `SyndromeKNNClassifier` takes.
    """
    grid = list_values(n_neighbors=n_neighbors, metrics=metrics, weights=weights)
    for name, values in grid.items():
        for value in values:
            SyndromeKNNClassifier(**{name: value})._validate_params()  # noqa: SLF001  as a fit would
    if "precomputed" in grid["metric"]:
        raise StudySettingsError(
            "A neighbour graph can't be made of precomputed distances: search with GridSearchCV over "
            'SyndromeKNNClassifier(metric="precomputed"), or give embeddings.',
            code="precomputed",
            parameter="metrics",
        )
    return grid


def _listed(values: Any) -> list[Any]:  # noqa: ANN401  checked value by value
    return list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [values]


def _refuse_unknown(name: str, values: Sequence[object], known: Sequence[str]) -> None:
    for value in values:
        if value not in known:
            raise StudySettingsError(
                "{argument} names {value!r}: take some of {known}.",
                code="unknown_value",
                parameter=name,
                argument=Argument(name),
                value=value,
                known=", ".join(known),
            )
