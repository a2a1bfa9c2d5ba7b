"""Writing of embedded images as Parquet, batch by batch, so that a run that is killed can go on."""

import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import Any, Literal, NamedTuple, TypeAlias
from zipfile import BadZipFile

import numpy as np
from PIL import Image

from skknn_syndrome._files import atomic_writer, locked
from skknn_syndrome._typing import Float32Array
from skknn_syndrome.data.rows import AUGMENTED_FROM, EMBEDDER_KEY, IMAGE_FAULT
from skknn_syndrome.embedding.augmenting import augmented
from skknn_syndrome.embedding.embedder import Batch, Fault, ImageEmbedder
from skknn_syndrome.embedding.listing import ListedImage, Listing
from skknn_syndrome.embedding.pictures import PictureFaultError, decode, read_bytes
from skknn_syndrome.errors import EncoderError
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.wording import counted

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_MOST_EXACT = 2**53
"""Up to here a float holds every whole number."""

_PART = re.compile(r"[0-9a-f]{32}\.npz")

OnBatch: TypeAlias = Callable[[int, int, int], object]
"""Told how many images are done, of how many, and how many of these an earlier run had done."""


class EmbeddedFile(NamedTuple):
    """What was written."""

    path: Path
    n_images: int
    n_features: int
    faults: tuple[Fault, ...]
    n_taken_up: int
    """Images that an earlier run had embedded."""
    note: EmbedderNote


@dataclass(frozen=True)
class _Part:
    """A finished batch."""

    batch: Batch
    seconds: float


def parts_folder(out: Path) -> Path:
    """Return where finished batches lie until the file is written."""
    return out.with_name(f"{out.name}.parts")


def finished_parts(out: Path) -> list[Path]:
    """Return the finished batches of a file; nothing else in a folder of that name is ours."""
    return [path for path in parts_folder(out).glob("*.npz") if _PART.fullmatch(path.name)]


def _remove_parts(out: Path) -> None:
    with suppress(OSError):  # what stays is in nobody's way
        for path in finished_parts(out):
            path.unlink()
        parts_folder(out).rmdir()


def check_suffix(out: Path) -> None:
    """Refuse to write a file of another format.

    Raises
    ------
    EncoderError

    Examples
    --------
    >>> check_suffix(Path("faces.parquet"))
    """
    if out.suffix.lower() != ".parquet":
        raise EncoderError(
            f"{out}: embedded images are written as .parquet; choose such a name.",
            code="unknown_suffix",
            parameter="out",
        )


