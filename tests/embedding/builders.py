"""Small pictures, models and folders of images."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from skknn_syndrome.embedding.preprocessing import ImagePreprocessing

SIDE = 8
TINY = ImagePreprocessing(size=SIDE, crop=SIDE, mean=(0.5, 0.4, 0.3), std=(0.2, 0.25, 0.3))


class Means:
    """An encoder of somebody's: the mean colour."""

    weights_sha256: str | None = "00"

    def encode(self, images: Sequence[Image.Image]) -> list[Any]:
        """Return a vector an image."""
        return [np.asarray(image).mean(axis=(0, 1)) for image in images]


def picture(seed: int = 0, side: int = 12) -> Image.Image:
    """Draw noise."""
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8))


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """Return a picture as a file holds it."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def save_onnx(
    path: Path,
    *,
    batch: int | str = "n",
    channels_last: bool = False,
    outputs: tuple[str, ...] = ("vectors",),
    flat: bool = True,
    kind: int = TensorProto.FLOAT,
) -> Path:
    """Write a network of one convolution, with its mean answers as a vector of 5."""
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(5, 3, 3, 3)).astype(np.float16 if kind == TensorProto.FLOAT16 else np.float32)
    shape = [batch, SIDE, SIDE, 3] if channels_last else [batch, 3, SIDE, SIDE]
    first = [helper.make_node("Transpose", ["images"], ["x"], perm=[0, 3, 1, 2])] if channels_last else []
    nodes = [
        *first,
        helper.make_node("Conv", ["x" if channels_last else "images", "weights"], ["answers"]),
        helper.make_node("Relu", ["answers"], ["map"]),
        helper.make_node("GlobalAveragePool", ["map"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["vectors"]),
        helper.make_node("Neg", ["vectors"], ["negative"]),
    ]
    shapes: dict[str, list[int | str]] = {
        "vectors": [batch, 5],
        "negative": [batch, 5],
        "pooled": [batch, 5, 1, 1],
        "map": [batch, 5, SIDE - 2, SIDE - 2],
    }
    names = outputs if flat else ("pooled",)
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("images", kind, shape)],
        [helper.make_tensor_value_info(name, kind, shapes[name]) for name in names],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, path)
    return path


def write_images(folder: Path, n_subjects: int = 2, n_images: int = 2) -> Path:
    """Write pictures of subjects of two classes."""
    for label in ("a", "b"):
        for subject in range(n_subjects):
            for image in range(n_images):
                path = folder / label / f"P{subject}{label}_{image}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                shade = picture(seed=100 * subject + 10 * image + (label == "b"))
                path.write_bytes(encoded(shade))
    return folder
