"""Rows of embedded images: what made them, images that could not be read, and augmented views."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from skknn_syndrome._typing import FloatArray, StringArray
from skknn_syndrome.data.rows import AUGMENTED_FROM, IMAGE_FAULT, RawRow
from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.results.embedder import EmbedderNote

_CODE = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, eq=False)
class AugmentedViews:
    """Vectors of flipped, cut and recoloured images, which training parts alone may hold."""

    embeddings: FloatArray
    """Shape (n_views, n_features)."""
    sources: StringArray
    """The image of which each is a view, an id of the data set."""


def read_embedder(found: bytes | None) -> EmbedderNote | None:
    """Read what made the vectors of a table.

    Parameters
    ----------
    found : bytes or None
        From the table's metadata.

    Raises
    ------
    EmbeddingsFileError
        It could not have been written by `embed_listing`.
    """
    if found is None:
        return None
    try:
        return EmbedderNote.model_validate_json(found)
    except ValueError as error:
        raise EmbeddingsFileError(
            "its account of what embedded the images is broken; write the file again", code="broken_mark"
        ) from error


def with_notes(rows: Iterable[RawRow], columns: Mapping[str, Sequence[object]]) -> Iterator[RawRow]:
    """Yield rows with what two columns say of them: why an image could not be read, and whose view it is."""
    faults, sources = columns.get(IMAGE_FAULT), columns.get(AUGMENTED_FROM)
    for place, row in enumerate(rows):
        fault = None if faults is None or row.vector is not None else faults[place]
        source = None if sources is None else sources[place]
        noted = replace(row, view_of=str(source)) if source else row
        yield noted if fault is None else replace(noted, fault=_told(fault), reason="unreadable_image")


def _told(code: object) -> str:
    """Return why an image has no vector; what is no code is not shown, for it may be anything."""
    is_code = isinstance(code, str) and _CODE.fullmatch(code)
    return f"its image could not be read ({code if is_code else 'unknown reason'})"
