"""Inflation: what image-level folds add to the scores."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student_t
from sklearn.base import clone

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.inflation.result import InflationAnalysis, ProtocolDifference, ProtocolInflation
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.graph_probabilities import out_of_fold_probabilities
from skknn_syndrome.crossval.out_of_fold import OutOfFold, OutOfFoldRecord
from skknn_syndrome.crossval.predicting import record_candidate
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.repeats import candidate_scores
from skknn_syndrome.crossval.study_run import StudyRun
from skknn_syndrome.metrics.batch.reweighting import Reweighting
from skknn_syndrome.metrics.registry import names_for
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.candidate import Candidate
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.verdicts import CONFIDENCE

N_RESAMPLES = 200
"""Enough for a standard error: its own relative error is about 5 %."""


@dataclass(frozen=True, eq=False)
class Scored:
    """One candidate under one protocol, on the splits of several seeds."""

    scores: Mapping[str, Score]
    """Of every fold, the splits one after another."""
    predictions: Sequence[OutOfFold]
    """One a split."""


def measure_protocol_inflation(
    candidate: Candidate, image: Scored, subject: Scored, labels: LabelArray, subjects: LabelArray
) -> tuple[ProtocolInflation, ...]:
    r"""Compare image-level with subject-level folds of one candidate, made with the same seeds.

    With :math:`D_r` the difference of the two means over the folds on split r of R, the estimate is
    :math:`\bar D`. Its variance is taken as

    .. math:: \hat V_{subjects}(\bar D) + s_D^2 / R,

    the first term over resamples of subjects, each with all its images and predictions [1]_, the second from
    the standard deviation :math:`s_D` over the splits. The interval is :math:`\bar D \pm t_{n-1} \sqrt V` for
    n subjects. Training parts stay as they are in the resamples.

    Parameters
    ----------
    candidate : Candidate
    image, subject : Scored
        Splits with the same seeds in the same order.
    labels, subjects : array of shape (n_images,)
        Class and subject of each image.

    Returns
    -------
    tuple of ProtocolInflation
        One a score that is defined on every split under both protocols.

    References
    ----------
    .. [1] C. A. Field and A. H. Welsh, "Bootstrapping clustered data", J. R. Stat. Soc. B 69, 2007.
       doi:10.1111/j.1467-9868.2007.00593.x
    """
    names, unit = np.unique(subjects, return_inverse=True)
    truth = np.unique(labels, return_inverse=True)[1]
    counts = _resample(len(names))
    drawn = np.mean(
        [
            _mean_over_folds(one, truth, counts, unit) - _mean_over_folds(other, truth, counts, unit)
            for one, other in zip(image.predictions, subject.predictions, strict=True)
        ],
        axis=0,
    )
    in_rows = names_for(truth.max() + 1, bounds=False)
    errors = dict(zip(in_rows, drawn.std(axis=1, ddof=1).tolist(), strict=True))
    # Macro recall and balanced accuracy differ only where a resample lacks a class: one figure, one interval.
    pairs = (
        (scored.scores["recall_macro"], scored.scores["balanced_accuracy"]) for scored in (image, subject)
    )
    if all(recall.values == balanced.values for recall, balanced in pairs):
        errors["recall_macro"] = errors["balanced_accuracy"]
    n_splits = len(image.predictions)
    found = (
        _typed(
            candidate,
            score,
            _split_means(score, n_splits),
            _split_means(other, n_splits),
            errors[name],
            len(names),
        )
        for name, score in image.scores.items()
        for other in [subject.scores[name]]
    )
    return tuple(entry for entry in found if entry is not None)


def _resample(n_subjects: int) -> Float64Array:
    """Return how often each subject is drawn, shape (n_resamples, n_subjects)."""
    shares = np.full(n_subjects, 1 / n_subjects)
    return np.random.default_rng(0).multinomial(n_subjects, shares, N_RESAMPLES).astype(np.float64)


def _mean_over_folds(
    said: OutOfFold, truth: IndexArray, counts: Float64Array, unit: IndexArray
) -> Float64Array:
    """Score every resample in every fold; return the means over the folds, (n_scores, n_resamples)."""
    found = []
    for fold in np.unique(said.folds):
        members = said.folds == fold
        rows = said.rows[members]
        drawn, of_row = np.unique(unit[rows], return_inverse=True)
        predicted = None if said.said is None else said.said[members]
        again = Reweighting(said.probabilities[members], truth[rows], of_row, predicted)
        found.append(again(counts[:, drawn]))
    tables = np.stack(found)
    defined = np.isfinite(tables)
    means: Float64Array = np.where(defined, tables, 0.0).sum(axis=0) / np.maximum(defined.sum(axis=0), 1)
    return means


def _split_means(score: Score, n_splits: int) -> Float64Array | None:
    """Return the mean over the folds of each split; None where one has none."""
    parts = np.array(score.values, dtype=np.float64).reshape(n_splits, -1)
    defined = ~np.isnan(parts)
    if not defined.any(axis=1).all():
        return None
    means: Float64Array = np.where(defined, parts, 0.0).sum(axis=1) / defined.sum(axis=1)
    return means


def _typed(
    candidate: Candidate,
    score: Score,
    image: Float64Array | None,
    subject: Float64Array | None,
    error: float,
    n_subjects: int,
) -> ProtocolInflation | None:
    if image is None or subject is None:
        return None
    differences = image - subject
    n_splits = len(differences)
    spread = float(differences.std(ddof=1)) if n_splits > 1 else None
    total = math.sqrt(error**2 + (spread or 0.0) ** 2 / n_splits)
    half = float(student_t.ppf((1 + CONFIDENCE) / 2, n_subjects - 1)) * total
    estimate = float(differences.mean())
    return ProtocolInflation(
        head=candidate.head,
        params=candidate.params,
        score=score.name,
        n_splits=n_splits,
        image_mean=float(image.mean()),
        subject_mean=float(subject.mean()),
        difference=estimate,
        low=estimate - half if total > 0 else None,
        high=estimate + half if total > 0 else None,
        split_std=spread,
        n_subjects=n_subjects,
        n_resamples=N_RESAMPLES,
    )


def compare_protocols(image: ProtocolResult, subject: ProtocolResult) -> tuple[ProtocolDifference, ...]:
    """Set image-level beside subject-level scores.

    Parameters
    ----------
    image, subject : ProtocolResult
        Both protocols, run over the same grid.

    Returns
    -------
    tuple of ProtocolDifference
        For each distance, at its best candidate under subject-level folds, one a score.
    """
    twins = {(candidate.head, candidate.params): candidate for candidate in image.candidates}
    return tuple(
        ProtocolDifference(
            head=best.head,
            params=best.params,
            score=name,
            image_mean=twins[best.head, best.params].scores[name].mean,
            subject_mean=score.mean,
        )
        for best in subject.best.values()
        for name, score in best.scores.items()
    )


def measure_inflation(study: StudyRun) -> InflationAnalysis | None:
    """Compare what the best candidates of subject-level folds reach with what they reach by image.

    The differences on one split are there wherever both protocols are; intervals over the repeated splits
    belong to the analysis "repeats".
    """
    by_protocol = {run.splits.protocol: run for run in study.runs}
    if set(by_protocol) != {"image", "subject"}:
        return None
    image, subject = by_protocol["image"], by_protocol["subject"]
    data = subject.data
    found = (
        inflation
        for best in subject.scored.best.values()
        for inflation in measure_protocol_inflation(
            best, _scored(image, best), _scored(subject, best), data.labels, np.asarray(data.groups)
        )
    )
    return InflationAnalysis(
        differences=compare_protocols(image.scored, subject.scored),
        protocol_inflations=tuple(found) if "repeats" in study.analyses else (),
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
        model,
        data.samples,
        data.labels,
        data.groups,
        run.splits,
        run.scored.candidates[place],
        graph=run.graph,
    )


COST = Cost(
    "on each further split, predictions of two protocols whose differences are resampled",
    (
        Term(140.0, "sort", ("images", "classes", "distances", "further_repeats")),
        Term(1300.0, "python", ("classes", "distances", "further_repeats")),
        Term(380_000.0, "python", ("distances", "further_repeats")),
    ),
)

COMPUTATION = Computation(
    question="inflation", cost=COST, compute=measure_inflation, of_study=True, is_always_made=True
)
