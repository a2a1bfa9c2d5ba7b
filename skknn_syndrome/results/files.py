"""Results as JSON files."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from skknn_syndrome._files import write_text
from skknn_syndrome._output import finish_interrupted
from skknn_syndrome.errors import StudyFileError

ResultType = TypeVar("ResultType", bound=BaseModel)


def save_result(result: BaseModel, path: Path) -> None:
    """Write a result as JSON, whole or not at all."""
    write_text(path, result.model_dump_json(indent=1) + "\n")


def load_result(kind: type[ResultType], path: Path, word: str) -> ResultType:
    """Read a result that `save_result` wrote.

    Parameters
    ----------
    kind : type
        Of the result.
    path : Path
    word : str
        What people call such a file.

    Returns
    -------
    An instance of `kind`.

    Raises
    ------
    StudyFileError
        If the file can't be read, or is no such result.
    """
    finish_interrupted(path.parent)
    try:
        return kind.model_validate_json(path.read_bytes())
    except OSError as error:
        raise StudyFileError(f"The {word} {path} can't be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the top level"
        raise StudyFileError(
            f"The file {path} is no {word} of this package: at {where}, {first['msg']}."
        ) from error
