"""Rows as a file holds them, before anyone has judged them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.data.columns import Layout
from skknn_syndrome.data.ids import RefusalError, read_id
from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.results.audit import RefusedRow

SIMULATED_NAME = "simulated_name"
"""The array of an archive, or metadata of a table, that marks a saved set as simulated; it holds its name."""


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


@dataclass(frozen=True, slots=True)
class SoundRow:
    """One image whose ids and vector can be used, before it is compared with the others."""

    number: int
    line: int | None
    syndrome: str
    subject: str | None
    image: str
    vector: FloatArray

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
        raise EmbeddingsFileError("the mark of a simulated set is broken; write the file again")
    return name
