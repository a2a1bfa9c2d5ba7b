"""Validation of a table: vectors of one length, each image once, and an account of every other row."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from skknn_syndrome._limits import check_room
from skknn_syndrome._typing import FloatArray, StringArray
from skknn_syndrome.data.embedded_rows import AugmentedViews
from skknn_syndrome.data.identities import RefusalError, ids_by_place, mostly_repeated
from skknn_syndrome.data.rows import RawTable, SoundRow, read_rows
from skknn_syndrome.errors import REPEATED_IMAGES, Argument, ColumnsError, EmbeddingsFileError
from skknn_syndrome.results.audit import RefusedRow
from skknn_syndrome.wording import counted

_ROUNDING = 1e-4


@dataclass(frozen=True)
class ValidatedRows:
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
    covariates: tuple[tuple[str, ...], ...] = ()
    """The cells of each covariate; of rows that were averaged, those of the first."""
    views: AugmentedViews | None = None
    """Further views of images, which are no rows of the data set."""
    n_augmented: int = 0
    """How many there are, those of images that were refused included."""


def validate_rows(
    table: RawTable, n_features: int | None = None, *, average_rows: bool = False
) -> ValidatedRows:
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
    ValidatedRows
        float32 where every vector taken is, else float64. Image ids that start anew with each subject become
        "subject/image". Of rows with one image id the first that can be used is taken. Without an image
        column, images are named by their row: "1", "2", and so on.

    Raises
    ------
    EmbeddingsFileError
        If there are no rows, none can be used, none has `n_features` values, two lengths are equally common,
        or they would take more than 4 GiB and sizes are not trusted.
    ColumnsError
        If most images have several different rows; it proposes to average them.

    Examples
    --------
    >>> from skknn_syndrome.data.rows import RawRow
    >>> rows = [RawRow("a", "s", "i", [1.0, 2.0]), RawRow("a", "s", "j", None)]
    >>> validate_rows(RawTable(rows)).refused[0].message
    "Row 2 (syndrome 'a', subject 's', image 'j'): it has no vector; fill it in or leave the row out."
    """
    sound, refused, n_rows = read_rows(table)
    if n_rows == 0:
        raise EmbeddingsFileError("it holds no rows", code="no_rows")
    right, of_other_length = _of_one_length(sound, n_features)
    averaged = _average(right) if average_rows else right
    placed = _named_by_place(averaged, by_syndrome=not table.has_label_sets)
    if placed is None:
        _check_single_rows(averaged)
    all_taken, repeated = _first_of_each_image(placed or averaged)
    taken = [row for row in all_taken if not row.view_of]
    refused = sorted([*refused, *of_other_length, *repeated], key=lambda row: row.row)
    if not taken:
        first = f"the first: {refused[0].message}" if refused else "all are views of other images"
        raise EmbeddingsFileError(
            f"it holds {counted(n_rows, 'row')}, of which none can be used; {first}",
            code="no_usable_rows",
        )
    return ValidatedRows(
        embeddings=_stacked([row.vector for row in taken]),
        syndromes=_texts([row.syndrome for row in taken]),
        subjects=_texts([str(row.subject) for row in taken]) if table.has_subjects else None,
        images=_texts([row.image for row in taken]),
        n_rows=n_rows,
        refused=tuple(refused),
        n_merged=len(right) - len(averaged),
        named_by_place=placed is not None,
        covariates=tuple(zip(*(row.covariates for row in taken), strict=True)),
        views=_views_of({row.image for row in taken}, all_taken),
        n_augmented=len(all_taken) - len(taken),
    )


def _of_one_length(
    sound: Sequence[SoundRow], n_features: int | None
) -> tuple[list[SoundRow], list[RefusedRow]]:
    length = _usual_length(sound) if n_features is None else n_features
    right = [row for row in sound if row.vector.size == length]
    if sound and not right:
        usual, _ = Counter(row.vector.size for row in sound).most_common(1)[0]
        raise EmbeddingsFileError(
            f"no row has a vector of {length:,} values, as {{n_features}} asks; most have {usual:,}: leave "
            f"{{n_features}} out, or give {usual}",
            code="no_such_length",
            parameter="n_features",
            n_features=Argument("n_features"),
        )
    wrong = "its vector has {} values, not {}"
    refused = [
        row.refused(RefusalError("wrong_length", wrong.format(row.vector.size, length)))
        for row in sound
        if row.vector.size != length
    ]
    return right, refused


