"""An example of labelled images, drawn from a seed: shapes, several images a subject, subjects a class."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from skknn_syndrome.embedding.numpy_encoder import NumpyEncoder

CORNERS: Final = {"ring": 24, "square": 4, "star": 10, "triangle": 3}
N_SUBJECTS: Final = 12
"""Of each class."""
MOST_IMAGES: Final = 4
"""Of one subject; each has at least two."""
SIDE: Final = 64


def write_example(folder: Path, seed: int = 0) -> int:
    """Draw images into `folder/images/CLASS/`, and describe an encoder in `folder/encoder`.

    A subject's images share their colours and differ in place, size and turn, as photographs of one person
    do; a class is a shape, in whatever colours.

    Returns
    -------
    int
        How many images there are.
    """
    rng = np.random.default_rng(seed)
    n_images = 0
    for number, (name, corners) in enumerate(CORNERS.items()):
        for subject in range(N_SUBJECTS):
            colours = _colours(rng)
            for image in range(int(rng.integers(2, MOST_IMAGES + 1))):
                subject_id = f"S{number * N_SUBJECTS + subject:02d}"
                path = folder / "images" / name / f"{subject_id}_{image}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                _draw(rng, corners, colours).save(path)
                n_images += 1
    NumpyEncoder.save(folder / "encoder")
    return n_images


def _colours(rng: np.random.Generator) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Return a dark colour to draw with, and a bright one behind it."""
    dark, bright = rng.integers(0, 110, 3).tolist(), rng.integers(150, 256, 3).tolist()
    return (dark[0], dark[1], dark[2]), (bright[0], bright[1], bright[2])


def _draw(
    rng: np.random.Generator,
    corners: int,
    colours: tuple[tuple[int, int, int], tuple[int, int, int]],
) -> Image.Image:
    ink, paper = colours
    picture = Image.new("RGB", (SIDE, SIDE), paper)
    radius = rng.uniform(0.28, 0.42) * SIDE
    centre = SIDE / 2 + rng.uniform(-0.08, 0.08, 2) * SIDE
    turn = rng.uniform(0, 2 * math.pi)
    ImageDraw.Draw(picture).polygon(_outline(corners, radius, centre.tolist(), turn), fill=ink)
    if corners == CORNERS["ring"]:
        hole = _outline(corners, radius / 2, centre.tolist(), turn)
        ImageDraw.Draw(picture).polygon(hole, fill=paper)
    noise = rng.normal(0, 45, (SIDE, SIDE, 3))
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))


def _outline(corners: int, radius: float, centre: Sequence[float], turn: float) -> list[tuple[float, float]]:
    """Return the corners of a polygon; of a star, every second one lies further inside."""
    inner = 0.4 if corners == CORNERS["star"] else 1.0
    points = []
    for corner in range(corners):
        far = radius * (inner if corner % 2 else 1.0)
        angle = turn + 2 * math.pi * corner / corners
        points.append((centre[0] + far * math.cos(angle), centre[1] + far * math.sin(angle)))
    return points
