"""The same grid on other splits of the same images."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sklearn.model_selection import ParameterGrid

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics.score_table import SCORE_NAMES
from skknn_syndrome.results import Candidate, DistanceComparison, Fold, ProtocolResult, Score
from skknn_syndrome.results.repeats import RepeatedCandidate, Repeats, Selection
from skknn_syndrome.study.collecting import UNDEFINED_AUC
from skknn_syndrome.study.distance_comparing import compare_scores, share_tested
from skknn_syndrome.study.engine.sources import ScoreSource
from skknn_syndrome.study.refit_rules import Rule, RuleName, resolve_rule
from skknn_syndrome.study.settings import StudySettings
from skknn_syndrome.study.splitting import make_splits
from skknn_syndrome.study.validating import StudyData


def repeat_splits(
    source: ScoreSource, data: StudyData, settings: StudySettings, run: ProtocolResult, n_repeats: int
) -> Repeats | None:
    """Score the grid on splits with other seeds: the study's own, and those that follow it.

    Parameters
    ----------
    source : ScoreSource
        Scores any split.
    data : StudyData
    settings : StudySettings
    run : ProtocolResult
        The protocol that is repeated, with its best candidates.
    n_repeats : int
        How many splits, the study's own included.

    Returns
    -------
    Repeats or None
        None where there is nothing to repeat: one split is asked for, the folds are the caller's own, or
        they have no seed.
    """
    if n_repeats < 2 or not isinstance(settings.cv, int) or settings.random_state is None:  # noqa: PLR2004
        return None
    seeds = tuple(range(settings.random_state, settings.random_state + n_repeats))
    repeats = [
        make_splits(data.labels, data.groups_of(run.protocol), cv=settings.cv, random_state=seed)
        for seed in seeds
    ]
    splits = [split for repeat in repeats for split in repeat.as_cv()]
    candidates = list(
        ParameterGrid(
            {"metric": settings.metrics, "n_neighbors": source.n_neighbors, "weights": settings.weights}
        )
    )
    tables = {
        name: table.reshape(len(candidates), len(splits))
        for name, table in source.score_all(splits, settings.metrics, settings.weights).items()
    }
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
        comparisons=_compare(run, best, folds),
    )


def _typed(candidate: Candidate, values: Mapping[str, Float64Array], n_repeats: int) -> RepeatedCandidate:
    scores = tuple(
        Score.from_values(
            name,
            values[name].tolist(),
            lower=values[f"{name}_lower"].tolist() if f"{name}_lower" in values else None,
            upper=values[f"{name}_upper"].tolist() if f"{name}_upper" in values else None,
            reason=UNDEFINED_AUC,
        )
        for name in SCORE_NAMES
    )
    return RepeatedCandidate(
        metric=candidate.metric,
        weights=candidate.weights,
        n_neighbors=candidate.n_neighbors,
        all_scores=scores,
        repeat_means=tuple(
            (
                name,
                tuple(
                    Score.from_values(name, part.tolist()).mean
                    for part in values[name].reshape(n_repeats, -1)
                ),
            )
            for name in SCORE_NAMES
        ),
    )


def _selections(
    run: ProtocolResult, tables: Mapping[str, Float64Array], n_repeats: int, rule: RuleName | Rule
) -> tuple[Selection, ...]:
    n_folds = tables[run.refit].shape[1] // n_repeats
    found: list[Selection] = []
    for metric in run.best:
        members = [place for place, entry in enumerate(run.candidates) if entry.metric == metric]
        choose = resolve_rule(rule, run.refit, [run.candidates[place].n_neighbors for place in members])
        counts = Counter(
            members[choose({name: table[members, start : start + n_folds] for name, table in tables.items()})]
            for start in range(0, n_folds * n_repeats, n_folds)
        )
        found.extend(
            Selection(
                metric=metric,
                weights=run.candidates[place].weights,
                n_neighbors=run.candidates[place].n_neighbors,
                n_repeats=count,
            )
            for place, count in counts.most_common()
        )
    return tuple(found)


def _compare(
    run: ProtocolResult, best: Sequence[RepeatedCandidate], folds: tuple[Fold, ...]
) -> tuple[DistanceComparison, ...]:
    order = sorted(run.best.values(), key=run.refit_mean, reverse=True)
    if len(order) == 1:
        return ()
    by_metric = {entry.metric: {score.name: score for score in entry.all_scores} for entry in best}
    first, second = order[0].metric, order[1].metric
    return compare_scores(first, second, by_metric[first], by_metric[second], share_tested(folds))
