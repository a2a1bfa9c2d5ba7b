"""What others reported beside what this study found."""

from collections.abc import Iterator

from skknn_syndrome.results import Candidate, PublishedScore, StudyResult
from skknn_syndrome.tables.table import Cell, Column, Table


def published_comparison(study: StudyResult) -> Table:
    """Return published and reproduced scores of the same distance, k and weighting, folds by image.

    Only what the source did on untouched embeddings with a nearest-neighbour classifier is comparable. Folds
    may differ: the source's seed need not be the study's.
    """
    return Table(
        name="published_comparison",
        caption="Published scores and this study's, folds by image, same distance and k, votes by distance",
        columns=(
            Column("source", "Source"),
            Column("table", "Table"),
            Column("distance", "Distance"),
            Column("n_neighbors", "k"),
            Column("score", "Score"),
            Column("published", "Published"),
            Column("reproduced", "This study"),
            Column("difference", "Difference"),
        ),
        rows=tuple(_rows(study)),
    )


def _rows(study: StudyResult) -> Iterator[tuple[Cell, ...]]:
    candidates = {
        (candidate.metric, candidate.n_neighbors): candidate
        for run in study.protocols
        if run.protocol == "image"
        for candidate in run.candidates
        if candidate.weights == "distance"
    }
    for entry in study.published:
        candidate = candidates.get((entry.distance, entry.n_neighbors or 0))
        if candidate is not None and _is_comparable(entry, candidate):
            mean = candidate.scores[entry.score].mean
            yield (
                entry.source,
                entry.table,
                entry.distance,
                entry.n_neighbors,
                entry.score,
                entry.value,
                mean,
                None if mean is None else mean - entry.value,
            )


def _is_comparable(entry: PublishedScore, candidate: Candidate) -> bool:
    return entry.classifier == "knn" and entry.dataset == "original" and entry.score in candidate.scores
