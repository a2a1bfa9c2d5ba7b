"""What a run says of a published figure."""

import math
from collections.abc import Sequence
from typing import Final

from scipy.stats import t

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.results.reproduction import ReproducedScore, Verdict
from skknn_syndrome.results.verdicts import DRAW_CONFIDENCE, ROUNDING

_WORST_FIRST: Final[Sequence[Verdict]] = ("not_reproducible", "within_draws", "within_ties")


def judge_run(
    score: str, published: float, value: float, *, ties: tuple[float, float] | None, decimals: int
) -> ReproducedScore:
    """Judge a figure of a protocol that draws nothing.

    Parameters
    ----------
    score : str
        Its name.
    published, value : float
        The published figure and the one that comes out.
    ties : (low, high) or None
        Between what `value` may lie, depending on how ties are broken; None where they don't matter.
    decimals : int
        Of the published figure.

    Returns
    -------
    ReproducedScore
        Reproduced where `value` rounds to `published`.

    Examples
    --------
    >>> judge_run("accuracy", 0.771, 0.7706, ties=None, decimals=3).verdict
    'reproduced'
    >>> judge_run("top_5_accuracy", 0.9749, 0.9758, ties=(0.974, 0.9794), decimals=4).verdict
    'within_ties'
    """
    low, high = ties or (None, None)
    verdict: Verdict = "not_reproducible"
    if _within(published, value, value, decimals):
        verdict = "reproduced"
    elif ties is not None and _within(published, *ties, decimals):
        verdict = "within_ties"
    return ReproducedScore(
        score=score, published=published, reproduced=value, low=low, high=high, verdict=verdict
    )


def judge_draws(score: str, published: float, values: Float64Array, *, decimals: int) -> ReproducedScore:
    r"""Judge a figure of a protocol that leaves something to chance, from several draws.

    With mean :math:`m` and standard deviation :math:`s` of :math:`n` normal draws, a further one lies within
    :math:`m \pm t_{n-1} s \sqrt{1 + 1/n}`, where :math:`t_{n-1}` is the 0.995 quantile of Student's
    distribution, with a probability of 99 %. No score lies below 0 or above 1, and so the interval doesn't.

    Parameters
    ----------
    score : str
        Its name.
    published : float
        The published figure, one draw.
    values : ndarray of shape (n_draws,)
        What came out, at least twice.
    decimals : int
        Of the published figure.

    Returns
    -------
    ReproducedScore
        Within the draws where the published figure lies in that interval.

    Examples
    --------
    >>> import numpy as np
    >>> judged = judge_draws("f1_macro", 0.762, np.array([0.74, 0.75, 0.76]), decimals=3)
    >>> judged.verdict, round(judged.low, 3), round(judged.high, 3)
    ('within_draws', 0.635, 0.865)
    """
    n_draws = len(values)
    mean, std = float(values.mean()), float(values.std(ddof=1))
    margin = float(t.ppf((1 + DRAW_CONFIDENCE) / 2, n_draws - 1)) * std * math.sqrt(1 + 1 / n_draws)
    low, high = max(mean - margin, 0.0), min(mean + margin, 1.0)
    return ReproducedScore(
        score=score,
        published=published,
        reproduced=mean,
        std=std,
        low=low,
        high=high,
        verdict="within_draws" if _within(published, low, high, decimals) else "not_reproducible",
    )


def worst_verdict(scores: Sequence[ReproducedScore]) -> Verdict:
    """Return the worst verdict among scores.

    Examples
    --------
    >>> worst_verdict([judge_run("accuracy", 0.5, value, ties=None, decimals=1) for value in (0.5, 0.9)])
    'not_reproducible'
    """
    verdicts = {score.verdict for score in scores}
    return next((verdict for verdict in _WORST_FIRST if verdict in verdicts), "reproduced")


def _within(published: float, low: float, high: float, decimals: int) -> bool:
    """Whether a number between `low` and `high` may have been printed as `published`."""
    # The last term forgives the rounding of the subtraction itself, not of the figure.
    slack = 0.5 * 10.0**-decimals + ROUNDING
    return low - slack <= published <= high + slack
