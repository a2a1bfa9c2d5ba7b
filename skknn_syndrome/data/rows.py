"""Rows: as a file holds them, and as they are read one by one, each sound or refused with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import PurePath
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome._limits import REFUSED_ROW_BYTES, ROW_BYTES, check_room
from skknn_syndrome._typing import FloatArray
from skknn_syndrome.data.column_layout import Layout
from skknn_syndrome.data.covariates import read_covariate
from skknn_syndrome.data.identities import RefusalError, read_id, show_id
from skknn_syndrome.data.vectors import read_vector
from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.results.audit import RefusalReason, RefusedRow
from skknn_syndrome.results.embedder import EmbedderNote

SIMULATED_NAME = "simulated_name"
"""The array of an archive, or metadata of a table, that marks a saved set as simulated; it holds its name."""

LABEL_PREFIX_KEY = "label_columns"
"""Metadata of a table that holds the prefix of the columns of several labels an image."""

LABEL_NAMES = "label_names"
"""The array of an archive that names the columns of its array of labels."""

COVARIATES_KEY = "covariate_columns"
"""The array of an archive, or metadata of a table, that names its covariates, each with its cut points."""
EMBEDDER_KEY = "embedder"
"""Metadata of a table that says what made its vectors of images: an `EmbedderNote` as JSON."""

AUGMENTED_FROM = "augmented_from"
"""The column of such a table that names the image of which a row is another view."""

IMAGE_FAULT = "image_fault"
"""The column of such a table that says, by a code, why an image could not be read."""

NO_LABEL = "unknown"
"""In the place of a label that is not read."""

Column: TypeAlias = Sequence[object] | NDArray[Any]
"""The values of one column, in the rows' order."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One image with its ids, of whatever type they came."""

    syndrome: object
    subject: object
    """Not looked at in a table without subjects."""
    image: object
    """Not looked at in a table without images."""
    vector: object
    line: int | None = None
    """Line on which the row begins, counted from 1, in files that have lines."""
    fault: str | None = None
    """Why the row could not even be taken apart; then its ids are None, since no cell is what it seems."""
    reason: RefusalReason = "wrong_length"
    """The kind of that fault."""
    covariates: tuple[object, ...] = ()
    """Cells of the columns that were asked for as covariates."""
    view_of: str = ""
    """The image of which this is another view; empty of an image itself."""


@dataclass(frozen=True)
class RawTable:
    """What a reader of one format hands on."""

    rows: Iterable[RawRow]
    has_subjects: bool = True
    has_images: bool = True
    feature_names: tuple[str, ...] = ()
    """Names of the columns a vector was put together from, where it was."""
    layout: Layout | None = None
    """Which column held what; None in files without columns."""
    simulated_name: str | None = None
    """Name of the simulated set that was saved here; None for real embeddings."""
    has_labels: bool = True
    """Whether the label of a row is looked at."""
    has_label_sets: bool = False
    """Whether a number of a set of labels stands in the place of each row's label."""
    embedder: EmbedderNote | None = None
    """What made the vectors of images, where the file says it."""

    @classmethod
    def of_columns(
        cls,
        layout: Layout,
        ids: Mapping[str, Column],
        vectors: Iterable[object],
        *,
        feature_names: tuple[str, ...] = (),
        simulated_name: str | None = None,
    ) -> Self:
        """Make rows of columns.

        Parameters
        ----------
        layout : Layout
            Which column holds what.
        ids : mapping of str to sequence
            The columns of ids, under the names in the layout.
        vectors : iterable
            The vector of each row, of whatever type it came.
        feature_names, simulated_name
            As in the class.

        Returns
        -------
        RawTable
            Whose rows raise ValueError as they are read, if columns differ in length.
        """
        syndromes: Column | None = _label_cells(layout, ids) if layout.labels else None
        if layout.syndrome is not None and syndromes is None:
            syndromes = ids[layout.syndrome]
        rows_of = next((held for held in (syndromes, *ids.values()) if held is not None), None)
        nothing: Column | Iterable[None] = repeat(None) if rows_of is None else [None] * len(rows_of)
        covariates = [ids[column.name] for column in layout.covariates]
        subjects = nothing if layout.subject is None else ids[layout.subject]
        images = nothing if layout.image is None else ids[layout.image]
        rows: Iterable[RawRow] = (
            RawRow(*row)
            for row in zip(
                nothing if syndromes is None else syndromes,
                subjects,
                images,
                vectors,
                strict=rows_of is not None,
            )
        )
        if covariates:
            cells = zip(*covariates, strict=True)
            rows = (replace(row, covariates=held) for row, held in zip(rows, cells, strict=True))
        return cls(
            rows,
            has_subjects=layout.subject is not None,
            has_images=layout.image is not None,
            feature_names=feature_names,
            layout=layout,
            simulated_name=simulated_name,
        )


