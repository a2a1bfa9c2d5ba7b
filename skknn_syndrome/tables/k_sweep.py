"""Every candidate of the grid."""

from skknn_syndrome.results import StudyResult
from skknn_syndrome.tables.table import Column, Table, key_columns


def k_sweep(study: StudyResult) -> Table:
    """Return mean and standard deviation of every score, a row a candidate, all protocols."""
    names = [score.name for score in study.headline.candidates[0].all_scores]
    columns, cells = key_columns(candidate for run in study.protocols for candidate in run.candidates)
    return Table(
        name="k_sweep",
        caption="All candidates: mean and standard deviation over the folds",
        columns=(
            Column("protocol", "Folds by"),
            *columns,
            *(
                column
                for name in names
                for column in (Column(f"{name}_mean", name), Column(f"{name}_std", f"{name} SD"))
            ),
        ),
        rows=tuple(
            (
                run.protocol,
                *cells(candidate),
                *(cell for score in candidate.all_scores for cell in (score.mean, score.std)),
            )
            for run in study.protocols
            for candidate in run.candidates
        ),
    )