def _usual_length(rows: Sequence[SoundRow]) -> int:
    lengths = Counter(row.vector.size for row in rows).most_common(2)
    if len(lengths) > 1 and lengths[0][1] == lengths[1][1]:
        (one, count), (other, _) = lengths
        raise EmbeddingsFileError(
            f"vectors of {one} and of {other} values are equally common ({count:,} each); "
            "pass {n_features} to say which length is right",
            code="two_lengths",
            parameter="n_features",
            n_features=Argument("n_features"),
        )
    return lengths[0][0] if lengths else 0


def _average(rows: Sequence[SoundRow]) -> list[SoundRow]:
    """Make one row of all that have the same syndrome, subject and image."""
    groups: dict[tuple[str, str | None, str], list[SoundRow]] = defaultdict(list)
    for row in rows:
        groups[row.syndrome, row.subject, row.image].append(row)
    return [_mean(group) if len(group) > 1 else group[0] for group in groups.values()]


def _mean(rows: Sequence[SoundRow]) -> SoundRow:
    vectors = np.stack([row.vector for row in rows])
    return replace(rows[0], vector=vectors.mean(axis=0, dtype=np.float64).astype(vectors.dtype))


def _named_by_place(rows: Sequence[SoundRow], *, by_syndrome: bool) -> list[SoundRow] | None:
    """Return rows with "subject/image" as ids, or None if images are not numbered by subject."""
    subjects = [row.subject for row in rows if row.subject is not None]
    names = ids_by_place(
        [row.image for row in rows],
        subjects if len(subjects) == len(rows) else None,
        [row.syndrome if by_syndrome else "" for row in rows],
    )
    # Rows with one id and one vector are the same picture, listed under several labels or subjects.
    if names is None or _share_that_differs(rows) < 1 / 2:
        return None
    return [replace(row, image=name) for row, name in zip(rows, names, strict=True)]


def _share_that_differs(rows: Sequence[SoundRow]) -> float:
    """Return how many of the rows whose image id was there before have another vector than it came with."""
    first: dict[str, SoundRow] = {}
    differ = sum(not _equal(first.setdefault(row.image, row), row) for row in rows)
    return differ / (len(rows) - len(first))


def _equal(one: SoundRow, other: SoundRow) -> bool:
    # The same picture gives slightly different numbers on another day or device.
    with np.errstate(over="ignore"):
        apart = np.abs(one.vector - other.vector).max()
    return one is other or bool(apart <= _ROUNDING * np.abs(one.vector).max())


def _check_single_rows(rows: Sequence[SoundRow]) -> None:
    """Refuse rows that differ; those that are twice the same are left to the rule for duplicates."""
    images = [row.image for row in rows]
    if mostly_repeated(images) and _share_that_differs(rows) > 1 / 2:
        problem = (
            f"its {len(rows):,} rows are of {len({*images}):,} images, and several rows of one image are "
            "taken as their average only if that is asked for"
        )
        raise ColumnsError({REPEATED_IMAGES: problem}, None, average_rows=True)


def _first_of_each_image(rows: Sequence[SoundRow]) -> tuple[list[SoundRow], list[RefusedRow]]:
    taken: dict[str, SoundRow] = {}
    refused = []
    for row in rows:
        first = taken.setdefault(row.image, row)
        if first is not row:
            fault = f"row {first.number} has the same image id, and is kept"
            refused.append(row.refused(RefusalError("duplicate_image", fault)))
    return list(taken.values()), refused


def _views_of(images: Collection[str], rows: Sequence[SoundRow]) -> AugmentedViews | None:
    """Return the rows that are views of some images; None where there are none."""
    views = [row for row in rows if row.view_of in images]
    if not views:
        return None
    return AugmentedViews(_stacked([row.vector for row in views]), _texts([row.view_of for row in views]))


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
