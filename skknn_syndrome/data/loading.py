"""Loading of embeddings: from a file of any format to a data set."""

import hashlib
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from skknn_syndrome.data.column_layout import ARCHIVE, COLUMN_KEYS, TABLE, UNLABELLED, Layout
from skknn_syndrome.data.column_names import column_names
from skknn_syndrome.data.covariates import Covariate, LevelColumn, kind_of
from skknn_syndrome.data.data_warnings import find_data_warnings
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.data.formats import check_format, format_of, read_content
from skknn_syndrome.data.label_columns import Doubt, LabelBook, TakenAs
from skknn_syndrome.data.levels import Levels, as_levels, load_levels
from skknn_syndrome.data.multilabel import MultilabelDataset, find_label_warnings
from skknn_syndrome.data.nouns import nouns_of
from skknn_syndrome.data.rows import RawTable
from skknn_syndrome.data.validation import ValidatedRows, validate_rows
from skknn_syndrome.errors import (
    SUBJECTS_UNREAD,
    Argument,
    ColumnsError,
    EmbeddingsFileError,
    ParameterError,
    RefusedRowsWarning,
)
from skknn_syndrome.results.audit import Audit, DataWarning
from skknn_syndrome.wording import counted


def load_embeddings(  # noqa: PLR0913
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str | int] | None = None,
    n_features: int | None = None,
    subjects: bool = True,
    average_rows: bool = False,
    label_separator: str | None = None,
    uncertain_labels: TakenAs | None = None,
    missing_labels: TakenAs | None = None,
    covariates: Sequence[str] = (),
    levels: Sequence[str] = (),
    level_file: str | os.PathLike[str] | None = None,
) -> EmbeddingDataset:
    r"""Read embeddings with their labels, and account for every row.

    Parameters
    ----------
    path : str or path-like
        `.p`, `.pkl`, `.pickle`: a pickled `{syndrome: {subject: {image: vector}}}`, read as data and never
        run. `.npz`: arrays `embeddings`, `syndromes` and, where known, `subjects` and `images`.
        `.parquet`, `.csv`, `.tsv`: a column `embedding` of lists, also as text, or numbered columns
        (`e0`, `e1`, ...). Tables hold the ids in `syndrome`, `subject` and `image`, each also with `_id`; the
        latter two may be missing. Files above 2 GiB are refused.
    columns : mapping of str to str or int, optional
        For tables and archives with other names, for instance `{"syndrome": "label", "features": "emb_"}`:
        keys "syndrome", "subject", "image" and "features" (a prefix, or the column with whole vectors; 0 or
        1 for columns 0, 1, 2 and so on without a prefix). "labels" in the place of "syndrome" is the prefix
        of columns of 0 and 1, a column a label, where images have several; of an archive, the array of them.
        Once "features" is given, columns without a part are left unread, and listed in
        `audit.unread_columns`; otherwise they are an error, except for an index that pandas has written.
    n_features : int, optional
        Length of a vector; without it, the most common one.
    subjects : bool, default=True
        Whether to take subject ids. True refuses a file in which no column was named for them, but one that
        would be left unread looks like them; False takes every image on its own.
    average_rows : bool, default=False
        Whether several rows of one image, such as augmented views of it, become one with their mean.
    label_separator : str, optional
        What stands between the labels of an image in the column `syndrome`, as in "edema;effusion", where
        images have several. Nothing in the cell means no label.
    uncertain_labels, missing_labels : {"0", "1", "drop"}, optional
        In columns of labels, what -1 and what an empty cell is taken for; with "drop" its row is refused. The
        audit counts them. By default the file is refused.
    covariates : sequence of str, default=()
        Further columns that are kept, such as ``["sex", "age:0,2,6"]``; numbers behind a colon are where
        bands begin. A value that is missing stays so. By default those that `save_embeddings` has written.
    levels : sequence of str, default=()
        Columns of the groups that classes lie in, such as ``["genus", "family"]``; the labels are the finest
        level, and each group of a level lies in one of the next.
    level_file : str or path-like, optional
        A CSV file of the same for each class: see `skknn_syndrome.data.load_levels`.

    Returns
    -------
    EmbeddingDataset
        Rows in the file's order; images numbered from "1" where the file does not name them. With several
        labels an image it is a `MultilabelDataset`.

    Raises
    ------
    ColumnsError
        If columns have to be named: all that is missing, with a proposal for `columns`.
    EmbeddingsFileError
        If the file can't be read, is not understood, or none of its rows can be used.
    UnsafePickleError
        If a pickle holds more than plain data.
    TypeError
        If `path` is no path, or `columns` no mapping to names.

    Warns
    -----
    RefusedRowsWarning
        If some rows can't be used.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "two.csv"
    >>> _ = path.write_text("syndrome,subject,image,e0,e1\nNoonan,7,a,0.5,1\nNoonan,7,b,0.25,2\n")
    >>> load_embeddings(path)
    EmbeddingDataset('two.csv': 2 images x 2 float64, 1 syndrome, 1 subject)
    """
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(
            f"load_embeddings takes the path of a file, not a {type(path).__name__}: for what is in memory, "
            "take EmbeddingDataset.from_arrays(embeddings, syndromes, subjects) or "
            "cross_validate_study(X, y, groups=subjects)."
        )
    reading = Reading(
        column_names(columns or {}),
        n_features,
        subjects,
        average_rows,
        label_separator=label_separator,
        uncertain_labels=uncertain_labels,
        missing_labels=missing_labels,
        covariates=covariates,
        levels=levels,
        level_file=level_file,
    )
    dataset = read_embeddings(path, reading)
    refused = dataset.audit.refused
    if refused:
        warnings.warn(
            f"{path}: {len(refused):,} of {counted(dataset.audit.n_rows, 'row')} refused, all listed in "
            f"audit; the first: {refused[0].message}",
            RefusedRowsWarning,
            stacklevel=2,
        )
    return dataset


