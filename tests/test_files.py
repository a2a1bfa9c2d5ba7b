"""Files appear whole or not at all."""

from pathlib import Path

import pytest

from skknn_syndrome._files import atomic_writer, write_bytes, write_text


def test_text_is_written_as_utf8_into_a_folder_that_need_not_exist(tmp_path: Path) -> None:
    write_text(tmp_path / "new" / "name.txt", "Zoë\n")
    assert (tmp_path / "new" / "name.txt").read_bytes() == b"Zo\xc3\xab\n"


def test_what_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "name.txt"
    write_bytes(path, b"old")
    with pytest.raises(TypeError, match="bytes-like"), atomic_writer(path) as stream:
        stream.writelines([b"ne", "w"])  # type: ignore[list-item]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
