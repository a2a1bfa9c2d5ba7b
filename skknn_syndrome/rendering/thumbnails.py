"""Thumbnails of the most confident errors, from a folder of images that somebody names."""

import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from skknn_syndrome._files import write_bytes
from skknn_syndrome.analyses.label_errors.result import ConfidentError, LabelErrorsAnalysis
from skknn_syndrome.errors import RenderingError
from skknn_syndrome.questions import Reported

SIDE: Final = 96
"""Pixels of the longer side."""

BACKGROUND: Final = (255, 255, 255)
"""White, behind what is transparent."""

SUFFIXES: Final = ("", ".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp")
"""What may stand behind an image's id in the name of its file."""


@dataclass(frozen=True)
class Thumbnail:
    """A small picture of a misclassified image."""

    file_name: str
    """Beside the figures; never made of an id."""
    error: ConfidentError


def write_thumbnails(result: Reported, images: Path, folder: Path) -> tuple[Thumbnail, ...]:
    """Write small pictures of the most confident errors of a study, without metadata.

    Parameters
    ----------
    result : Reported
    images : Path
        The folder in which an image's file has its id as its name, with or without a suffix.
    folder : Path
        Gets the pictures as PNG.

    Returns
    -------
    tuple of Thumbnail
        Of the images that have a file which can be read.

    Raises
    ------
    RenderingError
        None has one.
    """
    found = result.analyses.find(LabelErrorsAnalysis)
    made: list[Thumbnail] = []
    for number, error in enumerate(() if found is None else found.errors):
        picture = None if error.image is None else _read_small(images, error.image)
        if picture is not None:
            name = f"thumbnail-{number + 1:02}.png"
            write_bytes(folder / name, picture)
            made.append(Thumbnail(name, error))
    if not made:
        raise RenderingError(
            f"{images} has no file of any image that the study lists among its most confident errors: name "
            "the folder whose files are called by the image ids.",
            code="no_thumbnails",
            parameter="thumbnails",
        )
    return tuple(made)


def told_thumbnails(result: Reported, made: Sequence[Thumbnail]) -> tuple[Thumbnail, ...]:
    """Return thumbnails with their errors as a result tells them, with other names of classes and ids."""
    found = result.analyses.find(LabelErrorsAnalysis)
    told = {error.row: error for error in (() if found is None else found.errors)}
    return tuple(replace(shot, error=told.get(shot.error.row, shot.error)) for shot in made)


def _read_small(images: Path, name: str) -> bytes | None:
    """Return a small PNG of an image's pixels alone; None where no file can be read."""
    # Nearly no report has any.
    from PIL import Image  # noqa: PLC0415

    from skknn_syndrome.embedding.pictures import PictureFaultError, decode, read_bytes  # noqa: PLC0415

    for path in _files(images, name):
        with suppress(PictureFaultError):
            picture = decode(read_bytes(path), BACKGROUND)
            picture.thumbnail((SIDE, SIDE))
            # A new image of the pixels: what else a file holds may say who and where it is.
            stream = io.BytesIO()
            Image.frombytes("RGB", picture.size, picture.tobytes()).save(stream, "PNG")
            return stream.getvalue()
    return None


def _files(images: Path, name: str) -> Iterator[Path]:
    """Yield the files that an image may have; an id may look like a path that leads out of the folder."""
    for suffix in SUFFIXES:
        with suppress(OSError, ValueError):
            path = images / f"{name}{suffix}"
            if path.is_file() and path.resolve().is_relative_to(images.resolve()):
                yield path
