"""Published figures of resampled embeddings beside this study's, before splitting and within folds."""

from collections.abc import Iterator

from skknn_syndrome.results import AblatedVariant, AblationResult, PublishedScore
from skknn_syndrome.tables.ablation.columns import RESAMPLER, SCALER, K
from skknn_syndrome.tables.table import Cell, Column, Table

SCALERS = ("l2", "zscore")
UNTOUCHED = "original"
BALANCED_MIXUP = "balanced+mixup"
"""Its published figures are those of embeddings of length 1, as `skknn-syndrome reproduce apollo` shows."""


def preprocessing_published(result: AblationResult, published: tuple[PublishedScore, ...]) -> Table:
    """Return a row a published score of prepared embeddings, with both of this study's at its k.

    Parameters
    ----------
    result : AblationResult
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
        caption="Published scores of prepared embeddings beside this study's, same distance and k: prepared "
        "before splitting, and within folds",
        columns=(
            Column("source", "Source"),
            Column("table", "Table"),
            SCALER,
            RESAMPLER,
            Column("distance", "Distance"),
            K,
            Column("score", "Score"),
            Column("published", "Published", decimals=3),
            Column("leaky", "Before splitting", decimals=3),
            Column("honest", "Within folds", decimals=3),
            Column("difference", "Difference", decimals=3),
            Column("figures_of", "Same figures as"),
        ),
        rows=tuple(_rows(result, published)),
    )


def _rows(result: AblationResult, published: tuple[PublishedScore, ...]) -> Iterator[tuple[Cell, ...]]:
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
        honest, leaky = (variants.get((*name, way)) for way in ("honest", "leaky"))
        if honest is None or leaky is None or entry.score not in honest.by_score:
            continue
        place = result.n_neighbors.index(entry.n_neighbors)
        means = _mean(leaky, entry.score, place), _mean(honest, entry.score, place)
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


def _mean(variant: AblatedVariant, score: str, place: int) -> float | None:
    return variant.by_score[score].means[place]
