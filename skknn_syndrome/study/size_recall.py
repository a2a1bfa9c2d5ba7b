"""Whether small syndromes are recognised less often: a rank correlation with its permutation test."""

from collections.abc import Sequence
from math import factorial

import numpy as np
from scipy.stats import permutation_test, rankdata

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.results.evaluation import RankCorrelation
from skknn_syndrome.results.verdicts import FEWEST_RANKED

N_RESAMPLES = 9_999
"""Permutations drawn from eight syndromes on; up to seven, all 5,040 are counted."""

SEED = 0


def correlate_size_and_recall(n_images: Sequence[int], recalls: Sequence[float]) -> RankCorrelation | None:
    r"""Correlate the syndromes' numbers of images and recalls by rank, and test that by permutation.

    Spearman's :math:`\rho` [1]_ is Pearson's correlation of the ranks, equal values having their mean rank.
    The p-value is two-sided: twice the smaller share of the permutations of the recalls whose :math:`\rho` is
    at least as far to one side [2]_.

    Parameters
    ----------
    n_images : sequence of int
        A number for each syndrome.
    recalls : sequence of float

    Returns
    -------
    RankCorrelation or None
        None where either is constant, or there are fewer than five syndromes.

    References
    ----------
    .. [1] C. Spearman, "The Proof and Measurement of Association between Two Things", American Journal of
       Psychology 15(1), 1904. doi:10.2307/1412159
    .. [2] B. Phipson and G. K. Smyth, "Permutation P-values Should Never Be Zero", Statistical Applications
       in Genetics and Molecular Biology 9(1), 2010. doi:10.2202/1544-6115.1585

    Examples
    --------
    >>> found = correlate_size_and_recall([10, 20, 30, 40, 50], [0.5, 0.6, 0.7, 0.8, 0.9])
    >>> found.rho, round(found.p_value, 4), found.verdict  # two of 120 orders are so
    (1.0, 0.0167, 'small_harder')
    """
    if len(n_images) < FEWEST_RANKED or min(len(set(n_images)), len(set(recalls))) == 1:
        return None
    sizes, ranks = (_standardised(values) for values in (n_images, recalls))

    def correlation(permuted: Float64Array, axis: int = -1) -> Float64Array:
        return np.asarray((sizes * permuted).sum(axis=axis))

    tested = permutation_test(
        (ranks,),
        correlation,
        permutation_type="pairings",
        vectorized=True,
        n_resamples=N_RESAMPLES,
        rng=np.random.default_rng(SEED),
    )
    return RankCorrelation(
        rho=float(np.clip(tested.statistic, -1, 1)),
        p_value=float(tested.pvalue),
        n_syndromes=len(n_images),
        exact=factorial(len(n_images)) <= N_RESAMPLES,
    )


def _standardised(values: Sequence[float]) -> Float64Array:
    """Return the ranks, centred and of length 1: their product with others is the correlation."""
    ranks = rankdata(values) - (len(values) + 1) / 2
    scaled: Float64Array = ranks / np.sqrt((ranks**2).sum())
    return scaled
