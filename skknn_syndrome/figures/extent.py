"""How many syndromes figures have room for."""

from collections.abc import Collection, Sequence
from typing import TypeVar

from skknn_syndrome.results import (
    AblationResult,
    CentroidSimilarity,
    EmbeddingMap,
    Evaluation,
    ProtocolResult,
    StudyResult,
    VariantMap,
)

MOST_SYNDROMES = 100
"""Of more, figures show those with the most images: a hundred rows fill two pages."""

Cell = TypeVar("Cell")


def within_extent(study: StudyResult, most: int = MOST_SYNDROMES) -> StudyResult:
    """Return a study as figures show it: with its largest syndromes alone, where it has many.

    Parameters
    ----------
    study : StudyResult
    most : int
        Syndromes that figures show.

    Returns
    -------
    StudyResult
        The same one where there are no more; else one that is good for drawing and nothing else, since
        scores are still those of all syndromes.
    """
    found = study.dataset.syndromes
    if len(found) <= most:
        return study
    largest = sorted(found, key=lambda entry: (-entry.n_images, entry.syndrome))[:most]
    kept = frozenset(entry.syndrome for entry in largest)
    return study.revised(
        dataset=study.dataset.revised(syndromes=_of(found, kept)),
        protocols=tuple(_run(run, kept) for run in study.protocols),
        embedding_map=None if study.embedding_map is None else _map(study.embedding_map, kept),
        centroid_similarities=tuple(_similarity(entry, kept) for entry in study.centroid_similarities),
        ablation=None if study.ablation is None else _ablation(study.ablation, kept),
    )


def _of(entries: Sequence[Cell], kept: Collection[str]) -> tuple[Cell, ...]:
    return tuple(entry for entry in entries if getattr(entry, "syndrome", None) in kept)


def _at(cells: Sequence[Cell], places: Sequence[int]) -> tuple[Cell, ...]:
    return tuple(cells[place] for place in places)


def _places(names: Sequence[str], kept: Collection[str]) -> list[int]:
    return [place for place, name in enumerate(names) if name in kept]


def _run(run: ProtocolResult, kept: Collection[str]) -> ProtocolResult:
    open_sets = tuple(entry.revised(syndromes=_of(entry.syndromes, kept)) for entry in run.open_sets)
    evaluations = tuple(_evaluation(entry, kept) for entry in run.evaluations)
    return run.revised(evaluations=evaluations, open_sets=open_sets)


def _evaluation(found: Evaluation, kept: Collection[str]) -> Evaluation:
    places = _places(found.syndromes, kept)
    return found.revised(
        syndromes=_at(found.syndromes, places),
        confusion=tuple(_at(row, places) for row in _at(found.confusion, places)),
        per_syndrome=_of(found.per_syndrome, kept),
        syndrome_rocs=_of(found.syndrome_rocs, kept),
    )


def _map(found: EmbeddingMap, kept: Collection[str]) -> EmbeddingMap:
    names, labels, points = _points(found, kept)
    projections = tuple(
        entry.revised(x=_at(entry.x, points), y=_at(entry.y, points)) for entry in found.projections
    )
    return found.revised(syndromes=names, labels=labels, projections=projections)


def _points(
    found: EmbeddingMap | VariantMap, kept: Collection[str]
) -> tuple[tuple[str, ...], tuple[int, ...], list[int]]:
    """Return the syndromes that are kept, the places of their points among these, and which points stay."""
    places = _places(found.syndromes, kept)
    new = {place: position for position, place in enumerate(places)}
    points = [point for point, label in enumerate(found.labels) if label in new]
    return _at(found.syndromes, places), tuple(new[found.labels[point]] for point in points), points


def _similarity(found: CentroidSimilarity, kept: Collection[str]) -> CentroidSimilarity:
    places = _places(found.syndromes, kept)
    matrix = tuple(_at(row, places) for row in _at(found.matrix, places))
    return found.revised(syndromes=_at(found.syndromes, places), matrix=matrix)


def _ablation(found: AblationResult, kept: Collection[str]) -> AblationResult:
    variants = tuple(variant.revised(syndromes=_of(variant.syndromes, kept)) for variant in found.variants)
    return found.revised(variants=variants, maps=tuple(_variant_map(entry, kept) for entry in found.maps))


def _variant_map(found: VariantMap, kept: Collection[str]) -> VariantMap:
    names, labels, points = _points(found, kept)
    return found.revised(
        syndromes=names,
        labels=labels,
        x=_at(found.x, points),
        y=_at(found.y, points),
        n_images=sum(point < found.n_images for point in points),
        clusters=_of(found.clusters, kept),
    )
