"""Small comparisons of models, and a head of their own."""

from typing import Any

from sklearn.naive_bayes import GaussianNB

from skknn_syndrome import ModelComparison, compare_models
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
