"""Confidence intervals of pooled scores over resampled subjects, and McNemar's test."""

import numpy as np
from scipy.stats import binomtest

from skknn_syndrome._typing import BoolArray, IndexArray, LabelArray
from skknn_syndrome.analyses.uncertainty.result import Discordance, UncertaintyAnalysis
from skknn_syndrome.crossval.bootstrap import pool_difference, pool_scores
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.fused_subjects import fuse_subjects
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.resamples import Resamples
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.questions import Computation


def compare_discordant(first: OutOfFoldRecord, second: OutOfFoldRecord) -> Discordance:
    r"""Apply McNemar's exact test [1]_ to the out-of-fold predictions of two candidates.

    Of the units that one candidate classifies correctly and the other does not, :math:`b` are the first's and
    :math:`c` the second's. If both are equally good, :math:`b` is binomial with :math:`n = b + c` and
    :math:`p = 1/2`.

    Parameters
    ----------
    first, second : OutOfFoldRecord
        Predictions on the same folds.

    Returns
    -------
    Discordance
        Of subjects, each counted once by its fused images, where folds keep subjects together; else of
        images, which are independent only where no subject has two: `units_independent`.

    References
    ----------
    .. [1] Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
       percentages", Psychometrika 12, 1947. doi:10.1007/BF02295996
    """
    by_subject = first.protocol == "subject"
    units = fuse_subjects(first).rows if by_subject else first.rows
    one, other = (_right(record, by_subject=by_subject) for record in (first, second))
    first_alone = int(np.count_nonzero(one & ~other))
    second_alone = int(np.count_nonzero(other & ~one))
    discordant = first_alone + second_alone
    return Discordance(
        first=first.candidate.variant,
        second=second.candidate.variant,
        unit="subjects" if by_subject else "images",
        n_units=len(one),
        n_first_alone=first_alone,
        n_second_alone=second_alone,
        p_value=float(binomtest(first_alone, discordant).pvalue) if discordant else 1.0,
        units_independent=_independent(units, first.subjects),
    )


def _independent(rows: IndexArray, subjects: LabelArray | None) -> bool | None:
    """Return whether no two units are of one subject; None where nobody knows.

    In repeated folds each image comes several times, whosoever it is.
    """
    repeated = len(np.unique(rows)) < len(rows)
    if subjects is None:
        return False if repeated else None
    return len(np.unique(subjects[rows])) == len(rows)


def _right(record: OutOfFoldRecord, *, by_subject: bool) -> BoolArray:
    """Return which units are classified correctly."""
    if not by_subject:
        return np.asarray(record.predicted == record.truth)
    fused = fuse_subjects(record)
    return np.asarray(fused.predicted == fused.truth)


def measure_uncertainty(run: ProtocolRun) -> UncertaintyAnalysis:
    """Give the pooled scores of the best candidates their intervals, and compare the two best distances.

    Raises
    ------
    StudySettingsError
        Predictions are not of the ranking that is scored.
    """
    if any(record.said is not None for record in run.records):
        raise StudySettingsError(
            f"the head {run.settings.head.name!r} predicts other syndromes than those that it scores "
            "highest, and pooled scores are of one ranking.",
            code="two_rankings",
        )
    protocol, resamples = run.splits.protocol, Resamples()
    pooled = tuple(pool_scores(record, resamples) for record in run.records)
    order = sorted(run.scored.best.values(), key=run.scored.refit_mean, reverse=True)
    if len(order) == 1:
        return UncertaintyAnalysis(protocol=protocol, pooled=pooled)
    by_variant = {record.candidate.variant: record for record in run.records}
    first, second = (by_variant[best.variant] for best in order[:2])
    return UncertaintyAnalysis(
        protocol=protocol,
        pooled=pooled,
        difference=pool_difference(first, second, resamples),
        discordance=compare_discordant(first, second),
    )


COST = Cost(
    "2,000 resamples of subjects, each a sweep of the votes that are not zero",
    (
        Term(14000.0, "sort", ("images", "distances")),
        Term(190.0, "sort", ("images", "classes", "distances")),
    ),
)

COMPUTATION = Computation(question="uncertainty", cost=COST, compute=measure_uncertainty)
