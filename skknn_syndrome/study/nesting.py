"""Cross-validation of the search itself: every fold's candidate is chosen inside its training part."""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise

import numpy as np
from sklearn.model_selection import ParameterGrid

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics.score_table import SCORE_NAMES
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.results import Score
from skknn_syndrome.results.nesting import Choice, NestedSelection, Optimism
from skknn_syndrome.study.collecting import UNDEFINED_AUC
from skknn_syndrome.study.engine.grid import IndexSplit
from skknn_syndrome.study.engine.sources import ScoreSource

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


def select_nested(
    source: ScoreSource,
    outer: Sequence[IndexSplit],
    inner: Sequence[Sequence[IndexSplit]],
    *,
    metrics: Sequence[str],
    weights: Sequence[Weights],
    refit: str,
    rule: Rule | None = None,
) -> NestedSelection:
    """Choose k, distance and weights inside the training part of each fold, and score the choice outside.

    Parameters
    ----------
    source : ScoreSource
        Scores all numbers of neighbours on any split.
    outer : sequence of (train, test)
        The folds that report.
    inner : sequence of sequence of (train, test)
        For each of them the inner folds of its training part, from
        `skknn_syndrome.study.inner_folds.split_inside`.
    metrics, weights : sequence
        The rest of the grid.
    refit : str
        The score that decides, and what the result calls the rule.
    rule : callable, optional
        Decides instead, from the scores on the inner folds.

    Returns
    -------
    NestedSelection

    References
    ----------
    .. [1] G. C. Cawley and N. L. C. Talbot, "On Over-fitting in Model Selection and Subsequent Selection Bias
       in Performance Evaluation", JMLR 11, 2010. https://jmlr.org/papers/v11/cawley10a.html
    """
    choose = best_mean(refit) if rule is None else rule
    # In the order of scikit-learn's ParameterGrid, in which a source has its axes too.
    grid = list(ParameterGrid({"metric": metrics, "n_neighbors": source.n_neighbors, "weights": weights}))

    def score(splits: Sequence[IndexSplit]) -> Mapping[str, Float64Array]:
        tables = source.score_all(splits, metrics, weights)
        return {name: table.reshape(len(grid), len(splits)) for name, table in tables.items()}

    inner_scores = score([split for splits in inner for split in splits])
    ends = list(accumulate(len(splits) for splits in inner))
    chosen = [
        choose({name: table[:, start:end] for name, table in inner_scores.items()})
        for start, end in pairwise([0, *ends])
    ]
    outer_scores = score(outer)
    nested = {name: table[chosen, np.arange(len(chosen))] for name, table in outer_scores.items()}
    reported = choose(outer_scores)
    scores = tuple(_typed(name, nested) for name in SCORE_NAMES)
    return NestedSelection(
        refit=refit,
        n_inner_folds=len(inner[0]),
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
