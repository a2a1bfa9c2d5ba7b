"""New cases as pictures: a file or a folder of them, embedded as the gallery of a model was."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from skknn_syndrome.data.new_cases import NewCases
from skknn_syndrome.embedding.embedder import ImageEmbedder
from skknn_syndrome.embedding.pictures import SUFFIXES
from skknn_syndrome.errors import EncoderError
from skknn_syndrome.results.audit import Audit
from skknn_syndrome.results.embedder import EmbedderNote


def embed_cases(source: Path, encoder: str | os.PathLike[str], gallery: EmbedderNote | None) -> NewCases:
    """Embed pictures of new cases.

    Parameters
    ----------
    source : Path
        A picture, or a folder of them, which may lie deeper.
    encoder : str or path-like
        As `ImageEmbedder` takes it.
    gallery : EmbedderNote or None
        What made the vectors of the gallery: an ``.onnx`` file does not say how pictures are prepared.

    Returns
    -------
    NewCases
        Called by their paths, from the folder on.

    Raises
    ------
    EncoderError
        There is no picture, one can't be read, or the encoder can't be used.
    """
    paths = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
    pictures = [path for path in paths if path.suffix.lower() in SUFFIXES]
    if not pictures:
        raise EncoderError(
            f"{source} holds no pictures: name one, or a folder of them.", code="no_images", parameter="new"
        )
    preprocessing = preprocessing_of(gallery) if str(encoder).endswith(".onnx") else None
    embedder = ImageEmbedder(encoder, preprocessing=preprocessing, missing="raise")
    vectors = embedder.fit([]).transform(pictures)
    folder = source.parent if source.is_file() else source
    names = np.array([path.relative_to(folder).as_posix() for path in pictures])
    return NewCases(vectors, names, None, embedder.note, Audit(n_rows=len(names)), source.name)


def preprocessing_of(note: EmbedderNote | None) -> Mapping[str, Any] | None:
    """Return how pictures were prepared; None where it is not known.

    Examples
    --------
    >>> made = EmbedderNote(model="a", architecture="ONNX", weights_sha256=None, preprocessing='{"size": 8}')
    >>> preprocessing_of(made), preprocessing_of(made.revised(preprocessing="by the encoder itself"))
    ({'size': 8}, None)
    """
    try:
        found = None if note is None else json.loads(note.preprocessing)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
