"""Which syndromes are taken for which."""

from skknn_syndrome.results import Evaluation
from skknn_syndrome.tables.table import Column, Table


def confusions(evaluation: Evaluation, *, most: int = 10) -> Table:
    """Return the most frequent errors, the most frequent first."""
    names = evaluation.syndromes
    found = [
        (names[true], names[taken], count, count / sum(row))
        for true, row in enumerate(evaluation.confusion)
        for taken, count in enumerate(row)
        if count and true != taken
    ]
    return Table(
        name=f"confusions_{evaluation.variant}",
        caption=f"Most frequent confusions, {evaluation.title}",
        columns=(
            Column("syndrome", "Syndrome"),
            Column("taken_for", "Taken for"),
            Column("n_images", "Images"),
            Column("share", "Share of its images", decimals=3),
        ),
        rows=tuple(sorted(found, key=lambda row: (-row[2], -row[3], row[0], row[1]))[:most]),
    )
