"""Encoders: what turns pictures into vectors, and how one is found by file, folder or name."""

import os
import re
from collections.abc import Iterable, Sequence
from hashlib import file_digest, sha256
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

from skknn_syndrome._typing import Float32Array
from skknn_syndrome.embedding.preprocessing import ImagePreprocessing
from skknn_syndrome.errors import Argument, EncoderError, quote
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.results.provenance import Version
from skknn_syndrome.wording import counted

Pictures: TypeAlias = Sequence[Image.Image]
"""Upright, in RGB."""

_CHECKPOINTS = frozenset({".bin", ".ckpt", ".h5", ".keras", ".pickle", ".pkl", ".pt", ".pth", ".safetensors"})
_MATRIX = 2
_HUB_NAME: Final = re.compile(r"[\w.-]+/[\w.-]+")


@runtime_checkable
class ImageEncoder(Protocol):
    """Anything that turns pictures into vectors, such as three lines around a model of timm's."""

    def encode(self, images: Pictures, /) -> ArrayLike:
        """Return a vector a picture, in their order; pictures are upright and in RGB."""
        ...


class NotedEncoder(ImageEncoder, Protocol):
    """An encoder that says what it is."""

    note: EmbedderNote


class GivenEncoder:
    """Somebody's object with `encode`; its `weights_sha256`, if it has one, tells it from others."""

    def __init__(self, encoder: ImageEncoder) -> None:
        self._encoder = encoder
        kind = type(encoder)
        told: dict[str, Any] = {
            name: getattr(encoder, name, None) for name in ("weights_sha256", "preprocessing")
        }
        self.note = EmbedderNote(
            model=kind.__qualname__,
            architecture=f"{kind.__module__}.{kind.__qualname__}",
            weights_sha256=None if told["weights_sha256"] is None else str(told["weights_sha256"]),
            preprocessing=str(told["preprocessing"] or "by the encoder itself"),
            versions=versions_of("numpy", "pillow"),
        )

    def encode(self, images: Pictures, /) -> ArrayLike:
        """Ask the object."""
        return self._encoder.encode(images)


def open_encoder(
    model: str | os.PathLike[str] | ImageEncoder,
    *,
    preprocessing: ImagePreprocessing | None = None,
    n_threads: int | None = None,
    allow_download: bool = False,
) -> NotedEncoder:
    """Open an encoder.

    Parameters
    ----------
    model : str, path-like or object with `encode`
        An `.onnx` file; a folder that `save_pretrained` of transformers wrote; a name of the Hugging Face
        hub; a folder that `skknn-syndrome embed --example` wrote.
    preprocessing : ImagePreprocessing, optional
        Needed for `.onnx` files, which do not tell it; folders have their own.
    n_threads : int, optional
        Threads that the model may take; by default as many as there are cores for this process.
    allow_download : bool, default=False
        Whether a name that is no file here may be fetched from the hub.

    Raises
    ------
    EncoderError
        There is no such model, it is of a kind that is not read, or a library is missing.
    """
    if not isinstance(model, (str, os.PathLike)):
        return _given(model, preprocessing)
    path, threads = Path(model), n_threads or usable_cores()
    if path.is_dir():
        return _open_folder(path, preprocessing, threads)
    if path.is_file():
        return _open_file(path, preprocessing, threads)
    if not _HUB_NAME.fullmatch(str(model)) or path.suffix == ".onnx":
        raise refusal(model, "there is no such file or folder", "no_such_model")
    if not allow_download:
        raise EncoderError(
            "{model}: there is no such file or folder here; a name of the Hugging Face hub is fetched with "
            "{allow_download} alone.",
            code="download_not_allowed",
            parameter="model",
            model=str(model),
            allow_download=Argument("allow_download", value=True),
        )
    need(model, "transformers", "torch")
    opened: NotedEncoder = import_module("skknn_syndrome.embedding.transformers_encoder").open_from_hub(
        str(model), preprocessing, threads
    )
    return opened


def _given(model: object, preprocessing: ImagePreprocessing | None) -> GivenEncoder:
    if not isinstance(model, ImageEncoder) or isinstance(model, type):
        raise EncoderError(
            f"model is a {type(model).__name__}: give the path of a model, or an object with "
            "encode(images) that returns a vector an image.",
            code="no_encoder",
            parameter="model",
        )
    if preprocessing is not None:
        raise EncoderError(
            "An object with encode(images) does its own preprocessing: leave {preprocessing} out.",
            code="preprocessing_unused",
            parameter="preprocessing",
            preprocessing=Argument("preprocessing"),
        )
    return GivenEncoder(model)