@dataclass(frozen=True)
class Reading:
    """How a file is to be read: the arguments of `load_embeddings`."""

    columns: Mapping[str, str]
    n_features: int | None = None
    subjects: bool = True
    average_rows: bool = False
    suspects_are_told: bool = False
    """Whether an unread column that looks like subject ids is a warning of the audit, and no error."""
    label_separator: str | None = None
    uncertain_labels: TakenAs | None = None
    missing_labels: TakenAs | None = None
    covariates: Sequence[str] = ()
    levels: Sequence[str] = ()
    level_file: str | os.PathLike[str] | None = None
    labelled: bool = True
    """Whether labels are read."""

    @property
    def asked_columns(self) -> Mapping[str, str]:
        """The names of columns as readers take them."""
        if self.labelled:
            return self.columns
        return {**self.columns, "syndrome": f"{UNLABELLED}{self.columns.get('syndrome', '')}"}

    @property
    def taken_as(self) -> dict[Doubt, TakenAs]:
        """What entries of labels in doubt are taken for, where that was said."""
        said: dict[Doubt, TakenAs | None] = {
            "uncertain": self.uncertain_labels,
            "missing": self.missing_labels,
        }
        return {doubt: taken for doubt, taken in said.items() if taken is not None}


def read_embeddings(
    path: str | os.PathLike[str], reading: Reading, content: bytes | None = None
) -> EmbeddingDataset:
    """Read embeddings as `load_embeddings` does, without a Python warning about refused rows.

    Parameters
    ----------
    path : str or path-like
        A file of any of its formats.
    reading : Reading
        How to read it.
    content : bytes, optional
        What the file would hold, where there is none: `path` is then a name, whose end tells the format.

    Returns
    -------
    EmbeddingDataset

    Raises
    ------
    EmbeddingsFileError
        As there.
    """
    if reading.n_features is not None and reading.n_features < 1:
        raise EmbeddingsFileError(
            "{n_features} must be at least 1, not {given}.",
            code="too_few_features",
            parameter="n_features",
            n_features=Argument("n_features"),
            given=reading.n_features,
        )
    file = Path(path)
    try:
        content = read_content(file) if content is None else content
        file_format = format_of(file)
        check_format(content, file_format)
        table = file_format.read(content, reading.asked_columns, _kept_columns(reading))
        if not reading.labelled:
            table = replace(table, has_labels=False)
        _check_subjects(table.layout, reading)
        book = _book_of(table, reading)
        noted = table if book is None else book.noting(table)
        rows = validate_rows(noted, reading.n_features, average_rows=reading.average_rows)
        if book is not None:
            book.check()
        covariates = _covariates(rows, table.layout)
        levels = _levels(rows, table.layout, reading)
    except ColumnsError as error:
        raise (error if reading.subjects else error.without_subjects()).at(
            str(path), reading.columns
        ) from error
    except EmbeddingsFileError as error:
        raise _with_path(error, path) from error
    bare = _dataset(rows, table, reading, file, content, book)
    dataset = replace(bare, covariates=covariates, levels=levels)
    return dataset if reading.subjects else dataset.without_subjects()


