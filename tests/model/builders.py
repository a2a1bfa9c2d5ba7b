"""A small gallery of three clear classes, and models of it."""

from functools import cache

import numpy as np

from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.model import SyndromeModel

CLASSES = "Apert", "Noonan", "Sotos"


def gallery(n_subjects: int = 12, n_features: int = 5, *, seed: int = 0) -> EmbeddingDataset:
    """Return two images of each subject, the subjects of a class about its own axis."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(len(CLASSES)), n_subjects)
    people = 3 * np.eye(n_features)[codes] + rng.normal(size=(len(codes), n_features))
    rows = people.repeat(2, axis=0) + 0.3 * rng.normal(size=(2 * len(codes), n_features))
    subjects = [f"person-{number}" for number in range(len(codes))]
    return EmbeddingDataset.from_arrays(
        rows,
        np.array(CLASSES)[codes.repeat(2)],
        np.repeat(subjects, 2),
        [f"{name}-{view}" for name in subjects for view in "ab"],
        name="small.csv",
    )


def part(data: EmbeddingDataset, kept: object) -> EmbeddingDataset:
    """Return some of the images of a data set, under its name."""
    rows = np.asarray(kept)
    return EmbeddingDataset.from_arrays(
        data.embeddings[rows],
        data.syndromes[rows],
        None if data.subjects is None else data.subjects[rows],
        data.images[rows],
        name=data.name,
    )


@cache
def knn_model() -> SyndromeModel:
    """Return the nearest neighbours of that gallery."""
    return SyndromeModel.fit(gallery(), head="knn", params={"n_neighbors": 5}, cv=3, inner_cv=2)


@cache
def lda_model() -> SyndromeModel:
    """Return discriminant analysis of the same."""
    return SyndromeModel.fit(gallery(), head="lda", params={"shrinkage": 0.5}, cv=3, inner_cv=2)