def _open_folder(path: Path, preprocessing: ImagePreprocessing | None, n_threads: int) -> NotedEncoder:
    if (path / "encoder.json").is_file():
        from skknn_syndrome.embedding.numpy_encoder import NumpyEncoder  # noqa: PLC0415  few need it

        return NumpyEncoder.load(path)
    if (path / "config.json").is_file():
        need(path, "transformers", "torch")
        opened: NotedEncoder = import_module("skknn_syndrome.embedding.transformers_encoder").open_folder(
            path, preprocessing, n_threads
        )
        return opened
    inside = sorted(each.name for each in path.glob("*.onnx"))
    hint = f": name {quote(inside[0])} in it" if inside else ", as save_pretrained of transformers writes"
    raise refusal(path, f"the folder has no config.json{hint}", "no_model_in_folder")


def _open_file(path: Path, preprocessing: ImagePreprocessing | None, n_threads: int) -> NotedEncoder:
    if path.suffix.lower() == ".onnx":
        need(path, "onnxruntime")
        from skknn_syndrome.embedding.onnx_encoder import OnnxEncoder  # noqa: PLC0415  an extra

        return OnnxEncoder(path, preprocessing, n_threads)
    if path.suffix.lower() in _CHECKPOINTS:
        raise refusal(
            path,
            "a checkpoint holds weights without their network, and perhaps code: load it in Python with "
            "torch.load(weights_only=True), and write a folder by save_pretrained or an .onnx file by "
            "torch.onnx.export",
            "checkpoint_alone",
        )
    raise refusal(path, "a model is an .onnx file or a folder that save_pretrained wrote", "unknown_model")


def refusal(model: object, fault: str, code: str) -> EncoderError:
    """Make the error of a model that can't be used."""
    return EncoderError(f"{model}: {fault}.", code=code, parameter="model")


def need(model: object, *modules: str) -> None:
    """Refuse a model whose libraries are not installed, before any of them is imported."""
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        extra = "images" if "onnxruntime" in modules else "transformers"
        fault = f"it needs {' and '.join(missing)}: pip install 'skknn-syndrome[{extra}]'"
        raise refusal(model, fault, "library_missing")


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def hash_of_files(paths: Iterable[Path]) -> str:
    """Return one SHA-256 of files: of a single one its own, of several that of their names and hashes."""
    hashes = []
    for path in sorted(paths):
        with path.open("rb") as stream:
            hashes.append((path.name, file_digest(stream, "sha256").hexdigest()))
    if len(hashes) == 1:
        return hashes[0][1]
    return sha256("\n".join(f"{name} {each}" for name, each in hashes).encode()).hexdigest()


def versions_of(*packages: str) -> tuple[Version, ...]:
    """Return the versions of packages, with that of this one."""
    return tuple(Version(name=name, version=version(name)) for name in ("skknn-syndrome", *packages))


def as_matrix(found: ArrayLike, n_images: int, model: str) -> Float32Array:
    """Return what an encoder gave as finite float32 vectors, a row an image.

    Raises
    ------
    EncoderError
        It is something else.

    Examples
    --------
    >>> as_matrix([[[1.0]], [[2.0]]], 2, "toy").tolist()
    [[1.0], [2.0]]
    """
    vectors = np.asarray(found)
    if vectors.ndim > _MATRIX and vectors.shape[_MATRIX:] == (1,) * (vectors.ndim - _MATRIX):
        # Pooled to one pixel, which is a vector.
        vectors = vectors.reshape(vectors.shape[:2])
    is_matrix = vectors.ndim == _MATRIX and vectors.dtype.kind in "fiu"
    if is_matrix and len(vectors) != n_images:
        fault = (
            f"encode(images) returned {counted(len(vectors), 'row')} for {counted(n_images, 'image')}: one "
            "row for each image is expected"
        )
        raise refusal(model, fault, "wrong_number_of_rows")
    if not is_matrix or not vectors.shape[1]:
        fault = (
            f"of {n_images} images it makes {vectors.dtype} of shape {vectors.shape}, not a vector each: "
            "take the output behind pooling, before the classifying layer"
        )
        raise refusal(model, fault, "no_vectors")
    if not np.isfinite(vectors).all():
        raise refusal(model, "it makes vectors with NaN or infinity", "vectors_not_finite")
    return np.ascontiguousarray(vectors, dtype=np.float32)
