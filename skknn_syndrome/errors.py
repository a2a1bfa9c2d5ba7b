"""What the package raises when its input is at fault, one sentence each."""

import reprlib
from collections.abc import Mapping

_SHORT = reprlib.Repr()
_SHORT.maxstring = 60

SUBJECTS_UNREAD = "subjects_unread"
"""Code of a column that seems to hold subject ids and is left unread."""
REPEATED_IMAGES = "repeated_images"
"""Code of several rows of one image."""


def quote(label: object) -> str:
    r"""Return a label as a message shows it: in quotes, shortened, without control or direction marks.

    Examples
    --------
    >>> print(quote("two\nlines"))
    'two\nlines'
    """
    return _SHORT.repr(str(label))


class SkknnSyndromeError(ValueError):
    """Base of all errors that speak of the user's input."""


class EmbeddingsFileError(SkknnSyndromeError):
    """A file of embeddings can't be read: the message says what is wrong, where, and what to do."""


class ColumnsError(EmbeddingsFileError):
    """The columns of a file, or the arrays of an archive, can't be taken as they are.

    One error names everything that is wrong, and proposes arguments of `load_embeddings` with which the file
    can be read.

    Parameters
    ----------
    problems : mapping of str to str
        What is wrong, under the code of its kind.
    columns : mapping of str to str or None
        The proposal for `columns`: what was given and is right, and what was guessed. None for what was
        given, and an empty one if no proposal can be made.
    average_rows : bool, default=False
        The proposal for `average_rows`.
    place : str, default=""
        The file.

    Examples
    --------
    >>> print(ColumnsError({"no_labels": "there is no column 'syndrome'"}, {"syndrome": "label"}))
    there is no column 'syndrome'; try columns={'syndrome': 'label'}.
    """

    def __init__(
        self,
        problems: Mapping[str, str],
        columns: Mapping[str, str] | None,
        *,
        average_rows: bool = False,
        place: str = "",
    ) -> None:
        self.problems = dict(problems)
        self.columns = dict(columns or {})
        self._as_given = columns is None
        self.average_rows = average_rows
        self.place = place
        super().__init__(f"{self.sentence}{self._proposal}.")

    @property
    def codes(self) -> tuple[str, ...]:
        """The kinds of what is wrong."""
        return tuple(self.problems)

    @property
    def sentence(self) -> str:
        """What is wrong, without the proposal."""
        return f"{self.place}: " * bool(self.place) + "; ".join(self.problems.values())

    @property
    def _proposal(self) -> str:
        averaged = ", average_rows=True" * self.average_rows
        if not self.columns and not averaged:
            return ""
        arguments = f"columns={self.columns}{averaged}" if self.columns else averaged.removeprefix(", ")
        return f"; try {arguments}" + ", or subjects=False to do without" * (SUBJECTS_UNREAD in self.problems)

    def at(self, place: str, columns: Mapping[str, str]) -> "ColumnsError":
        """Return the same error with the name of the file, and with the columns that were given."""
        chosen = columns if self._as_given else self.columns
        return ColumnsError(self.problems, chosen, average_rows=self.average_rows, place=place)

    def without_subjects(self) -> "ColumnsError":
        """Return the same error for one who does without subjects."""
        problems = {code: text for code, text in self.problems.items() if code != SUBJECTS_UNREAD}
        kept = len(problems) == len(self.problems)
        columns = {key: name for key, name in self.columns.items() if kept or key != "subject"}
        return ColumnsError(problems, None if self._as_given else columns, average_rows=self.average_rows)


class UnsafePickleError(EmbeddingsFileError):
    """A pickle holds more than plain data, or is broken: the message names opcode, offset and reason."""


class StudyFileError(SkknnSyndromeError):
    """A `study.json` can't be read, or is none."""


class StudySettingsError(SkknnSyndromeError):
    """A study was asked for something that can't be done with these data or this estimator."""


class FewerNeighborsWarning(UserWarning):
    """More neighbours were asked for than there are: all there are take part."""


class FewerFoldsWarning(UserWarning):
    """More folds were asked for than the data allow: as many as can be made are made."""


class LargeResultWarning(UserWarning):
    """A result was saved that is larger than what is read without being told to trust it."""


class PublishedFileError(SkknnSyndromeError):
    """A file of published scores can't be read, or is none."""


class RefusedRowsWarning(UserWarning):
    """Some rows of a file can't be used; the data set's `audit` holds each with its reason."""


class FileInUseError(SkknnSyndromeError):
    """Another process is writing the same file, or into the same folder."""


class ForeignFileError(SkknnSyndromeError):
    """A file stands in the way that this package did not write, or that was changed since."""


class MissingLettersWarning(UserWarning):
    """No installed font has the letters of some labels: figures and PDF spell them in Latin ones."""


class RenderingError(SkknnSyndromeError):
    """A report can't be rendered: the message says what failed, where, and what to do."""
