"""Small comparisons of models, and a head of their own."""

from typing import Any

import numpy as np
from sklearn.naive_bayes import GaussianNB

from skknn_syndrome import ModelComparison, compare_models, make_syndrome_embeddings
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.heads import Head

SMOOTHINGS = (1e-9, 1e-2, 1.0)


def compare(data: EmbeddingDataset, **options: Any) -> ModelComparison:
    given: dict[str, Any] = {"cv": 3, "n_repeats": 2, "inner_cv": 2} | options
    return compare_models(data.embeddings, data.syndromes, groups=data.subjects, **given)


def bayes(**changes: Any) -> Head:
    fields: dict[str, Any] = {
        "name": "bayes",
        "title": "Gaussian naive Bayes",
        "estimator": GaussianNB,
        "grid": {"var_smoothing": SMOOTHINGS},
        "gives": frozenset({"probabilities"}),
    }
    return Head(**fields | changes)


def third_of_the_subjects() -> EmbeddingDataset:
    """Return simulated embeddings of enough images to compare models, and of no more."""
    whole = make_syndrome_embeddings(n_features=8)
    assert whole.subjects is not None
    kept = np.isin(whole.subjects, np.unique(whole.subjects)[::3])
    return EmbeddingDataset.from_arrays(whole.embeddings[kept], whole.syndromes[kept], whole.subjects[kept])
