"""Classes, clusters and published figures after preprocessing."""

from collections.abc import Iterator

from skknn_syndrome.analyses.preprocessing.effects import VariantResult
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.analyses.preprocessing.tables import (
    METRIC,
    RESAMPLER,
    SCALER,
    WAY,
    K,
)
from skknn_syndrome.display.table import Cell, Column, Table
from skknn_syndrome.results.published import PublishedScore


def preprocessing_classes(result: PreprocessingComparison) -> Table:
    """Return a row a scaler, resampler and syndrome: how many rows there were, and how many there are."""
    return Table(
        name="preprocessing_classes",
        caption="Rows of each syndrome before and after all rows went through a variant",
        columns=(
            SCALER,
            RESAMPLER,
            Column("syndrome", "Syndrome"),
            Column("before", "Before"),
            Column("after", "After"),
        ),
        rows=tuple(
            (count.scaler, count.resampler, count.syndrome, count.before, count.after)
            for count in result.class_counts
        ),
    )


def preprocessing_clusters(result: PreprocessingComparison) -> Table:
    """Return how far K-means clusters and syndromes agree, a row a map."""
    return Table(
        name="preprocessing_clusters",
        caption="Agreement of K-means clusters with syndromes, in the plane of t-SNE and in the space of the "
        "embeddings, of the rows that are mapped: adjusted Rand index (ARI) and normalised mutual "
        "information (NMI)",
        columns=(
            SCALER,
            RESAMPLER,
            Column("n_images", "Images"),
            Column("n_synthetic", "Synthetic"),
            Column("ari_plane", "ARI, plane", decimals=3),
            Column("nmi_plane", "NMI, plane", decimals=3),
            Column("ari_space", "ARI, space", decimals=3),
            Column("nmi_space", "NMI, space", decimals=3),
        ),
        rows=tuple(
            (
                entry.scaler,
                entry.resampler,
                entry.n_images,
                len(entry.labels) - entry.n_images,
                entry.in_plane.adjusted_rand,
                entry.in_plane.normalized_mutual_information,
                entry.in_space.adjusted_rand,
                entry.in_space.normalized_mutual_information,
            )
            for entry in result.maps
        ),
    )


def preprocessing_centroids(result: PreprocessingComparison) -> Table:
    """Return where the clusters of each map lie, a row a cluster."""
    return Table(
        name="preprocessing_centroids",
        caption="K-means clusters in the plane of t-SNE: centroid, 90th percentile of the distances to it, "
        "points, and the most frequent syndrome among them",
        columns=(
            SCALER,
            RESAMPLER,
            Column("cluster", "Cluster"),
            Column("syndrome", "Syndrome"),
            Column("x", "x", decimals=2),
            Column("y", "y", decimals=2),
            Column("radius", "Radius", decimals=2),
            Column("n_points", "Points"),
        ),
        rows=tuple(
            (
                entry.scaler,
                entry.resampler,
                number,
                found.syndrome,
                found.x,
                found.y,
                found.radius,
                found.n_points,
            )
            for entry in result.maps
            for number, found in enumerate(entry.clusters, 1)
        ),
    )


def preprocessing_roc(result: PreprocessingComparison) -> Table:
    """Return mean and standard deviation at each k with a curve, a row a variant."""
    shown = sorted({roc.n_neighbors for variant in result.variants for roc in variant.rocs})
    return Table(
        name="preprocessing_roc",
        caption="Area under the micro-average ROC curve: mean and standard deviation over the folds",
        columns=(
            *(WAY, SCALER, RESAMPLER, METRIC),
            *(
                column
                for k in shown
                for column in (Column(f"auc_k{k}", f"AUC, k = {k}"), Column(f"auc_k{k}_std", "SD"))
            ),
        ),
        rows=tuple(
            (variant.way, *variant.name, *(cell for k in shown for cell in _area(variant, k)))
            for variant in result.variants
        ),
    )


def _area(variant: VariantResult, n_neighbors: int) -> tuple[float | None, float | None]:
    for roc in variant.rocs:
        if roc.n_neighbors == n_neighbors:
            return roc.curve.mean_auc, roc.curve.std_auc
    return None, None


def preprocessing_steps(result: PreprocessingComparison) -> Table:
    """Return a row a scaler or resampler, as it would be written in Python."""
    return Table(
        name="preprocessing_steps",
        caption="Scalers and resamplers; samplers without a seed of their own get the split's",
        columns=(
            Column("kind", "Kind"),
            Column("step", "Name"),
            Column("description", "In Python", longest=200),
        ),
        rows=tuple((step.kind, step.name, step.description) for step in result.steps),
    )


