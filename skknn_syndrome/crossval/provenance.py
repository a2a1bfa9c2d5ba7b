"""Provenance of a study: versions, settings, times, and a fingerprint of the data."""

import hashlib
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from time import perf_counter

import numpy as np

from skknn_syndrome._typing import BoolArray, Estimator, LabelArray
from skknn_syndrome.heads.base import Head, TaskName
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.metrics.registry import definitions
from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.dataset import DataNouns, DatasetSummary, SyndromeCount
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.results.provenance import Averaging, HeadNote, Provenance, Timing, Version

PACKAGES = ("skknn-syndrome", "scikit-learn", "numpy", "scipy", "pandas", "pydantic", "joblib")


class Stopwatch:
    """The moment at which a study began."""

    def __init__(self) -> None:
        self.started = datetime.now(tz=UTC)
        self._start = perf_counter()
        self._parts: dict[str, float] = {}
        self._expected: dict[str, float] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count what is done inside as one part; several turns of it add up."""
        start = perf_counter()
        yield
        self._parts[name] = self._parts.get(name, 0.0) + perf_counter() - start

    def find(self, name: str, compute: Callable[[], Iterable[Analysis | None]]) -> list[Analysis | None]:
        """Return what one part finds, and count it."""
        with self.part(name):
            return [*compute()]

    def add(self, name: str, seconds: float) -> None:
        """Count a part that was done before, in an earlier run."""
        self._parts[name] = self._parts.get(name, 0.0) + seconds
        self._start -= seconds

    def expect(self, seconds: Mapping[str, float]) -> None:
        """Note what parts are expected to take."""
        self._expected.update(seconds)

    @property
    def timings(self) -> tuple[Timing, ...]:
        """The parts, to the millisecond, and what they were expected to take."""
        expected = {part: round(seconds, 3) for part, seconds in self._expected.items()}
        return tuple(
            Timing(part=part, seconds=round(seconds, 3), expected_seconds=expected.get(part))
            for part, seconds in self._parts.items()
        )

    def elapsed_seconds(self) -> float:
        """Return the seconds since then, to the millisecond."""
        return round(perf_counter() - self._start, 3)


def make_provenance(
    estimator: Estimator,
    *,
    random_state: int | None,
    refit: str,
    stopwatch: Stopwatch,
    task: TaskName = "multiclass",
    command: str | None = None,
    settings: str = "",
    head: Head = KNN,
) -> Provenance:
    """Write down how a study came to be.

    Parameters
    ----------
    estimator : classifier or Pipeline
        As it was before the grid set its parameters.
    random_state : int or None
        The seed of the folds.
    refit : str
        The score that decided.
    stopwatch : Stopwatch
        Started with the study.
    task : {"binary", "multiclass"}
        Whose scores are described.
    command : str, optional
        The command line, without names of folders.
    settings : str
        What was set on it or in a file, as TOML.
    head : Head
        What was searched.

    Returns
    -------
    Provenance
        With the versions of the packages that the numbers depend on.
    """
    return Provenance(
        command=command,
        settings=settings,
        estimator=" ".join(repr(estimator).split()),
        head=None if head is KNN else HeadNote(title=head.title, gives=tuple(sorted(head.gives))),
        random_state=random_state,
        refit=refit,
        started=stopwatch.started.isoformat(timespec="seconds"),
        elapsed_seconds=stopwatch.elapsed_seconds(),
        timings=stopwatch.timings,
        versions=versions(),
        averaging=tuple(
            Averaging(score=score.name, description=score.averaging) for score in definitions(task)
        ),
    )


def versions() -> tuple[Version, ...]:
    """Return Python's version and those of the packages that the numbers depend on."""
    installed = (Version(name=name, version=version(name)) for name in PACKAGES)
    return Version(name="python", version=platform.python_version()), *installed


def with_later_parts(provenance: Provenance, stopwatch: Stopwatch) -> Provenance:
    """Return a study's provenance with the time that later parts took."""
    return provenance.revised(
        elapsed_seconds=round(provenance.elapsed_seconds + stopwatch.elapsed_seconds(), 3),
        timings=(*provenance.timings, *stopwatch.timings),
    )


def summarise_arrays(
    embeddings: LabelArray,
    labels: LabelArray,
    groups: LabelArray | None,
    *,
    classes: LabelArray | None = None,
    name: str = "arrays",
    simulated: bool = False,
    file_sha256: str | None = None,
    embedder: EmbedderNote | None = None,
    nouns: DataNouns | None = None,
) -> DatasetSummary:
    """Count images and subjects, and take the data's fingerprint.

    Parameters
    ----------
    embeddings : array of shape (n_images, n_features)
        What the study was run on.
    labels : array of shape (n_images,), or (n_images, n_labels)
        The class of each image; 1 where it has a label, else 0.
    groups : array of shape (n_images,) or None
        The subject of each image.
    classes : array of shape (n_labels,), optional
        Names of several labels.
    name : str, default="arrays"
    simulated : bool, default=False
        Whether the images are made up.
    file_sha256 : str, optional
        Of the file that they came from.
    embedder : EmbedderNote, optional
        What made them of images.
    nouns : DataNouns, optional
        What classes, subjects and images are called.

    Returns
    -------
    DatasetSummary
    """
    return DatasetSummary(
        name=name,
        simulated=simulated,
        file_sha256=file_sha256,
        embedder=embedder,
        nouns=nouns,
        data_sha256=fingerprint(embeddings, labels, groups),
        dtype=str(embeddings.dtype),
        n_images=embeddings.shape[0],
        n_features=embeddings.shape[1],
        n_subjects=None if groups is None else len(np.unique(groups)),
        syndromes=count_classes(labels, groups, classes),
    )


def count_classes(
    labels: LabelArray, groups: LabelArray | None, classes: LabelArray | None = None
) -> tuple[SyndromeCount, ...]:
    """Count images and subjects of each class, or of each label of an indicator matrix.

    Examples
    --------
    >>> [(entry.syndrome, entry.n_images) for entry in count_classes(np.array(["b", "a", "b"]), None)]
    [('a', 1), ('b', 2)]
    """
    return tuple(_count(label, chosen, groups) for label, chosen in _members(labels, classes))


def _members(labels: LabelArray, classes: LabelArray | None) -> Iterator[tuple[object, BoolArray]]:
    """Yield each class or label with the images that have it."""
    if labels.ndim > 1:
        yield from zip(np.arange(labels.shape[1]) if classes is None else classes, labels.T > 0, strict=True)
    else:
        yield from ((label, labels == label) for label in np.unique(labels))


def _count(label: object, chosen: BoolArray, groups: LabelArray | None) -> SyndromeCount:
    return SyndromeCount(
        syndrome=str(label),
        n_images=int(chosen.sum()),
        n_subjects=None if groups is None else len(np.unique(groups[chosen])),
    )


def fingerprint(embeddings: LabelArray, *entries: LabelArray | None) -> str:
    """Return the SHA-256 of embeddings with what is known of each, such as labels and subjects."""
    digest = hashlib.sha256(f"{embeddings.dtype.str} {embeddings.shape}".encode())
    digest.update(np.ascontiguousarray(embeddings).tobytes())
    for names in entries:
        # The length before each text keeps ("ab", "c") apart from ("a", "bc").
        for name in () if names is None else names.tolist():
            text = str(name).encode("utf-8", "surrogatepass")
            digest.update(len(text).to_bytes(8, "little") + text)
        digest.update(b"|")
    return digest.hexdigest()