def _kept_columns(reading: Reading) -> Sequence[str]:
    """Return the further columns that are read, those of levels marked."""
    if isinstance(reading.levels, str):
        raise ParameterError(
            "{levels} is one text: give a list, {better}.",
            code="no_list",
            parameter="levels",
            levels=Argument("levels", reading.levels),
            better=Argument("levels", [reading.levels]),
        )
    if not reading.levels or isinstance(reading.covariates, str):
        return reading.covariates
    if {*reading.levels} & {*reading.covariates}:
        raise ParameterError(
            "{levels} and {covariates} name the same column: it can be one of them.",
            code="level_and_covariate",
            parameter="levels",
            levels=Argument("levels"),
            covariates=Argument("covariates"),
        )
    return [*reading.covariates, *map(LevelColumn, reading.levels)]


def _covariates(rows: ValidatedRows, layout: Layout | None) -> tuple[Covariate, ...]:
    columns = () if layout is None else layout.covariates
    try:
        return tuple(
            Covariate.of(name, cells, cuts=cuts)
            for (name, cuts), cells in zip(columns, rows.covariates, strict=True)
            if kind_of(name) == "covariate"
        )
    except ParameterError as error:
        raise _of_file(error) from error


def _of_file(error: ParameterError) -> EmbeddingsFileError:
    return EmbeddingsFileError(error.template, code=error.code, parameter=error.parameter, **error.fields)


def _levels(rows: ValidatedRows, layout: Layout | None, reading: Reading) -> Levels | None:
    """Return the levels from columns of the file and from a file of their own."""
    columns = () if layout is None else layout.covariates
    given: dict[str, Any] = {
        name: cells
        for (name, _), cells in zip(columns, rows.covariates, strict=True)
        if kind_of(name) == "level"
    }
    if reading.level_file is not None:
        given |= load_levels(reading.level_file)
    if not given and not reading.levels:
        return None
    if layout is not None and layout.labels:
        raise EmbeddingsFileError(
            "images with several labels have no levels: leave {levels} out",
            code="levels_of_label_sets",
            parameter="levels",
            levels=Argument("levels"),
        )
    usual = {*TABLE.syndrome, *ARCHIVE.syndrome}
    named = None if layout is None else layout.syndrome
    finest = "syndrome" if named is None or named in usual else named
    try:
        return as_levels(given, rows.syndromes, finest=finest)
    except ParameterError as error:
        raise _of_file(error) from error


