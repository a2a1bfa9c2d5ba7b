"""Embeddings to measure on."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

from skknn_syndrome import load_embeddings, make_syndrome_embeddings
from skknn_syndrome._typing import FloatArray, IndexArray, LabelArray

METRICS = ("euclidean", "cosine")
NEIGHBORS = tuple(range(1, 16))
N_FEATURES = 320
STUDY_ROWS = 1116


@dataclass(frozen=True)
class Problem:
    """Rows, labels and folds."""

    name: str
    samples: FloatArray
    labels: LabelArray
    splits: list[tuple[IndexArray, IndexArray]]


def make_problem(n_rows: int, n_classes: int) -> Problem:
    """Return the study's own data at their size, and clouds around class centres at any other."""
    if n_rows == STUDY_ROWS:
        name, samples, labels = _study_data()
    else:
        name, (samples, labels) = "clouds", _clouds(n_rows, n_classes)
    folds = StratifiedKFold(10, shuffle=True, random_state=42)
    return Problem(name, samples, labels, list(folds.split(samples, labels)))


def _study_data() -> tuple[str, FloatArray, LabelArray]:
    path = os.environ.get("SKKNN_SYNDROME_DATA")
    data = load_embeddings(Path(path)) if path else make_syndrome_embeddings()
    return ("public file" if path else "simulated"), data.embeddings.astype(np.float32), data.syndromes


def _clouds(n_rows: int, n_classes: int) -> tuple[FloatArray, LabelArray]:
    generator = np.random.default_rng(0)
    centres = 0.11 * generator.standard_normal((n_classes, N_FEATURES))
    classes = generator.integers(0, n_classes, n_rows)
    samples = np.empty((n_rows, N_FEATURES), dtype=np.float32)
    for start in range(0, n_rows, 2000):  # no large temporary in double precision
        part = slice(start, start + 2000)
        noise = generator.standard_normal((len(classes[part]), N_FEATURES))
        lengths = generator.lognormal(0, 0.2, (len(noise), 1))
        samples[part] = (centres[classes[part]] + noise) * lengths
    return samples, classes.astype(str)
