"""One published row beside the runs of its protocol."""

from collections.abc import Mapping, Sequence

import numpy as np

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.results.reproduction import ReproducedRow, ReproducedScore
from skknn_syndrome.study.reproducing.figures import PublishedRow, first_with_same_figures
from skknn_syndrome.study.reproducing.judging import judge_draws, judge_run, worst_verdict
from skknn_syndrome.study.reproducing.protocols import Protocol, Recipe
from skknn_syndrome.study.reproducing.scoring import DISTANCES, N_NEIGHBORS, TOP, FoldMeans
from skknn_syndrome.wording import score_title


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
