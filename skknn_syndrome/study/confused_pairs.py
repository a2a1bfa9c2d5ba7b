"""Which syndromes are misclassified as which other one more often than by chance."""

import numpy as np
from scipy.stats import hypergeom

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics import confusion_matrix
from skknn_syndrome.results.evaluation import ConfusedPair
from skknn_syndrome.results.significance import is_significant
from skknn_syndrome.study.clustered import independent_units
from skknn_syndrome.study.out_of_fold import OutOfFoldRecord

NONE = -1
"""Number of no syndrome."""


def find_confused_pairs(record: OutOfFoldRecord) -> tuple[ConfusedPair, ...]:
    r"""Test for each ordered pair of syndromes whether the errors of one fall on the other beyond chance.

    A frequent syndrome is predicted often, and so catches many errors of all others. The errors of A are
    therefore held against what is predicted for other syndromes' images: each unit (a subject with one
    syndrome, or an image where there are no subjects) counts once, by the syndrome other than A that is
    predicted most often for its images. Of m units of A that have such a prediction, x are on B; of M others,
    X. If predictions don't depend on the true syndrome, x is hypergeometric given the margins, and

    .. math:: p = P(\text{at least } x \text{ of } m \mid x + X \text{ of } m + M)

    is Fisher's exact test, one-sided, Bonferroni-corrected over the C (C - 1) pairs [1]_. With two syndromes
    all errors fall on the other one, which is no finding.

    Parameters
    ----------
    record : OutOfFoldRecord

    Returns
    -------
    tuple of ConfusedPair
        The significant pairs, the least p-value first.

    References
    ----------
    .. [1] R. A. Fisher, "On the Interpretation of chi-squared from Contingency Tables, and the Calculation of
       P", Journal of the Royal Statistical Society 85(1), 1922. doi:10.2307/2340521
    """
    n_classes = len(record.classes)
    counts = confusion_matrix(record.truth, record.predicted, labels=np.arange(n_classes))
    own, first, second = _unit_votes(record)
    found = []
    for syndrome in range(n_classes):
        votes = np.where(first == syndrome, second, first)
        mine = np.bincount(votes[(own == syndrome) & (votes != NONE)], minlength=n_classes)
        others = np.bincount(votes[(own != syndrome) & (votes != NONE)], minlength=n_classes)
        p_values = np.minimum(n_classes * (n_classes - 1) * _tail(mine, others), 1.0)
        found += [
            ConfusedPair(
                syndrome=str(record.classes[syndrome]),
                misclassified_as=str(record.classes[other]),
                n_images=int(counts[syndrome, other]),
                share=float(counts[syndrome, other] / counts[syndrome].sum()),
                share_of_errors=float(mine[other] / mine.sum()),
                expected_share=float(others[other] / others.sum()),
                p_value=float(p_values[other]),
            )
            for other in np.flatnonzero(mine)
            if is_significant(float(p_values[other]))
        ]
    return tuple(sorted(found, key=lambda pair: (pair.p_value, pair.syndrome, pair.misclassified_as)))


def _tail(mine: IndexArray, others: IndexArray) -> Float64Array:
    """Return for each column the chance of at least as many of mine, given both margins."""
    total, n_mine = mine.sum() + others.sum(), mine.sum()
    return np.asarray(hypergeom.sf(mine - 1, total, mine + others, n_mine))


def _unit_votes(record: OutOfFoldRecord) -> tuple[IndexArray, IndexArray, IndexArray]:
    """Return for each unit its syndrome, and the two predicted most often: of equals the first, or none."""
    n_classes = len(record.classes)
    _, units = np.unique(independent_units(record.rows, record.subjects)[0], return_inverse=True)
    keys, members = np.unique(units * n_classes + record.truth, return_inverse=True)
    # Sorted by unit and then by count, falling, the first two of each unit are at its beginning.
    cells, counts = np.unique(members * n_classes + record.predicted, return_counts=True)
    order = np.lexsort((cells % n_classes, -counts, cells // n_classes))
    owners, predicted = cells[order] // n_classes, cells[order] % n_classes
    begins = np.searchsorted(owners, np.arange(len(keys)))
    has_second = np.searchsorted(owners, np.arange(len(keys)), side="right") - begins > 1
    second = np.full(len(keys), NONE)
    second[has_second] = predicted[begins[has_second] + 1]
    return keys % n_classes, predicted[begins], second
