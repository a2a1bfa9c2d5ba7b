"""Atomic writing of files: whole or not at all, one writer at a time."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from skknn_syndrome.errors import FileInUseError

if TYPE_CHECKING:
    from filelock import BaseFileLock

_NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP}


@contextmanager
def locked(lock: Path, busy: str) -> Iterator[None]:
    """Hold a lock that ends with the process that holds it, however that ends.

    Parameters
    ----------
    lock : Path
        The file that stands for it; it is there only while somebody holds it, or was killed doing so.
    busy : str
        What to say where another process holds it.

    Raises
    ------
    FileInUseError
        At once, if it is held, or was left by a run of another user.

    Examples
    --------
    >>> import tempfile
    >>> lock = Path(tempfile.mkdtemp()) / "lock"
    >>> with locked(lock, "try later"), locked(lock, "try later"):
    ...     pass
    Traceback (most recent call last):
      ...
    skknn_syndrome.errors.FileInUseError: try later
    >>> lock.exists()
    False
    """
    held = _acquired(lock, busy)
    try:
        yield
    finally:
        # Removed while it is held: whoever opened it before finds a file without a name, which locks nothing.
        with suppress(PermissionError):  # Windows removes no open file; the next run finds it and takes it
            lock.unlink(missing_ok=True)
        held.release()


def _acquired(lock: Path, busy: str) -> "BaseFileLock":
    from filelock import FileLock, SoftFileLock, Timeout  # noqa: PLC0415  asyncio: a tenth of a second

    held: BaseFileLock = FileLock(lock, blocking=False)
    try:
        try:
            held.acquire()
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            # Some network file systems have no locks; there a file stands for one while its process lives.
            held = SoftFileLock(lock, blocking=False)
            held.acquire()
    except Timeout:
        raise FileInUseError(busy, code="file_in_use") from None
    except PermissionError:
        if not lock.exists():
            raise
        raise FileInUseError(
            f"{lock} was left by a run of another user: remove it if that has ended.", code="file_in_use"
        ) from None
    return held


@contextmanager
def atomic_writer(path: Path) -> Iterator[IO[bytes]]:
    """Open a binary file that takes its name only once it is complete and on disk.

    Parameters
    ----------
    path : Path
        The final name; its folder is made where it is missing. A file that stands there passes its mode on; a
        link is replaced, and what it leads to stays as it is.

    Yields
    ------
    IO[bytes]
        A temporary file in the same folder, so that the rename can't cross file systems. If the block
        raises, the temporary file is removed and what stood at `path` stays as it was; if the process is
        killed, the next writer of `path` removes it.

    Raises
    ------
    FileInUseError
        If another process is writing the same file.
    OSError
        With `path` as its file name, such as for a full disk.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with atomic_writer(folder / "note.txt") as stream:
    ...     _ = stream.write(b"whole")
    >>> (folder / "note.txt").read_bytes()
    b'whole'
    """
    from hashlib import sha256  # noqa: PLC0415  a part of the time of a help, which writes nothing

    path.parent.mkdir(parents=True, exist_ok=True)
    # Made of the name, so that the next writer knows what a killed one left; a hash, for names can be long.
    stem = f".{sha256(os.fsencode(path.name)).hexdigest()[:16]}"
    temporary = path.with_name(f"{stem}.tmp")
    busy = f"{path} is being written by another process: wait for it, or choose another name."
    with locked(path.with_name(f"{stem}.lock"), busy):
        temporary.unlink(missing_ok=True)
        try:
            # "x" creates under the user's umask; tempfile would leave a result that nobody else can read.
            with temporary.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            pass_mode_on(path, temporary)
            temporary.replace(path)
        except BaseException as error:
            temporary.unlink(missing_ok=True)
            # Neither a full disk's error, which names no file, nor a temporary name helps. An error without a
            # number would lose its message.
            if isinstance(error, OSError) and error.errno and error.filename in {None, str(temporary)}:
                error.filename = str(path)
            raise


def pass_mode_on(path: Path, successor: Path) -> None:
    """Give the file that takes another one's name its mode as well."""
    if path.is_file() and not path.is_symlink():
        shutil.copymode(path, successor)


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all."""
    with atomic_writer(path) as stream:
        stream.write(content)


def write_text(path: Path, content: str) -> None:
    """Write `content` to `path` as UTF-8, whole or not at all."""
    write_bytes(path, content.encode("utf-8"))
