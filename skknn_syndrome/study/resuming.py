"""Resuming of a study: its finished parts, kept in a folder until all is written."""

import os
import shutil
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path
from types import FunctionType
from typing import IO, Any, Final, TypeVar
from zipfile import BadZipFile

import numpy as np
from pydantic import TypeAdapter

from skknn_syndrome._files import atomic_writer, write_text
from skknn_syndrome._typing import FloatArray, LabelArray
from skknn_syndrome.crossval.provenance import fingerprint
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import Argument, StudySettingsError, UnfinishedStudyWarning
from skknn_syndrome.heads.base import Head
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.search import Neighbors
from skknn_syndrome.results.analysis import Analyses, Analysis
from skknn_syndrome.results.base import Result

UNFINISHED: Final = ".unfinished"
"""The folder of kept parts, inside of that of a study."""

LEAST_SECONDS = 0.5
"""Parts that take less are not worth a file."""

GRAPH: Final = "graph"

_RUN = "run.json"
_PACKAGES = "skknn-syndrome", "numpy", "scikit-learn"
_WITHOUT_EFFECT = frozenset({"X", "y", "groups", "n_jobs", "callbacks", "ignore"})
"""Parameters that are told by the data's hash, or change no part."""

Taken = TypeVar("Taken")


class KeptPart(Result):
    """A finished part of a study."""

    seconds: float
    """What it took."""
    sha256: str
    """Of its file."""


class Unfinished(Result):
    """What an unfinished study was asked for, and which of its parts are kept."""

    data_sha256: str
    versions: dict[str, str]
    settings: dict[str, Any]
    parts: dict[str, KeptPart]


