"""One variant of preprocessing, taken in one way over the grid of k."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, Self, TypeAlias

from pydantic import Field, model_validator

from skknn_syndrome.results.base import Result, check_lengths
from skknn_syndrome.results.evaluation import RocCurve
from skknn_syndrome.results.score import Score

Way: TypeAlias = Literal["honest", "leaky"]
"""Scaled and resampled in each training part alone; or all rows at once, and split afterwards."""

UNTOUCHED = ("none", "none")
"""Scaler and resampler of unprocessed embeddings."""


class PreprocessingStep(Result):
    """What one name stands for."""

    kind: Literal["scaler", "resampler"]
    name: str
    description: str
    """As it would be written in Python; several samplers one after another."""


class ScoreCurve(Result):
    """One score against k, over all folds of all splits in which it is defined."""

    score: str
    means: tuple[float | None, ...]
    """One for each k of the grid; None where the score is nowhere defined."""
    stds: tuple[float | None, ...]
    """Standard deviation (population form), likewise."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        check_lengths(len(self.means), stds=self.stds)
        return self


class SyndromeCurve(Result):
    """How well one syndrome is recognised against k, the predictions of all folds of all splits pooled."""

    syndrome: str
    precision: tuple[float | None, ...]
    """One for each k of the grid; None where the syndrome is never predicted."""
    recall: tuple[float | None, ...]
    """None where the syndrome is never tested."""
    f1: tuple[float | None, ...]
    """None where it is neither tested nor predicted."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        check_lengths(len(self.f1), precision=self.precision, recall=self.recall)
        return self


class VariantRoc(Result):
    """The micro-average ROC curve at one k: all one-against-the-rest decisions of a fold pooled."""

    n_neighbors: int
    curve: RocCurve


class AblatedVariant(Result):
    """One scaler, resampler and distance, taken in one way, over the grid of k."""

    scaler: str
    resampler: str
    metric: str
    way: Way
    curves: tuple[ScoreCurve, ...] = Field(min_length=1)
    best_n_neighbors: int
    """By the composite score, of equals the smallest."""
    composite: float | None
    """There: cube root of mean AUC x mean F1 x mean top-5 accuracy; None where one of them is not defined."""
    scores: tuple[Score, ...]
    """There: every score in each fold, the splits one after another."""
    syndromes: tuple[SyndromeCurve, ...]
    rocs: tuple[VariantRoc, ...]
    """At k = 1 and k = 10, where the grid has them; empty before splitting."""
    n_train_rows: float
    """Mean number of rows that voted, after resampling."""
    share_related: float | None
    """Share of the tested rows that have a row of the same subject, or a child of one, in their training
    part; None where a sampler does not say where its rows came from."""

    @property
    def name(self) -> tuple[str, str, str]:
        """Scaler, resampler and distance."""
        return self.scaler, self.resampler, self.metric

    @property
    def by_score(self) -> Mapping[str, ScoreCurve]:
        """The curves by score: ``variant.by_score["f1_macro"].means``."""
        return MappingProxyType({curve.score: curve for curve in self.curves})
