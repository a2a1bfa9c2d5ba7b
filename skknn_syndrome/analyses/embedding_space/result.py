"""How a distance spreads its neighbours: hubs, norms, purity."""

from typing import Literal

from pydantic import Field

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result, check_known
from skknn_syndrome.results.protocol import ProtocolResult


class Quantile(Result):
    """A value below which a share of the images lies."""

    share: float
    value: float


class Hub(Result):
    """An image that is among the nearest neighbours of many others."""

    row: int
    """Its place in the data, counted from 0."""
    syndrome: str
    subject: str | None
    """None where the study was not given subjects."""
    n_lists: int
    """In how many other images' lists it is."""
    n_wrong_lists: int
    """Of these, lists of images of other syndromes."""
    norm: float
    """Euclidean length of its embedding."""


class OccurrenceCount(Result):
    """How many images are in so many lists."""

    n_lists: int
    n_images: int


class UndefinedFigure(Result):
    """Why a figure has no value."""

    name: str
    """The field that is None."""
    reason: str


class DistanceHubness(Result):
    """One distance: who is near to whom.

    The k-occurrence of an image is the number of other images that have it among their k nearest.
    """

    metric: str
    n_neighbors: int
    """The k of the lists."""
    skewness: float | None
    """Of the k-occurrences: 0 where they are symmetric about k, the higher the more a few hubs take."""
    occurrences: tuple[OccurrenceCount, ...] = Field(min_length=1)
    """The distribution of the k-occurrences, rising."""
    hubs: tuple[Hub, ...] = Field(min_length=1)
    """The images with the most k-occurrences, of equals the first in the data."""
    anti_hub_share: float
    """Share of the images that are in no list."""
    norm_correlation: float | None
    """Spearman's rank correlation of k-occurrence and norm: below 0 where short embeddings become hubs."""
    neighbor_purity: float
    """Share of the k nearest other images that have the image's own syndrome."""
    purity_without_own_subject: float | None
    """The same, of the k nearest images of other subjects."""
    own_subject_nearest: float | None
    """Of the images whose subject has several: the share that has one of these as its nearest image."""
    silhouette: float | None
    """Mean silhouette of the syndromes, from -1 to 1."""
    undefined: tuple[UndefinedFigure, ...] = ()
    """One for each figure that is None."""

    @property
    def largest(self) -> int:
        """The most lists that one image is in."""
        return self.occurrences[-1].n_lists


class Hubness(Result):
    """Why one distance serves better than another, on the images of a study without folds."""

    n_images: int
    expected_purity: float
    """Neighbour purity if neighbours were drawn at random."""
    norms: tuple[Quantile, ...] = Field(min_length=1)
    """Of the Euclidean lengths of the embeddings, rising."""
    distances: tuple[DistanceHubness, ...] = Field(min_length=1)
    """In the order of the graph."""


class EmbeddingSpaceAnalysis(Analysis):
    """Who is near to whom, without folds."""

    question: Literal["embedding_space"] = "embedding_space"
    hubness: Hubness

    def check_against(self, run: ProtocolResult) -> None:
        """Refuse hubs that are not of the best candidate's distance."""
        metric = run.winner.metric
        if metric is not None:
            check_known("distance", [metric], (entry.metric for entry in self.hubness.distances))
