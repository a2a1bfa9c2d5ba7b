"""Published scores, from a CSV file."""

import csv
from pathlib import Path

from pydantic import ValidationError

from skknn_syndrome.errors import PublishedFileError, quote
from skknn_syndrome.results.published import PublishedScore

COLUMNS = ("source", "table", "dataset", "classifier", "distance", "n_neighbors", "score", "value")


def load_published(path: str | Path) -> tuple[PublishedScore, ...]:
    """Read published scores.

    Parameters
    ----------
    path : str or Path
        A CSV file with the columns ``source, table, dataset, classifier, distance, n_neighbors, score,
        value``; an empty `n_neighbors` means that the source does not say.

    Returns
    -------
    tuple of PublishedScore
        In file order.

    Raises
    ------
    PublishedFileError
        If the file can't be read, lacks a column, or a row holds no number where one belongs.
    """
    try:
        with Path(path).open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise PublishedFileError(
                    f"{path} lacks the column {missing[0]!r}; it needs {', '.join(COLUMNS)}.",
                    code="missing_column",
                )
            return tuple(_read_row(path, reader.line_num, row) for row in reader)
    except OSError as error:
        raise PublishedFileError(
            f"{path} can't be read: {error.strerror}.", code="unreadable", parameter="path"
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise PublishedFileError(f"{path} is no CSV file in UTF-8: {error}.", code="not_csv") from error


def _read_row(path: str | Path, line: int, row: dict[str, str]) -> PublishedScore:
    cells = {column: row[column] for column in COLUMNS} | {"n_neighbors": row["n_neighbors"] or None}
    try:
        # CSV knows text alone, so numbers are read out of it.
        return PublishedScore.model_validate(cells, strict=False)
    except ValidationError as error:
        column = str(error.errors()[0]["loc"][0])
        raise PublishedFileError(
            f"{path}, line {line}: {column} is {quote(row[column])}, which does not fit there.",
            code="invalid_value",
        ) from error
