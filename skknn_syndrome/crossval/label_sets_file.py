"""Out-of-fold predictions of several labels an image as a Parquet file."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from skknn_syndrome._files import atomic_writer
from skknn_syndrome._typing import IndexArray, LabelArray, VectorLike
from skknn_syndrome.crossval.model_records import LabelSetRecord
from skknn_syndrome.crossval.out_of_fold_file import METADATA_KEY, RECORDS_VERSION, texts_of

SCHEMA = pa.schema(
    [
        ("protocol", pa.string()),
        ("encoder", pa.string()),
        ("head", pa.string()),
        ("repeat", pa.int64()),
        ("split", pa.int64()),
        ("row", pa.int64()),
        ("image", pa.string()),
        ("subject", pa.string()),
        ("labels", pa.list_(pa.string())),
        ("predicted", pa.list_(pa.string())),
        ("scores", pa.list_(pa.float64())),
    ]
)


def write_label_sets(
    records: Sequence[LabelSetRecord],
    path: str | os.PathLike[str],
    *,
    data_sha256: str,
    images: VectorLike | None = None,
) -> None:
    """Write predictions to one Parquet file, whole or not at all: a row each, a row group a model.

    Parameters
    ----------
    records : sequence of LabelSetRecord
        All of the same images.
    path : str or path-like
        A file that stands there is replaced.
    data_sha256 : str
        Fingerprint of the data, as the result has it.
    images : array-like of shape (n_images,), optional
        Image ids.
    """
    first = records[0]
    names = texts_of(first.answer.classes, "label", first.labels.shape[1])
    metadata: Mapping[str, object] = {
        "schema_version": RECORDS_VERSION,
        "data_sha256": data_sha256,
        "labels": names.to_pylist(),
        "models": [
            {"encoder": each.encoder, "head": each.head, "kind": each.answer.kind} for each in records
        ],
    }
    ids = texts_of(images, "image", len(first.labels))
    subjects = texts_of(first.subjects, "subject", len(first.labels))
    schema = SCHEMA.with_metadata({METADATA_KEY: json.dumps(metadata)})
    with (
        atomic_writer(Path(path)) as stream,
        parquet.ParquetWriter(stream, schema, write_page_checksum=True) as writer,
    ):
        for each in records:
            repeat, split = np.divmod(each.folds, each.n_folds)
            columns = {
                **{
                    key: pa.repeat(getattr(each, key), len(repeat)) for key in ("protocol", "encoder", "head")
                },
                "repeat": repeat,
                "split": split,
                "row": each.rows,
                "image": ids.take(each.rows),
                "subject": subjects.take(each.rows),
                "labels": _names_in(each.labels[each.rows] > 0, names),
                "predicted": _names_in(each.answer.marks > 0, names),
                "scores": _lists(pa.array(each.answer.scores.ravel()), np.full(len(repeat), len(names))),
            }
            writer.write_table(pa.table(columns, schema=schema))


def _names_in(marks: LabelArray, names: pa.Array) -> pa.ListArray:
    """Return the labels that each row is marked with."""
    return _lists(names.take(np.nonzero(marks)[1]), marks.sum(axis=1))


def _lists(values: pa.Array, lengths: IndexArray) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(np.r_[0, np.cumsum(lengths)], pa.int32()), values)
