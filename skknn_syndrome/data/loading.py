"""From a file to a data set: one way in, whatever the format."""

import hashlib
import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from skknn_syndrome.data.columns import COLUMN_KEYS, Layout
from skknn_syndrome.data.content import read_content
from skknn_syndrome.data.csv_file import read_csv_table
from skknn_syndrome.data.dangers import find_dangers
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.data.judging import JudgedRows, judge_rows
from skknn_syndrome.data.npz_file import read_npz_table
from skknn_syndrome.data.parquet_file import read_parquet_table
from skknn_syndrome.data.pickle_file import read_pickle_table
from skknn_syndrome.data.rows import RawTable
from skknn_syndrome.data.sniffing import FileFormat, check_format
from skknn_syndrome.errors import (
    SUBJECTS_UNREAD,
    ColumnsError,
    EmbeddingsFileError,
    RefusedRowsWarning,
    quote,
)
from skknn_syndrome.results.audit import Audit, DataWarning
from skknn_syndrome.wording import counted

_Reader: TypeAlias = Callable[[bytes, Mapping[str, str] | None], RawTable]
_READERS: dict[FileFormat, _Reader] = {
    "pickle": read_pickle_table,
    "npz": read_npz_table,
    "parquet": read_parquet_table,
    "csv": read_csv_table,
}
_SUFFIXES: dict[str, FileFormat] = {
    ".p": "pickle",
    ".pkl": "pickle",
    ".pickle": "pickle",
    ".npz": "npz",
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
}


def load_embeddings(
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str | int] | None = None,
    n_features: int | None = None,
    subjects: bool = True,
    average_rows: bool = False,
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
        1 for columns 0, 1, 2 and so on without a prefix).
        Once "features" is given, columns without a part are left unread, and listed in
        `audit.unread_columns`; otherwise they are an error, except for an index that pandas has written.
    n_features : int, optional
        Length of a vector; without it, the most common one.
    subjects : bool, default=True
        Whether to take subject ids. True refuses a file in which no column was named for them, but one that
        would be left unread looks like them; False takes every image on its own.
    average_rows : bool, default=False
        Whether several rows of one image, such as augmented views of it, become one with their mean.

    Returns
    -------
    EmbeddingDataset
        Rows in the file's order; images numbered from "1" where the file does not name them.

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
    reading = Reading(_column_names(columns or {}), n_features, subjects, average_rows)
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


def _column_names(columns: Mapping[str, str | int]) -> dict[str, str]:
    """Return names as text, since pandas has numbers for some."""
    if not isinstance(columns, Mapping):
        raise TypeError(f"columns must map parts to names of columns, not be a {type(columns).__name__}.")
    for part, name in columns.items():
        if isinstance(name, bool) or not isinstance(name, (str, int, np.integer)):
            raise TypeError(f"columns[{part!r}] must be the name of a column, not {quote(name)}.")
    return {part: str(name) for part, name in columns.items()}


@dataclass(frozen=True)
class Reading:
    """How a file is to be read: the arguments of `load_embeddings`."""

    columns: Mapping[str, str]
    n_features: int | None = None
    subjects: bool = True
    average_rows: bool = False
    suspects_are_told: bool = False
    """Whether an unread column that looks like subject ids is a warning of the audit, and no error."""


def read_embeddings(path: str | os.PathLike[str], reading: Reading) -> EmbeddingDataset:
    """Read embeddings as `load_embeddings` does, without a Python warning about refused rows.

    Parameters
    ----------
    path : str or path-like
        A file of any of its formats.
    reading : Reading
        How to read it.

    Returns
    -------
    EmbeddingDataset

    Raises
    ------
    EmbeddingsFileError
        As there.
    """
    if reading.n_features is not None and reading.n_features < 1:
        raise EmbeddingsFileError(f"n_features must be at least 1, not {reading.n_features}.")
    file = Path(path)
    try:
        content = read_content(file)
        file_format = _format_of(file)
        check_format(content, file_format)
        table = _READERS[file_format](content, reading.columns)
        _check_subjects(table.layout, reading)
        rows = judge_rows(table, reading.n_features, average_rows=reading.average_rows)
    except ColumnsError as error:
        raise (error if reading.subjects else error.without_subjects()).at(
            str(path), reading.columns
        ) from error
    except EmbeddingsFileError as error:
        raise type(error)(f"{path}: {str(error).rstrip('.')}.") from error
    dataset = _dataset(rows, table, reading, file, content)
    return dataset if reading.subjects else dataset.without_subjects()


def _check_subjects(layout: Layout | None, reading: Reading) -> None:
    """Refuse a file whose subject ids would go unread."""
    suspect = None if layout is None else layout.suspect
    if suspect is not None and reading.subjects and not reading.suspects_are_told:
        named = {**reading.columns, "subject": suspect.name} if suspect.by_name else reading.columns
        columns = {key: named[key] for key in COLUMN_KEYS if key in named}
        perhaps = None if suspect.by_name else suspect.name
        raise ColumnsError({SUBJECTS_UNREAD: suspect.problem}, columns, perhaps_subject=perhaps)


def _format_of(path: Path) -> FileFormat:
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise EmbeddingsFileError(
            "the end of its name must say what it is: .csv or .tsv for a table as text, .parquet for one in "
            "Parquet, .npz for NumPy arrays, .p, .pkl or .pickle for nested dictionaries; rename it, or "
            "convert it"
        )
    return _SUFFIXES[suffix]


def _dataset(
    rows: JudgedRows, table: RawTable, reading: Reading, path: Path, content: bytes
) -> EmbeddingDataset:
    arrays = (rows.embeddings, rows.syndromes, rows.subjects, rows.images)
    layout = table.layout
    audit = Audit(
        n_rows=rows.n_rows,
        n_merged=rows.n_merged,
        refused=rows.refused,
        warnings=(*_dangers_of_reading(rows, layout, reading), *find_dangers(*arrays)),
        unread_columns=() if layout is None else layout.unread,
        index_columns=() if layout is None else layout.indexes,
    )
    return EmbeddingDataset(
        *arrays,
        audit=audit,
        # A real set is named by the file whose hash stands beside it; a simulated one by what made it.
        name=table.simulated_name or os.fsencode(path.name).decode("utf-8", "replace"),
        sha256=hashlib.sha256(content).hexdigest(),
        simulated=table.simulated_name is not None,
    )


def _dangers_of_reading(rows: JudgedRows, layout: Layout | None, reading: Reading) -> list[DataWarning]:
    found = []
    if layout is not None and layout.suspect is not None and reading.subjects:
        found.append(DataWarning(code="subjects_unread", columns=(layout.suspect.name,)))
    elif layout is not None and layout.subject is None and layout.unexamined and reading.subjects:
        found.append(DataWarning(code="columns_not_examined", columns=layout.unexamined))
    if rows.named_by_place:
        found.append(DataWarning(code="images_numbered_anew"))
    return found
