"""Output folders that change as a whole: locked, staged, and swapped in at the end."""

import json
import os
import shutil
import signal
import threading
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from skknn_syndrome._files import locked, pass_mode_on, write_text
from skknn_syndrome.errors import Argument, ForeignFileError, SkknnSyndromeError

LOCK = ".skknn-syndrome.lock"
WORK = ".skknn-syndrome"
"""Holds `staging` while files are made, and `ready` from the moment on when all are there."""
MANIFEST = ".skknn-syndrome.json"
"""What each kind of run wrote into the folder: names with their SHA-256."""
_PLAN = "plan.json"
_SHOWN = 3


@dataclass(frozen=True)
class OutputFolder:
    """A folder whose files one run replaces, all or none.

    The files are made in `staging`, inside of the folder, so that the swap can't cross file systems.
    """

    folder: Path
    kind: str
    """What run it is, such as ``"study"``: files of other kinds stay."""
    last: str
    """The name by which readers find the result: it goes before anything changes, and comes back last."""
    written: Mapping[str, Mapping[str, str]]
    """What the manifest says of each kind."""

    @property
    def staging(self) -> Path:
        """Where the files of this run are made."""
        return self.folder / WORK / "staging"

    def staged(self) -> list[str]:
        """Return the names of the files in `staging`."""
        return _names(self.staging)

    def refuse_foreign(self, names: Iterable[str]) -> None:
        """Refuse to write over files that no run wrote, or that were changed since.

        Parameters
        ----------
        names : iterable of str
            Relative to the folder, with ``/``.

        Raises
        ------
        ForeignFileError
            Naming the files.
        """
        foreign = [name for name in names if os.path.lexists(self.folder / name) and not self._is_own(name)]
        if foreign:
            more = f" and {len(foreign) - _SHOWN} more" if len(foreign) > _SHOWN else ""
            were = "were" if len(foreign) > 1 else "was"
            raise ForeignFileError(
                "{folder} holds {files}, which skknn-syndrome did not write, or which {were} changed since: "
                "name another folder with --output, or write over with {force}.",
                code="foreign_files",
                folder=self.folder,
                files=f"{', '.join(foreign[:_SHOWN])}{more}",
                were=were,
                force=Argument("force", value=True),
            )

    def is_unchanged(self, name: str) -> bool:
        """Tell whether the last run of this kind wrote the same file."""
        return self.written.get(self.kind, {}).get(name) == _sha256(self.staging / name)

    def _is_own(self, name: str) -> bool:
        known = [files[name] for files in self.written.values() if name in files]
        return bool(known) and _is_plain(self.folder, name) and _sha256(self.folder / name) in known

    def _stale(self, kept: Collection[str], ours: Iterable[str]) -> list[str]:
        """Return what an earlier run of this kind left, and only such a run."""
        others = {name for kind, files in self.written.items() if kind != self.kind for name in files}
        earlier = self.written.get(self.kind, {})
        stale = [name for name in earlier if name not in others and self._is_own(name)]
        if not self.written:
            stale += [name for name in ours if _is_plain(self.folder, name)]
        return [name for name in stale if name not in kept]

    def commit(self, kept: Collection[str] = (), ours: Collection[str] = ()) -> None:
        """Let the files in `staging` take their places.

        What an earlier run of this kind left and this one lacks is removed: it would pass for a part of it.

        Parameters
        ----------
        kept : collection of str
            Files of an earlier run that go with this one, and stay.
        ours : collection of str
            Names that are this kind's although there is no manifest, as in folders of earlier versions.

        Raises
        ------
        SkknnSyndromeError
            If a folder stands where a file has to be, or the other way round, or a file could not be replaced
            for want of permission; nothing is changed then.
        """
        names = self.staged()
        earlier = self.written.get(self.kind, {})
        files = {name: earlier[name] for name in kept if name in earlier}
        files |= {name: _sha256(self.staging / name) for name in names}
        stale = self._stale(files, ours)
        for name in (*names, *stale):
            _check_place(self.folder, name)
        for name in names:
            pass_mode_on(self.folder / name, self.staging / name)
        write_text(self.staging / MANIFEST, json.dumps({**self.written, self.kind: files}, indent=1))
        write_text(self.staging.parent / _PLAN, json.dumps({"last": self.last, "stale": stale}))
        for folder in {self.staging.parent, self.staging, *((self.staging / name).parent for name in names)}:
            _sync(folder)
        with _uninterrupted():
            self.staging.rename(self.staging.with_name("ready"))  # from here on the next run would finish it
            _swap(self.folder)


@contextmanager
def open_output(folder: Path, *, kind: str, last: str) -> Iterator[OutputFolder]:
    """Lock a folder, finish what a killed run left there, and give a place to make new files.

    Parameters
    ----------
    folder : Path
        Made where it is missing, and removed again if nothing comes of it.
    kind, last
        As in `OutputFolder`.

    Yields
    ------
    OutputFolder
        Nothing in `folder` changes before its `commit`.

    Raises
    ------
    FileInUseError
        At once, if another process writes into the folder.
    SkknnSyndromeError
        If what a killed run left can't be cleared.
    OSError
        With the final name of the file that it is about.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with open_output(folder, kind="study", last="study.json") as output:
    ...     write_text(output.staging / "study.json", "{}")
    ...     output.commit()
    >>> sorted(path.name for path in folder.iterdir())
    ['.skknn-syndrome.json', 'study.json']
    """
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    busy = f"Another run is writing into {folder}: wait until it ends, or name another folder with --output."
    try:
        with locked(folder / LOCK, busy):
            _finish(folder)
            output = OutputFolder(folder, kind, last, _read_manifest(folder))
            try:
                output.staging.parent.mkdir(mode=0o700)  # a file may be private that has not got its mode yet
                output.staging.mkdir()
                yield output
            except OSError as error:
                _name_finally(error, output)
                raise
            finally:
                if output.staging.is_dir():
                    shutil.rmtree(output.staging.parent)
    finally:
        for place in made:
            with suppress(OSError):  # not empty: something came of it, or somebody else uses it
                place.rmdir()


