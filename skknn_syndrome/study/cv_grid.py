"""The grid of a search on one graph, checked value by value."""

from collections.abc import Iterable
from numbers import Integral
from typing import Any

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.weighting import Weights


def check_grid(
    *,
    n_neighbors: int | Iterable[int],
    metrics: str | Iterable[str],
    weights: Weights | Iterable[Weights],
) -> dict[str, list[Any]]:
    """Return the values of each parameter of `SyndromeKNNClassifier`, in the order given.

    A single value stands for the list that holds it.

    Raises
    ------
    StudySettingsError
        There is no value for a parameter, or the distances are precomputed.
    ValueError
        A value is none that `SyndromeKNNClassifier` takes.

    Examples
    --------
    >>> check_grid(n_neighbors=range(1, 4), metrics="cosine", weights=("uniform", "distance"))
    {'metric': ['cosine'], 'n_neighbors': [1, 2, 3], 'weights': ['uniform', 'distance']}
    """
    given = {"metric": metrics, "n_neighbors": n_neighbors, "weights": weights}
    grid = {name: _as_list(values) for name, values in given.items()}
    for name, values in grid.items():
        if not values:
            parameter = "metrics" if name == "metric" else name
            raise StudySettingsError(f"The grid has no value for {parameter}: name at least one.")
        for value in values:
            SyndromeKNNClassifier(**{name: value})._validate_params()  # noqa: SLF001  as a fit would
    if "precomputed" in grid["metric"]:
        raise StudySettingsError(
            "A neighbour graph can't be made of precomputed distances: search with GridSearchCV over "
            'SyndromeKNNClassifier(metric="precomputed"), or give embeddings.'
        )
    return grid


def _as_list(values: Any) -> list[Any]:  # noqa: ANN401  checked one by one
    return [values] if isinstance(values, str | Integral) or callable(values) else list(values)
