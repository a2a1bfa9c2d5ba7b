"""One protocol at a glance."""

from skknn_syndrome.results import Candidate, ProtocolResult, Score
from skknn_syndrome.results.candidate import KNN
from skknn_syndrome.tables.table import Column, Table
from skknn_syndrome.wording import capitalised, metric_title, votes


def headline_scores(run: ProtocolResult) -> Table:
    """Return the best candidate of each distance, a row a score, a column a distance."""
    best = tuple(run.best.values())
    of_each = "" if run.winner.metric is None else " of each distance"
    return Table(
        name=f"headline_scores_{run.protocol}",
        caption=f"Best candidate{of_each} within the grid, folds by {run.protocol}: mean ± SD "
        "(divisor n) over the folds, as GridSearchCV reports them",
        columns=(
            Column("score", "Score"),
            *(
                Column(
                    candidate.variant,
                    _heading(candidate),
                )
                for candidate in best
            ),
        ),
        rows=tuple(
            (score.name, *(_mean_and_std(candidate.scores[score.name]) for candidate in best))
            for score in best[0].all_scores
        ),
    )


def _heading(candidate: Candidate) -> str:
    if candidate.head != KNN:
        return capitalised(candidate.title)
    distance = capitalised(metric_title(candidate.metric))
    return f"{distance}, k = {candidate.n_neighbors}, {votes(candidate.weights)}"


def _mean_and_std(score: Score) -> str | None:
    if score.mean is None or not score.rests_on_most_folds:
        return None  # a mean over a few of the folds is no estimate
    left_out = len(score.values) - score.n_defined
    return f"{score.mean:.4f} ± {score.std:.4f}{f' ({score.n_defined} folds)' if left_out else ''}"