def read_whole(path: Path, most_bytes: int = -1) -> bytes:
    """Read a result, also while its folder is swapped, or after a run was killed doing so.

    Raises
    ------
    OSError
        If it can't be read.
    """
    for place in (path, _in_swap(path)):
        with suppress(FileNotFoundError, NotADirectoryError), place.open("rb") as stream:
            return stream.read(most_bytes)
    with path.open("rb") as stream:  # where it has come back to in between
        return stream.read(most_bytes)


def is_there(path: Path) -> bool:
    """Tell whether there is a result at a path, also in the middle of a swap."""
    return path.exists() or _in_swap(path).exists() or path.exists()


def _in_swap(path: Path) -> Path:
    return path.parent / WORK / "ready" / path.name


def _finish(folder: Path) -> None:
    """Bring in what is ready, and clear the rest."""
    work = folder / WORK
    if not os.path.lexists(work):
        return
    try:
        if (work / "ready").is_dir():
            _swap(folder)
        else:
            shutil.rmtree(work)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SkknnSyndromeError(
            f"What an interrupted run left in {work} can't be cleared ({error}): remove this folder, or name "
            "another one with --output.",
            code="leftovers_stuck",
        ) from error


def _swap(folder: Path) -> None:
    """Move files from `ready` into place; what was interrupted here can be done again from the start."""
    work = folder / WORK
    ready = work / "ready"
    plan = json.loads((work / _PLAN).read_bytes())
    last, stale = _inside(plan["last"]), [_inside(name) for name in plan["stale"]]
    if (ready / last).exists():
        # Without it nobody takes the folder for a result, whatever happens now.
        (folder / last).unlink(missing_ok=True)
    for name in _names(ready):
        if name != last:
            _put(ready, folder, name)
    for name in stale:
        _remove(folder, name)
    if (ready / last).exists():
        _put(ready, folder, last)
    _sync(folder)
    ready.rename(
        ready.with_name("done")
    )  # before the plan goes, for without it nothing that is ready could be
    shutil.rmtree(work)


def _remove(folder: Path, name: str) -> None:
    if _is_plain(folder, name):
        try:
            (folder / name).unlink()
        except OSError as error:
            message = f"{folder / name} is of an earlier run, and can't be removed: {error.strerror}."
            warnings.warn(message, stacklevel=2)


def _put(ready: Path, folder: Path, name: str) -> None:
    target = folder / name
    for parent in _parents(folder, name):
        if parent.is_symlink():  # what it leads to is somebody else's
            parent.unlink()
    target.parent.mkdir(parents=True, exist_ok=True)
    (ready / name).replace(target)


def _parents(folder: Path, name: str) -> list[Path]:
    """Return the folders between an output folder and a file in it, the outermost first."""
    return [folder / parent for parent in [*PurePosixPath(name).parents][-2::-1]]


def _is_plain(folder: Path, name: str) -> bool:
    """Tell whether this is a file that no link leads to."""
    path = folder / name
    return path.is_file() and not any(place.is_symlink() for place in (path, *_parents(folder, name)))


def _check_place(folder: Path, name: str) -> None:
    target = folder / name
    if target.is_dir() and not target.is_symlink():
        raise _unusable(f"{target} is a folder where a file has to be")
    parent = next(place for place in target.parents if place.exists())
    if not parent.is_dir():
        raise _unusable(f"{parent} is a file where a folder has to be")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise _unusable(f"You have no permission to write into {parent}")


def _unusable(fault: str) -> SkknnSyndromeError:
    return SkknnSyndromeError(f"{fault}: name another --output.", code="output_folder_unusable")


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _inside(name: object) -> str:
    """Return a name that was read from a file, if it can't lead out of the folder."""
    path = PurePosixPath(str(name))
    if (
        path.is_absolute()
        or ".." in path.parts
        or not path.parts
        or ":" in path.parts[0]
        or "\\" in str(name)
    ):
        message = f"{name!r} is no name of a file in it"
        raise ValueError(message)
    return str(path)


def _read_manifest(folder: Path) -> dict[str, dict[str, str]]:
    """Return what runs wrote here; a manifest that somebody changed proves nothing."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        return {
            str(kind): {_inside(name): str(sha) for name, sha in files.items()}
            for kind, files in found.items()
        }
    except (OSError, ValueError, AttributeError):
        return {}


def _name_finally(error: OSError, output: OutputFolder) -> None:
    """Let an error on a staged file speak of the name that it would have had."""
    name = error.filename
    if isinstance(name, str) and Path(name).is_relative_to(output.staging):
        error.filename = str(output.folder / Path(name).relative_to(output.staging))


def _sha256(path: Path) -> str:
    from hashlib import file_digest  # noqa: PLC0415  a part of the time of a help, which writes nothing

    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    """Have a folder's entries on disk, not its files' content alone."""
    with suppress(OSError):  # Windows opens no folders, and some network file systems sync none
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait for the few milliseconds of a swap."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    usual = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if usual is None else usual)
    if pressed:
        signal.raise_signal(signal.SIGINT)  # to whoever takes it usually: a job in the background ignores it
