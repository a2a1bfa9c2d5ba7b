"""The same grid on other splits of the same images."""

from collections import Counter
from collections.abc import Mapping, Sequence

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.crossval.folds import Splits, make_splits
from skknn_syndrome.heads.base import GridScores
from skknn_syndrome.metrics.registry import names_among
from skknn_syndrome.results import Candidate, DistanceComparison, Fold, ProtocolResult, Score
from skknn_syndrome.results.repeats import RepeatedCandidate, Repeats, Selection
from skknn_syndrome.study.collecting import typed_scores
from skknn_syndrome.study.distance_comparing import compare_scores, share_tested
from skknn_syndrome.study.protocol_run import ProtocolRun
from skknn_syndrome.study.refit_rules import Rule, RuleName, choose, resolve_rule, voters
from skknn_syndrome.study.settings import StudySettings
from skknn_syndrome.study.validating import StudyData


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


def repeat_splits(
    source: GridScores,
    data: StudyData,
    settings: StudySettings,
    run: ProtocolResult,
    repeats: Sequence[Splits],
) -> Repeats | None:
    """Score the grid on splits with other seeds: the study's own, and those that follow it.

    Parameters
    ----------
    source : GridScores
        Scores any split.
    data : StudyData
    settings : StudySettings
    run : ProtocolResult
        The protocol that is repeated, with its best candidates.
    repeats : sequence of Splits
        From `other_splits`.

    Returns
    -------
    Repeats or None
        None where there is nothing to repeat.
    """
    n_repeats = len(repeats)
    if n_repeats == 1 or not isinstance(settings.cv, int) or settings.random_state is None:
        return None
    seeds = tuple(range(settings.random_state, settings.random_state + n_repeats))
    splits = [split for repeat in repeats for split in repeat.as_cv()]
    tables = source.score_grid(settings.grid, splits)
    places = {id(candidate): place for place, candidate in enumerate(run.candidates)}
    best = tuple(
        _typed(candidate, {name: table[places[id(candidate)]] for name, table in tables.items()}, n_repeats)
        for candidate in run.best.values()
    )
    folds = tuple(fold for repeat in repeats for fold in repeat.describe(data.labels))
    return Repeats(
        seeds=seeds,
        n_folds=settings.cv,
        candidates=best,
        selections=_selections(run, tables, n_repeats, settings.refit_rule),
        comparisons=_compare(run, best, folds, n_repeats),
    )


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


def _typed(candidate: Candidate, values: Mapping[str, Float64Array], n_repeats: int) -> RepeatedCandidate:
    return RepeatedCandidate(
        head=candidate.head,
        params=candidate.params,
        all_scores=tuple(typed_scores(values).values()),
        repeat_means=tuple(
            (
                name,
                tuple(
                    Score.from_values(name, part.tolist()).mean
                    for part in values[name].reshape(n_repeats, -1)
                ),
            )
            for name in names_among(values)
        ),
    )


def _selections(
    run: ProtocolResult, tables: Mapping[str, Float64Array], n_repeats: int, rule: RuleName | Rule
) -> tuple[Selection, ...]:
    n_folds = tables[run.refit].shape[1] // n_repeats
    found: list[Selection] = []
    for variant in run.best:
        members = [place for place, entry in enumerate(run.candidates) if entry.variant == variant]
        decide = resolve_rule(rule, run.refit, voters(run, members))
        counts = Counter(
            members[
                choose(
                    decide, {name: table[members, start : start + n_folds] for name, table in tables.items()}
                )
            ]
            for start in range(0, n_folds * n_repeats, n_folds)
        )
        found.extend(
            Selection(
                head=run.candidates[place].head,
                params=run.candidates[place].params,
                n_repeats=count,
            )
            for place, count in counts.most_common()
        )
    return tuple(found)


def _compare(
    run: ProtocolResult, best: Sequence[RepeatedCandidate], folds: tuple[Fold, ...], n_repeats: int
) -> tuple[DistanceComparison, ...]:
    order = sorted(run.best.values(), key=run.refit_mean, reverse=True)
    if len(order) == 1:
        return ()
    by_variant = {entry.variant: {score.name: score for score in entry.all_scores} for entry in best}
    first, second = order[0].variant, order[1].variant
    return compare_scores(
        first, second, by_variant[first], by_variant[second], share_tested(folds), n_repeats=n_repeats
    )
