"""Embedding of images as a scikit-learn transformer, and batch by batch."""

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self, TypeAlias

import numpy as np
from PIL import Image
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin

from skknn_syndrome._typing import Float32Array, VectorLike
from skknn_syndrome.embedding.encoders import ImageEncoder, NotedEncoder, as_matrix, open_encoder
from skknn_syndrome.embedding.pictures import (
    MOST_PIXELS,
    Colour,
    PictureFaultError,
    decode,
    read_bytes,
    to_rgb,
)
from skknn_syndrome.embedding.preprocessing import PRESETS, ImagePreprocessing, make_preprocessing
from skknn_syndrome.errors import EncoderError, ParameterError, RefusedRowsWarning, meant
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.wording import counted

Missing: TypeAlias = Literal["nan", "zero", "drop", "raise"]
_MISSING = ("nan", "zero", "drop", "raise")

Reader: TypeAlias = Callable[[], Image.Image]

WHITE: Colour = (255, 255, 255)


class Fault(NamedTuple):
    """Why an image could not be embedded."""

    row: int
    """Its place among the images, from 0."""
    code: str
    reason: str


class Batch(NamedTuple):
    """Images that were embedded together."""

    vectors: Float32Array
    """Shape (n_images, n_features); zeros in place of an image that could not be read."""
    faults: tuple[Fault, ...]


class _Opened(NamedTuple):
    """A model that was opened."""

    asked: tuple[object, ...]
    """The parameters that it depends on."""
    encoder: NotedEncoder
    n_features: int


class ImageEmbedder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn images into vectors by a frozen encoder.

    Parameters
    ----------
    model : str, path-like or object with `encode`
        An ``.onnx`` file (extra ``images``), a folder that ``save_pretrained`` of transformers wrote (extra
        ``transformers``), a name of the Hugging Face hub, or anything with ``encode(images)`` that takes a
        list of PIL images, upright and in RGB, and returns a vector each.
    preprocessing : str, dict or ImagePreprocessing, optional
        How images are prepared: ``"imagenet"``, ``"clip"``, ``"efficientnet-lite"``, ``"median-mad"``, or
        ``{"size": ..., "crop": ..., "mean": ..., "std": ...}``. An ``.onnx`` file needs it, since it does not
        say it; a folder has its own, which this replaces.
    batch_size : int, default=32
    n_threads : int, optional
        Threads that the model may take; by default as many as there are cores for this process.
    missing : {"nan", "zero", "drop", "raise"}, default="nan"
        What stands in place of an image that is missing or broken: NaN, zeros, no row at all, or an error.
        All but "raise" warn.
    background : (int, int, int), default=(255, 255, 255)
        The colour that shows through where an image is transparent.
    allow_download : bool, default=False
        Whether a name of the hub may be fetched; without it nothing ever leaves for a network.

    Notes
    -----
    There is nothing to fit. A clone, or a process that this is sent to, opens the model again.

    Examples
    --------
    >>> class Mean:
    ...     def encode(self, images):
    ...         return [[sum(image.getpixel((0, 0))) / 3] for image in images]
    >>> ImageEmbedder(Mean()).transform([Image.new("RGB", (2, 2), (30, 60, 90))])
    array([[60.]], dtype=float32)
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | ImageEncoder,
        *,
        preprocessing: str | Mapping[str, Any] | ImagePreprocessing | None = None,
        batch_size: int = 32,
        n_threads: int | None = None,
        missing: Missing = "nan",
        background: Colour = WHITE,
        allow_download: bool = False,
    ) -> None:
        self.model = model
        self.preprocessing = preprocessing
        self.batch_size = batch_size
        self.n_threads = n_threads
        self.missing = missing
        self.background = background
        self.allow_download = allow_download

    def fit(self, X: VectorLike, y: object = None) -> Self:  # noqa: ARG002  scikit-learn calls it so
        """Do nothing but open the model."""
        self._open()
        return self

    def transform(self, X: VectorLike) -> Float32Array:
        """Embed images.

        Parameters
        ----------
        X : sequence of path or PIL image
            Or one column of a data frame, as a `ColumnTransformer` hands it on.

        Returns
        -------
        ndarray of float32 of shape (n_images, n_features)
            Fewer rows than images with ``missing="drop"`` alone.

        Raises
        ------
        EncoderError
            The model can't be used, or with ``missing="raise"`` an image.

        Warns
        -----
        RefusedRowsWarning
            Images could not be read.
        """
        images = _as_list(X)
        batches = list(self.batches(images))
        nothing = np.empty((0, self.n_features), np.float32)
        vectors = np.concatenate([nothing, *(batch.vectors for batch in batches)])
        faults = [fault for batch in batches for fault in batch.faults]
        if faults:
            self._warn(faults, images)
        lost = [fault.row for fault in faults]
        if self.missing == "drop":
            return np.delete(vectors, lost, axis=0)
        if self.missing == "nan":
            vectors[lost] = np.nan
        return vectors

    def batches(self, images: Sequence[object]) -> Iterator[Batch]:
        """Embed paths or PIL images, `batch_size` at a time; what can't be read is told, not raised."""
        for start in range(0, len(images), self.batch_size):
            readers = [partial(self._read, image) for image in images[start : start + self.batch_size]]
            yield self.embed(readers, start)

    def embed(self, readers: Sequence[Reader], start: int = 0) -> Batch:
        """Embed one batch.

        Parameters
        ----------
        readers : sequence of callable
            Each returns an upright RGB picture, or raises `PictureFaultError`.
        start : int, default=0
            The place of the first one among all.
        """
        encoder = self._open()
        faults: list[Fault] = []
        vectors = np.zeros((len(readers), self.n_features), np.float32)
        for pictures in _decoded(readers, start, faults):
            vectors[list(pictures)] = self._encoded(encoder, list(pictures.values()))
        return Batch(vectors, tuple(faults))

    def _read(self, image: object) -> Image.Image:
        if isinstance(image, Image.Image):
            return to_rgb(image, self.background)
        return decode(read_bytes(Path(str(image))), self.background)

    def _encoded(self, encoder: NotedEncoder, pictures: list[Image.Image]) -> Float32Array:
        return as_matrix(encoder.encode(pictures), len(pictures), encoder.note.model)

    @property
    def note(self) -> EmbedderNote:
        """What the model is, and how images are prepared for it."""
        return self._open().note

    @property
    def n_features(self) -> int:
        """Length of a vector."""
        self._open()
        return self._opened.n_features

    @property
    def _n_features_out(self) -> int:
        return self.n_features

    def _open(self) -> NotedEncoder:
        """Return the encoder, opened anew where a parameter was changed."""
        self._check()
        asked = self.model, self.preprocessing, self.n_threads, self.allow_download
        opened: _Opened | None = self.__dict__.get("_opened")
        if opened is None or opened.asked != asked:
            encoder = open_encoder(
                self.model,
                preprocessing=_as_preprocessing(self.preprocessing),
                n_threads=self.n_threads,
                allow_download=self.allow_download,
            )
            # A model is tried on a plain picture once: not every one says how long its vectors are.
            n_features = self._encoded(encoder, [Image.new("RGB", (64, 64), WHITE)]).shape[1]
            opened = self._opened = _Opened(asked, encoder, n_features)
        return opened.encoder

    def _check(self) -> None:
        for name in ("batch_size", "n_threads"):
            value = getattr(self, name)
            if value is None and name == "n_threads":
                continue
            if not isinstance(value, int | np.integer) or value < 1:
                raise ParameterError(
                    f"{name} must be 1 or more, not {value!r}.", code="too_few", parameter=name
                )
        if self.missing not in _MISSING:
            raise ParameterError(
                f"missing is {self.missing!r}: {meant(self.missing, _MISSING)}.",
                code="unknown_missing",
                parameter="missing",
            )

    def _warn(self, faults: Sequence[Fault], images: Sequence[object]) -> None:
        first = faults[0]
        named = (
            f"{images[first.row]}: " if isinstance(images[first.row], str | Path) else f"row {first.row}: "
        )
        if self.missing == "raise":
            raise EncoderError(f"{named}{first.reason}.", code=first.code, parameter="X")
        warnings.warn(
            f"{len(faults):,} of {counted(len(images), 'image')} could not be read; the first: {named}"
            f"{first.reason}.",
            RefusedRowsWarning,
            stacklevel=3,
        )

    def __getstate__(self) -> dict[str, Any]:
        """Leave the opened model behind: sessions can't be sent to other processes."""
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name != "_opened"}

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401  scikit-learn ships no type information
        """Tell scikit-learn that there is nothing to fit, and that it takes no matrix."""
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.no_validation = True
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags


