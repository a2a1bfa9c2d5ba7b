"""Cross-validation repeated on splits with other seeds."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sklearn.model_selection import ParameterGrid

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.crossval.collecting import typed_scores
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.folds import Splits
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.refit_rules import Rule, RuleName, choose, resolve_rule, voters
from skknn_syndrome.crossval.repeats import deciding_tables
from skknn_syndrome.crossval.search import FittedScores
from skknn_syndrome.crossval.settings import StudySettings
from skknn_syndrome.crossval.study_data import StudyData
from skknn_syndrome.errors import Argument, StudySettingsError
from skknn_syndrome.heads.base import GridScores
from skknn_syndrome.heads.graph_scores.sources import GraphSource
from skknn_syndrome.metrics.registry import names_among
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.candidate import Candidate
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.results.protocol import Fold, ProtocolResult
from skknn_syndrome.results.repeats import RepeatedCandidate, Repeats, RepeatsAnalysis, Selection
from skknn_syndrome.results.score import Score
from skknn_syndrome.statistics.paired_tests import compare_scores, share_tested


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
    tables = deciding_tables(source, settings.grid, splits, settings.refit_rule, run.refit)
    parameters = list(ParameterGrid(dict(settings.grid)))

    def values_of(place: int) -> Mapping[str, Float64Array]:
        if not isinstance(source, GraphSource):
            return {name: table[place] for name, table in tables.items()}
        # Of the whole grid there are the deciding scores alone; those of one candidate take little more.
        alone = source.score_grid({name: [value] for name, value in parameters[place].items()}, splits)
        return {name: table[0] for name, table in alone.items()}

    places = {id(candidate): place for place, candidate in enumerate(run.candidates)}
    best = tuple(
        _typed(candidate, values_of(places[id(candidate)]), n_repeats) for candidate in run.best.values()
    )
    folds = tuple(fold for repeat in repeats for fold in repeat.describe(data.labels))
    return Repeats(
        seeds=seeds,
        n_folds=settings.cv,
        candidates=best,
        selections=_selections(run, tables, n_repeats, settings.refit_rule),
        comparisons=_compare(run, best, folds, n_repeats),
    )


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


def repeat_run(run: ProtocolRun) -> RepeatsAnalysis | None:
    """Score a protocol's grid on splits with other seeds; None where there is nothing to repeat.

    Raises
    ------
    StudySettingsError
        All candidates would be fitted anew for each repeat, which nobody asked for.
    """
    if run.source is None:
        return None
    if len(run.repeated) == 1 and isinstance(run.source, FittedScores):
        raise StudySettingsError(
            "each repeat fits all candidates anew: ask for them with {n_repeats}.",
            code="repeats_not_asked_for",
            parameter="n_repeats",
            n_repeats=Argument("n_repeats", 10),
        )
    found = repeat_splits(run.source, run.data, run.settings, run.scored, run.repeated)
    return None if found is None else RepeatsAnalysis(protocol=run.splits.protocol, repeats=found)


COST = Cost(
    "the search again on each repeated split",
    (
        Term(5.1, "sort", ("images", "classes", "candidates", "repeats")),
        Term(170.0, "python", ("candidates", "folds", "repeats")),
    ),
)

COMPUTATION = Computation(question="repeats", cost=COST, compute=repeat_run)
