"""Cross-validation of the search itself: every fold's candidate is chosen inside its training part."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from sklearn.model_selection import ParameterGrid

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics.score_table import SCORE_NAMES
from skknn_syndrome.neighbors.weighting import Weights, weights_name
from skknn_syndrome.results import Score
from skknn_syndrome.results.nesting import Choice, NestedSelection, Optimism
from skknn_syndrome.study.collecting import UNDEFINED_AUC
from skknn_syndrome.study.engine.grid import IndexSplit
from skknn_syndrome.study.engine.sources import ScoreSource
from skknn_syndrome.study.refit_rules import Rule, RuleName, resolve_rule, rule_title


def select_nested(
    source: ScoreSource,
    outer: Sequence[IndexSplit],
    inner: Sequence[Sequence[IndexSplit]],
    *,
    metrics: Sequence[str],
    weights: Sequence[Weights],
    refit: str,
    rule: RuleName | Rule = "best",
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
        The score that decides.
    rule : {"best", "one_standard_error", "composite"} or callable
        How it decides, from the scores on the inner folds.

    Returns
    -------
    NestedSelection

    References
    ----------
    .. [1] G. C. Cawley and N. L. C. Talbot, "On Over-fitting in Model Selection and Subsequent Selection Bias
       in Performance Evaluation", JMLR 11, 2010. https://jmlr.org/papers/v11/cawley10a.html
    """
    # In the order of scikit-learn's ParameterGrid, in which a source has its axes too.
    grid = list(ParameterGrid({"metric": metrics, "n_neighbors": source.n_neighbors, "weights": weights}))
    choose = resolve_rule(rule, refit, [candidate["n_neighbors"] for candidate in grid])

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
        refit=refit if rule == "best" else rule_title(rule, refit),
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


def _describe(fold: int, candidate: Mapping[str, Any]) -> Choice:
    return Choice(
        fold=fold,
        metric=str(candidate["metric"]),
        weights=weights_name(candidate["weights"]),
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
