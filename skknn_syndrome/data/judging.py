"""The one place where a row is judged, whatever file it came from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skknn_syndrome._limits import REFUSED_ROW_BYTES, ROW_BYTES, check_room
from skknn_syndrome._typing import FloatArray, StringArray
from skknn_syndrome.data.ids import RefusalError, read_id, show_id
from skknn_syndrome.data.repeated_images import average, check_single_rows, named_by_place
from skknn_syndrome.data.rows import RawRow, RawTable, SoundRow
from skknn_syndrome.data.vectors import read_vector
from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.results.audit import RefusedRow
from skknn_syndrome.wording import counted


@dataclass(frozen=True)
class JudgedRows:
    """The rows that were taken, in the file's order, and an account of the others."""

    embeddings: FloatArray
    syndromes: StringArray
    subjects: StringArray | None
    images: StringArray
    n_rows: int
    refused: tuple[RefusedRow, ...]
    n_merged: int = 0
    """Rows that went into the average of an image beside its first."""
    named_by_place: bool = False
    """Whether image ids were made unique by their subject, or syndrome."""


def judge_rows(table: RawTable, n_features: int | None = None, *, average_rows: bool = False) -> JudgedRows:
    """Take each row that can be used, and say of every other why not.

    Parameters
    ----------
    table : RawTable
        Rows in the file's order.
    n_features : int or None, default=None
        Length of a vector; None for the most common one among the rows that are sound otherwise.
    average_rows : bool, default=False
        Whether rows of one syndrome, subject and image are one image, with their mean for a vector.

    Returns
    -------
    JudgedRows
        float32 where every vector taken is, else float64. Image ids that start anew with each subject become
        "subject/image". Of rows with one image id the first that can be used is taken. Without an image
        column, images are named by their row: "1", "2", and so on.

    Raises
    ------
    EmbeddingsFileError
        If there are no rows, none can be used, none has `n_features` values, two lengths are equally common,
        most images have several different rows, or they would take more than 4 GiB and sizes are not trusted.

    Examples
    --------
    >>> rows = [RawRow("a", "s", "i", [1.0, 2.0]), RawRow("a", "s", "j", None)]
    >>> judge_rows(RawTable(rows)).refused[0].message
    "Row 2 (syndrome 'a', subject 's', image 'j'): it has no vector; fill it in or leave the row out."
    """
    sound, refused, n_rows = _read_rows(table)
    if n_rows == 0:
        raise EmbeddingsFileError("it holds no rows")
    right, refused_too = _of_one_length(sound, n_features)
    if sound and not right:
        usual, _ = Counter(row.vector.size for row in sound).most_common(1)[0]
        raise EmbeddingsFileError(
            f"no row has a vector of {n_features:,} values, as n_features asks; most have {usual:,}: leave "
            f"n_features (--n-features) out, or give {usual}"
        )
    averaged = average(right) if average_rows else right
    placed = named_by_place(averaged)
    if placed is None:
        check_single_rows(averaged)
    taken, refused_twice = _first_of_each_image(placed or averaged)
    refused = sorted([*refused, *refused_too, *refused_twice], key=lambda row: row.row)
    if not taken:
        raise EmbeddingsFileError(
            f"it holds {counted(n_rows, 'row')}, of which none can be used; the first: {refused[0].message}"
        )
    return JudgedRows(
        embeddings=_stacked([row.vector for row in taken]),
        syndromes=_texts([row.syndrome for row in taken]),
        subjects=_texts([str(row.subject) for row in taken]) if table.has_subjects else None,
        images=_texts([row.image for row in taken]),
        n_rows=n_rows,
        refused=tuple(refused),
        n_merged=len(right) - len(averaged),
        named_by_place=placed is not None,
    )


def _read_rows(table: RawTable) -> tuple[list[SoundRow], list[RefusedRow], int]:
    """Judge each row by itself."""
    sound: list[SoundRow] = []
    refused: list[RefusedRow] = []
    n_bytes = 0
    number = 0
    for number, raw in enumerate(table.rows, start=1):
        # Counted before the vector is read, since a refused one takes its time too.
        n_bytes += ROW_BYTES + _vector_bytes(raw.vector)
        check_room(n_bytes)
        try:
            sound.append(_read_row(raw, number, table))
        except RefusalError as refusal:
            n_bytes += REFUSED_ROW_BYTES
            refused.append(_refused(raw, number, table, refusal))
    return sound, refused, number


def _vector_bytes(vector: object) -> int:
    if isinstance(vector, np.ndarray):
        return vector.size * max(vector.itemsize, 4)
    return 8 * len(vector) if isinstance(vector, (list, tuple)) else 0


def _read_row(raw: RawRow, number: int, table: RawTable) -> SoundRow:
    if raw.fault is not None:
        raise RefusalError("wrong_length", raw.fault)
    return SoundRow(
        number=number,
        line=raw.line,
        syndrome=read_id(raw.syndrome, "syndrome"),
        subject=read_id(raw.subject, "subject") if table.has_subjects else None,
        image=read_id(raw.image if table.has_images else number, "image"),
        vector=read_vector(raw.vector, table.feature_names),
    )


def _refused(raw: RawRow, number: int, table: RawTable, refusal: RefusalError) -> RefusedRow:
    return RefusedRow(
        row=number,
        line=raw.line,
        syndrome=show_id(raw.syndrome),
        subject=show_id(raw.subject) if table.has_subjects else None,
        image=show_id(raw.image) if table.has_images else None,
        reason=refusal.reason,
        detail=refusal.detail,
    )


def _of_one_length(
    sound: Sequence[SoundRow], n_features: int | None
) -> tuple[list[SoundRow], list[RefusedRow]]:
    length = _usual_length(sound) if n_features is None else n_features
    wrong = "its vector has {} values, not {}"
    refused = [
        row.refused(RefusalError("wrong_length", wrong.format(row.vector.size, length)))
        for row in sound
        if row.vector.size != length
    ]
    return [row for row in sound if row.vector.size == length], refused


def _first_of_each_image(rows: Sequence[SoundRow]) -> tuple[list[SoundRow], list[RefusedRow]]:
    taken: dict[str, SoundRow] = {}
    refused = []
    for row in rows:
        first = taken.setdefault(row.image, row)
        if first is not row:
            fault = f"row {first.number} has the same image id, and is kept"
            refused.append(row.refused(RefusalError("duplicate_image", fault)))
    return list(taken.values()), refused


def _usual_length(rows: Sequence[SoundRow]) -> int:
    lengths = Counter(row.vector.size for row in rows).most_common(2)
    if len(lengths) > 1 and lengths[0][1] == lengths[1][1]:
        (one, count), (other, _) = lengths
        raise EmbeddingsFileError(
            f"vectors of {one} and of {other} values are equally common ({count:,} each); "
            "pass n_features to say which length is right"
        )
    return lengths[0][0] if lengths else 0


def _stacked(vectors: Sequence[FloatArray]) -> FloatArray:
    embeddings: FloatArray
    if all(vector.dtype == np.float32 for vector in vectors):
        embeddings = np.array(vectors, dtype=np.float32)
    else:
        embeddings = np.array(vectors, dtype=np.float64)
    embeddings.flags.writeable = False
    return embeddings


def _texts(texts: Sequence[str]) -> StringArray:
    # A fixed-width array takes four bytes for each character of the longest text, in every row.
    check_room(4 * len(texts) * max(map(len, texts)))
    array = np.array(texts, dtype=np.str_)
    array.flags.writeable = False
    return array