def _label_cells(layout: Layout, ids: Mapping[str, Column]) -> Column:
    """Return the entries of all labels, row by row."""
    columns = [ids[name] for name in layout.labels]
    return columns[0] if len(columns) == 1 else [*zip(*columns, strict=True)]


def read_simulated_name(value: object) -> str:
    """Check the name that marks a saved set as simulated.

    Raises
    ------
    EmbeddingsFileError
        If it could not have been written by `save_embeddings`.
    """
    try:
        name = read_id(value, "image")
    except RefusalError:
        name = ""
    if not name or PurePath(name).name != name:
        raise EmbeddingsFileError(
            "the mark of a simulated set is broken; write the file again", code="broken_mark"
        )
    return name


@dataclass(frozen=True, slots=True)
class SoundRow:
    """One image whose ids and vector can be used, before it is compared with the others."""

    number: int
    line: int | None
    syndrome: str
    subject: str | None
    image: str
    vector: FloatArray
    covariates: tuple[str, ...] = ()
    view_of: str = ""

    def refused(self, refusal: RefusalError) -> RefusedRow:
        """Return the account of the row where it is refused after all."""
        return RefusedRow(
            row=self.number,
            line=self.line,
            syndrome=self.syndrome,
            subject=self.subject,
            image=self.image,
            reason=refusal.reason,
            detail=refusal.detail,
        )


def read_rows(table: RawTable) -> tuple[list[SoundRow], list[RefusedRow], int]:
    """Read each row by itself.

    Parameters
    ----------
    table : RawTable
        Rows in the file's order.

    Returns
    -------
    sound : list of SoundRow
        Those with ids and a vector.
    refused : list of RefusedRow
        The others.
    n_rows : int
        How many there are in all.

    Raises
    ------
    EmbeddingsFileError
        If they would take more than 4 GiB and sizes are not trusted.

    Examples
    --------
    >>> sound, refused, n_rows = read_rows(RawTable([RawRow("a", "s", "i", [1.0]), RawRow("a", "s", "", [])]))
    >>> sound[0].image, refused[0].reason, n_rows
    ('i', 'empty_id', 2)
    """
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
        raise RefusalError(raw.reason, raw.fault)
    return SoundRow(
        number=number,
        line=raw.line,
        syndrome=read_id(raw.syndrome, "syndrome") if table.has_labels else NO_LABEL,
        subject=read_id(raw.subject, "subject") if table.has_subjects else None,
        image=read_id(raw.image if table.has_images else number, "image"),
        vector=read_vector(raw.vector, table.feature_names),
        covariates=tuple(map(read_covariate, raw.covariates)),
        view_of=raw.view_of,
    )


def _refused(raw: RawRow, number: int, table: RawTable, refusal: RefusalError) -> RefusedRow:
    return RefusedRow(
        row=number,
        line=raw.line,
        syndrome=show_id(raw.syndrome) if table.has_labels else None,
        subject=show_id(raw.subject) if table.has_subjects else None,
        image=show_id(raw.image) if table.has_images else None,
        reason=refusal.reason,
        detail=refusal.detail,
    )
