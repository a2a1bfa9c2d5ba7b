"""The t test for differences between folds that share training images."""

import numpy as np
from scipy.stats import t as student_t

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.results import DistanceComparison
from skknn_syndrome.results.verdicts import CONFIDENCE


def corrected_t_test(
    score: str, first: str, second: str, differences: Float64Array, test_share: float
) -> DistanceComparison:
    r"""Test whether a mean difference over folds is more than chance.

    With differences :math:`d_j` over :math:`n = k r` folds of r repeats, of mean :math:`\bar d` and variance
    :math:`s^2` (divisor n - 1),

    .. math:: t = \frac{\bar d}{\sqrt{(1/n + n_{test}/n_{train})\, s^2}}

    with n - 1 degrees of freedom. The second term makes up for training parts that share most of their
    images [1]_; it does not shrink with more repeats [2]_.

    Parameters
    ----------
    score : str
    first, second : str
        What is compared.
    differences : array of shape (n_folds,)
        First minus second, at least two.
    test_share : float
        Size of a test part divided by that of a training part.

    Returns
    -------
    DistanceComparison
        The one with the higher mean first.

    References
    ----------
    .. [1] C. Nadeau and Y. Bengio, "Inference for the Generalization Error", Machine Learning 52, 2003.
       doi:10.1023/A:1024068626366
    .. [2] R. R. Bouckaert and E. Frank, "Evaluating the Replicability of Significance Tests for Comparing
       Learning Algorithms", PAKDD 2004. doi:10.1007/978-3-540-24775-3_3

    Examples
    --------
    >>> found = corrected_t_test("accuracy", "a", "b", np.array([0.1, 0.3]), test_share=0.5)
    >>> found.mean_difference, round(found.t_statistic, 3)
    (0.2, 1.414)
    """
    if differences.mean() < 0:
        first, second, differences = second, first, -differences
    n_folds = len(differences)
    mean = float(differences.mean())
    error = float(np.sqrt((1 / n_folds + test_share) * differences.var(ddof=1)))
    half = float(student_t.ppf((1 + CONFIDENCE) / 2, n_folds - 1)) * error
    # The same difference in every fold leaves nothing to divide by.
    statistic = mean / error if error > 0 else None
    return DistanceComparison(
        score=score,
        first=first,
        second=second,
        mean_difference=mean,
        standard_error=error,
        t_statistic=statistic,
        p_value=None if statistic is None else float(2 * student_t.sf(abs(statistic), n_folds - 1)),
        confidence_low=mean - half,
        confidence_high=mean + half,
        n_folds=n_folds,
    )
