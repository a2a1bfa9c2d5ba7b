"""How each distance spreads its neighbours."""

from skknn_syndrome.results import Hubness
from skknn_syndrome.tables.table import Column, Table


def hubness(found: Hubness) -> Table:
    """Return skewness, purity and what else tells distances apart, a row a distance."""
    lists = found.distances[0].n_neighbors
    return Table(
        name="hubness",
        caption=f"Who is near to whom, without folds, in lists of the {lists} nearest other images. "
        f"By chance the purity would be {found.expected_purity:.3f}",
        columns=(
            Column("metric", "Distance"),
            Column("skewness", "Skewness", decimals=2),
            Column("largest", "Most lists"),
            Column("anti_hub_share", "In no list", decimals=3),
            Column("norm_correlation", "Norm correlation", decimals=2),
            Column("neighbor_purity", "Purity", decimals=3),
            Column("purity_without_own_subject", "Purity, other subjects", decimals=3),
            Column("own_subject_nearest", "Own subject nearest", decimals=3),
            Column("silhouette", "Silhouette", decimals=3),
        ),
        rows=tuple(
            (
                entry.metric,
                entry.skewness,
                entry.largest,
                entry.anti_hub_share,
                entry.norm_correlation,
                entry.neighbor_purity,
                entry.purity_without_own_subject,
                entry.own_subject_nearest,
                entry.silhouette,
            )
            for entry in found.distances
        ),
    )


def hubs(found: Hubness) -> Table:
    """Return the images that are near to the most others, each distance in turn, the largest hub first."""
    return Table(
        name="hubs",
        caption="The images that are in the most lists, and how many of these are of other syndromes",
        columns=(
            Column("metric", "Distance"),
            Column("row", "Row"),
            Column("syndrome", "Syndrome"),
            Column("subject", "Subject"),
            Column("n_lists", "Lists"),
            Column("n_wrong_lists", "Of other syndromes"),
            Column("norm", "Norm", decimals=2),
        ),
        rows=tuple(
            (entry.metric, hub.row, hub.syndrome, hub.subject, hub.n_lists, hub.n_wrong_lists, hub.norm)
            for entry in found.distances
            for hub in entry.hubs
        ),
    )


def norms(found: Hubness) -> Table:
    """Return quantiles of the embeddings' lengths, rising."""
    return Table(
        name="norms",
        caption="Euclidean lengths of the embeddings",
        columns=(
            Column("share", "Share of the images below", decimals=2),
            Column("norm", "Norm", decimals=2),
        ),
        rows=tuple((entry.share, entry.value) for entry in found.norms),
    )
