"""What a study looks into beside the scores of its candidates."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import get_args

from skknn_syndrome._typing import AnalysisName
from skknn_syndrome.crossval.answers import ScoreKind
from skknn_syndrome.crossval.fitted import FittedScores
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.base import Gives, Head
from skknn_syndrome.study.alternatives import compare_baselines, compare_larger_k
from skknn_syndrome.study.beyond_grid import continue_beyond_grid
from skknn_syndrome.study.chance import compare_with_chance
from skknn_syndrome.study.discordance import compare_discordant
from skknn_syndrome.study.engine.sources import GraphSource
from skknn_syndrome.study.nesting import select_nested
from skknn_syndrome.study.open_set import leave_syndromes_out
from skknn_syndrome.study.protocol_run import Fields, ProtocolRun
from skknn_syndrome.study.provenance import Stopwatch
from skknn_syndrome.study.repeating import repeat_splits
from skknn_syndrome.study.scheme_calibrations import calibrate_record, calibrate_schemes
from skknn_syndrome.study.subject_bootstrap import pool_difference, pool_scores
from skknn_syndrome.study.subject_level import measure_subject_level

INNER_FOLDS = 5
"""Folds inside each training part."""


def check_analyses(analyses: Collection[AnalysisName] | None) -> frozenset[AnalysisName]:
    """Return which analyses are asked for: all, if nothing is said.

    Raises
    ------
    StudySettingsError
        One of them is unknown, or one stands without a list around it.
    """
    known: tuple[AnalysisName, ...] = get_args(AnalysisName)
    if analyses is None:
        return frozenset(known)
    if isinstance(analyses, str) and analyses in known:
        raise StudySettingsError(f"analyses is {analyses!r}: give a list, [{analyses!r}].")
    unknown = sorted(set(analyses) - set(known)) if not isinstance(analyses, str) else [analyses]
    if unknown:
        raise StudySettingsError(
            f"analyses names {unknown[0]!r}: give a sequence of some of {', '.join(known)}, or () for none."
        )
    return frozenset(analyses)


def analyse(
    run: ProtocolRun, chosen: Collection[AnalysisName], stopwatch: Stopwatch
) -> tuple[Fields, dict[str, str]]:
    """Return what the analyses find of a protocol.

    Parameters
    ----------
    run : ProtocolRun
    chosen : collection of str
        Names of analyses; those that the estimator or the folds do not allow are passed over.
    stopwatch : Stopwatch
        Notes how long each takes.

    Returns
    -------
    dict
        Fields of a `ProtocolResult` by name.
    dict
        Why what could not be done was left out, by its name.
    """
    found: Fields = {}
    unserved = unserved_analyses(run.settings.head, chosen, {record.kind for record in run.records})
    left_out = {str(name): reason for name, reason in unserved.items()}
    for name, analysis in ANALYSES.items():
        if name in chosen and name not in unserved:
            try:
                with stopwatch.part(name):
                    more = analysis(run)
            except StudySettingsError as error:
                left_out[name] = str(error)
            else:
                # Several analyses find alternatives to the best candidate.
                more["alternatives"] = (*found.get("alternatives", ()), *more.get("alternatives", ()))
                found |= more
    return found, left_out


NEEDS: Mapping[AnalysisName, Gives] = MappingProxyType(
    {
        "leaks": "neighbors",
        "beyond_grid": "neighbors",
        "subjects": "probabilities",
        "chance": "neighbors",
        "calibration": "probabilities",
        "unseen": "neighbors",
        "geometry": "neighbors",
    }
)
"""What a head has to give for an analysis, where its predictions alone do not do."""


def unserved_analyses(
    head: Head, chosen: Collection[AnalysisName], given: Collection[ScoreKind] = ()
) -> dict[AnalysisName, str]:
    """Return the analyses that a head can't serve, each with the reason.

    Parameters
    ----------
    head : Head
        It says what it gives.
    chosen : collection of str
        Names of analyses.
    given : collection of {"probabilities", "decision", "labels"}
        What its predictions turned out to be made of: heads may claim more than they give.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> from skknn_syndrome.heads.centroid import CENTROID
    >>> unserved_analyses(CENTROID, ["intervals", "unseen"])
    {'unseen': "it needs neighbours, and the head 'centroid' (nearest class centroid) gives none."}
    """
    words = {"neighbors": "neighbours", "probabilities": "probabilities"}
    gives = head.gives if set(given) <= {"probabilities"} else head.gives - {"probabilities"}
    return {
        name: f"it needs {words[need]}, and the head {head.name!r} ({head.title}) gives none."
        for name, need in NEEDS.items()
        if name in chosen and need not in gives
    }


def _intervals(run: ProtocolRun) -> Fields:
    if any(record.said is not None for record in run.records):
        raise StudySettingsError(
            f"the head {run.settings.head.name!r} predicts other syndromes than those that it scores "
            "highest, and pooled scores are of one ranking."
        )
    by_variant = {record.candidate.variant: record for record in run.records}
    found: Fields = {"pooled": tuple(pool_scores(record) for record in run.records)}
    order = sorted(run.scored.best.values(), key=run.scored.refit_mean, reverse=True)
    if len(order) > 1:
        first, second = (by_variant[best.variant] for best in order[:2])
        found["difference"] = pool_difference(first, second)
        found["discordance"] = compare_discordant(first, second)
    return found


def _repeats(run: ProtocolRun) -> Fields:
    if run.source is None:
        return {}
    if len(run.repeated) == 1 and isinstance(run.source, FittedScores):
        raise StudySettingsError("each repeat fits all candidates anew: ask for them with n_repeats=10.")
    return {"repeats": repeat_splits(run.source, run.data, run.settings, run.scored, run.repeated)}


def _beyond_grid(run: ProtocolRun) -> Fields:
    if run.graph is None:
        return {}
    classifier = run.settings.estimator
    found = continue_beyond_grid(
        run.data.array,
        run.data.labels,
        run.splits.as_cv(),
        run.scored,
        weights={metric: run.voting(best)["weights"] for metric, best in run.scored.best.items()},
        temperature=classifier.temperature,
        class_weight=classifier.class_weight,
        n_jobs=run.settings.n_jobs,
    )
    return {} if found is None else {"curves": found.curves, "alternatives": compare_larger_k(run, found)}


def _baselines(run: ProtocolRun) -> Fields:
    baselines, alternatives = compare_baselines(run)
    return {"baselines": baselines, "alternatives": alternatives}


def _subjects(run: ProtocolRun) -> Fields:
    # Under folds of images the predictions of a subject come from classifiers that saw its other images.
    records = run.records if run.splits.protocol == "subject" else ()
    return {"subject_levels": tuple(measure_subject_level(record) for record in records)}


def _nested(run: ProtocolRun) -> Fields:
    if run.source is None or not run.inner:
        return {}
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
    return {"nested": nested}


def _chance(run: ProtocolRun) -> Fields:
    if not isinstance(run.source, GraphSource):
        return {}
    settings, scored = run.settings, run.scored
    return {
        "chance": compare_with_chance(
            run.source,
            run.splits.as_cv(),
            metrics=settings.metrics,
            weights=settings.weights,
            refit=settings.refit,
            observed=scored.refit_mean(scored.winner),
            subjects=run.data.groups,
            random_state=settings.random_state,
            n_jobs=settings.n_jobs,
        )
    }


def _calibration(run: ProtocolRun) -> Fields:
    if run.graph is None or not run.inner:
        return {"calibrations": tuple(calibrate_record(record) for record in run.records)}
    found = [
        calibrate_schemes(
            run.graph,
            run.data.labels,
            run.splits.as_cv(),
            run.inner,
            best,
            run.voting(best),
            run.data.groups,
        )
        for best in run.scored.best.values()
    ]
    return {
        "calibrations": tuple(entry for calibrations, _ in found for entry in calibrations),
        "temperatures": tuple(selection for _, selection in found),
    }


def _unseen(run: ProtocolRun) -> Fields:
    if run.graph is None:
        return {}
    return {
        "open_sets": tuple(
            leave_syndromes_out(
                run.graph,
                run.data.labels,
                run.splits.as_cv(),
                subjects=run.data.groups,
                metric=best.metric,
                n_neighbors=best.n_neighbors,
                weights=run.voting(best)["weights"],
                temperature=run.voting(best)["temperature"],
            )
            for best in run.scored.best.values()
        )
    }


ANALYSES: Mapping[AnalysisName, Callable[[ProtocolRun], Fields]] = MappingProxyType(
    {
        "intervals": _intervals,
        "repeats": _repeats,
        "beyond_grid": _beyond_grid,
        "baselines": _baselines,
        "subjects": _subjects,
        "nested": _nested,
        "chance": _chance,
        "calibration": _calibration,
        "unseen": _unseen,
    }
)
"""What each analysis adds to a protocol's result."""
