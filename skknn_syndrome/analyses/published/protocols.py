"""Published protocols and figures that come with the package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from types import MappingProxyType
from typing import Final

from skknn_syndrome._typing import Estimator
from skknn_syndrome.data import load_published
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.preprocessing import CentroidBalancer, MixupOverSampler, MoreRows, make_scaler
from skknn_syndrome.preprocessing.by_name import ScalerName
from skknn_syndrome.results.published import PublishedScore

N_FOLDS: Final = 10
"""All sources divide the images into ten stratified folds, shuffled."""

PUBLIC_DATA: Final = "fb689f751204af59cebd02ab98e5b63739e7deee9b41c6ddbca5ad403c01e9e3"
"""Fingerprint of the embeddings and labels that the sources had, in file order, without subjects."""


@dataclass(frozen=True)
class Recipe:
    """What is done to all embeddings before they are split: first scaled, then balanced, then mixed."""

    scaler: ScalerName = "none"
    balanced: bool = False
    """Each class cut back by `CentroidBalancer`."""
    n_mixed: int = 0
    """Synthetic rows, as many in each class, appended by `MixupOverSampler`."""

    @property
    def is_resampled(self) -> bool:
        """Whether rows go or come."""
        return self.balanced or self.n_mixed > 0

    def steps(self, random_state: int) -> list[Estimator]:
        """Return what is done, in its order; `random_state` seeds the mixing."""
        steps = [make_scaler(self.scaler)]
        if self.balanced:
            steps.append(CentroidBalancer())
        if self.n_mixed:
            wanted = MoreRows(self.n_mixed)
            steps.append(MixupOverSampler(sampling_strategy=wanted, random_state=random_state))
        return steps


@dataclass(frozen=True)
class Protocol:
    """How one source came to its figures."""

    source: str
    """Its name in the file of published figures."""
    random_state: int
    """Of the folds."""
    decimals: int
    recipes: Mapping[str, Recipe]
    """By the source's name for them."""
    chooses_k: bool
    """Whether k is the one with the highest AUC x F1 x top-9; the cube root changes nothing in the order."""


_N_MIXED = 1_000

PROTOCOLS: Final[Mapping[str, Protocol]] = MappingProxyType(
    {
        "monteiro": Protocol(
            source="monteiro-report",
            random_state=42,
            decimals=4,
            recipes={"original": Recipe()},
            chooses_k=False,
        ),
        "apollo": Protocol(
            source="apollo-report",
            random_state=0,
            decimals=3,
            recipes={
                "original": Recipe(),
                "original+l2": Recipe("l2"),
                "original+zscore": Recipe("zscore"),
                "balanced": Recipe(balanced=True),
                "balanced+l2": Recipe("l2", balanced=True),
                "balanced+zscore": Recipe("zscore", balanced=True),
                "mixup": Recipe(n_mixed=_N_MIXED),
                "mixup+l2": Recipe("l2", n_mixed=_N_MIXED),
                "mixup+zscore": Recipe("zscore", n_mixed=_N_MIXED),
                # Of raw embeddings F1 would be 0.959 and 0.970, of scaled ones 0.979 and 0.985 as published.
                "balanced+mixup": Recipe("l2", balanced=True, n_mixed=_N_MIXED),
            },
            chooses_k=True,
        ),
    }
)
"""By the word for them on the command line."""


def find_protocol(name: str) -> Protocol:
    """Return a source's protocol.

    Raises
    ------
    StudySettingsError
        There is none of this name.
    """
    if name not in PROTOCOLS:
        raise StudySettingsError(
            f"There is no protocol {quote(name)}: take {' or '.join(PROTOCOLS)}.",
            code="unknown_protocol",
            parameter="name",
        )
    return PROTOCOLS[name]


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
