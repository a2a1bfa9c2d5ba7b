"""Published scores: one cell of a table in the literature."""

from skknn_syndrome.results.base import Result


class PublishedScore(Result):
    """One cell of somebody's table."""

    source: str
    table: str
    dataset: str
    """What the source did to the data before it classified: ``"original"`` for nothing."""
    classifier: str
    distance: str
    n_neighbors: int | None
    score: str
    value: float
