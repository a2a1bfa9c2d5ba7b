"""Which of two candidates is right where one of them is wrong."""

import numpy as np
from scipy.stats import binomtest

from skknn_syndrome._typing import BoolArray, IndexArray, LabelArray
from skknn_syndrome.results.uncertainty import Discordance
from skknn_syndrome.study.out_of_fold import OutOfFoldRecord
from skknn_syndrome.study.subject_level import fuse_subjects


def compare_discordant(first: OutOfFoldRecord, second: OutOfFoldRecord) -> Discordance:
    r"""Apply McNemar's exact test [1]_ to the out-of-fold predictions of two candidates.

    Of the units that one candidate recognises and the other does not, :math:`b` are the first's and
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
    """Return which units are recognised."""
    if not by_subject:
        return np.asarray(record.predicted == record.truth)
    fused = fuse_subjects(record)
    return np.asarray(fused.probabilities.argmax(axis=1) == fused.truth)
