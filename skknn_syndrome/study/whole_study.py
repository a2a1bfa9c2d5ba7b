"""A whole study while it is made: its protocols, and what is found beyond single ones."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from skknn_syndrome._typing import AnalysisName, Estimator
from skknn_syndrome.checks import CheckContext, run_checks
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.results import (
    Candidate,
    Hubness,
    ProtocolInflation,
    ProtocolResult,
    PublishedScore,
    StudyResult,
)
from skknn_syndrome.results.leak import Leak
from skknn_syndrome.study.analysing import analyse
from skknn_syndrome.study.calibrating import out_of_fold_probabilities
from skknn_syndrome.study.comparing import compare_protocols
from skknn_syndrome.study.embedding_space import EmbeddingSpace
from skknn_syndrome.study.engine.sources import GraphSource
from skknn_syndrome.study.hubness import measure_hubness
from skknn_syndrome.study.leaking_people import Folds, find_leaks
from skknn_syndrome.study.merging import merge_subjects
from skknn_syndrome.study.out_of_fold import OutOfFoldRecord
from skknn_syndrome.study.protocol_inflation import Scored, measure_protocol_inflation
from skknn_syndrome.study.protocol_run import Fields, ProtocolRun
from skknn_syndrome.study.provenance import Stopwatch, make_provenance
from skknn_syndrome.study.recording import record_candidate
from skknn_syndrome.study.repeating import candidate_scores
from skknn_syndrome.study.settings import StudySettings
from skknn_syndrome.study.summarising import summarise_arrays
from skknn_syndrome.study.validating import StudyData

OCCURRENCE_NEIGHBORS = 10
"""Length of the lists that hubs are counted in, as most of the literature on them has it."""


@dataclass(frozen=True, eq=False)
class StudyRun:
    """A study whose protocols are searched and scored, and whose result is still to be put together."""

    given: Estimator
    """As it was before classes were weighed and the grid set its parameters."""
    data: StudyData
    """With one subject for all that may be one person, where that was asked for."""
    settings: StudySettings
    analyses: Collection[AnalysisName]
    runs: tuple[ProtocolRun, ...]
    """One a protocol, the headline first."""
    search: GridSearchCV
    """Of the headline."""
    space: EmbeddingSpace
    """Of the images, with their subjects as they came."""
    grouped: bool
    """Whether near-duplicates were taken for one person."""
    ignore: Collection[str]
    """Codes or names of checks that are not made."""
    stopwatch: Stopwatch

    @property
    def records(self) -> tuple[OutOfFoldRecord, ...]:
        """Out-of-fold predictions of all protocols."""
        return tuple(record for run in self.runs for record in run.records)

    def findings(self, **identity: Any) -> tuple[Fields, dict[str, str]]:  # noqa: ANN401  of any type
        """Look into the headline and across the protocols.

        Parameters
        ----------
        **identity
            Name and origin of the data, as `summarise_arrays` takes them.

        Returns
        -------
        dict
            Fields of a `StudyResult` by name; all that it needs but `checks` and `provenance`. `leaks` is
            None where nobody looked.
        dict
            Why what could not be done was left out, by its name.
        """
        found, left_out = analyse(self.runs[0], self.analyses, self.stopwatch)
        protocols = (self.runs[0].result(**found), *(run.result() for run in self.runs[1:]))
        return {
            "dataset": summarise_arrays(self.data.array, self.data.labels, self.data.groups, **identity),
            "protocols": protocols,
            "differences": compare_protocols(protocols),
            "protocol_inflations": inflations_of(self),
            "hubness": hubness_of(self),
            "leaks": leaks_of(self),
        }, left_out

    def result(
        self,
        found: Fields,
        left_out: Mapping[str, str],
        *,
        command: str | None = None,
        settings: str = "",
        published: tuple[PublishedScore, ...] = (),
    ) -> StudyResult:
        """Check what was found, and put the study's result together.

        Parameters
        ----------
        found : dict
            Fields by name, as `findings` returns them, and more.
        left_out : mapping of str to str
            Why an analysis, "map" or "preprocessing" was left out, by its name.
        command : str, optional
            The command line, without names of folders.
        settings : str
            What was set on it or in a file, as TOML.
        published : tuple of PublishedScore
            What others reported on such data.

        Returns
        -------
        StudyResult
        """
        context = CheckContext(
            dataset=found["dataset"],
            protocols=found["protocols"],
            hubness=found["hubness"],
            leaks=found["leaks"],
            ablation=found.get("ablation"),
            analyses=self.analyses,
            left_out=left_out,
            # Of a data set there is an audit, if an empty one; arrays have none.
            origin_known="audit" in found,
        )
        provenance = make_provenance(
            self.given,
            random_state=self.settings.random_state,
            refit=self.settings.refit,
            stopwatch=self.stopwatch,
            task=self.data.task.name,
            command=command,
            settings=settings,
            head=self.settings.head,
        )
        return StudyResult.of(
            search=self.search,
            records=self.records,
            **found | {"leaks": found["leaks"] or ()},
            checks=run_checks(context, self.ignore),
            provenance=provenance,
            published=published,
        )


def merge_people(data: StudyData, settings: StudySettings, space: EmbeddingSpace) -> StudyData:
    """Return the data with one subject for all that may be one person."""
    # Alike images are found by cosine whatever the head; what grouping changes is measured on the graph of
    # nearest neighbours, and where that lacks the distance, nothing would be said of it.
    neighbors = settings.head is KNN
    if data.groups is None or settings.prefix or (neighbors and "cosine" not in settings.metrics):
        cosine = ", the cosine distance among the metrics," if neighbors else ""
        raise StudySettingsError(
            f"group_near_duplicates takes groups{cosine} and no pipeline: give these, or leave it out."
        )
    return replace(data, groups=merge_subjects(space.pairs, data.groups))


def leaks_of(study: StudyRun) -> tuple[Leak, ...] | None:
    """Name people who may be on both sides of a split; None without a graph with cosine distance."""
    run, subjects = study.runs[0], study.space.subjects
    source, settings, data = run.source, run.settings, run.data
    if "leaks" not in study.analyses or subjects is None or not isinstance(settings.cv, int):
        return None
    if not isinstance(source, GraphSource) or "cosine" not in source.graph.metrics:
        return None
    with study.stopwatch.part("leaks"):
        by_image = make_splits(data.labels, None, cv=settings.cv, random_state=settings.random_state)
        folds = [_by_subject(study), Folds("image", by_image.as_cv())]
        return find_leaks(
            source,
            study.space.pairs,
            subjects,
            folds,
            [(best, run.voting(best)["weights"]) for best in run.scored.best.values()],
            grouped=study.grouped,
        )


def _by_subject(study: StudyRun) -> Folds:
    """Divide by subject; with few subjects, a study by image may have more folds than can be made so."""
    settings = study.settings
    try:
        splits = make_splits(
            study.data.labels, study.space.subjects, cv=settings.cv, random_state=settings.random_state
        )
    except StudySettingsError:
        return Folds("subject", (), f"the subjects can't be divided into {settings.cv} folds")
    return Folds("subject", splits.as_cv())


def hubness_of(study: StudyRun) -> Hubness | None:
    """Show which images are neighbours of many others; takes a graph of all rows."""
    graph, data = study.runs[0].graph, study.data
    if graph is None or "geometry" not in study.analyses:
        return None
    with study.stopwatch.part("geometry"):
        return measure_hubness(
            graph,
            data.array,
            data.labels,
            data.groups,
            n_neighbors=OCCURRENCE_NEIGHBORS,
            space=study.space,
        )


def inflations_of(study: StudyRun) -> tuple[ProtocolInflation, ...]:
    """Compare what the best candidates of subject-level folds reach with what they reach by image."""
    by_protocol = {run.splits.protocol: run for run in study.runs}
    if "repeats" not in study.analyses or set(by_protocol) != {"image", "subject"}:
        return ()
    image, subject = by_protocol["image"], by_protocol["subject"]
    data = subject.data
    with study.stopwatch.part("repeats"):
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
