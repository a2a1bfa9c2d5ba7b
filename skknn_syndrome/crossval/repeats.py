"""Splits with other seeds, and folds inside training parts."""

from collections.abc import Mapping, Sequence
from typing import Any

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.crossval.collecting import typed_scores
from skknn_syndrome.crossval.folds import Splits, make_splits
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.refit_rules import Rule, RuleName, deciding_scores
from skknn_syndrome.crossval.settings import StudySettings
from skknn_syndrome.crossval.study_data import StudyData
from skknn_syndrome.heads.base import GridScores, IndexSplit
from skknn_syndrome.heads.graph_scores.sources import GraphSource
from skknn_syndrome.heads.multilabel_knn import SharedSearches
from skknn_syndrome.results.candidate import Candidate
from skknn_syndrome.results.score import Score


def other_splits(data: StudyData, settings: StudySettings, own: Splits, n_repeats: int) -> tuple[Splits, ...]:
    """Divide the images with other seeds as well.

    Parameters
    ----------
    data : StudyData
    settings : StudySettings
    own : Splits
        The study's own division.
    n_repeats : int
        How many splits, the study's own included.

    Returns
    -------
    tuple of Splits
        The study's own, and those of the seeds that follow its; the own alone where its folds are the
        caller's, or have no seed.
    """
    if not isinstance(settings.cv, int) or settings.random_state is None:
        return (own,)
    seeds = range(settings.random_state + 1, settings.random_state + n_repeats)
    groups = data.groups_of(own.protocol)
    return (own, *(make_splits(data.labels, groups, cv=settings.cv, random_state=seed) for seed in seeds))


def candidate_scores(
    run: ProtocolRun, candidate: Candidate, repeated: Sequence[Splits]
) -> Mapping[str, Score]:
    """Return a candidate's scores over the folds of several splits, by name.

    Parameters
    ----------
    run : ProtocolRun
    candidate : Candidate
        One of the grid.
    repeated : sequence of Splits
        The study's own first.

    Returns
    -------
    mapping of str to Score
    """
    if len(repeated) == 1 or run.source is None:
        return candidate.scores
    splits = [split for part in repeated for split in part.as_cv()]
    alone = {name: [value] for name, value in run.parameters_of(candidate).items()}
    found = run.source.score_grid(alone, splits)
    return typed_scores({name: table[0] for name, table in found.items()})


def deciding_tables(
    source: GridScores,
    grid: Mapping[str, Sequence[Any]],
    splits: Sequence[IndexSplit],
    rule: RuleName | Rule,
    refit: str,
) -> Mapping[str, Float64Array]:
    """Return the scores of a whole grid that a rule decides by.

    Parameters
    ----------
    source : GridScores
    grid : mapping of str to sequence
    splits : sequence of (train, test)
    rule : str or callable
    refit : str

    Returns
    -------
    mapping of str to array of shape (n_candidates, n_splits)
        At least what the rule asks for; all scores, where it is a function and may ask for any.
    """
    names = deciding_scores(rule, refit)
    if not names or not isinstance(source, GraphSource | SharedSearches):
        return source.score_grid(grid, splits)
    return source.score_grid(grid, splits, names=names)


def split_inside(
    splits: Sequence[IndexSplit],
    labels: LabelArray,
    groups: LabelArray | None,
    *,
    inner_cv: int = 5,
    random_state: int | None = 42,
) -> list[list[IndexSplit]]:
    """Divide each training part into inner folds.

    Parameters
    ----------
    splits : sequence of (train, test)
        Row numbers.
    labels : array of shape (n_images,)
        The class of each image.
    groups : array of shape (n_images,) or None
        The subject of each image, which inner folds keep together.
    inner_cv : int, default=5
        Inner folds.
    random_state : int or None
        Seeds them.

    Returns
    -------
    list of list of (train, test)
        For each split its inner folds, as row numbers of the whole.

    Raises
    ------
    StudySettingsError
        A training part can't be divided so.
    """
    return [
        [
            (train[part.train], train[part.test])
            for part in make_splits(
                labels[train],
                None if groups is None else groups[train],
                cv=inner_cv,
                random_state=random_state,
            ).parts
        ]
        for train, _ in splits
    ]


def inner_folds(run: ProtocolRun) -> Sequence[Sequence[IndexSplit]]:
    """Return the inner folds of each training part of a run: those that it has, or five made anew.

    Raises
    ------
    StudySettingsError
        A training part can't be divided so.
    """
    return run.inner or split_inside(
        run.splits.as_cv(),
        run.data.labels,
        run.data.groups_of(run.splits.protocol),
        random_state=run.settings.random_state,
    )
