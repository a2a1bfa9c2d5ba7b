"""What the package raises when its input is at fault, one sentence each."""

import reprlib

_SHORT = reprlib.Repr()
_SHORT.maxstring = 60


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


class PublishedFileError(SkknnSyndromeError):
    """A file of published scores can't be read, or is none."""


class RefusedRowsWarning(UserWarning):
    """Some rows of a file can't be used; the data set's `audit` holds each with its reason."""


class MissingLettersWarning(UserWarning):
    """No installed font has the letters of some labels: figures and PDF spell them in Latin ones."""


class RenderingError(SkknnSyndromeError):
    """A report can't be rendered: the message says what failed, where, and what to do."""
