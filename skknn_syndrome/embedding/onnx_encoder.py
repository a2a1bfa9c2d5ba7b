"""ONNX models as encoders, run by onnxruntime."""

import json
import mmap
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from skknn_syndrome._typing import Float32Array
from skknn_syndrome.embedding.encoders import Pictures, hash_of_files, refusal, versions_of
from skknn_syndrome.embedding.preprocessing import PARTS, PRESETS, ImagePreprocessing
from skknn_syndrome.errors import Argument, EncoderError
from skknn_syndrome.results.embedder import EmbedderNote

_DIMENSIONS = 4
_CHANNELS = 3
_ONLY_ERRORS = 3

_LOCATION = re.compile(rb"\n\x08location\x12(?:([\0-\x7f])|([\x80-\xff])([\0-\x7f]))")
"""How a model's protobuf names a file of weights, up to the length of the name: seven bits a byte."""


class OnnxEncoder:
    """An ONNX model of one input, pictures, and one output, vectors.

    Parameters
    ----------
    path : Path
        The file; weights that it keeps in other files are hashed with it.
    preprocessing : ImagePreprocessing or None
        The file does not tell it: None is refused.
    n_threads : int

    Raises
    ------
    EncoderError
        Preprocessing is missing or does not fit, the file can't be run, or its ports are not those of an
        encoder.
    """

    def __init__(self, path: Path, preprocessing: ImagePreprocessing | None, n_threads: int) -> None:
        if preprocessing is None:
            raise _without_preprocessing(path)
        self._path, self._preprocessing = path, preprocessing
        self._session = _open(path, n_threads)
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        vectors = [port for port in outputs if len(port.shape) == 2] if len(outputs) > 1 else outputs  # noqa: PLR2004
        if len(inputs) != 1 or len(vectors) != 1 or len(inputs[0].shape) != _DIMENSIONS:
            told = "; ".join(f"{port.name} {port.shape}" for port in (*inputs, *outputs))
            raise refusal(
                path,
                f"it must have one input of images and one output of vectors, and has {told}",
                "other_ports",
            )
        self._input, self._output = inputs[0], vectors[0].name
        self._check_shape()
        self.note = EmbedderNote(
            model=path.name,
            architecture="ONNX",
            weights_sha256=hash_of_files({path, *_files_of_weights(path)}),
            preprocessing=json.dumps(preprocessing.model_dump(mode="json"), sort_keys=True),
            versions=versions_of("numpy", "pillow", "onnxruntime"),
        )

    @property
    def _channels_last(self) -> bool:
        shape = self._input.shape
        return bool(shape[3] == _CHANNELS and shape[1] != _CHANNELS)

    def _check_shape(self) -> None:
        shape, crop = self._input.shape, self._preprocessing.crop
        sides = shape[1:3] if self._channels_last else shape[2:]
        wanted = next((side for side in sides if isinstance(side, int) and side != crop), None)
        if wanted is not None:
            raise EncoderError(
                "{model} takes images of {wanted} pixels, and {crop} gives it {given}: give {right}.",
                code="wrong_crop",
                parameter="crop",
                model=str(self._path),
                wanted=wanted,
                crop=Argument("crop"),
                given=crop,
                right=Argument("crop", wanted),
            )

    def encode(self, images: Pictures, /) -> Float32Array:
        """Run the model."""
        pixels = np.stack([self._preprocessing(image) for image in images])
        if self._channels_last:
            pixels = np.ascontiguousarray(pixels.transpose(0, 2, 3, 1))
        fixed = self._input.shape[0]
        size = fixed if isinstance(fixed, int) else len(pixels)
        chunks = [self._run(pixels[start : start + size], size) for start in range(0, len(pixels), size)]
        return np.concatenate(chunks)

    def _run(self, pixels: Float32Array, size: int) -> Float32Array:
        """Run a batch, filled up where the model takes batches of one size alone."""
        missing = np.zeros((size - len(pixels), *pixels.shape[1:]), np.float32)
        full = np.concatenate([pixels, missing]) if len(missing) else pixels
        if self._input.type == "tensor(float16)":
            full = full.astype(np.float16)
        try:
            found = self._session.run([self._output], {self._input.name: full})[0]
        except Exception as error:  # of onnxruntime's own, which derive from nothing else
            raise refusal(
                self._path, f"it does not run on images ({_first_line(error)})", "model_fails"
            ) from error
        vectors: Float32Array = np.asarray(found)[: len(pixels)]
        return vectors


def _open(path: Path, n_threads: int) -> Any:  # noqa: ANN401  onnxruntime has no types
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = n_threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _ONLY_ERRORS
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # likewise
        raise refusal(
            path, f"it is no model that onnxruntime can run ({_first_line(error)})", "broken_model"
        ) from error


def _files_of_weights(path: Path) -> list[Path]:
    """Return the other files that a model names, found in its bytes: the package onnx need not be there."""
    found = set()
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for match in _LOCATION.finditer(content):
            short, low, high = match.groups()
            length = short[0] if short else (low[0] & 0x7F) + (high[0] << 7)
            found.add(content[match.end() : match.end() + length].decode("utf-8", "replace"))
    # Other notes of a model may be called location as well; of one too long for a name, is_file raises.
    return [path.parent / name for name in found if os.path.isfile(path.parent / name)]  # noqa: PTH113


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _without_preprocessing(path: Path) -> EncoderError:
    """Name what would work: another preprocessing than in training spoils every vector, silently."""
    presets = " | ".join(PRESETS)
    return EncoderError(
        "{model}: an .onnx file does not say how its images have to be prepared; give what it was trained "
        f"with: {{preprocessing}} ({presets}), or {{size}}, {{crop}}, {{mean}} and {{std}}.",
        code="no_preprocessing",
        parameter="preprocessing",
        model=str(path),
        preprocessing=Argument("preprocessing", "imagenet"),
        **{name: Argument(name) for name in PARTS},
    )