def embed_listing(
    listing: Listing,
    out: Path,
    embedder: ImageEmbedder,
    *,
    missing: Literal["drop", "zero"] = "drop",
    seed: int = 0,
    on_batch: OnBatch | None = None,
) -> EmbeddedFile:
    """Embed images, and write a file that `load_embeddings` reads.

    Parameters
    ----------
    listing : Listing
        From `list_images`.
    out : Path
        A `.parquet` file, written whole or not at all. Finished batches lie in a folder beside it, so that
        the same call goes on where another was killed; one whose images or model changed is made again, as
        is every one of a model without `weights_sha256`, which nothing tells from another.
    embedder : ImageEmbedder
        Its `batch_size` is that of the parts as well.
    missing : {"drop", "zero"}, default="drop"
        Whether an image that can't be read is a row without a vector, which the audit of every later study
        counts as refused, or one of zeros.
    seed : int, default=0
        Of what further views of an image are drawn from.
    on_batch : callable, optional

    Returns
    -------
    EmbeddedFile

    Raises
    ------
    EncoderError
        The model can't be used, or the name does not end in `.parquet`.
    FileInUseError
        Another run writes the same file.
    """
    check_suffix(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    busy = f"{out} is being written by another run: wait for it, or choose another name."
    with locked(out.with_name(f".{out.name}.lock"), busy):
        parts, n_taken_up = _embed_all(listing, embedder, parts_folder(out), seed, on_batch)
        seconds = sum(part.seconds for part in parts) / len(listing.images)
        faults = tuple(fault for part in parts for fault in part.batch.faults)
        note = embedder.note.revised(
            seconds_per_image=round(seconds, 6), n_zero_filled=len(faults) if missing == "zero" else 0
        )
        if len(faults) == len(listing.images):
            raise EncoderError(
                f"None of {counted(len(faults), 'image')} could be read; the first, "
                f"{listing.images[0].path}: {faults[0].reason}.",
                code="no_readable_image",
                parameter="source",
            )
        vectors = np.concatenate([part.batch.vectors for part in parts])
        _write(listing, vectors, faults, note, out, zero_filled=missing == "zero")
        _remove_parts(out)
    return EmbeddedFile(out, len(listing.images), vectors.shape[1], faults, n_taken_up, note)


def _embed_all(
    listing: Listing, embedder: ImageEmbedder, folder: Path, seed: int, on_batch: OnBatch | None
) -> tuple[list[_Part], int]:
    images, size = listing.images, embedder.batch_size
    told = _told(embedder, seed)
    is_known = embedder.note.fingerprint is not None
    parts: list[_Part] = []
    n_taken_up = 0
    for start in range(0, len(images), size):
        own = images[start : start + size]
        hashes = [_hash_of(image.path) for image in own]
        path = folder / f"{_key(told, own, hashes)}.npz"
        part = _taken_up(path) if is_known else None
        if part is None:
            part = _embedded(embedder, own, hashes, seed)
            if is_known:
                _keep(part, path)
        else:
            n_taken_up += len(own)
        parts.append(_moved(part, start))
        if on_batch is not None:
            on_batch(start + len(own), len(images), n_taken_up)
    return parts, n_taken_up


def _told(embedder: ImageEmbedder, seed: int) -> str:
    """Return all that vectors depend on beside the images."""
    note = embedder.note
    versions = [f"{each.name} {each.version}" for each in note.versions]
    return json.dumps([note.fingerprint, embedder.n_features, list(embedder.background), seed, versions])


def _hash_of(path: Path) -> str | PictureFaultError:
    """Return the SHA-256 of a file; its content, which would be held for a whole batch, is read again."""
    try:
        return sha256(read_bytes(path)).hexdigest()
    except PictureFaultError as fault:
        return fault


def _key(told: str, images: Sequence[ListedImage], hashes: Sequence[str | PictureFaultError]) -> str:
    digest = sha256(told.encode())
    for image, found in zip(images, hashes, strict=True):
        digest.update(f"\n{image.view} {found if isinstance(found, str) else found.code}".encode())
    return digest.hexdigest()[:32]


def _embedded(
    embedder: ImageEmbedder,
    images: Sequence[ListedImage],
    hashes: Sequence[str | PictureFaultError],
    seed: int,
) -> _Part:
    begun = perf_counter()
    readers = [
        partial(_picture, found, image, embedder, seed) for image, found in zip(images, hashes, strict=True)
    ]
    return _Part(embedder.embed(readers), perf_counter() - begun)


def _picture(
    found: str | PictureFaultError, image: ListedImage, embedder: ImageEmbedder, seed: int
) -> Image.Image:
    if isinstance(found, PictureFaultError):
        raise found
    content = read_bytes(image.path)
    digest = sha256(content)
    if digest.hexdigest() != found:
        raise EncoderError(
            f"{image.path} changed while it was embedded: run the same command again.",
            code="image_changed",
            parameter="source",
        )
    picture = decode(content, embedder.background)
    return augmented(picture, digest.digest(), image.view, seed) if image.view else picture


def _keep(part: _Part, path: Path) -> None:
    faults = np.array(
        [[str(fault.row), fault.code, fault.reason] for fault in part.batch.faults], dtype=np.str_
    )
    with atomic_writer(path) as stream:
        np.savez(stream, vectors=part.batch.vectors, faults=faults, seconds=part.seconds)


def _taken_up(path: Path) -> _Part | None:
    """Return a batch that an earlier run has finished; None where there is none that can be read."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as found:
            faults = tuple(Fault(int(row), str(code), str(reason)) for row, code, reason in found["faults"])
            return _Part(Batch(found["vectors"], faults), float(found["seconds"]))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def _moved(part: _Part, start: int) -> _Part:
    """Count the faults of a batch among all images."""
    faults = tuple(fault._replace(row=start + fault.row) for fault in part.batch.faults)
    return _Part(Batch(part.batch.vectors, faults), part.seconds)


def _write(
    listing: Listing,
    vectors: Float32Array,
    faults: Sequence[Fault],
    note: EmbedderNote,
    out: Path,
    *,
    zero_filled: bool,
) -> None:
    import pyarrow as pa  # noqa: PLC0415  slow to import
    from pyarrow import parquet  # noqa: PLC0415  likewise

    images = listing.images
    columns: dict[str, Any] = {"syndrome": pa.array([image.label for image in images], pa.string())}
    if listing.has_subjects:
        columns["subject"] = pa.array([image.subject for image in images], pa.string())
    columns["image"] = pa.array([image.image for image in images], pa.string())
    for place, name in enumerate(listing.covariates):
        columns[name] = _typed([image.covariates[place] for image in images])
    if any(image.view for image in images):
        columns[AUGMENTED_FROM] = pa.array([image.augmented_from or None for image in images], pa.string())
    lost = np.zeros(len(images), dtype=bool)
    if faults:
        reasons = {fault.row: fault.code for fault in faults}
        columns[IMAGE_FAULT] = pa.array([reasons.get(row) for row in range(len(images))], pa.string())
        lost[list(reasons)] = not zero_filled
    columns["embedding"] = pa.FixedSizeListArray.from_arrays(
        pa.array(vectors.ravel()), vectors.shape[1], mask=pa.array(lost)
    )
    table = pa.table(columns).replace_schema_metadata({EMBEDDER_KEY: note.model_dump_json()})
    repeated = [name for name in columns if name not in {"image", "embedding"}]
    with atomic_writer(out) as stream:
        parquet.write_table(table, stream, use_dictionary=repeated, write_page_checksum=True)


def _typed(cells: Sequence[str]) -> Any:  # noqa: ANN401  pyarrow ships no type information
    """Return a column as whole numbers, as numbers or as text: whichever all its cells are."""
    import pyarrow as pa  # noqa: PLC0415  likewise

    filled = [cell.strip() or None for cell in cells]
    known = [cell for cell in filled if cell is not None]
    # "007" and "1_12" are names, and so are whole numbers too long to be held as they are.
    if all(map(_WHOLE.fullmatch, known)):
        with suppress(OverflowError, ValueError):  # ValueError: more digits than Python reads
            return pa.array([None if cell is None else int(cell) for cell in filled], pa.int64())
    elif all(map(_is_number, known)):
        return pa.array([None if cell is None else float(cell) for cell in filled], pa.float64())
    return pa.array(filled, pa.string())


def _is_number(cell: str) -> bool:
    if _WHOLE.fullmatch(cell):
        return abs(float(cell)) <= _MOST_EXACT
    return _NUMBER.fullmatch(cell) is not None and isfinite(float(cell))