def preprocessing_syndromes(result: PreprocessingComparison) -> Table:
    """Return precision, recall and F1, a row for each way, variant, syndrome and k.

    A cell is empty where the syndrome is never predicted (precision), never tested (recall) or neither (F1).
    """
    return Table(
        name="preprocessing_syndromes",
        caption="Scores of each syndrome against k, the predictions of all folds of all splits pooled",
        columns=(
            WAY,
            SCALER,
            RESAMPLER,
            METRIC,
            Column("syndrome", "Syndrome"),
            K,
            Column("precision", "Precision", decimals=3),
            Column("recall", "Sensitivity", decimals=3),
            Column("f1", "F1", decimals=3),
        ),
        rows=tuple(
            (variant.way, *variant.name, curve.syndrome, *cells)
            for variant in result.variants
            for curve in variant.syndromes
            for cells in zip(result.n_neighbors, curve.precision, curve.recall, curve.f1, strict=True)
        ),
    )


SCALERS = ("l2", "zscore")
UNTOUCHED = "original"
BALANCED_MIXUP = "balanced+mixup"
"""Its published figures are those of embeddings of length 1, as `skknn-syndrome reproduce apollo` shows."""


def preprocessing_published(result: PreprocessingComparison, published: tuple[PublishedScore, ...]) -> Table:
    """Return a row a published score of prepared embeddings, with both of this study's at its k.

    Parameters
    ----------
    result : PreprocessingComparison
        With what is prepared before splitting, without which there are no rows.
    published : tuple of PublishedScore
        Whose `dataset` names what was done, joined by "+", as in ``"balanced+l2"``.

    Returns
    -------
    Table
        Without those whose preparation, distance, k or score was not run here. Splits need not be the
        source's.
    """
    return Table(
        name="preprocessing_published",
        caption="Published scores of preprocessed embeddings beside this study's, same distance and k: "
        "preprocessing before splitting, and within folds",
        columns=(
            Column("source", "Source"),
            Column("table", "Table"),
            SCALER,
            RESAMPLER,
            Column("distance", "Distance"),
            K,
            Column("score", "Score"),
            Column("published", "Published", decimals=3),
            Column("before_splitting", "Before splitting", decimals=3),
            Column("within_folds", "Within folds", decimals=3),
            Column("difference", "Difference", decimals=3),
            Column("figures_of", "Same figures as"),
        ),
        rows=tuple(_rows(result, published)),
    )


def _rows(
    result: PreprocessingComparison, published: tuple[PublishedScore, ...]
) -> Iterator[tuple[Cell, ...]]:
    variants = {(*variant.name, variant.way): variant for variant in result.variants}
    figures = _figures(published)
    unresampled = {
        found: row[2] for row, found in reversed(figures.items()) if prepared_how(row[2])[1] == "none"
    }
    for entry in published:
        scaler, resampler = prepared_how(entry.dataset)
        if (scaler, resampler) == ("none", "none") or entry.n_neighbors not in result.n_neighbors:
            continue
        name = scaler, resampler, entry.distance
        within, before = (variants.get((*name, way)) for way in ("within_folds", "before_splitting"))
        if within is None or before is None or entry.score not in within.by_score:
            continue
        place = result.n_neighbors.index(entry.n_neighbors)
        means = _mean(before, entry.score, place), _mean(within, entry.score, place)
        yield (
            entry.source,
            entry.table,
            scaler,
            resampler,
            entry.distance,
            entry.n_neighbors,
            entry.score,
            entry.value,
            *means,
            None if means[0] is None or means[1] is None else means[0] - means[1],
            unresampled.get(figures[_row_of(entry)]) if resampler != "none" else None,
        )


_Row = tuple[str, str, str, str, int | None]
_Figures = tuple[str, int | None, frozenset[tuple[str, float]]]


def _row_of(entry: PublishedScore) -> _Row:
    return entry.source, entry.table, entry.dataset, entry.distance, entry.n_neighbors


def _figures(published: tuple[PublishedScore, ...]) -> dict[_Row, _Figures]:
    """Return distance, k and all figures of each published row."""
    rows: dict[_Row, set[tuple[str, float]]] = {}
    for entry in published:
        rows.setdefault(_row_of(entry), set()).add((entry.score, entry.value))
    return {row: (row[3], row[4], frozenset(scores)) for row, scores in rows.items()}


def prepared_how(dataset: str) -> tuple[str, str]:
    """Return scaler and resampler of what a source calls its embeddings.

    Examples
    --------
    >>> prepared_how("balanced+l2"), prepared_how("original"), prepared_how("balanced+mixup")
    (('l2', 'balanced'), ('none', 'none'), ('l2', 'balanced+mixup'))
    """
    if dataset == BALANCED_MIXUP:
        return "l2", dataset
    parts = [part for part in dataset.split("+") if part != UNTOUCHED]
    scalers = [part for part in parts if part in SCALERS]
    resamplers = [part for part in parts if part not in SCALERS]
    return (scalers or ["none"])[0], "+".join(resamplers) or "none"


def _mean(variant: VariantResult, score: str, place: int) -> float | None:
    return variant.by_score[score].means[place]
