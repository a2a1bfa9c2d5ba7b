"""From a file to a data set: one way in, whatever the format."""

import hashlib
import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

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
from skknn_syndrome.errors import EmbeddingsFileError, RefusedRowsWarning
from skknn_syndrome.results.audit import Audit

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
}


def load_embeddings(
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    n_features: int | None = None,
) -> EmbeddingDataset:
    r"""Read embeddings with their labels, and account for every row.

    Parameters
    ----------
    path : str or path-like
        `.p`, `.pkl`, `.pickle`: a pickled `{syndrome: {subject: {image: vector}}}`, read as data and never
        run. `.npz`: arrays `embeddings`, `syndromes` and, where known, `subjects` and `images`.
        `.parquet`: a column `embedding` of lists, or numbered columns (`e0`, `e1`, ...). `.csv`: numbered
        columns. Tables hold the ids in `syndrome`, `subject` and `image`, each also with `_id`; the latter
        two may be missing. Files above 2 GiB are refused.
    columns : mapping of str to str, optional
        For tables and archives with other names, for instance `{"syndrome": "label", "features": "emb_"}`:
        keys "syndrome", "subject", "image" and "features" (a prefix, or the column with whole vectors).
        Once "features" is given, columns without a part are ignored; otherwise they are an error.
    n_features : int, optional
        Length of a vector; without it, the most common one.

    Returns
    -------
    EmbeddingDataset
        Rows in the file's order; images numbered from "1" where the file does not name them.

    Raises
    ------
    EmbeddingsFileError
        If the file can't be read, is not understood, or none of its rows can be used.
    UnsafePickleError
        If a pickle holds more than plain data.

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
    EmbeddingDataset('two.csv': 2 images x 2 float64, 1 syndromes, 1 subjects)
    """
    if n_features is not None and n_features < 1:
        raise EmbeddingsFileError(f"n_features must be at least 1, not {n_features}.")
    file = Path(path)
    try:
        content = read_content(file)
        file_format = _format_of(file)
        check_format(content, file_format)
        table = _READERS[file_format](content, columns)
        rows = judge_rows(table, n_features)
    except EmbeddingsFileError as error:
        raise type(error)(f"{path}: {str(error).rstrip('.')}.") from error
    if rows.refused:
        _warn(path, rows)
    return _dataset(rows, table, file, content)


def _format_of(path: Path) -> FileFormat:
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise EmbeddingsFileError(f"it must be named {', '.join(_SUFFIXES)}; convert it")
    return _SUFFIXES[suffix]


def _warn(path: str | os.PathLike[str], rows: JudgedRows) -> None:
    warnings.warn(
        f"{path}: {len(rows.refused)} of {rows.n_rows} rows are refused, all listed in audit; the first: "
        f"{rows.refused[0].message}",
        RefusedRowsWarning,
        stacklevel=3,
    )


def _dataset(rows: JudgedRows, table: RawTable, path: Path, content: bytes) -> EmbeddingDataset:
    arrays = (rows.embeddings, rows.syndromes, rows.subjects, rows.images)
    return EmbeddingDataset(
        *arrays,
        audit=Audit(n_rows=rows.n_rows, refused=rows.refused, warnings=find_dangers(*arrays)),
        # A real set is named by the file whose hash stands beside it; a simulated one by what made it.
        name=table.simulated_name or os.fsencode(path.name).decode("utf-8", "replace"),
        sha256=hashlib.sha256(content).hexdigest(),
        simulated=table.simulated_name is not None,
    )