def _decoded(
    readers: Sequence[Reader], start: int, faults: list[Fault]
) -> Iterator[Mapping[int, Image.Image]]:
    """Yield pictures by their places, as many at a time as have the pixels that one alone may have.

    Whole batches of photographs would take gigabytes. Those that were yielded are dropped when the next are
    asked for; what can't be read is added to the faults.
    """
    held: dict[int, Image.Image] = {}
    n_pixels = 0
    for place, read in enumerate(readers):
        try:
            held[place] = picture = read()
        except PictureFaultError as fault:
            faults.append(Fault(start + place, fault.code, fault.reason))
            continue
        n_pixels += picture.width * picture.height
        if n_pixels >= MOST_PIXELS:
            yield held
            del picture
            held.clear()
            n_pixels = 0
    if held:
        yield held


def _as_preprocessing(
    given: str | Mapping[str, Any] | ImagePreprocessing | None,
) -> ImagePreprocessing | None:
    if given is None or isinstance(given, ImagePreprocessing):
        return given
    if isinstance(given, str):
        return make_preprocessing(given)
    unknown = next((name for name in given if name not in ImagePreprocessing.model_fields), None)
    if unknown is not None:
        raise ParameterError(
            f"preprocessing has no {unknown!r}: {meant(unknown, ImagePreprocessing.model_fields)}; presets "
            f"are {', '.join(PRESETS)}.",
            code="unknown_part",
            parameter="preprocessing",
        )
    parts: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }
    return make_preprocessing(None, **parts)


def _as_list(X: VectorLike) -> list[object]:
    if isinstance(X, (str, bytes, os.PathLike, Image.Image)):
        raise TypeError("X must be a list of paths or images, not a single one.")
    values = X.to_numpy() if hasattr(X, "to_numpy") else X
    if isinstance(values, np.ndarray):
        if values.ndim == 2 and values.shape[1] == 1:  # noqa: PLR2004  one column of a table
            values = values[:, 0]
        values = values.tolist()
    return list(values)