def _with_path(error: EmbeddingsFileError, path: str | os.PathLike[str]) -> EmbeddingsFileError:
    """Return the same error with the name of the file before its sentence."""
    fields, place = error.fields, str(path)
    if fields:  # only then is the sentence a template, and a file may be called anything
        fields, place = {**fields, "path": place}, "{path}"
    sentence = f"{place}: {error.template.rstrip('.')}."
    return type(error)(sentence, code=error.code, parameter=error.parameter, **fields)


def _check_subjects(layout: Layout | None, reading: Reading) -> None:
    """Refuse a file whose subject ids would go unread."""
    suspect = None if layout is None else layout.suspect
    if suspect is not None and reading.subjects and not reading.suspects_are_told:
        named = {**reading.columns, "subject": suspect.name} if suspect.by_name else reading.columns
        columns = {key: named[key] for key in COLUMN_KEYS if key in named}
        perhaps = None if suspect.by_name else suspect.name
        raise ColumnsError({SUBJECTS_UNREAD: suspect.problem}, columns, perhaps_subject=perhaps)


def _book_of(table: RawTable, reading: Reading) -> LabelBook | None:
    """Return where the labels of images are noted that have several; None for one an image."""
    names = () if table.layout is None else table.layout.label_names
    if names and reading.label_separator is not None:
        raise EmbeddingsFileError(
            "labels have columns of their own, so that {separator} has nothing to part: leave it out",
            code="labels_and_separator",
            parameter="label_separator",
            separator=Argument("label_separator"),
        )
    if not names and reading.label_separator is None:
        return None
    return LabelBook(
        reading.label_separator, reading.taken_as, {name: place for place, name in enumerate(names)}
    )


def _dataset(
    rows: ValidatedRows, table: RawTable, reading: Reading, path: Path, content: bytes, book: LabelBook | None
) -> EmbeddingDataset:
    layout = table.layout
    audit = Audit(
        n_rows=rows.n_rows,
        n_merged=rows.n_merged,
        refused=rows.refused if book is None else book.shown(rows.refused),
        warnings=tuple(_reading_warnings(rows, layout, reading)),
        unread_columns=() if layout is None else layout.unread,
        index_columns=() if layout is None else layout.indexes,
        mapped_labels=() if book is None else book.account(),
        n_augmented=rows.n_augmented,
    )
    others = (
        rows.subjects,
        rows.images,
        audit,
        # A real set is named by the file whose hash stands beside it; a simulated one by what made it.
        table.simulated_name or os.fsencode(path.name).decode("utf-8", "replace"),
        hashlib.sha256(content).hexdigest(),
        table.simulated_name is not None,
    )
    if book is None:
        found = find_data_warnings(rows.embeddings, rows.syndromes, rows.subjects, rows.images)
        single = EmbeddingDataset(
            rows.embeddings, rows.syndromes, *others, embedder=table.embedder, views=rows.views
        )
        return replace(
            single, audit=audit.revised(warnings=(*audit.warnings, *found)), nouns=nouns_of(layout)
        )
    labels, names = book.labels(rows.syndromes.tolist())
    several = MultilabelDataset(
        rows.embeddings,
        *others,
        labels=labels,
        label_names=names,
        embedder=table.embedder,
        views=rows.views,
        nouns=nouns_of(layout),
    )
    found = find_label_warnings(several)
    return replace(several, audit=audit.revised(warnings=(*audit.warnings, *found)))


def _reading_warnings(rows: ValidatedRows, layout: Layout | None, reading: Reading) -> list[DataWarning]:
    found = []
    if layout is not None and layout.suspect is not None and reading.subjects:
        found.append(DataWarning(code="subjects_unread", columns=(layout.suspect.name,)))
    elif layout is not None and layout.subject is None and layout.unexamined and reading.subjects:
        found.append(DataWarning(code="columns_not_examined", columns=layout.unexamined))
    if rows.named_by_place:
        found.append(DataWarning(code="images_numbered_anew"))
    return found