class KeptParts:
    """Finished parts of a study, in the folder ``.unfinished``, so that a study that is stopped can go on.

    What takes half a second or longer is kept: the neighbour graph and each analysis, as NPZ and JSON. The
    search, which is quick, is made again. Files are written whole or not at all, and nothing that runs code
    is ever loaded. One study at a time may use a folder.

    Parameters
    ----------
    folder : str or path-like
        Of the study; ``.unfinished`` is made inside of it.
    resume : bool, default=False
        Take up what an earlier run with the same data and settings left. Otherwise the first part that is
        kept replaces all of it.

    Examples
    --------
    >>> import tempfile
    >>> from skknn_syndrome import make_syndrome_embeddings, study_dataset
    >>> keep = KeptParts(tempfile.mkdtemp())
    >>> study = study_dataset(
    ...     make_syndrome_embeddings(n_features=8), n_neighbors=[5], cv=3, analyses=(), with_map=False,
    ...     keep=keep,
    ... )
    >>> keep.discard()  # once the study is saved
    >>> keep.folder.exists()
    False
    """

    def __init__(self, folder: str | os.PathLike[str], *, resume: bool = False) -> None:
        self.folder = Path(folder) / UNFINISHED
        self.resume = resume
        self.parts: dict[str, KeptPart] = {}
        """What is kept of the study that runs, by the names of parts."""
        self._asked: dict[str, Any] = {}
        self._replaces = True

    def begin(self, dataset: EmbeddingDataset, settings: Mapping[str, Any]) -> None:
        """Take up what is there, if that is asked for.

        Parameters
        ----------
        dataset : EmbeddingDataset
        settings : mapping of str to object
            Whatever the study was asked for, by parameter.

        Raises
        ------
        StudySettingsError
            What is there is of other data or settings or was made by other versions; or it can't be known
            whether a setting is the same in another run.
        """
        self.begin_on(_fingerprint(dataset), settings)

    def begin_on(self, data_sha256: str, settings: Mapping[str, Any]) -> None:
        """Do the same for data that are known by a fingerprint, such as those of several encoders."""
        told = {name: value for name, value in settings.items() if name not in _WITHOUT_EFFECT}
        self._asked = {
            "data_sha256": data_sha256,
            "versions": {name: version(name) for name in _PACKAGES},
            "settings": _described_settings(told),
        }
        if self.resume and self.found is not None:
            _refuse_another(self.folder, self.found, Unfinished(**self._asked, parts={}))
            self.parts, self._replaces = dict(self.found.parts), False

    @cached_property
    def found(self) -> Unfinished | None:
        """What an earlier run left; None where there is nothing, or nothing that can be read."""
        path = self.folder / _RUN
        if self.folder.is_symlink() or not path.exists():
            return None
        try:
            return Unfinished.model_validate_json(path.read_bytes())
        except (OSError, ValueError):
            warnings.warn(
                f"{path} was cut or changed: all parts are computed again.",
                UnfinishedStudyWarning,
                stacklevel=2,
            )
            return None

    def take(self, part: str) -> tuple[Analyses, float] | None:
        """Return what a part found, and what it took; None where it has to be computed."""
        return self._take(part, f"{part}.json", lambda path: _ADAPTER.validate_json(path.read_bytes()))

    def take_graph(self, samples: FloatArray) -> tuple[NeighborGraph, float] | None:
        """Return the graph of the rows, and what it took; None where it has to be made."""
        return self._take(GRAPH, f"{GRAPH}.npz", lambda path: _load_graph(path, samples))

    def keep(self, part: str, found: Sequence[Analysis | None], seconds: float) -> None:
        """Keep what a part found, if anything."""
        analyses = Analyses.of(found)
        if analyses:
            content = _ADAPTER.dump_json(analyses)
            self._keep(part, f"{part}.json", seconds, lambda stream: stream.write(content))

    def keep_graph(self, graph: NeighborGraph, seconds: float) -> None:
        """Keep the lists of a graph; its rows are the data's."""
        lists = {
            f"{metric} {name}": array
            for metric in graph.metrics
            for name, array in graph.neighbors(metric)._asdict().items()
        }
        self._keep(GRAPH, f"{GRAPH}.npz", seconds, partial(np.savez, **lists))

    def take_arrays(self, part: str, read: Callable[[Mapping[str, LabelArray]], Taken]) -> Taken | None:
        """Return what a part's arrays tell; None where it has to be computed."""
        found = self._take(part, _file_name(part), lambda path: read(_load_arrays(path)))
        return None if found is None else found[0]

    def keep_arrays(self, part: str, arrays: Mapping[str, LabelArray], seconds: float) -> None:
        """Keep what a part found as arrays by name."""
        named: dict[str, Any] = dict(arrays)
        self._keep(part, _file_name(part), seconds, lambda stream: np.savez(stream, **named))

    def discard(self) -> None:
        """Remove all that is kept: the study is written, or begins anew."""
        if self.folder.is_symlink():  # what it leads to is somebody else's
            self.folder.unlink()
        elif self.folder.exists():
            shutil.rmtree(self.folder)

    def _take(self, part: str, name: str, load: Callable[[Path], Taken]) -> tuple[Taken, float] | None:
        entry, path = self.parts.get(part), self.folder / name
        if entry is None:
            return None
        with suppress(OSError, ValueError, KeyError, BadZipFile):  # of which the warning below tells
            if _sha256(path) == entry.sha256:
                return load(path), entry.seconds
        del self.parts[part]
        warnings.warn(
            f"{path} was cut or changed: this part is computed again.", UnfinishedStudyWarning, stacklevel=2
        )
        return None

    def _keep(self, part: str, name: str, seconds: float, write: Callable[[IO[bytes]], object]) -> None:
        if seconds < LEAST_SECONDS:
            return
        path = self.folder / name
        try:
            if self._replaces:
                self.discard()
                self._replaces = False
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # the study's files may be private
            with atomic_writer(path) as stream:
                write(stream)
            self.parts[part] = KeptPart(seconds=seconds, sha256=_sha256(path))
            run = Unfinished(**self._asked, parts=self.parts)
            write_text(self.folder / _RUN, run.model_dump_json(indent=1))
        except OSError as error:  # a full disk may have room again when hours of computing are done
            said = f"The part {part!r} can't be kept for --resume: {error.strerror}: {error.filename}."
            warnings.warn(said, UnfinishedStudyWarning, stacklevel=2)


_ADAPTER = TypeAdapter(Analyses)


def _load_graph(path: Path, samples: FloatArray) -> NeighborGraph:
    with np.load(path, allow_pickle=False) as lists:
        metrics = dict.fromkeys(name.partition(" ")[0] for name in lists.files)
        found = {
            metric: Neighbors(*(lists[f"{metric} {name}"] for name in Neighbors._fields))
            for metric in metrics
        }
    return NeighborGraph(samples, found)


def _load_arrays(path: Path) -> dict[str, LabelArray]:
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


