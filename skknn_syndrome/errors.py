"""What the package raises when its input is at fault, one sentence each."""

import reprlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

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


def nearest_name(name: str, names: Iterable[str]) -> str | None:
    """Return the one of some names that is most like a name, None where none is alike.

    Examples
    --------
    >>> nearest_name("--n-neighbours", ["--n-jobs", "--n-neighbors"])
    '--n-neighbors'
    """
    return next(iter(get_close_matches(name, names, n=1)), None)


def meant(name: object, names: Iterable[str]) -> str:
    """Return how a sentence on an unknown name goes on: with the name that was meant, then with all.

    Examples
    --------
    >>> meant("centriod", ["knn", "centroid"]), meant("svm", ["knn", "centroid"])
    ('did you mean centroid? There are knn, centroid', 'take one of knn, centroid')
    """
    known = list(names)
    nearest, listed = nearest_name(str(name).lower(), known), ", ".join(known)
    return f"take one of {listed}" if nearest is None else f"did you mean {nearest}? There are {listed}"


@dataclass(frozen=True)
class Argument:
    """A parameter as a sentence names it: ``cv``, or with its value ``cv=5``.

    Examples
    --------
    >>> print(Argument("cv", 5), Argument("weights"), Argument("weights", "uniform"))
    cv=5 weights weights='uniform'
    """

    name: str
    value: object = None
    """None where the sentence speaks of the parameter alone."""

    def __str__(self) -> str:
        """Spell it as Python would."""
        return self.name if self.value is None else f"{self.name}={self.value!r}"


class SkknnSyndromeError(ValueError):
    """Base of all errors that speak of the user's input.

    Parameters
    ----------
    message : str
        One sentence: what is wrong, where, and what would work. With `fields` it is a template for
        `str.format`; names of parameters stand in it as `Argument` fields, so that the command line can
        spell them as options.
    code : str, default=""
        What kind of fault it is, for programs: ``"too_many_folds"``.
    parameter : str or None, default=None
        The parameter at fault, by its Python name.
    **fields
        What the template names.

    Examples
    --------
    >>> error = SkknnSyndromeError(
    ...     "{cv} is too many folds for {n} subjects.", code="too_many_folds", parameter="cv",
    ...     cv=Argument("cv", 500), n=12,
    ... )
    >>> str(error), error.code, error.parameter
    ('cv=500 is too many folds for 12 subjects.', 'too_many_folds', 'cv')
    >>> error.spelled(lambda argument: f"--{argument.name} {argument.value}")
    '--cv 500 is too many folds for 12 subjects.'
    """

    def __init__(
        self, message: str, *, code: str = "", parameter: str | None = None, **fields: object
    ) -> None:
        self.template, self.code, self.parameter, self.fields = message, code, parameter, fields
        super().__init__(self.spelled(str))

    def spelled(self, spell: Callable[[Argument], str], template: str | None = None) -> str:
        """Return the sentence with the names of parameters as `spell` writes them.

        Parameters
        ----------
        spell : callable
        template : str or None, default=None
            Another sentence with the same fields.
        """
        template = self.template if template is None else template
        if not self.fields:
            return template
        words = {
            name: spell(value) if isinstance(value, Argument) else value
            for name, value in self.fields.items()
        }
        return template.format(**words)


