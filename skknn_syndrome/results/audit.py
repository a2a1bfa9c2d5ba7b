"""What was found while a file of embeddings was read.

Sentences are built from the fields and never stored: whoever replaces an id by a pseudonym has replaced it
in every sentence too.
"""

from collections.abc import Sequence
from typing import Literal

from skknn_syndrome.errors import quote
from skknn_syndrome.results.base import Result

RefusalReason = Literal[
    "missing_vector",
    "not_numeric",
    "wrong_length",
    "not_finite",
    "empty_id",
    "invalid_id",
    "duplicate_image",
    "label_in_doubt",
    "unreadable_image",
]
DangerCode = Literal[
    "subjects_unread",
    "columns_not_examined",
    "images_numbered_anew",
    "subject_in_two_syndromes",
    "identical_vectors",
    "labels_alike",
    "integer_beside_float",
]

MAX_SHOWN_IDS = 5
"""Ids that a sentence lists before it says how many more there are."""

_REMEDIES: dict[RefusalReason, str] = {
    "missing_vector": "fill it in or leave the row out",
    "not_numeric": "write a plain list of numbers",
    "wrong_length": "mend the row or leave it out",
    "not_finite": "recompute the embedding or leave the row out",
    "empty_id": "fill it in",
    "invalid_id": "write ids as text or integers, at most 1,000 characters long",
    "duplicate_image": "give each image an id of its own",
    "label_in_doubt": "write 0 or 1",
    "unreadable_image": "mend the image and embed it again, or leave it out",
}


class RefusedRow(Result):
    """One row that can't be used, and why.

    Ids are given as text; an id that is missing is None, one that is no valid id is escaped and shortened.
    """

    row: int
    """Position in the file, counted from 1, headers left out."""
    line: int | None = None
    """Line on which the row begins, counted from 1, in files that have lines."""
    syndrome: str | None
    subject: str | None
    image: str | None
    reason: RefusalReason
    detail: str
    """What is wrong; it never quotes an id nor a cell."""

    @property
    def message(self) -> str:
        """One sentence: where, what is wrong, and what to do."""
        ids = [("syndrome", self.syndrome), ("subject", self.subject), ("image", self.image)]
        place = [] if self.line is None else [f"line {self.line}"]
        place += [f"{kind} {quote(text)}" for kind, text in ids if text is not None]
        where = f" ({', '.join(place)})" if place else ""
        return f"Row {self.row}{where}: {self.detail}; {_REMEDIES[self.reason]}."


class DataWarning(Result):
    """Something legal but dangerous in the rows that were taken; the fields hold whom it is about."""

    code: DangerCode
    syndromes: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """One sentence: what was found, and what it does to a study."""
        kind, ids = next(
            ((kind, ids) for kind in ("subjects", "images", "syndromes") if (ids := getattr(self, kind))),
            ("ids", ()),
        )
        return _DANGERS[self.code].format(
            syndromes=listed(self.syndromes),
            subjects=listed(self.subjects),
            images=listed(self.images),
            columns=listed(self.columns),
            kind=kind,
            ids=listed(ids),
            number=len(ids),
        )


_DANGERS: dict[DangerCode, str] = {
    "subjects_unread": (
        "The column {columns} is left unread, but may hold subject ids: if it does, folds by image put "
        "images of one person into training and test part."
    ),
    "columns_not_examined": (
        "The file is so large that of columns left unread only the names were examined ({columns}): look "
        "whether subject ids are there."
    ),
    "images_numbered_anew": (
        "Image ids start anew with each subject or syndrome, and were made unique by their place, as in "
        "'subject/image'."
    ),
    "subject_in_two_syndromes": (
        "Subject {subjects} has images under {syndromes}: either a label is wrong, or two people share an id."
    ),
    "identical_vectors": (
        "The images {images} have the same vector, but the syndromes {syndromes}: at most one of these "
        "labels is right."
    ),
    "labels_alike": (
        "The {kind} {ids} differ only in case, white space or Unicode form, and are counted as {number} "
        "different {kind}."
    ),
    "integer_beside_float": (
        "The {kind} {ids} are the same number, once as an integer and once as a float, and are counted as "
        "{number} different {kind}: write ids one way."
    ),
}


class MappedLabels(Result):
    """Entries of one label, where an image has several, that said neither yes nor no."""

    label: str
    entry: Literal["uncertain", "missing"]
    taken_as: Literal["0", "1", "drop"]
    """What they were taken for, as was asked; "drop" left their rows out."""
    number: int
    """How many there are."""

    @property
    def message(self) -> str:
        """One sentence."""
        taken = "left out with their rows" if self.taken_as == "drop" else f"taken for {self.taken_as}"
        return f"{self.number:,} {self.entry} entries of the label {quote(self.label)} were {taken}."


class Audit(Result):
    """The account of one reading: every row is in the data set, averaged into it, set aside, or refused."""

    n_rows: int
    """Rows read, refused ones included."""
    n_merged: int = 0
    """Rows that were averaged into another row of the same image."""
    refused: tuple[RefusedRow, ...] = ()
    warnings: tuple[DataWarning, ...] = ()
    unread_columns: tuple[str, ...] = ()
    """Columns of a table, or arrays of an archive, that have no part in the data set."""
    index_columns: tuple[str, ...] = ()
    """Columns that count the rows, as pandas writes them; they are left unread too."""
    mapped_labels: tuple[MappedLabels, ...] = ()
    """Of several labels an image: uncertain and missing entries, and what they were taken for."""
    n_augmented: int = 0
    """Rows that are further views of other images: set aside, for training alone."""

    @property
    def n_accepted(self) -> int:
        """Rows that are in the data set, an average counted once."""
        return self.n_rows - self.n_merged - len(self.refused) - self.n_augmented

    @property
    def unread(self) -> str:
        """One sentence on the columns left unread; empty where all are read."""
        names = (*self.unread_columns, *self.index_columns)
        index = f" ({listed(self.index_columns)} is an index)" if self.index_columns else ""
        return f"Left unread: {listed(names)}{index}." if names else ""


def listed(texts: Sequence[str]) -> str:
    """List ids for a sentence, quoted.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    "'a', 'b' and 'c'"
    >>> listed([str(n) for n in range(9)])
    "'0', '1', '2', '3', '4' and 4 more"
    """
    shown = [quote(text) for text in texts[:MAX_SHOWN_IDS]]
    rest = (
        f"{len(texts) - len(shown)} more" if len(texts) > len(shown) else shown.pop() if shown else "nothing"
    )
    return f"{', '.join(shown)} and {rest}" if shown else rest
