"""The best configuration of each distance."""

from skknn_syndrome.results import StudyResult
from skknn_syndrome.tables.table import Column, Table, key_columns


def best_configurations(study: StudyResult) -> Table:
    """Return every score of each distance's best candidate, all protocols, mean and standard deviation."""
    best = [(run, candidate) for run in study.protocols for candidate in run.best.values()]
    per = "" if study.headline.winner.metric is None else " per distance"
    columns, cells = key_columns(candidate for _, candidate in best)
    return Table(
        name="best_configurations",
        caption=f"Best configuration{per}: mean and standard deviation over the folds",
        columns=(
            Column("protocol", "Folds by"),
            *columns,
            Column("score", "Score"),
            Column("mean", "Mean"),
            Column("std", "SD"),
            Column("tie_lower", "Lowest by ties"),
            Column("tie_upper", "Highest by ties"),
            Column("n_folds", "Folds"),
        ),
        rows=tuple(
            (
                run.protocol,
                *cells(candidate),
                score.name,
                score.mean,
                score.std,
                score.mean_lower,
                score.mean_upper,
                score.n_defined,
            )
            for run, candidate in best
            for score in candidate.all_scores
        ),
    )