def _file_name(part: str) -> str:
    """Return a file's name for a part that is called after encoders, whose names may be anything."""
    return f"{sha256(part.encode()).hexdigest()[:16]}.npz"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _fingerprint(dataset: EmbeddingDataset) -> str:
    """Return a hash of all that parts may tell of a data set: its name is in some of them."""
    names = np.array([dataset.name, str(dataset.sha256), str(dataset.simulated)])
    return fingerprint(dataset.embeddings, dataset.syndromes, dataset.subjects, dataset.images, names)


def _described_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as JSON has them; those of an estimator one by one."""
    if settings.get("random_state", 0) is None:
        raise StudySettingsError(
            "{seed} makes other folds in each run, of which nothing can be taken up: give a number.",
            code="random_state_not_kept",
            parameter="random_state",
            seed="random_state=None",
        )
    found: dict[str, Any] = {}
    for name, value in settings.items():
        try:
            told = _described(value)
        except TypeError as error:
            raise StudySettingsError(
                "{name} holds a {kind}, of which another run can't know whether it is the same: give text, "
                "numbers, arrays or estimators of these, or keep nothing.",
                code="setting_not_kept",
                parameter=name,
                name=Argument(name),
                kind=str(error),
            ) from error
        found[name] = told["class"] if isinstance(told, dict) else told
        if isinstance(told, dict):
            found |= {f"{name}.{key}": one for key, one in told["params"].items()}
    return found


def _described(value: Any) -> Any:  # noqa: ANN401  whatever a study takes
    """Return a value as JSON has it; raise TypeError with the name of a type that can't be told."""
    is_entries = isinstance(value, np.ndarray) and value.dtype == object
    plain = value.tolist() if is_entries or isinstance(value, np.generic) else value
    if plain is None or isinstance(plain, str | bool | int | float):
        return plain
    if isinstance(plain, np.ndarray):
        return fingerprint(plain)
    if isinstance(plain, Mapping):
        return [[_described(key), _described(one)] for key, one in plain.items()]
    if isinstance(plain, range | list | tuple):
        return [_described(one) for one in plain]
    if isinstance(plain, set | frozenset):
        return sorted(map(_described, plain), key=repr)
    return plain.name if isinstance(plain, Head) else _described_object(plain)


def _described_object(value: object) -> dict[str, Any]:
    """Describe an estimator, or folds such as `StratifiedKFold`, which have no `get_params`."""
    if isinstance(value, type | FunctionType) or not hasattr(value, "__dict__"):
        raise TypeError(type(value).__name__)
    params = value.get_params(deep=False) if hasattr(value, "get_params") else vars(value)
    kind = type(value)
    described = {name: _described(one) for name, one in params.items()}
    return {"class": f"{kind.__module__}.{kind.__qualname__}", "params": described}


def _refuse_another(folder: Path, kept: Unfinished, asked: Unfinished) -> None:
    """Refuse parts of another study, and say what it has that this one has not."""
    told: list[str] = []
    fields: dict[str, object] = {}
    for place, name in enumerate({**asked.settings, **kept.settings}):
        was, now = kept.settings.get(name), asked.settings.get(name)
        # By the parameter's own name: that of an estimator is written "estimator.temperature".
        whole, _, parameter = name.rpartition(".")
        if whole and kept.settings.get(whole) != asked.settings.get(whole):
            continue  # another class has parameters of its own
        if was != now and {type(was), type(now)} <= {str, int, float}:
            told.append(f"{{was_{place}}} instead of {{now_{place}}}")
            fields |= {f"was_{place}": Argument(parameter, was), f"now_{place}": Argument(parameter, now)}
        elif was != now:
            told.append(f"another {{was_{place}}}")
            fields[f"was_{place}"] = Argument(parameter)
    told += ["other data"] * (kept.data_sha256 != asked.data_sha256)
    told += [
        f"{name} {kept.versions.get(name)} instead of {now}"
        for name, now in asked.versions.items()
        if kept.versions.get(name) != now
    ]
    if told:
        raise StudySettingsError(
            f"{{folder}} holds parts of another study ({', '.join(told)}): leave {{resume}} out to start "
            "afresh, or give data and settings as they were.",
            code="another_study",
            parameter="resume",
            folder=folder,
            resume=Argument("resume", value=True),
            **fields,
        )
