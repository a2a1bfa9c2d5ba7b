"""From scikit-learn's `cv_results_` to typed candidates."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.crossval.folds import Splits
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.metrics.registry import names_among, why_undefined
from skknn_syndrome.neighbors.weighting import weights_name
from skknn_syndrome.results.candidate import Candidate, CandidateKey, Scalar, knn_params
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.score import Score

CvResults = Mapping[str, Any]


def candidate_key(head: Head, parameters: Mapping[str, Any]) -> CandidateKey:
    """Return a head with parameters as results name it: single values, functions by their names.

    Parameters
    ----------
    head : Head
    parameters : mapping
        By the classifier's own names.

    Returns
    -------
    CandidateKey
        Parameters in the order of the head's grid, those of nearest neighbours as `knn_params` has them.

    Examples
    --------
    >>> candidate_key(KNN, {"metric": "cosine", "n_neighbors": np.int64(5), "weights": np.exp}).params
    {'metric': 'cosine', 'weights': 'exp', 'n_neighbors': 5}
    """
    order = [*(name for name in head.grid if name in parameters), *parameters]
    params = {name: _scalar(name, parameters[name]) for name in dict.fromkeys(order)}
    if head.name == KNN.name:
        params = knn_params(str(params["metric"]), str(params["weights"]), int(str(params["n_neighbors"])))
    return CandidateKey(head=head.name, params=params)


def _scalar(name: str, value: Any) -> Scalar:  # noqa: ANN401  whatever a grid holds
    if name == "weights" and callable(value):
        return weights_name(value)
    plain = value.item() if isinstance(value, np.generic) else value
    if plain is None or isinstance(plain, str | bool | int | float):
        return plain
    return str(getattr(plain, "__name__", plain))


def collect_protocol(
    cv_results: CvResults, splits: Splits, labels: LabelArray, *, prefix: str, refit: str, head: Head = KNN
) -> ProtocolResult:
    """Type a finished search.

    Parameters
    ----------
    cv_results : mapping
        `GridSearchCV.cv_results_`.
    splits : Splits
        The folds it ran on.
    labels : array of shape (n_images,)
        The class of each image.
    prefix : str
        What stands before the classifier's parameters in the grid.
    refit : str
        The score that decides.
    head : Head
        What was searched.

    Returns
    -------
    ProtocolResult
        Candidates in the order of the grid.
    """
    means = "mean_test_"
    names = names_among({key.removeprefix(means) for key in cv_results if key.startswith(means)})
    candidates = tuple(
        _collect_candidate(cv_results, names, index, len(splits.parts), prefix, head)
        for index in range(len(cv_results["params"]))
    )
    return ProtocolResult(
        protocol=splits.protocol,
        splitter=splits.description,
        folds=splits.describe(labels),
        candidates=candidates,
        refit=refit,
    )


def _collect_candidate(
    cv_results: CvResults, names: Sequence[str], index: int, n_splits: int, prefix: str, head: Head
) -> Candidate:
    params = cv_results["params"][index]
    key = candidate_key(head, {name.removeprefix(prefix): value for name, value in params.items()})
    return Candidate(
        head=key.head,
        params=key.params,
        all_scores=tuple(_collect_score(cv_results, name, index, n_splits) for name in names),
    )


def _collect_score(cv_results: CvResults, name: str, index: int, n_splits: int) -> Score:
    def folds(key: str) -> list[float]:
        return [float(cv_results[f"split{split}_test_{key}"][index]) for split in range(n_splits)]

    has_bounds = f"split0_test_{name}_lower" in cv_results
    return Score.from_values(
        name,
        folds(name),
        lower=folds(f"{name}_lower") if has_bounds else None,
        upper=folds(f"{name}_upper") if has_bounds else None,
        reason=why_undefined(name),
    )


def typed_scores(values: Mapping[str, Float64Array]) -> dict[str, Score]:
    """Return scores of shape (n_folds,), NaN where they are not defined, by name; with bounds over ties."""
    return {
        name: Score.from_values(
            name,
            values[name].tolist(),
            lower=values[f"{name}_lower"].tolist() if f"{name}_lower" in values else None,
            upper=values[f"{name}_upper"].tolist() if f"{name}_upper" in values else None,
            reason=why_undefined(name),
        )
        for name in names_among(values)
    }
