"""What a study finds beyond single protocols: people, inflation, hubs."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sklearn.base import clone

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.neighbors import NeighborGraph
from skknn_syndrome.results import Candidate, Hubness, ProtocolInflation, ProtocolResult
from skknn_syndrome.results.leak import Leak
from skknn_syndrome.study.calibrating import out_of_fold_probabilities
from skknn_syndrome.study.engine.sources import GraphSource
from skknn_syndrome.study.hubness import measure_hubness
from skknn_syndrome.study.leaking_people import Folds, find_leaks
from skknn_syndrome.study.merging import merge_subjects
from skknn_syndrome.study.near_duplicates import find_alike_pairs
from skknn_syndrome.study.out_of_fold import OutOfFoldRecord
from skknn_syndrome.study.protocol_inflation import Scored, measure_protocol_inflation
from skknn_syndrome.study.protocol_run import ProtocolRun
from skknn_syndrome.study.provenance import Stopwatch
from skknn_syndrome.study.recording import record_candidate
from skknn_syndrome.study.repeating import candidate_scores
from skknn_syndrome.study.settings import StudySettings
from skknn_syndrome.study.splitting import make_splits
from skknn_syndrome.study.validating import StudyData

OCCURRENCE_NEIGHBORS = 10
"""Length of the lists that hubs are counted in, as most of the literature on them has it."""


def merge_people(data: StudyData, settings: StudySettings) -> StudyData:
    """Return the data with one subject for all that may be one person."""
    if data.groups is None or "cosine" not in settings.metrics or settings.prefix:
        raise StudySettingsError(
            "group_near_duplicates takes groups, the cosine distance among the metrics, and no pipeline: "
            "give these, or leave it out."
        )
    pairs = find_alike_pairs(data.array, data.labels, data.groups, n_jobs=settings.n_jobs)
    return replace(data, groups=merge_subjects(pairs, data.groups))


def leaks_of(
    run: ProtocolRun, subjects: LabelArray | None, stopwatch: Stopwatch, *, grouped: bool
) -> tuple[Leak, ...]:
    """Name people who may be on both sides of a split; takes a graph with cosine distance."""
    source, settings, data = run.source, run.settings, run.data
    if not isinstance(source, GraphSource) or "cosine" not in source.graph.metrics:
        return ()
    if subjects is None or not isinstance(settings.cv, int):
        return ()
    with stopwatch.part("leaks"):
        by_image = make_splits(data.labels, None, cv=settings.cv, random_state=settings.random_state)
        folds = [_by_subject(data, settings, subjects), Folds("image", by_image.as_cv())]
        return find_leaks(
            source,
            find_alike_pairs(data.array, data.labels, subjects, graph=source.graph),
            subjects,
            folds,
            [(best, run.voting(best)["weights"]) for best in run.scored.best.values()],
            grouped=grouped,
        )


def _by_subject(data: StudyData, settings: StudySettings, subjects: LabelArray) -> Folds:
    """Divide by subject; with few subjects, a study by image may have more folds than can be made so."""
    try:
        splits = make_splits(data.labels, subjects, cv=settings.cv, random_state=settings.random_state)
    except StudySettingsError:
        return Folds("subject", (), f"the subjects can't be divided into {settings.cv} folds")
    return Folds("subject", splits.as_cv())


def inflations_of(runs: Sequence[ProtocolRun], stopwatch: Stopwatch) -> tuple[ProtocolInflation, ...]:
    """Compare what the best candidates of subject-level folds reach with what they reach by image."""
    by_protocol = {run.splits.protocol: run for run in runs}
    if set(by_protocol) != {"image", "subject"}:
        return ()
    image, subject = by_protocol["image"], by_protocol["subject"]
    data = subject.data
    with stopwatch.part("repeats"):
        return tuple(
            inflation
            for best in subject.scored.best.values()
            for inflation in measure_protocol_inflation(
                best, _scored(image, best), _scored(subject, best), data.labels, np.asarray(data.groups)
            )
        )


def _scored(run: ProtocolRun, candidate: Candidate) -> Scored:
    """Score a candidate, and keep its predictions, on the repeated splits of a protocol."""
    if run.graph is None or len(run.repeated) == 1:
        return Scored(_twin(run.scored, candidate).scores, [_own_record(run, candidate)])
    return Scored(
        candidate_scores(run, candidate, run.repeated),
        [
            out_of_fold_probabilities(
                run.graph,
                run.data.labels,
                splits.as_cv(),
                metric=candidate.metric,
                n_neighbors=candidate.n_neighbors,
                **run.voting(candidate),
            )
            for splits in run.repeated
        ],
    )


def _twin(run: ProtocolResult, candidate: Candidate) -> Candidate:
    """Return the same candidate in another protocol."""
    return next(other for other in run.candidates if other.is_like(candidate))


def _own_record(run: ProtocolRun, candidate: Candidate) -> OutOfFoldRecord:
    """Return the candidate's out-of-fold predictions on the study's own split."""
    for record in run.records:
        if record.candidate.is_like(candidate):
            return record
    place = next(place for place, other in enumerate(run.scored.candidates) if other.is_like(candidate))
    model = clone(run.settings.estimator).set_params(**run.parameters[place])
    data = run.data
    return record_candidate(
        model, data.samples, data.labels, data.groups, run.splits, run.scored.candidates[place]
    )


def hubness_of(graph: NeighborGraph, data: StudyData, stopwatch: Stopwatch) -> Hubness:
    """Show which images are neighbours of many others."""
    with stopwatch.part("geometry"):
        return measure_hubness(graph, data.array, data.labels, data.groups, n_neighbors=OCCURRENCE_NEIGHBORS)
