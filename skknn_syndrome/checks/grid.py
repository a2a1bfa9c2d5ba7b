"""Checks of the grid: best k at its edge, better k beyond it, more neighbours than training images."""

from collections.abc import Iterator, Mapping

from skknn_syndrome.checks.base import Finding, StudyCheck, judge, not_applicable, skipped
from skknn_syndrome.checks.better import figures_of_better, sentences_on_better, significantly_better
from skknn_syndrome.checks.context import CheckContext, OnFolds, figures_of_runs, sentences_on_folds
from skknn_syndrome.results import ProtocolResult
from skknn_syndrome.results.check import Figure
from skknn_syndrome.wording import metric_title, score_title

NO_K = "The candidates have no number of neighbours."


class EdgeOfGrid(StudyCheck):
    """A best k on the edge of the grid: the best k of all may lie outside."""

    code, name, title = "SK007", "edge_of_grid", "Best k at the edge of the grid"
    severity = "tip"
    remedy = (
        "Look at the scores beyond the grid where they were computed, or extend the grid "
        "(--n-neighbors) in this direction; look at F1 as well as at AUC, since they need not "
        "agree."
    )

    def look(self, context: CheckContext) -> Finding:
        """Compare the best k of each distance with the edges."""
        runs = _with_grid(context)
        if all(len(_grid(run)) == 1 for run in runs):
            return not_applicable("The grid has a single k." if runs else NO_K)
        return judge(
            sentences_on_folds(runs, _edges),
            figures_of_runs(runs, _best_of_grid),
            otherwise="Every best k lies inside the grid, or there is nothing to try beyond its edge.",
        )


class MoreNeighborsThanImages(StudyCheck):
    """A k above the number of training images: from there on all images vote, and candidates are alike."""

    code, name, title = "SK009", "more_neighbors_than_images", "More neighbours than training images"
    severity = "tip"
    remedy = "Take a smaller largest k (--n-neighbors) or more folds, whose training parts are larger."

    def look(self, context: CheckContext) -> Finding:
        """Compare the largest k with the smallest training part."""
        runs = _with_grid(context)
        if not runs:
            return not_applicable(NO_K)
        return judge(
            sentences_on_folds(runs, _too_many_neighbors),
            figures_of_runs(runs, _sizes),
            otherwise="No k of the grid exceeds the smallest training part.",
        )


class BeyondGrid(StudyCheck):
    """A k beyond the grid that is significantly better by the score that decides."""

    code, name, title = "SK008", "beyond_grid", "Better k beyond the grid"
    severity = "tip"
    remedy = (
        "Extend the grid (--n-neighbors) to this k, and choose it inside the folds (nested "
        "cross-validation), not by this curve."
    )

    def look(self, context: CheckContext) -> Finding:
        """Read the comparisons of larger k with the best candidate."""
        reason = context.why_not("beyond_grid")
        if reason is not None:
            return skipped(reason)
        run = context.primary
        compared = [entry for entry in run.alternatives if entry.kind == "larger_k"]
        if not compared:
            return not_applicable(
                "No score is best at the largest k of the grid, or no larger k could be scored."
            )
        better = significantly_better(compared, [run.refit])
        return judge(
            sentences_on_better(run, better),
            {"n_compared": len(compared), **figures_of_better(better)},
            otherwise=f"No larger k is significantly better in {score_title(run.refit)}.",
        )


def _grid(run: ProtocolResult) -> list[int]:
    """Return the numbers of neighbours that were tried, rising; none of heads without neighbours."""
    return sorted({entry.n_neighbors for entry in run.candidates if entry.n_neighbors is not None})


def _with_grid(context: CheckContext) -> list[ProtocolResult]:
    return [run for run in context.protocols if _grid(run)]


def _smallest_training_part(run: ProtocolResult) -> int:
    return min(fold.n_train for fold in run.folds)


def _best_of_grid(run: ProtocolResult) -> Mapping[str, Figure]:
    grid = _grid(run)
    best = {f"{variant}.best_k": best.n_neighbors for variant, best in run.best.items()}
    found = {name: k for name, k in best.items() if k is not None}
    return {"smallest_k": grid[0], "largest_k": grid[-1], **found}


def _edges(run: ProtocolResult) -> Iterator[OnFolds]:
    grid = _grid(run)
    if len(grid) == 1:
        return
    # Nothing is left to try below 1, nor above the training parts' size, from which on all images vote.
    upper = [("upper", grid[-1])] if grid[-1] < _smallest_training_part(run) else []
    edges = [*upper, *([("lower", grid[0])] if grid[0] > 1 else [])]
    for side, edge in edges:
        metrics = [metric for metric, best in run.best.items() if best.n_neighbors == edge]
        if metrics:
            titles = " and ".join(map(metric_title, metrics))
            best = f"The best k for {titles} by {score_title(run.refit)} on "
            chosen = f"The k for {titles} chosen by {run.refit_rule} on "
            yield OnFolds(
                best if run.refit_rule == "best" else chosen,
                f" is {edge}, the {side} edge of the grid from {grid[0]} to {grid[-1]}: the best k of all "
                "may lie outside.",
            )


def _sizes(run: ProtocolResult) -> Mapping[str, Figure]:
    return {"largest_k": _grid(run)[-1], "smallest_training_part": _smallest_training_part(run)}


def _too_many_neighbors(run: ProtocolResult) -> Iterator[OnFolds]:
    smallest, largest = _smallest_training_part(run), _grid(run)[-1]
    if largest > smallest:
        yield OnFolds(
            f"The grid goes up to k = {largest}, but the smallest training part of ",
            f" has {smallest} images: from there on all images vote, and candidates do not differ.",
        )
