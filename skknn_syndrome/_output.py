"""Output folders that change as a whole: locked, staged, and swapped in at the end."""

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from skknn_syndrome._files import locked, pass_mode_on, write_text
from skknn_syndrome.errors import ForeignFileError, SkknnSyndromeError

LOCK = ".skknn-syndrome.lock"
WORK = ".skknn-syndrome"
"""Holds `staging` while files are made, and `ready` from the moment on when all are there."""
MANIFEST = ".skknn-syndrome.json"
"""What each kind of run wrote into the folder: names with their SHA-256."""
_PLAN = "plan.json"


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
    written: dict[str, dict[str, str]] = field(default_factory=dict)
    """What the manifest says of each kind."""

    @property
    def staging(self) -> Path:
        """Where the files of this run are made."""
        return self.folder / WORK / "staging"

    def refuse_foreign(self, names: Iterable[str], remedy: str) -> None:
        """Refuse to write over files that no run wrote, or that were changed since.

        Parameters
        ----------
        names : iterable of str
            Relative to the folder, with ``/``.
        remedy : str
            How to write over them.

        Raises
        ------
        ForeignFileError
            Naming the files.
        """
        foreign = [name for name in names if self._is_there(name) and not self._is_own(name)]
        if foreign:
            more = f" and {len(foreign) - 3} more" if len(foreign) > 3 else ""  # noqa: PLR2004
            raise ForeignFileError(
                f"{self.folder} holds {', '.join(foreign[:3])}{more}, which skknn-syndrome did not write "
                f"or which was changed since: name another folder with --output, or {remedy}."
            )

    def staged(self) -> list[str]:
        """Return the names of the files in `staging`."""
        return _names(self.staging)

    def is_unchanged(self, name: str) -> bool:
        """Tell whether the last run of this kind wrote the same file."""
        return self.written.get(self.kind, {}).get(name) == _sha256(self.staging / name)

    def _is_there(self, name: str) -> bool:
        return os.path.lexists(self.folder / name)

    def _is_own(self, name: str) -> bool:
        path = self.folder / name
        if path.is_symlink() or not path.is_file():
            return False
        if any(parent.is_symlink() for parent in path.parents if self.folder in parent.parents):
            return False
        return any(name in files and files[name] == _sha256(path) for files in self.written.values())

    def commit(self, kept: Collection[str] = (), ours: Collection[str] = ()) -> None:
        """Let the files in `staging` take their places.

        What an earlier run of this kind left and this one lacks is removed: it would pass for a part of it.

        Parameters
        ----------
        kept : collection of str
            Files of an earlier run that go with this one, and stay.
        ours : collection of str
            Names that are this kind's even where no manifest says so, as in folders of earlier versions.

        Raises
        ------
        SkknnSyndromeError
            If a folder stands where a file has to be, or the other way round; nothing is changed then.
        """
        names = self.staged()
        for name in names:
            _check_place(self.folder, name)
            pass_mode_on(self.folder / name, self.staging / name)
        earlier = self.written.get(self.kind, {})
        files = {name: earlier[name] for name in kept if name in earlier}
        files |= {name: _sha256(self.staging / name) for name in names}
        stale = [name for name in earlier if name not in files and self._is_own(name)]
        stale += [name for name in ours if name not in {*files, *earlier} and self._is_there(name)]
        write_text(self.staging / MANIFEST, json.dumps(self.written | {self.kind: files}, indent=1))
        write_text(self.staging.parent / _PLAN, json.dumps({"last": self.last, "stale": stale}))
        for folder in {self.staging, *((self.staging / name).parent for name in names)}:
            _sync(folder)
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
    made = _make(folder)
    try:
        with locked(folder / LOCK, _busy(folder)):
            _finish(folder)
            output = OutputFolder(folder, kind, last, _read_manifest(folder))
            try:
                output.staging.parent.mkdir(mode=0o700)  # a file may be private that has not got its mode yet
                output.staging.mkdir()
                yield output
            except OSError as error:
                error.filename = _final_name(error.filename, output)
                raise
            finally:
                if output.staging.is_dir():
                    shutil.rmtree(output.staging.parent)
    finally:
        for parent in made:
            with suppress(OSError):  # not empty: something came of it, or somebody else uses it
                parent.rmdir()


def finish_interrupted(folder: Path) -> None:
    """Finish the swap that a killed run had begun, if there is one in this folder."""
    if (folder / WORK / "ready").is_dir():
        with locked(folder / LOCK, _busy(folder)):
            _finish(folder)


def _busy(folder: Path) -> str:
    return f"Another run is writing into {folder}: wait until it ends, or name another folder with --output."


def _make(folder: Path) -> list[Path]:
    """Make a folder with its parents; return those that were missing, the innermost first."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _finish(folder: Path) -> None:
    """Bring in what is ready, and clear the rest."""
    if (folder / WORK / "ready").is_dir():
        _swap(folder)
    if (folder / WORK).is_dir():
        shutil.rmtree(folder / WORK)


def _swap(folder: Path) -> None:
    """Move files from `ready` into place; what was interrupted here can be done again from the start."""
    ready = folder / WORK / "ready"
    plan = json.loads((folder / WORK / _PLAN).read_bytes())
    last = plan["last"]
    if (ready / last).exists():
        # Without it nobody takes the folder for a result, whatever happens now.
        (folder / last).unlink(missing_ok=True)
    for name in _names(ready):
        if name != last:
            _put(ready, folder, name)
    for name in plan["stale"]:
        (folder / name).unlink(missing_ok=True)
    if (ready / last).exists():
        _put(ready, folder, last)
    _sync(folder)
    ready.rename(
        ready.with_name("done")
    )  # before the plan goes, for without it nothing that is ready could be
    shutil.rmtree(folder / WORK)


def _put(ready: Path, folder: Path, name: str) -> None:
    target = folder / name
    for parent in list(target.relative_to(folder).parents)[-2::-1]:
        if (folder / parent).is_symlink():  # what it leads to is somebody else's
            (folder / parent).unlink()
    target.parent.mkdir(parents=True, exist_ok=True)
    (ready / name).replace(target)


def _check_place(folder: Path, name: str) -> None:
    target = folder / name
    if target.is_dir() and not target.is_symlink():
        raise SkknnSyndromeError(f"{target} is a folder where a file has to be: name another --output.")
    parent = next(place for place in target.parents if place.exists())
    if not parent.is_dir():
        raise SkknnSyndromeError(f"{parent} is a file where a folder has to be: name another --output.")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise SkknnSyndromeError(f"You have no permission to write into {parent}: name another --output.")


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _read_manifest(folder: Path) -> dict[str, dict[str, str]]:
    """Return what runs wrote here; a manifest that somebody changed proves nothing."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        return {
            str(kind): {str(name): str(sha) for name, sha in files.items()} for kind, files in found.items()
        }
    except (OSError, ValueError, AttributeError):
        return {}


def _final_name(name: object, output: OutputFolder) -> object:
    """Return the name that a staged file would have had."""
    if isinstance(name, str) and Path(name).is_relative_to(output.staging):
        return str(output.folder / Path(name).relative_to(output.staging))
    return name


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    """Have a folder's entries on disk, not its files' content alone."""
    with suppress(PermissionError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
