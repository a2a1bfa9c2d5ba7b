"""Nested cross-validation: each fold's candidate is chosen inside its training part."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from sklearn.model_selection import ParameterGrid

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.analyses.nested_cv.result import Choice, NestedAnalysis, NestedSelection, SelectionBias
from skknn_syndrome.crossval.bootstrap import pool_predictions
from skknn_syndrome.crossval.collecting import candidate_key
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.graph_probabilities import out_of_fold_probabilities
from skknn_syndrome.crossval.out_of_fold import OutOfFold
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.refit_rules import Rule, RuleName, choose, resolve_rule, rule_title
from skknn_syndrome.crossval.repeats import deciding_tables
from skknn_syndrome.heads.base import GridScores, IndexSplit
from skknn_syndrome.heads.graph_scores.sources import GraphSource
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.metrics.registry import names_among, why_undefined
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.intervals import PooledIntervals
from skknn_syndrome.results.score import Score
from skknn_syndrome.statistics.paired_tests import corrected_t_test

NEIGHBORS = partial(candidate_key, KNN)
"""Names a candidate of nearest neighbours by its parameters."""

MIN_FOLDS = 2
"""In which a difference has to be defined to be tested."""


def select_nested(
    source: GridScores,
    outer: Sequence[IndexSplit],
    inner: Sequence[Sequence[IndexSplit]],
    *,
    grid: Mapping[str, Sequence[Any]],
    key: Callable[[Mapping[str, Any]], CandidateKey] = NEIGHBORS,
    refit: str,
    rule: RuleName | Rule = "best",
    subjects: LabelArray | None = None,
) -> NestedSelection:
    """Choose a candidate of the grid inside the training part of each fold, and score the choice outside.

    Parameters
    ----------
    source : GridScores
        Scores the grid on any split.
    outer : sequence of (train, test)
        The folds that report.
    inner : sequence of sequence of (train, test)
        For each of them the inner folds of its training part, from
        `skknn_syndrome.crossval.repeats.split_inside`.
    grid : mapping of str to sequence
        Values of each parameter, such as k, distances and weights.
    key : callable
        Names a candidate by its parameters; nearest neighbours by default.
    refit : str
        The score that decides.
    rule : str or callable
        How it decides, from the scores on the inner folds.
    subjects : array of shape (n_images,), optional
        Whom each image shows; they are drawn again for the intervals.

    Returns
    -------
    NestedSelection
        With intervals of the pooled predictions where the source is a graph of all rows.

    References
    ----------
    .. [1] G. C. Cawley and N. L. C. Talbot, "On Over-fitting in Model Selection and Subsequent Selection Bias
       in Performance Evaluation", JMLR 11, 2010. https://jmlr.org/papers/v11/cawley10a.html
    """
    parameters = list(ParameterGrid(dict(grid)))
    candidates = [key(entry) for entry in parameters]
    decide = resolve_rule(rule, refit, [candidate.n_neighbors or 0 for candidate in candidates])
    within = [split for splits in inner for split in splits]
    inner_scores = deciding_tables(source, grid, within, rule, refit)
    ends = list(accumulate(len(splits) for splits in inner))
    chosen = [
        choose(decide, {name: table[:, start:end] for name, table in inner_scores.items()})
        for start, end in pairwise([0, *ends])
    ]
    outer_scores = source.score_grid(grid, outer)
    nested = {name: table[chosen, np.arange(len(chosen))] for name, table in outer_scores.items()}
    reported = choose(decide, outer_scores)
    share = float(np.mean([len(test) for _, test in outer]) / np.mean([len(train) for train, _ in outer]))
    return NestedSelection(
        refit=refit if rule == "best" else rule_title(rule, refit),
        n_inner_folds=len(inner[0]),
        choices=tuple(
            Choice(fold=fold, head=candidates[number].head, params=candidates[number].params)
            for fold, number in enumerate(chosen)
        ),
        all_scores=tuple(_typed(name, nested) for name in names_among(nested)),
        selection_bias=tuple(
            compare_choices(name, outer_scores[name][reported], nested[name], share)
            for name in names_among(nested)
        ),
        pooled=_pool(source, outer, [parameters[number] for number in chosen], subjects)
        if isinstance(source, GraphSource)
        else None,
    )


def compare_choices(
    score: str, chosen: Float64Array, nested: Float64Array, test_share: float
) -> SelectionBias:
    """Test whether a score is higher where the candidate was chosen on the folds that report it.

    Parameters
    ----------
    score : str
    chosen : array of shape (n_folds,)
        The score of the candidate that was chosen on these folds; NaN where it is not defined.
    nested : array of shape (n_folds,)
        The score of what was chosen inside the training part of each.
    test_share : float
        Size of a test part divided by that of a training part.

    Returns
    -------
    SelectionBias

    Examples
    --------
    >>> found = compare_choices("accuracy", np.array([0.8, 0.9, 0.8]), np.array([0.7, 0.8, 0.8]), 0.5)
    >>> round(found.standard_error, 4), found.verdict
    (0.0527, 'not significant')
    """
    differences = chosen - nested
    differences = differences[~np.isnan(differences)]
    means = {
        "chosen_mean": Score.from_values(score, chosen.tolist()).mean,
        "nested_mean": Score.from_values(score, nested.tolist()).mean,
    }
    if len(differences) < MIN_FOLDS:
        return SelectionBias(score=score, **means)
    found = corrected_t_test(score, "chosen", "nested", differences, test_share)
    if found.p_value is None:  # the same in every fold: no interval
        return SelectionBias(score=score, standard_error=0.0, **means)
    low, high = found.confidence_low, found.confidence_high
    if found.first != "chosen":  # the test has the higher mean first
        low, high = -high, -low
    return SelectionBias(
        score=score,
        standard_error=found.standard_error,
        p_value=found.p_value,
        low=low,
        high=high,
        **means,
    )


def _pool(
    source: GraphSource,
    outer: Sequence[IndexSplit],
    chosen: Sequence[Mapping[str, Any]],
    subjects: LabelArray | None,
) -> PooledIntervals:
    """Ask the choice of each fold for the images of its test part."""
    parts = [
        out_of_fold_probabilities(
            source.graph,
            source.labels,
            [split],
            **candidate,
            temperature=source.classifier.temperature,
            class_weight=source.classifier.class_weight,
        )
        for split, candidate in zip(outer, chosen, strict=True)
    ]
    said = OutOfFold(
        rows=np.concatenate([part.rows for part in parts]),
        folds=np.repeat(np.arange(len(parts)), [len(part.rows) for part in parts]),
        probabilities=np.concatenate([part.probabilities for part in parts]),
    )
    return pool_predictions(said, source.labels, subjects)


def _typed(name: str, values: Mapping[str, Float64Array]) -> Score:
    has_bounds = f"{name}_lower" in values
    return Score.from_values(
        name,
        values[name].tolist(),
        lower=values[f"{name}_lower"].tolist() if has_bounds else None,
        upper=values[f"{name}_upper"].tolist() if has_bounds else None,
        reason=why_undefined(name),
    )


def nest_search(run: ProtocolRun) -> NestedAnalysis | None:
    """Cross-validate the search of a protocol; None where candidates or inner folds can't be had."""
    if run.source is None or not run.inner:
        return None
    settings = run.settings
    nested = select_nested(
        run.source,
        run.splits.as_cv(),
        run.inner,
        grid=settings.grid,
        key=settings.key,
        refit=settings.refit,
        rule=settings.refit_rule,
        subjects=run.data.groups,
    )
    return NestedAnalysis(protocol=run.splits.protocol, nested=nested)


COST = Cost(
    "the search again on five inner folds of each training part, and intervals",
    (
        Term(5.6, "sort", ("images", "classes", "candidates", "folds")),
        Term(2900.0, "python", ("candidates", "folds")),
    ),
)

COMPUTATION = Computation(question="nested_cv", cost=COST, compute=nest_search)
