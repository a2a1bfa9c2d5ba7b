"""Column layouts: the parts of a row, the names by which kinds of files call them, and where they lie."""

from dataclasses import dataclass

from skknn_syndrome.data.covariates import CovariateColumn
from skknn_syndrome.data.identities import IdKind
from skknn_syndrome.data.subject_columns import SubjectColumn

COLUMN_KEYS = ("syndrome", "subject", "image", "features", "labels")
"""What `columns` may name."""
UNLABELLED = "\0"
"""Stands before the name of the column of labels, if any, in `columns` where labels are not to be read."""
ID_KINDS: tuple[IdKind, ...] = ("syndrome", "subject", "image")


@dataclass(frozen=True)
class Scheme:
    """The names that one kind of file is understood by without being told."""

    noun: str
    syndrome: tuple[str, ...]
    subject: tuple[str, ...]
    image: tuple[str, ...]
    vectors: str
    """What holds whole vectors."""
    numbered: bool
    """Whether vectors may lie in numbered columns instead."""

    @property
    def id_names(self) -> tuple[str, ...]:
        """All names of ids."""
        return *self.syndrome, *self.subject, *self.image


TABLE = Scheme(
    "column",
    ("syndrome", "syndrome_id"),
    ("subject", "subject_id"),
    ("image", "image_id"),
    vectors="embedding",
    numbered=True,
)
ARCHIVE = Scheme("array", ("syndromes",), ("subjects",), ("images",), vectors="embeddings", numbered=False)


@dataclass(frozen=True)
class Layout:
    """Where to find the parts of a row."""

    syndrome: str | None
    """None where labels are not read."""
    subject: str | None
    image: str | None
    features: tuple[str, ...]
    """Feature columns in order of their numbers, or the one name that holds whole vectors."""
    unread: tuple[str, ...] = ()
    """Columns without a part, those that count the rows aside."""
    indexes: tuple[str, ...] = ()
    """Columns that count the rows, as pandas writes them; they are left unread too."""
    suspect: SubjectColumn | None = None
    """The one of these that seems to hold subject ids, where no column was named for them."""
    unexamined: tuple[str, ...] = ()
    """Those whose values were not looked at, since they are too many."""
    labels: tuple[str, ...] = ()
    """Of several labels an image, their columns, or the one array that holds all of them."""
    label_names: tuple[str, ...] = ()
    """What these labels are called; of an array, its reader adds them."""
    covariates: tuple[CovariateColumn, ...] = ()
    """Columns that were asked for as covariates."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns that hold labels, ids and vectors."""
        labels = self.labels if self.syndrome is None else (self.syndrome, *self.labels)
        ids = (name for name in (self.subject, self.image) if name is not None)
        return *labels, *ids, *self.features


def understood(scheme: Scheme, key: str) -> tuple[str, ...]:
    """Return the names that a part's column may have."""
    names: tuple[str, ...] = getattr(scheme, key)
    return names
