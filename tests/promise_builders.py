"""Searched protocols of small data, for tests of prediction sets and of novelty."""

from typing import Any

import numpy as np

from skknn_syndrome._typing import LabelArray, MatrixLike
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.study.cross_validation import run_study
from tests.study.options import QUICK

OPTIONS = QUICK | {"n_neighbors": [5], "metrics": ["cosine"], "cv": 3, "refit": "accuracy"}


def searched(
    samples: MatrixLike, labels: LabelArray, subjects: LabelArray | None = None, **options: Any
) -> ProtocolRun:
    """Return the primary protocol of a study in which nothing is looked into."""
    return run_study(samples, labels, groups=subjects, **(OPTIONS | options)).runs[0]


def directions(n_subjects: int, n_classes: int, *, noise: float, seed: int = 0) -> tuple[Any, Any, Any]:
    """Return images, classes and subjects, one to three images each, about a direction a class."""
    random = np.random.default_rng(seed)
    subjects = np.repeat(np.arange(n_subjects), random.integers(1, 4, n_subjects))
    codes = np.arange(n_subjects) % n_classes
    people = np.eye(n_classes + 2)[codes] + noise * random.normal(size=(n_subjects, n_classes + 2))
    images = people[subjects] + noise / 4 * random.normal(size=(len(subjects), n_classes + 2))
    return images, np.array([f"c{code}" for code in codes])[subjects], subjects
