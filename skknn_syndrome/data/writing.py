"""Writing of data sets as npz or Parquet, without a pickle inside."""

import json
import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome._files import atomic_writer
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.data.multilabel import MultilabelDataset
from skknn_syndrome.data.rows import (
    COVARIATES_KEY,
    EMBEDDER_KEY,
    LABEL_NAMES,
    LABEL_PREFIX_KEY,
    SIMULATED_NAME,
)
from skknn_syndrome.errors import EmbeddingsFileError, quote

LABEL_PREFIX = "label_"
"""Of the columns of several labels an image."""


def save_embeddings(dataset: EmbeddingDataset, path: str | os.PathLike[str]) -> None:
    """Write a data set, whole or not at all; `load_embeddings` gives the same arrays back, bit by bit.

    Parameters
    ----------
    dataset : EmbeddingDataset
        Its rows; the audit stays behind, since the new file holds none of the rows refused.
    path : str or path-like
        `.npz` for the arrays `embeddings`, `syndromes`, `subjects` and `images`, or `.parquet` for the
        columns `syndrome`, `subject`, `image` and `embedding` (lists of fixed size). Missing subjects are
        left out, and so are augmented views. Several labels an image are the array `labels` with
        `label_names`, or columns `label_<name>`. Covariates keep their names and cut points. A simulated set
        is marked as such, with its name; a real one takes the name of its new file. A file that stands there
        is replaced.

    Raises
    ------
    EmbeddingsFileError
        If the name ends in anything else, or the file can't be written.

    Notes
    -----
    The same data give the same bytes, as long as the versions of NumPy and pyarrow stay.

    Examples
    --------
    >>> import tempfile
    >>> from skknn_syndrome.data import load_embeddings
    >>> path = Path(tempfile.mkdtemp()) / "two.npz"
    >>> save_embeddings(EmbeddingDataset.from_arrays([[1.0], [2.0]], ["a", "b"]), path)
    >>> load_embeddings(path).embeddings.tolist()
    [[1.0], [2.0]]
    """
    file = Path(path)
    write = _WRITERS.get(file.suffix.lower())
    if write is None:
        raise EmbeddingsFileError(
            f"{path}: embeddings are written to {' or '.join(_WRITERS)}; choose one of these.",
            code="unknown_suffix",
            parameter="path",
        )
    try:
        with atomic_writer(file) as stream:
            write(dataset, stream)
    except OSError as error:
        raise EmbeddingsFileError(
            f"{path}: it can't be written ({error.strerror}).", code="unwritable", parameter="path"
        ) from error


def _write_npz(dataset: EmbeddingDataset, stream: IO[bytes]) -> None:
    arrays: dict[str, NDArray[Any]] = {"embeddings": dataset.embeddings, "images": dataset.images}
    if isinstance(dataset, MultilabelDataset):
        arrays |= {"labels": dataset.labels, LABEL_NAMES: np.array(dataset.label_names)}
    else:
        arrays["syndromes"] = dataset.syndromes
    if dataset.subjects is not None:
        arrays["subjects"] = dataset.subjects
    _check_free_names(dataset, (*arrays, "subjects", SIMULATED_NAME, COVARIATES_KEY))
    if dataset.covariates:
        arrays |= {covariate.name: covariate.texts for covariate in dataset.covariates}
        arrays[COVARIATES_KEY] = np.array([str(covariate.column) for covariate in dataset.covariates])
    if dataset.simulated:
        arrays[SIMULATED_NAME] = np.array(dataset.name)
    # None can be pickled: all are numbers or text. Before 2.2, NumPy takes the keyword for that as an array.
    np.savez(stream, **arrays)  # type: ignore[arg-type] # to mypy, any of them may be that keyword


def _write_parquet(dataset: EmbeddingDataset, stream: IO[bytes]) -> None:
    import pyarrow as pa  # noqa: PLC0415  slow to import, and npz needs none of it
    from pyarrow import parquet  # noqa: PLC0415  likewise

    columns: dict[str, Any] = {}
    metadata = {SIMULATED_NAME: dataset.name} if dataset.simulated else {}
    if dataset.embedder is not None:
        metadata[EMBEDDER_KEY] = dataset.embedder.model_dump_json()
    if isinstance(dataset, MultilabelDataset):
        metadata[LABEL_PREFIX_KEY] = LABEL_PREFIX
        for name, column in zip(dataset.label_names, dataset.labels.T, strict=True):
            columns[f"{LABEL_PREFIX}{name}"] = pa.array(column)
    else:
        columns["syndrome"] = pa.array(dataset.syndromes.tolist(), pa.string())
    if dataset.subjects is not None:
        columns["subject"] = pa.array(dataset.subjects.tolist(), pa.string())
    columns["image"] = pa.array(dataset.images.tolist(), pa.string())
    columns["embedding"] = pa.FixedSizeListArray.from_arrays(
        pa.array(dataset.embeddings.ravel()), dataset.n_features
    )
    _check_free_names(dataset, (*columns, "subject"))
    for covariate in dataset.covariates:
        cells = [text or None for text in covariate.texts.tolist()]
        columns[covariate.name] = pa.array(cells, pa.string())
        metadata[COVARIATES_KEY] = json.dumps([str(covariate.column) for covariate in dataset.covariates])
    table = pa.table(columns)
    if metadata:
        table = table.replace_schema_metadata(metadata)
    # A dictionary pays for ids that come again, not for floats, which hardly do.
    parquet.write_table(
        table,
        stream,
        use_dictionary=[name for name in columns if name not in {"image", "embedding"}],
        write_page_checksum=True,
    )


def _check_free_names(dataset: EmbeddingDataset, taken: Collection[str]) -> None:
    for covariate in dataset.covariates:
        if covariate.name in taken:
            raise EmbeddingsFileError(
                f"the covariate {quote(covariate.name)} has the name of a part of the file: give it another.",
                code="covariate_with_a_part",
                parameter="dataset",
            )


_WRITERS: dict[str, Callable[[EmbeddingDataset, IO[bytes]], None]] = {
    ".npz": _write_npz,
    ".parquet": _write_parquet,
}
