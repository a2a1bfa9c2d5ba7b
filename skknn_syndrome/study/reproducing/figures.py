"""The published figures that come with the package, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from types import MappingProxyType

from skknn_syndrome.data import load_published
from skknn_syndrome.results import PublishedScore


@dataclass(frozen=True)
class PublishedRow:
    """One configuration of a published table."""

    table: str
    dataset: str
    distance: str
    n_neighbors: int
    figures: Mapping[str, float]
    """By score."""

    def same_figures(self, other: "PublishedRow") -> bool:
        """Whether distance, k and all figures are equal."""
        return (self.distance, self.n_neighbors, self.figures) == (
            other.distance,
            other.n_neighbors,
            other.figures,
        )


def packaged_figures() -> tuple[PublishedScore, ...]:
    """Return the published figures that come with the package."""
    with resources.as_file(resources.files("skknn_syndrome.data") / "published_results.csv") as path:
        return load_published(path)


def rows_of_source(published: Sequence[PublishedScore], source: str) -> tuple[PublishedRow, ...]:
    """Put the figures of a source together by configuration, in the order of its tables.

    Parameters
    ----------
    published : sequence of PublishedScore
        Of any sources; nearest-neighbour classifiers with a number of neighbours count.
    source : str
        Whose rows.

    Returns
    -------
    tuple of PublishedRow
    """
    own = [
        (entry, entry.n_neighbors)
        for entry in published
        if entry.source == source and entry.n_neighbors is not None
    ]
    grouped = groupby(own, key=lambda pair: (pair[0].table, pair[0].dataset, pair[0].distance, pair[1]))
    return tuple(
        PublishedRow(*key, MappingProxyType({entry.score: entry.value for entry, _ in pairs}))
        for key, pairs in grouped
    )


def first_with_same_figures(row: PublishedRow, rows: Sequence[PublishedRow]) -> PublishedRow | None:
    """Return the first row before this one with the same distance, k and figures; None if there is none."""
    return next((earlier for earlier in rows[: rows.index(row)] if row.same_figures(earlier)), None)
