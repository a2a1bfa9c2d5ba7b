import os
from pathlib import Path
from typing import NoReturn

import pytest

from skknn_syndrome import _limits
from skknn_syndrome._limits import TRUST
from skknn_syndrome.data import content
from skknn_syndrome.data.content import check_lines, read_content
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
    with pytest.raises(EmbeddingsFileError, match=f"it is larger than 0 MiB; split it, or .* {TRUST}=1"):
        read_content(path)
    monkeypatch.setenv(TRUST, "1")
    assert len(read_content(path)) == 10


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


HEADER = b"syndrome,e0\n"


@pytest.mark.parametrize(
    "lines",
    [
        HEADER + b"a,0.5\n" * 10,
        HEADER + b"a,\n" * 260_000,  # few enough, whatever they hold
        HEADER + b"Noonan,0.25\r\n" * 300_000,
        b"",
        b"syndrome,e0",
        b"a" * 1_000_000,
    ],
)
def test_lines_of_text_pass(lines: bytes) -> None:
    check_lines(lines)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_many_short_lines_are_refused_before_they_are_taken_apart(
    end: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_limits, "FREE_TEXT_BYTES", 1_000_000)
    with pytest.raises(EmbeddingsFileError, match=r"it claims 3,00\d rows that would take 2 MiB of memory"):
        check_lines(HEADER + b"," + end + (b"a" + end) * 3000)


@pytest.mark.parametrize("separator", [b",", b";", b"\t", b"|"])
def test_many_columns_are_refused_before_they_are_named(separator: bytes) -> None:
    line = separator * 100_000
    for end in (b"", b"\n", b"\r\n"):
        with pytest.raises(
            EmbeddingsFileError, match="it claims 100,001 columns, and at most 100,000 are read"
        ):
            check_lines(line + end)
    check_lines(line[1:])
