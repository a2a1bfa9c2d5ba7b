"""What a study looks into beside the scores of its candidates."""

import warnings
from collections.abc import Collection, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from skknn_syndrome._typing import AnalysisName
from skknn_syndrome.crossval.sampled_run import Samples
from skknn_syndrome.crossval.study_run import StudyRun
from skknn_syndrome.crossval.tasks import ScoreKind
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.base import Gives, Head
from skknn_syndrome.questions import Computation, computations, load_checks
from skknn_syndrome.results.analysis import Analyses, Analysis

load_checks()

RENAMED: Mapping[str, AnalysisName] = MappingProxyType(
    {
        "intervals": "uncertainty",
        "subjects": "subject_level",
        "nested": "nested_cv",
        "leaks": "leakage",
        "geometry": "embedding_space",
        "beyond_grid": "larger_k",
        "unseen": "open_set",
    }
)
"""Names that analyses had before, and have now."""

INNER_FOLDS = 5
"""Folds inside each training part."""


def check_analyses(
    analyses: Collection[AnalysisName] | None, *, with_covariates: bool = False, with_levels: bool = False
) -> frozenset[AnalysisName]:
    """Return which analyses are asked for: all that such data can have, if nothing is said.

    Parameters
    ----------
    analyses : collection of str or None
    with_covariates, with_levels : bool, default=False
        Whether the data has covariates, or taxonomic levels.

    Raises
    ------
    StudySettingsError
        One of them is unknown, or one stands without a list around it.
    """
    choices = {
        entry.question: (with_covariates or not entry.of_covariates) and (with_levels or not entry.of_levels)
        for entry in computations()
        if not (entry.of_every_protocol or entry.is_always_made)
    }
    known = tuple(choices)
    if analyses is None:
        return frozenset(name for name, is_default in choices.items() if is_default)
    if isinstance(analyses, str) and analyses in {*known, *RENAMED}:
        raise StudySettingsError(
            f"analyses is {analyses!r}: give a list, [{analyses!r}].", code="no_list", parameter="analyses"
        )
    unknown = sorted(set(analyses) - {*known, *RENAMED}) if not isinstance(analyses, str) else [analyses]
    if unknown:
        raise StudySettingsError(
            f"analyses names {unknown[0]!r}: give a sequence of some of {', '.join(known)}, or () for none.",
            code="unknown_analysis",
            parameter="analyses",
        )
    return frozenset(_renamed(name) for name in analyses)


def _renamed(name: str) -> AnalysisName:
    """Return a name as it is today; old ones are taken for one version, with a hint."""
    if name not in RENAMED:
        return name
    warnings.warn(
        f"analyses={name!r} is called {RENAMED[name]!r} now; the old name goes with the next version.",
        FutureWarning,
        stacklevel=2,
    )
    return RENAMED[name]


def analyse(study: StudyRun) -> tuple[Analyses, dict[str, str]]:
    """Return what is found on each question that was asked.

    Parameters
    ----------
    study : StudyRun
        With the questions, and the stopwatch that notes how long each takes.

    Returns
    -------
    Analyses
        In the order of reading.
    dict
        Why what could not be done was left out, by its question.
    """
    primary = study.runs[0]
    unserved = unserved_analyses(
        primary.settings.head, study.analyses, {record.kind for record in primary.records}
    )
    found: list[Analysis | None] = []
    questions = questions_of(study.analyses)
    left_out = {str(name): reason for name, reason in unserved.items()} | dict(study.withheld)
    samples = Samples(primary)
    for computation in computations():
        name = computation.question
        if name in questions and name not in left_out:
            try:
                found += study.stopwatch.find(name, partial(_compute, computation, study, samples))
            except StudySettingsError as error:
                left_out[name] = str(error)
    return Analyses.of(found), left_out


def questions_of(analyses: Collection[AnalysisName]) -> list[AnalysisName]:
    """Return the questions that a study looks into if some are asked for: those, and what is always made."""
    return [
        entry.question
        for entry in computations()
        if entry.of_every_protocol or entry.is_always_made or entry.question in analyses
    ]


def parts_of(head: Head, analyses: Collection[AnalysisName]) -> tuple[str, ...]:
    """Return the parts of a study with a head and some analyses, by the names that their times have."""
    chosen = set(analyses) - set(unserved_analyses(head, analyses))
    return ("folds", "graph", "search", "out-of-fold predictions", *questions_of(chosen))


def _compute(computation: Computation[Any], study: StudyRun, samples: Samples) -> list[Analysis | None]:
    """Return an analysis of all images, or of a sample where all would take too long."""
    if computation.of_every_protocol:
        return [*map(computation.compute, study.runs)]
    if computation.of_study:
        return [computation.compute(study)]
    run, sample = samples.of(computation.cost.sampled_above)
    found = computation.compute(run)
    return [found if found is None or sample is None else found.revised(sample=sample)]


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
    >>> unserved_analyses(CENTROID, ["uncertainty", "chance"])
    {'chance': "it needs neighbours, and the head 'centroid' (nearest class centroid) gives none."}
    """
    words = {"neighbors": "neighbours", "probabilities": "probabilities"}
    gives = head.gives if set(given) <= {"probabilities"} else head.gives - {"probabilities"}
    return {
        name: f"it needs {words[need]}, and the head {head.name!r} ({head.title}) gives none."
        for name, need in _needs().items()
        if name in chosen and need not in gives
    }


def _needs() -> dict[AnalysisName, Gives]:
    return {entry.question: entry.needs for entry in computations() if entry.needs is not None}
