"""Narrower tables: columns that say the same in every row are said once, in the caption."""

from dataclasses import replace

from skknn_syndrome.display.table import Table

FEWEST_ROWS = 3
"""Of fewer, that a column has one value says nothing of the column."""
FEWEST_COLUMNS = 3
"""That are left, at least: what is of two is narrow enough."""
LONGEST_CAPTION = 390
"""Characters with what is added: longer captions are cut where they are written."""


def without_constants(table: Table) -> Table:
    """Return a table without its constant columns, which the caption names instead.

    Examples
    --------
    >>> from skknn_syndrome.display.table import Column
    >>> columns = tuple(Column(key, key.title()) for key in ("score", "k", "mean", "low"))
    >>> rows = (("AUC", 15, 0.5, 0.4), ("F1", 15, 0.6, 0.5), ("recall", 15, 0.7, 0.6))
    >>> narrow = without_constants(Table("t", "Scores", columns, rows))
    >>> narrow.caption, [column.key for column in narrow.columns]
    ('Scores; in all rows: K 15', ['score', 'mean', 'low'])
    """
    texts = table.to_text()
    if len(texts) < FEWEST_ROWS:
        return table
    constant = [place for place in range(len(table.columns)) if len({row[place] for row in texts}) == 1]
    kept = [place for place in range(len(table.columns)) if place not in constant]
    said = ", ".join(f"{table.columns[place].heading} {texts[0][place]}" for place in constant)
    caption = f"{table.caption}; in all rows: {said}"
    if not constant or len(kept) < FEWEST_COLUMNS or len(caption) > LONGEST_CAPTION:
        return table
    return replace(
        table,
        caption=caption,
        columns=tuple(table.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in table.rows),
    )
