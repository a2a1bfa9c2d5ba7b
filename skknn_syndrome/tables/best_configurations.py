"""The best configuration of each distance."""

from skknn_syndrome.results import ProtocolResult, StudyResult
from skknn_syndrome.tables.table import Column, Table


def best_configurations(study: StudyResult) -> Table:
    """Return every score of each distance's best candidate, all protocols, mean and standard deviation."""
    return Table(
        name="best_configurations",
        caption="Best configuration per distance: mean and standard deviation over the folds",
        columns=(
            Column("protocol", "Folds by"),
            Column("metric", "Distance"),
            Column("weights", "Weights"),
            Column("n_neighbors", "k"),
            Column("score", "Score"),
            Column("mean", "Mean"),
            Column("std", "SD"),
            Column("tie_lower", "Lowest by ties"),
            Column("tie_upper", "Highest by ties"),
            Column("n_folds", "Folds"),
        ),
        rows=tuple(row for run in study.protocols for row in _rows(run)),
    )


def _rows(run: ProtocolResult) -> list[tuple[str | int | float | None, ...]]:
    return [
        (
            run.protocol,
            best.metric,
            best.weights,
            best.n_neighbors,
            score.name,
            score.mean,
            score.std,
            score.mean_lower,
            score.mean_upper,
            score.n_defined,
        )
        for best in run.best.values()
        for score in best.all_scores
    ]
