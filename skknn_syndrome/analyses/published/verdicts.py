"""Published figures against the runs of their protocol."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from scipy.stats import t

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.published.protocols import (
    Protocol,
    PublishedRow,
    Recipe,
    first_with_same_figures,
)
from skknn_syndrome.analyses.published.result import ReproducedRow, ReproducedScore, Verdict
from skknn_syndrome.analyses.published.runs import DISTANCES, N_NEIGHBORS, TOP, FoldMeans
from skknn_syndrome.results.verdicts import DRAW_CONFIDENCE, ROUNDING
from skknn_syndrome.wording import score_title

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


def judge_row(
    row: PublishedRow, rows: Sequence[PublishedRow], runs: Mapping[str, FoldMeans], protocol: Protocol
) -> ReproducedRow:
    """Hold a published row beside its runs.

    Parameters
    ----------
    row : PublishedRow
        One of `rows`.
    rows : sequence of PublishedRow
        All of the source's, in its order.
    runs : mapping of str to FoldMeans
        By what the source calls its recipes.
    protocol : Protocol
        The source's.

    Returns
    -------
    ReproducedRow
        Not reproducible where a figure is not; where all figures are those of the same embeddings without
        the resampling that the row is labelled with; or where nothing is drawn and the source's rule chooses
        another k.
    """
    means = runs[row.dataset]
    n_draws = len(means["f1_macro"])
    scores = judge_scores(row, means, protocol.decimals)
    share = share_choosing_k(row, means) if protocol.chooses_k else None
    earlier = first_with_same_figures(row, rows)
    untouched = _untouched_with_these_figures(row, runs, protocol)
    verdict = worst_verdict(scores) if untouched is None else "not_reproducible"
    reason = None
    if verdict == "not_reproducible":
        reason = _say_what_differs(scores, untouched, protocol.decimals)
    elif n_draws == 1 and share == 0:
        verdict, reason = "not_reproducible", "The figures come out, but the source's rule chooses another k."
    return ReproducedRow(
        table=row.table,
        dataset=row.dataset,
        distance=row.distance,
        n_neighbors=row.n_neighbors,
        n_draws=n_draws,
        share_choosing_k=share,
        scores=scores,
        verdict=verdict,
        repeats=None if earlier is None else f"{earlier.dataset} of {earlier.table}",
        figures_of=untouched,
        reason=reason,
    )


def judge_scores(row: PublishedRow, means: FoldMeans, decimals: int) -> tuple[ReproducedScore, ...]:
    """Judge all figures of a row, in its order.

    Parameters
    ----------
    row : PublishedRow
    means : FoldMeans
        Of one run or of several draws.
    decimals : int
        Of the figures.
    """
    return tuple(
        _judge_score(score, published, row, means, decimals) for score, published in row.figures.items()
    )


def _judge_score(
    score: str, published: float, row: PublishedRow, means: FoldMeans, decimals: int
) -> ReproducedScore:
    values = _cell(row, means[score])
    if len(values) > 1:
        return judge_draws(score, published, values, decimals=decimals)
    ties = None
    if f"{score}_lower" in means:
        lower, upper = (_cell(row, means[f"{score}_{bound}"])[0] for bound in ("lower", "upper"))
        ties = float(lower), float(upper)
    return judge_run(score, published, float(values[0]), ties=ties, decimals=decimals)


def share_choosing_k(row: PublishedRow, means: FoldMeans) -> float:
    """Return the share of the runs in which AUC x F1 x top-9 is highest at the k of the row.

    Of equals the smallest k is taken.
    """
    composite = means["roc_auc_ovr"] * means["f1_macro"] * means[f"top_{TOP}_accuracy"]
    chosen = np.array(N_NEIGHBORS)[composite[:, DISTANCES.index(row.distance)].argmax(axis=1)]
    return float(np.mean(chosen == row.n_neighbors))


def _cell(row: PublishedRow, values: Float64Array) -> Float64Array:
    """Return the runs' values at the distance and k of the row."""
    return values[:, DISTANCES.index(row.distance), N_NEIGHBORS.index(row.n_neighbors)]


def _untouched_with_these_figures(
    row: PublishedRow, runs: Mapping[str, FoldMeans], protocol: Protocol
) -> str | None:
    """Return what a resampled row would be without resampling, if its figures are of that, digit by digit."""
    recipe = protocol.recipes[row.dataset]
    if not recipe.is_resampled:
        return None
    names = {other: name for name, other in protocol.recipes.items()}
    untouched = names[Recipe(recipe.scaler)]
    scores = judge_scores(row, runs[untouched], protocol.decimals)
    return untouched if worst_verdict(scores) == "reproduced" else None


def _say_what_differs(scores: Sequence[ReproducedScore], untouched: str | None, decimals: int) -> str:
    worst = max(scores, key=lambda score: abs(score.difference))
    said = (
        f"as labelled, {score_title(worst.score)} is {worst.reproduced:.{decimals}f} and not "
        f"{worst.published:.{decimals}f}."
    )
    if untouched is None:
        return f"Run {said}"
    return f"These are the figures of {untouched} at this k, without resampling: run {said}"
