"""The model in use: fit, predict, grow, save and load."""

import os
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.data.new_cases import NewCases
from skknn_syndrome.heads.base import Head
from skknn_syndrome.model.fitting import Fit
from skknn_syndrome.model.inputs import read_cases
from skknn_syndrome.model.parts import Parts
from skknn_syndrome.model.predicting import predict
from skknn_syndrome.model.settling import DEFAULT_HEADS, settle_fit
from skknn_syndrome.results.model_card import ModelCard
from skknn_syndrome.results.prediction import Predictions


class SyndromeModel:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @property
    def card(self) -> ModelCard:
        return self._parts.card

    @classmethod
    def fit(
        cls,
        dataset: EmbeddingDataset,
        *,
        head: str | Head | Sequence[str | Head] = DEFAULT_HEADS,
        params: Mapping[str, Any] | None = None,
        refit: str = "roc_auc_ovr",
        cv: int = 5,
        inner_cv: int = 5,
        coverage: float = 0.9,
        false_rejection: float = 0.05,
        random_state: int = 42,
        n_jobs: int | None = None,
    ) -> Self:
        fit, heads = settle_fit(dataset, head, params=params, refit=refit, cv=cv, inner_cv=inner_cv,
            coverage=coverage, false_rejection=false_rejection, random_state=random_state, n_jobs=n_jobs)
        return cls(fit.finish(fit.compare(heads, params or {})))

    def predict(self, X, subjects=None, image_ids=None, *, top_k=None, coverage=None) -> Predictions:
        cases = read_cases(X, subjects, image_ids, self.card)
        return predict(self._parts, cases, coverage=coverage or self.card.settings.coverage, top_k=top_k)
