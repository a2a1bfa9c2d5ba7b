"""Cross-validation of the search itself: every fold's candidate is chosen inside its training part."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.model_selection import ParameterGrid

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.metrics.score_table import SCORE_NAMES
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.results import Score
from skknn_syndrome.results.nesting import Choice, NestedSelection, Optimism
from skknn_syndrome.study.collecting import UNDEFINED_AUC
from skknn_syndrome.study.engine import score_grid
from skknn_syndrome.study.splitting import Splits, make_splits

Rule = Callable[[Mapping[str, Float64Array]], int]
"""From each score's array (n_candidates, n_folds) to the number of the candidate that is chosen."""


def best_mean(score: str) -> Rule:
    """Return the rule that takes the highest mean of a score, of equal ones the first.

    Folds where the score is not defined are left out; a candidate that has none is taken last.

    Examples
    --------
    >>> best_mean("accuracy")({"accuracy": np.array([[0.5, 0.6], [0.7, np.nan], [np.nan, np.nan]])})
    1
    """

    def choose(scores: Mapping[str, Float64Array]) -> int:
        defined = ~np.isnan(scores[score])
        totals = np.where(defined, scores[score], 0.0).sum(axis=1)
        counts = defined.sum(axis=1)
        return int(np.argmax(np.where(counts > 0, totals / np.maximum(counts, 1), -np.inf)))

    return choose


def select_nested(  # noqa: PLR0913
    graph: NeighborGraph,
    labels: LabelArray,
    groups: LabelArray | None,
    outer: Splits,
    *,
    metrics: Sequence[str],
    n_neighbors: Sequence[int],
    weights: Sequence[Weights],
    refit: str,
    rule: Rule | None = None,
    inner_cv: int = 5,
    random_state: int | None = 42,
    **voting: Any,  # noqa: ANN401  handed on to the engine
) -> NestedSelection:
    """Choose k, distance and weights inside the training part of each fold, and score the choice outside.

    One neighbour graph answers all inner and outer splits. Subjects stay together in both.

    Parameters
    ----------
    graph : NeighborGraph
        Of all images.
    labels : array of shape (n_images,)
    groups : array of shape (n_images,) or None
        The subject of each image, where folds keep subjects together.
    outer : Splits
        The folds that report.
    metrics, n_neighbors, weights : sequence
        The grid.
    refit : str
        The score that decides, and what the result calls the rule.
    rule : callable, optional
        Decides instead, from the scores on the inner folds.
    inner_cv : int, default=5
        Inner folds.
    random_state : int or None
        Seeds the inner folds.
    **voting
        Temperature and class weight, as in `SyndromeKNNClassifier`.

    Returns
    -------
    NestedSelection

    Raises
    ------
    StudySettingsError
        A training part can't be divided into inner folds.

    References
    ----------
    .. [1] G. C. Cawley and N. L. C. Talbot, "On Over-fitting in Model Selection and Subsequent Selection Bias
       in Performance Evaluation", JMLR 11, 2010. https://jmlr.org/papers/v11/cawley10a.html
    """
    choose = best_mean(refit) if rule is None else rule
    # In the order of scikit-learn's ParameterGrid, in which `score_grid` has its axes too.
    grid = list(ParameterGrid({"metric": metrics, "n_neighbors": n_neighbors, "weights": weights}))

    def score(splits: Sequence[tuple[IndexArray, IndexArray]]) -> Mapping[str, Float64Array]:
        tables = score_grid(
            graph, labels, splits, metrics=metrics, n_neighbors=n_neighbors, weights=weights, **voting
        )
        return {name: table.reshape(len(grid), len(splits)) for name, table in tables.items()}

    inner = [
        _inside(part.train, labels, groups, inner_cv=inner_cv, random_state=random_state)
        for part in outer.parts
    ]
    inner_scores = score([split for splits in inner for split in splits])
    chosen = [
        choose({name: table[:, start : start + inner_cv] for name, table in inner_scores.items()})
        for start in range(0, inner_cv * len(inner), inner_cv)
    ]
    outer_scores = score(outer.as_cv())
    nested = {name: table[chosen, np.arange(len(chosen))] for name, table in outer_scores.items()}
    reported = choose(outer_scores)
    scores = tuple(_typed(name, nested) for name in SCORE_NAMES)
    return NestedSelection(
        refit=refit,
        n_inner_folds=inner_cv,
        choices=tuple(_describe(fold, grid[number]) for fold, number in enumerate(chosen)),
        all_scores=scores,
        optimism=tuple(
            Optimism(
                score=score.name,
                nested_mean=score.mean,
                chosen_mean=Score.from_values(score.name, outer_scores[score.name][reported].tolist()).mean,
            )
            for score in scores
        ),
    )


def _inside(
    train: IndexArray,
    labels: LabelArray,
    groups: LabelArray | None,
    *,
    inner_cv: int,
    random_state: int | None,
) -> list[tuple[IndexArray, IndexArray]]:
    """Divide a training part into inner folds, as row numbers of the whole."""
    inner = make_splits(
        labels[train], None if groups is None else groups[train], cv=inner_cv, random_state=random_state
    )
    return [(train[part.train], train[part.test]) for part in inner.parts]


def _describe(fold: int, candidate: Mapping[str, object]) -> Choice:
    weights = candidate["weights"]
    return Choice(
        fold=fold,
        metric=str(candidate["metric"]),
        weights=weights if isinstance(weights, str) else getattr(weights, "__name__", type(weights).__name__),
        n_neighbors=int(str(candidate["n_neighbors"])),
    )


def _typed(name: str, values: Mapping[str, Float64Array]) -> Score:
    has_bounds = f"{name}_lower" in values
    return Score.from_values(
        name,
        values[name].tolist(),
        lower=values[f"{name}_lower"].tolist() if has_bounds else None,
        upper=values[f"{name}_upper"].tolist() if has_bounds else None,
        reason=UNDEFINED_AUC,
    )
