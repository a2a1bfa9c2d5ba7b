"""Out-of-fold predictions as a Parquet file beside `study.json`."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from skknn_syndrome._files import atomic_writer
from skknn_syndrome._typing import BoolArray, IndexArray, LabelArray, VectorLike
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.results.candidate import KNN_COLUMNS, Scalar, key_columns

RECORDS_VERSION = 2
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
"""Of a file whose candidates are all k-NN; other heads have columns more, behind these of k-NN."""


def write_records(
    records: Iterable[OutOfFoldRecord],
    path: str | os.PathLike[str],
    *,
    data_sha256: str,
    images: VectorLike | None = None,
    named: Sequence[Mapping[str, str]] | None = None,
) -> None:
    """Write records to one Parquet file, whole or not at all.

    One row is one prediction; each record is a row group of its own, so that reading one of them leaves
    the others on disk. Without records the file has its columns and no rows. Where a candidate is of another
    head than k-NN, columns ``head`` and its parameters are added; a parameter whose name another column has
    is called ``param_`` and its name.

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
    named : sequence of mapping, optional
        What tells the records apart where their candidates do not, such as encoder and head, a mapping each;
        its columns then stand in place of those of candidates.

    Raises
    ------
    StudySettingsError
        There is not one image id for each image, or an id is no valid Unicode.
    """
    kept = tuple(records)
    told = [_describe(record) for record in kept] if named is None else [dict(names) for names in named]
    metadata = {
        "schema_version": RECORDS_VERSION,
        "data_sha256": data_sha256,
        "candidates" if named is None else "models": told,
    }
    # Before there is a file: of all that is written, these alone may be unfit.
    ids = texts_of(images, "image", len(kept[0].labels)) if kept else pa.nulls(0, pa.string())
    keys = _key_columns(kept) if named is None else _named_columns(named)
    schema = _schema(keys).with_metadata({METADATA_KEY: json.dumps(metadata)})
    with (
        atomic_writer(Path(path)) as stream,
        parquet.ParquetWriter(stream, schema, write_page_checksum=True) as writer,
    ):
        for place, record in enumerate(kept):
            # One in memory at a time: with a hundred classes, each is larger than what it is made of.
            own = {name: pa.repeat(cells[place], len(record.rows)) for name, cells in keys.items()}
            writer.write_table(pa.table(_columns(record, ids) | own, schema=schema))


def _key_columns(records: Sequence[OutOfFoldRecord]) -> dict[str, pa.Array]:
    """Return the columns that tell candidates apart, one cell a record; those of k-NN first."""
    names, cells = key_columns(record.candidate for record in records)
    rows = [cells(record.candidate) for record in records]
    found = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    taken = {*SCHEMA.names} - {*KNN_COLUMNS}
    unset = dict.fromkeys(KNN_COLUMNS, [None] * len(rows))
    named = unset | {f"param_{name}" if name in taken else name: values for name, values in found.items()}
    return {name: _typed(name, values) for name, values in named.items()}


def _named_columns(named: Sequence[Mapping[str, str]]) -> dict[str, pa.Array]:
    return {
        key: pa.array([names[key] for names in named], pa.string()) for key in (named[0] if named else ())
    }


def _typed(name: str, values: Sequence[Scalar]) -> pa.Array:
    """Return values as a column of their type, as text where they have several types."""
    if all(value is None for value in values):
        return pa.nulls(len(values), SCHEMA.field(name).type if name in SCHEMA.names else pa.string())
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):  # the last of whole numbers from 2**63 on
        return pa.array([None if value is None else str(value) for value in values], pa.string())


def _schema(keys: dict[str, pa.Array]) -> pa.Schema:
    """Return the schema with the columns that tell candidates apart behind the protocol."""
    others = {field.name: field.type for field in SCHEMA if field.name not in {"protocol", *KNN_COLUMNS}}
    types = {name: column.type for name, column in keys.items()}
    return pa.schema(list({"protocol": pa.string(), **types, **others}.items()))


def _describe(record: OutOfFoldRecord) -> dict[str, object]:
    return {
        "protocol": record.protocol,
        "head": record.candidate.head,
        "params": dict(record.candidate.params),
        "metric": record.metric,
        "weights": record.weights,
        "n_neighbors": record.n_neighbors,
        "kind": record.kind,
        "n_folds": len(record.trained),
        "neighbors_unknown": record.neighbors_unknown or None,
    }


def _columns(record: OutOfFoldRecord, ids: pa.Array) -> dict[str, Any]:
    n_predictions = len(record.rows)
    subjects = texts_of(record.subjects, "subject", len(record.labels))
    classes = texts_of(record.classes, "syndrome", len(record.classes))
    repeat, split = np.divmod(record.folds, record.n_folds)
    known = np.take_along_axis(record.trained[record.folds], record.truth[:, None], axis=1)[:, 0]
    return {
        "protocol": pa.repeat(record.protocol, n_predictions),
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
    # Decision values were replaced by their places among all of a fold: nothing that a reader should add up.
    shares = _lists(pa.array(ordered[named]), named) if record.kind == "probabilities" else None
    name = "ranking_probabilities"
    return {
        "ranking": _lists(classes.take(order[named]), named),
        name: pa.nulls(len(record.rows), SCHEMA.field(name).type) if shares is None else shares,
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


def texts_of(names: VectorLike | None, kind: str, n_names: int) -> pa.Array:
    """Return names as text, nulls where there are none."""
    if names is None:
        return pa.nulls(n_names, pa.string())
    values: LabelArray = np.asarray(names)
    if values.shape != (n_names,):
        raise StudySettingsError(
            f"There are {n_names} images, but the {kind} ids have shape {values.shape}: give one id an "
            "image.",
            code="ids_of_other_shape",
        )
    texts = [str(value) for value in values.tolist()]
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError as error:
        raise StudySettingsError(
            f"The {kind} id {quote(error.object)} is no valid Unicode: give another one.",
            code="id_not_unicode",
        ) from error
