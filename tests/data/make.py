"""Small files of every format, as bytes or on disk."""

import io
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import ArrayLike
from pyarrow import parquet


def npz_bytes(**arrays: ArrayLike) -> bytes:
    """Pack arrays as NumPy does, compressed."""
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type] # one might be called allow_pickle
    return stream.getvalue()


def parquet_bytes(columns: Mapping[str, Any] | pa.Table, **options: Any) -> bytes:
    """Write a table; a test is skipped where this pyarrow can't write its types."""
    stream = io.BytesIO()
    table = columns if isinstance(columns, pa.Table) else pa.table(dict(columns))
    try:
        parquet.write_table(table, stream, **options)
    except pa.ArrowNotImplementedError as error:  # of list views, by older versions
        pytest.skip(f"pyarrow {pa.__version__}: {error}")
    return stream.getvalue()


def write(path: Path, content: object) -> Path:
    """Write bytes as they are, and anything else as a pickle."""
    path.write_bytes(content if isinstance(content, bytes) else pickle.dumps(content))
    return path
