import os
from pathlib import Path
from typing import NoReturn

import pytest

from skknn_syndrome.data import content
from skknn_syndrome.data.content import read_content
from skknn_syndrome.errors import EmbeddingsFileError


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(bytes(range(256)))
    assert read_content(path) == bytes(range(256))


def test_a_file_may_have_the_largest_size_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    path.write_bytes(bytes(10))
    monkeypatch.setattr(content, "MAX_FILE_BYTES", 10)
    assert len(read_content(path)) == 10
    monkeypatch.setattr(content, "MAX_FILE_BYTES", 9)
    with pytest.raises(EmbeddingsFileError, match="it is larger than 0 MiB; split it"):
        read_content(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingsFileError, match="there is no such file"):
        read_content(tmp_path / "x")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with pytest.raises(EmbeddingsFileError, match="it is empty"):
        read_content(tmp_path / "x")


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingsFileError, match="it is a directory, not a file"):
        read_content(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x")
    with pytest.raises(EmbeddingsFileError, match="it is a device or a pipe, not a file"):
        read_content(tmp_path / "x")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise PermissionError

    (tmp_path / "x").touch()
    monkeypatch.setattr(Path, "open", refuse)  # an administrator may read everything, so a mode is no test
    with pytest.raises(EmbeddingsFileError, match="you have no permission to read it"):
        read_content(tmp_path / "x")


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingsFileError, match=r"it can't be read \(File name too long\)"):
        read_content(tmp_path / ("x" * 300))
    with pytest.raises(EmbeddingsFileError, match=r"its name can't be that of a file \(embedded null byte\)"):
        read_content(Path("a\0b"))
