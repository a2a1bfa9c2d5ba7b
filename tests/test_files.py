"""Files appear whole or not at all."""

import errno
import stat
from pathlib import Path

import pytest
from filelock import FileLock

from skknn_syndrome._files import atomic_writer, write_bytes, write_text
from skknn_syndrome.errors import FileInUseError


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


def test_a_second_writer_of_the_same_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "name.txt"
    with atomic_writer(path) as stream:
        with pytest.raises(FileInUseError, match="another process"):
            write_text(path, "second")
        stream.write(b"first")
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_the_next_writer_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    path = tmp_path / "name.txt"
    with atomic_writer(path) as stream:
        stream.write(b"half")
        stream.flush()
        left = {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()}
    assert b"half" in left.values()
    for name, content in left.items():
        (tmp_path / name).write_bytes(content)
    write_bytes(path, b"whole")
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "name.txt"
    write_bytes(path, b"old")
    path.chmod(0o600)
    write_bytes(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_is_replaced_and_its_target_stays(tmp_path: Path) -> None:
    (tmp_path / "target.txt").write_text("theirs")
    (tmp_path / "link.txt").symlink_to(tmp_path / "target.txt")
    write_text(tmp_path / "link.txt", "ours")
    assert (tmp_path / "target.txt").read_text() == "theirs"
    assert not (tmp_path / "link.txt").is_symlink()


def test_a_full_disk_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "name.txt"
    with pytest.raises(OSError, match="No space") as caught, atomic_writer(path):
        raise OSError(28, "No space left on device")
    assert caught.value.filename == str(path)


def test_an_error_without_a_number_keeps_its_message(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cable pulled"), atomic_writer(tmp_path / "name.txt"):
        raise OSError("cable pulled")


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_where_there_are_no_locks_a_file_stands_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(_: FileLock) -> None:
        raise OSError(number, "No locks available")

    monkeypatch.setattr(FileLock, "_acquire", fail)
    path = tmp_path / "name.txt"
    with atomic_writer(path) as stream:
        with pytest.raises(FileInUseError):
            write_text(path, "second")
        stream.write(b"first")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("was_left", [True, False])
def test_a_lock_of_another_user_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, was_left: bool
) -> None:
    def fail(lock: FileLock) -> None:
        if was_left:
            Path(lock.lock_file).touch()
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(FileLock, "_acquire", fail)
    with pytest.raises(FileInUseError if was_left else PermissionError):
        write_text(tmp_path / "name.txt", "text")


def test_other_faults_of_locks_are_told_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: FileLock) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(FileLock, "_acquire", fail)
    with pytest.raises(OSError, match="Input/output error"):
        write_text(tmp_path / "name.txt", "text")
