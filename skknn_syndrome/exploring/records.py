"""Out-of-fold predictions of a file beside a study, read where they are those of the study."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from skknn_syndrome.crossval.out_of_fold_file import METADATA_KEY, RECORDS_VERSION
from skknn_syndrome.results.study import StudyResult

RECORDS = "out_of_fold.parquet"
_NEEDED = (
    "protocol",
    "row",
    "image",
    "subject",
    "syndrome",
    "predicted",
    "ranking",
    "ranking_probabilities",
    "neighbor_rows",
    "neighbor_images",
    "neighbor_subjects",
    "neighbor_syndromes",
    "neighbor_distances",
)
MOST_BYTES = 2 * 1024**3


@dataclass(frozen=True, eq=False)
class Records:
    """Predictions of one candidate, by the row of the image."""

    table: pa.Table
    places: dict[int, int]
    """Where in the table an image's first prediction is."""

    def of(self, row: int) -> dict[str, Any]:
        """Return what was predicted of an image."""
        found: dict[str, Any] = self.table.slice(self.places[row], 1).to_pylist()[0]
        return found


def read_records(path: Path, study: StudyResult, rows: list[int], predicted: list[str]) -> Records | None:
    """Return the predictions of a study's best candidate.

    Parameters
    ----------
    path : Path
        The file beside the study, which need not be there.
    study : StudyResult
    rows, predicted : list
        Images of the map, and what it says was predicted of them: by this the candidate is known.

    Returns
    -------
    Records or None
        None where there is no file, it is of another study, or none of its candidates predicts that.
    """
    try:
        with parquet.ParquetFile(path) as file:
            if not _is_of(file, study):
                return None
            for group in range(file.num_row_groups):
                found = _group(file, group, study.primary.protocol)
                if found is not None and _agrees(found, rows, predicted):
                    return found
    except (OSError, ValueError, KeyError, pa.ArrowException):
        return None
    return None


def _is_of(file: parquet.ParquetFile, study: StudyResult) -> bool:
    noted = json.loads((file.schema_arrow.metadata or {})[METADATA_KEY.encode()])
    size = sum(file.metadata.row_group(group).total_byte_size for group in range(file.num_row_groups))
    return bool(
        noted["schema_version"] == RECORDS_VERSION
        and noted["data_sha256"] == study.dataset.data_sha256
        and size <= MOST_BYTES
        and {*_NEEDED} <= {*file.schema_arrow.names}
    )


def _group(file: parquet.ParquetFile, group: int, protocol: str) -> Records | None:
    table = file.read_row_group(group, columns=list(_NEEDED))
    if not table.num_rows or table["protocol"][0].as_py() != protocol:
        return None
    rows = table["row"].to_pylist()
    # Of several repeats the first, which the map shows.
    return Records(table, {row: place for place, row in reversed([*enumerate(rows)])})


def _agrees(found: Records, rows: list[int], predicted: list[str]) -> bool:
    said = found.table["predicted"].to_pylist()
    return all(
        row in found.places and said[found.places[row]] == name
        for row, name in zip(rows, predicted, strict=True)
    )
