"""Out-of-fold records as a Parquet file beside `study.json`."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from skknn_syndrome._files import atomic_writer
from skknn_syndrome._typing import BoolArray, IndexArray, LabelArray, VectorLike
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.study.out_of_fold import OutOfFoldRecord

RECORDS_VERSION = 1
"""Grows by one whenever a column comes, goes or changes its meaning."""

METADATA_KEY = "skknn_syndrome"

SCHEMA = pa.schema(
    [
        ("protocol", pa.string()),
        ("metric", pa.string()),
        ("weights", pa.string()),
        ("n_neighbors", pa.int64()),
        ("repeat", pa.int64()),
        ("split", pa.int64()),
        ("row", pa.int64()),
        ("image", pa.string()),
        ("subject", pa.string()),
        ("syndrome", pa.string()),
        ("predicted", pa.string()),
        ("rank", pa.int64()),
        ("rank_best", pa.int64()),
        ("rank_worst", pa.int64()),
        ("ranking", pa.list_(pa.string())),
        ("ranking_probabilities", pa.list_(pa.float64())),
        ("neighbor_rows", pa.list_(pa.int64())),
        ("neighbor_images", pa.list_(pa.string())),
        ("neighbor_subjects", pa.list_(pa.string())),
        ("neighbor_syndromes", pa.list_(pa.string())),
        ("neighbor_distances", pa.list_(pa.float64())),
    ]
)


def write_records(
    records: Iterable[OutOfFoldRecord],
    path: str | os.PathLike[str],
    *,
    data_sha256: str,
    images: VectorLike | None = None,
) -> None:
    """Write records to one Parquet file, whole or not at all.

    One row is one prediction; each record is a row group of its own, so that reading one of them leaves
    the others on disk. Without records the file has its columns and no rows.

    Parameters
    ----------
    records : iterable of OutOfFoldRecord
        All of the same images.
    path : str or path-like
        A file that stands there is replaced.
    data_sha256 : str
        Fingerprint of the data, as `study.json` has it.
    images : array-like of shape (n_images,), optional
        Image ids.

    Raises
    ------
    StudySettingsError
        There is not one image id for each image, or an id is no valid Unicode.
    """
    kept = tuple(records)
    metadata = {
        "schema_version": RECORDS_VERSION,
        "data_sha256": data_sha256,
        "candidates": [_describe(record) for record in kept],
    }
    schema = SCHEMA.with_metadata({METADATA_KEY: json.dumps(metadata)})
    tables = [pa.table(_columns(record, images), schema=schema) for record in kept]
    with (
        atomic_writer(Path(path)) as stream,
        parquet.ParquetWriter(stream, schema, write_page_checksum=True) as writer,
    ):
        for table in tables:
            writer.write_table(table)


def _describe(record: OutOfFoldRecord) -> dict[str, object]:
    return {
        "protocol": record.protocol,
        "head": record.candidate.head,
        "params": dict(record.candidate.params),
        "metric": record.metric,
        "weights": record.weights,
        "n_neighbors": record.n_neighbors,
        "n_folds": len(record.trained),
        "neighbors_unknown": record.neighbors_unknown or None,
    }


def _columns(record: OutOfFoldRecord, images: VectorLike | None) -> dict[str, Any]:
    n_predictions = len(record.rows)
    ids = _texts(images, "image", len(record.labels))
    subjects = _texts(record.subjects, "subject", len(record.labels))
    classes = _texts(record.classes, "syndrome", len(record.classes))
    repeat, split = np.divmod(record.folds, record.n_folds)
    known = np.take_along_axis(record.trained[record.folds], record.truth[:, None], axis=1)[:, 0]
    constants = {name: getattr(record, name) for name in ("protocol", "metric", "weights", "n_neighbors")}
    return {
        **{name: pa.repeat(value, n_predictions) for name, value in constants.items()},
        "repeat": repeat,
        "split": split,
        "row": record.rows,
        "image": ids.take(record.rows),
        "subject": subjects.take(record.rows),
        "syndrome": classes.take(record.truth),
        "predicted": classes.take(record.predicted),
        # Where the training part lacks the syndrome, no rank is right.
        "rank": pa.array(record.ranks.by_rule, mask=~known),
        "rank_best": pa.array(record.ranks.best, mask=~known),
        "rank_worst": pa.array(record.ranks.worst, mask=~known),
        **_ranking(record, classes),
        **_neighbors(record, ids, subjects, classes.take(np.searchsorted(record.classes, record.labels))),
    }


def _ranking(record: OutOfFoldRecord, classes: pa.Array) -> dict[str, Any]:
    """Return the syndromes that could be named, the most probable first, of equals the first in order."""
    known = record.trained[record.folds]
    order = np.argsort(np.where(known, -record.probabilities, np.inf), axis=1, kind="stable")
    named = np.arange(known.shape[1]) < known.sum(axis=1, keepdims=True)
    ordered = np.take_along_axis(record.probabilities, order, axis=1)
    return {
        "ranking": _lists(classes.take(order[named]), named),
        "ranking_probabilities": _lists(pa.array(ordered[named]), named),
    }


def _neighbors(
    record: OutOfFoldRecord, images: pa.Array, subjects: pa.Array, syndromes: pa.Array
) -> dict[str, Any]:
    names = [name for name in SCHEMA.names if name.startswith("neighbor_")]
    if record.neighbors is None:
        return {name: pa.nulls(len(record.rows), SCHEMA.field(name).type) for name in names}
    found = record.neighbors.indices >= 0
    rows: IndexArray = record.neighbors.indices[found]
    values = (
        pa.array(rows),
        images.take(rows),
        subjects.take(rows),
        syndromes.take(rows),
        pa.array(record.neighbors.distances[found]),
    )
    return {name: _lists(column, found) for name, column in zip(names, values, strict=True)}


def _lists(values: pa.Array, filled: BoolArray) -> pa.ListArray:
    """Return one list a row, as long as the row has cells filled."""
    ends = np.cumsum(filled.sum(axis=1))
    return pa.ListArray.from_arrays(pa.array(np.r_[0, ends], pa.int32()), values)


def _texts(names: VectorLike | None, kind: str, n_names: int) -> pa.Array:
    """Return names as text, nulls where there are none."""
    if names is None:
        return pa.nulls(n_names, pa.string())
    values: LabelArray = np.asarray(names)
    if values.shape != (n_names,):
        raise StudySettingsError(
            f"There are {n_names} images, but the {kind} ids have shape {values.shape}: give one id an image."
        )
    texts = [str(value) for value in values.tolist()]
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError as error:
        raise StudySettingsError(
            f"The {kind} id {quote(error.object)} is no valid Unicode: give another one."
        ) from error
