"""The interactive map of a study's embeddings, and its file."""

from collections.abc import Sequence
from pathlib import Path

from skknn_syndrome._files import write_text
from skknn_syndrome.analyses.embedding_map.present import MAP_TITLES, find_embedding_map
from skknn_syndrome.display.interactive_map import MapPoints, Plane, map_page
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.questions import Reported
from skknn_syndrome.results.study import StudyResult

MAP = "map.html"
"""Beside a study and its report."""


def map_html(result: Reported, ids: Sequence[str] | None = None) -> str | None:
    """Return the interactive map of a result, None where it has no map.

    Parameters
    ----------
    result : Reported
    ids : sequence of str, optional
        One for each image of the data set, in its order: whoever opens the page sees them. By default no id
        of an image or of a subject is in it.

    Raises
    ------
    ParameterError
        There are not as many ids as images.
    """
    found = find_embedding_map(result) if isinstance(result, StudyResult) else None
    shown = None if found is None else found.embedding_map
    if shown is None or not isinstance(result, StudyResult):
        return None
    if ids is not None and len(ids) != shown.n_images:
        raise ParameterError(
            f"ids must name each of the {shown.n_images:,} images of the data set, not {len(ids):,}.",
            code="wrong_count",
            parameter="ids",
        )
    rows = shown.rows or range(len(shown.labels))
    return map_page(
        MapPoints(
            title=f"Map of {result.dataset.name}",
            classes=shown.syndromes,
            labels=shown.labels,
            planes=[
                Plane(title=MAP_TITLES[entry.method], x=entry.x, y=entry.y) for entry in shown.projections
            ],
            n_images=shown.n_images,
            predicted=shown.predicted,
            confidence=shown.confidence,
            neighbors=shown.neighbors,
            ids=() if ids is None else [str(ids[row]) for row in rows],
        )
    )


def write_map(result: Reported, folder: Path) -> tuple[Path, ...]:
    """Write the interactive map into a folder; nothing where the result has none."""
    page = map_html(result)
    if page is None:
        return ()
    write_text(folder / MAP, page)
    return (folder / MAP,)