class ParameterError(SkknnSyndromeError):
    """A parameter of an estimator or a function has a value that it can't take."""


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
    leave_out : bool, default=False
        Whether the proposal is to give no `columns` at all.
    place : str, default=""
        The file.
    perhaps_subject : str or None, default=None
        A column that may hold subject ids or something else, which the user has to say. The proposal then
        has two halves: it is the subject, or there are none.

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
        leave_out: bool = False,
        place: str = "",
        perhaps_subject: str | None = None,
    ) -> None:
        self.problems = dict(problems)
        self.columns = dict(columns or {})
        self._as_given = columns is None
        self.average_rows = average_rows
        self.leave_out = leave_out
        self.place = place
        self.perhaps_subject = perhaps_subject
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
    def proposes(self) -> bool:
        """Whether there are arguments with which the file can be read."""
        return bool(self.columns) or self.average_rows or self.leave_out

    @property
    def columns_with_subject(self) -> dict[str, str]:
        """The proposal for `columns` if that column holds subject ids, its keys in the usual order."""
        if self.perhaps_subject is None:
            return self.columns
        named = {**self.columns, "subject": self.perhaps_subject}
        return {
            key: named[key] for key in ("syndrome", "subject", "image", "features", "labels") if key in named
        }

    @property
    def _proposal(self) -> str:
        if self.perhaps_subject is not None:
            return (
                f"; try {self._arguments(self.columns_with_subject)} if {quote(self.perhaps_subject)} holds "
                f"people, or {self._arguments(self.columns, 'subjects=False')} if it does not"
            )
        arguments = self._arguments(self.columns)
        if not arguments:
            return "; leave columns out" * self.leave_out
        return f"; try {arguments}" + ", or subjects=False to do without" * (SUBJECTS_UNREAD in self.problems)

    def _arguments(self, columns: Mapping[str, str], *more: str) -> str:
        mapping = [f"columns={dict(columns)}"] if columns else []
        return ", ".join([*mapping, *(["average_rows=True"] if self.average_rows else []), *more])

    def at(self, place: str, columns: Mapping[str, str]) -> "ColumnsError":
        """Return the same error with the name of the file, and with the columns that were given."""
        return self._copy(self.problems, columns if self._as_given else self.columns, place=place)

    def with_labels(self, prefix: str) -> "ColumnsError":
        """Return the same error with the columns of several labels in the proposal, not the first of them."""
        columns = {"labels": prefix, **{key: name for key, name in self.columns.items() if key != "syndrome"}}
        return self._copy(self.problems, None if self._as_given else columns, place=self.place)

    def after(self, code: str, problem: str) -> "ColumnsError":
        """Return the same error with a problem that has to be solved first."""
        columns = None if self._as_given else self.columns
        return self._copy({code: problem, **self.problems}, columns, place=self.place)

    def without_subjects(self) -> "ColumnsError":
        """Return the same error for one who does without subjects."""
        problems = {code: text for code, text in self.problems.items() if code != SUBJECTS_UNREAD}
        kept = len(problems) == len(self.problems)
        columns = {key: name for key, name in self.columns.items() if kept or key != "subject"}
        leave_out = self.leave_out or (bool(self.columns) and not columns)
        given = None if self._as_given else columns
        return self._copy(problems, given, place="", leave_out=leave_out, perhaps_subject=None)

    def _copy(
        self,
        problems: Mapping[str, str],
        columns: Mapping[str, str] | None,
        **changed: Any,  # noqa: ANN401  options of any kind
    ) -> "ColumnsError":
        kept = {
            name: getattr(self, name) for name in ("average_rows", "leave_out", "place", "perhaps_subject")
        }
        return ColumnsError(problems, columns, **{**kept, **changed})


class ReferenceDistancesError(SkknnSyndromeError):
    """Distances between classes can't be read or are none: the message names the cell or the place."""


class EncoderError(SkknnSyndromeError):
    """Images can't be embedded: the message says what is wrong with model, images or options."""


class UnsafePickleError(EmbeddingsFileError):
    """A pickle holds more than plain data, or is broken: the message names opcode, offset and reason."""


class StudyFileError(SkknnSyndromeError):
    """A `study.json` can't be read, or is none."""


class ModelFileError(SkknnSyndromeError):
    """A file of a model can't be read or written: the message says what is wrong with it."""


class StudySettingsError(SkknnSyndromeError):
    """A study was asked for something that can't be done with these data or this estimator."""


class FewerNeighborsWarning(UserWarning):
    """More neighbours were asked for than there are: all there are take part."""


class FewerFoldsWarning(UserWarning):
    """More folds were asked for than the data allow: as many as can be made are made."""


class LargeResultWarning(UserWarning):
    """A result was saved that is larger than what is read without being told to trust it."""


class FailedCheckWarning(UserWarning):
    """A check of someone else's failed, and counts as skipped."""


class UnfinishedStudyWarning(UserWarning):
    """A finished part of a study can't be kept, or not be taken up: it is computed again."""


class PublishedFileError(SkknnSyndromeError):
    """A file of published scores can't be read, or is none."""


class RefusedRowsWarning(UserWarning):
    """Some rows of a file can't be used; the data set's `audit` holds each with its reason."""


class OtherEncoderWarning(UserWarning):
    """Two files are taken for embeddings of one encoder, and were made in different ways."""


class FileInUseError(SkknnSyndromeError):
    """Another process is writing the same file, or into the same folder."""


class ForeignFileError(SkknnSyndromeError):
    """A file stands in the way that this package did not write, or that was changed since."""


class MissingLettersWarning(UserWarning):
    """No installed font has the letters of some labels: figures and PDF spell them in Latin ones."""


class RenderingError(SkknnSyndromeError):
    """A report can't be rendered: the message says what failed, where, and what to do."""
