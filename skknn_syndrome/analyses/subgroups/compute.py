"""Scores of subgroups from the out-of-fold predictions of the primary protocol's best candidate."""

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array
from skknn_syndrome.analyses.subgroups.gaps import adjusted_for_each_other, find_gap, images_of
from skknn_syndrome.analyses.subgroups.held_out import adjusted_for_levels, hold_out_levels
from skknn_syndrome.analyses.subgroups.participants import summarise
from skknn_syndrome.analyses.subgroups.result import (
    MIN_LEVELS,
    Gap,
    SubgroupAnalysis,
    Subgroups,
    SubgroupScores,
)
from skknn_syndrome.analyses.subgroups.scoring import only, pooled
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.data.covariates import MISSING, Covariate
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.candidate import CandidateKey


def measure_subgroups(run: ProtocolRun) -> SubgroupAnalysis:
    """Count participants by covariate, score the best candidate in each level, and look for gaps.

    Raises
    ------
    StudySettingsError
        There are no covariates, or predictions are not of the ranking that is scored.
    """
    data = run.data
    if not data.covariates:
        raise StudySettingsError(
            "the data has no covariates: name columns that are to be kept, such as sex or site.",
            code="no_covariates",
            parameter="covariates",
        )
    winner = run.scored.winner
    record = next(found for found in run.records if found.candidate.variant == winner.variant)
    if record.said is not None:
        raise StudySettingsError(
            f"the head {run.settings.head.name!r} predicts other syndromes than those that it scores "
            "highest, and pooled scores are of one ranking.",
            code="two_rankings",
        )
    seed = run.settings.random_state
    gaps = adjusted_for_each_other([gap_of(record, covariate, seed) for covariate in data.covariates])
    held_out = [covariate for covariate in data.covariates if covariate.name in data.left_out]
    return SubgroupAnalysis(
        protocol=run.splits.protocol,
        candidate=CandidateKey(head=record.candidate.head, params=record.candidate.params),
        covariates=tuple(summarise(found, data.labels, data.groups) for found in data.covariates),
        subgroups=tuple(
            Subgroups(covariate=covariate.name, levels=level_scores(record, covariate), gap=gap)
            for covariate, gap in zip(data.covariates, gaps, strict=True)
        ),
        left_out=adjusted_for_levels([hold_out_levels(run, record, covariate) for covariate in held_out]),
    )


def level_scores(record: OutOfFoldRecord, covariate: Covariate) -> tuple[SubgroupScores, ...]:
    """Score each level of a covariate, that of missing values too."""
    parts = ((level, covariate.levels == level) for level in covariate.level_names)
    return tuple(
        _scores(part, level) for level, chosen in parts if (part := only(record, chosen)) is not None
    )


def _scores(part: OutOfFoldRecord, level: str) -> SubgroupScores:
    return SubgroupScores(
        level=level,
        is_missing=level == MISSING,
        n_images=len(np.unique(part.rows)),
        n_classes=len(np.unique(part.truth)),
        **dict(pooled(part)),
    )


def gap_of(record: OutOfFoldRecord, covariate: Covariate, seed: int | None) -> Gap | None:
    """Return the largest gap between levels; None where no two could be compared."""
    right, tested = _right(record)
    rows = np.flatnonzero(tested & covariate.known)
    subjects = None if record.subjects is None else record.subjects[rows]
    images, names = images_of(right[rows], record.labels[rows], covariate.levels[rows], subjects)
    return find_gap(images, names, seed=seed) if len(names) >= MIN_LEVELS else None


def _right(record: OutOfFoldRecord) -> tuple[Float64Array, BoolArray]:
    """Return the share of each image's predictions that is right, and which images were predicted."""
    n_images = len(record.labels)
    times = np.bincount(record.rows, minlength=n_images)
    hits = np.bincount(record.rows, record.predicted == record.truth, minlength=n_images)
    return hits / np.maximum(times, 1), times > 0


COST = Cost(
    "2,000 resamples of subjects in each level, and 2,000 permutations of each covariate",
    (
        # Of two covariates with two levels and missing values.
        Term(4_100_000.0, "python"),
        Term(150_000.0, "sort", ("images",)),
        Term(140.0, "sort", ("images", "classes")),
    ),
)

COMPUTATION = Computation(question="subgroups", cost=COST, compute=measure_subgroups, of_covariates=True)
