"""Models compared on the same folds: scores, intervals, tests, ranks and times of each."""

from collections.abc import Mapping
from statistics import fmean
from types import MappingProxyType
from typing import Literal, Self

from pydantic import Field, model_validator

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Named, Result, check_known, check_lengths
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.intervals import Interval, PooledIntervals
from skknn_syndrome.results.protocol import Fold
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.significance import is_significant


class Choice(CandidateKey):
    """Parameters that inner folds chose, and how often."""

    n_folds: int
    """Outer folds, of all repeats, in which they were chosen."""


class RepeatedValue(Result):
    """One score of all predictions of each repeat, pooled over its folds."""

    score: str
    values: tuple[float | None, ...]
    """One a repeat."""


class Calibration(Result):
    """How far probabilities can be taken at their word; of all out-of-fold predictions."""

    log_loss: float
    """A true class of probability 0 counts 36.04, as scikit-learn clips it."""
    expected_calibration_error: float
    """Of the predicted class, in ten bins of equal width."""
    brier_score: float


class ModelTimes(Result):
    """Seconds of computing, as measured while other fits may have run beside."""

    choose: float
    """Choosing parameters in the inner folds of one outer fold, the mean over these."""
    fit: float
    """Fitting the chosen parameters to one training part, with what calibrates them."""
    predict: float
    """Predicting one image."""
    embed: float | None = None
    """Computing the vector of one image, where the encoder's file says so."""


class Model(Result):
    """A head on the vectors of an encoder, everything chosen inside the training parts."""

    name: str
    """That of the head; where there are several encoders, ``"encoder + head"``."""
    encoder: str
    head: str
    title: str
    """What readers are shown of the head."""
    n_features: int
    n_candidates: int
    """Parameters among which inner folds choose."""
    choices: tuple[Choice, ...] = Field(min_length=1)
    """The most frequent first."""
    all_scores: tuple[Score, ...] = Field(min_length=1)
    """Values of every fold, one repeat after another."""
    pooled: PooledIntervals | None = None
    """Of all predictions; each subject is drawn with all of its predictions."""
    by_repeat: tuple[RepeatedValue, ...] = ()
    """What moves with the division into folds alone."""
    by_subject: tuple[RepeatedValue, ...] = ()
    """The same scores where each subject counts once, its images fused by their mean probability; empty
    without subjects, and where the head gives no probabilities."""
    calibration: Calibration | None = None
    """None where the head gives no probabilities."""
    times: ModelTimes

    @property
    def scores(self) -> Mapping[str, Score]:
        """Scores over the folds by name: ``model.scores["f1_macro"].mean``."""
        return MappingProxyType(Named({score.name: score for score in self.all_scores}))

    def by_subject_mean(self, score: str) -> float | None:
        """Return a score by subject, the mean over the repeats that have it; None where none has."""
        found = (value for entry in self.by_subject if entry.score == score for value in entry.values)
        values = [value for value in found if value is not None]
        return fmean(values) if values else None


class ModelDifference(Result):
    """One model minus another in one score, on the same folds."""

    score: str
    first: str
    second: str
    """Names of models."""
    mean_difference: float
    """Mean over the folds of first minus second."""
    low: float
    high: float
    """95 % confidence interval, by the corrected resampled t test."""
    p_value: float | None
    """Two-sided; None where the difference is the same in every fold."""
    p_holm: float | None
    """Adjusted for the other models, or pairs, that were tested in this score, after Holm."""
    n_folds: int
    pooled: Interval | None = None
    """The difference in the score of all predictions, on the same resamples."""

    @property
    def verdict(self) -> Literal["better", "worse", "inconclusive"]:
        """Whether the first is significantly better or worse at 5 %, after Holm."""
        if not is_significant(self.p_holm):
            return "inconclusive"
        return "better" if self.mean_difference > 0 else "worse"

    def turned(self) -> Self:
        """Return the second minus the first; the pooled difference, whose resamples are not kept, goes."""
        return self.revised(
            first=self.second,
            second=self.first,
            mean_difference=-self.mean_difference,
            low=-self.high,
            high=-self.low,
            pooled=None,
        )


class ModelRank(Result):
    """The place of a model among all in the deciding score, over resamples; 1 is the best."""

    model: str
    mean: float
    low: float
    high: float
    """Within which 95 % of the resamples lie."""
    share_first: float
    """Of the resamples in which no other model is better; ties are shared."""


class ModelsAnalysis(Analysis):
    """Heads, on one or several encoders, compared on the same folds.

    Parameters of each are chosen in inner folds of every training part, so that no model has seen the images
    that it is judged by.
    """

    question: Literal["models"] = "models"
    task: Literal["binary", "multiclass", "multilabel"]
    positive_class: str | None = None
    """In a binary task, the class that sensitivity and precision are of."""
    splitter: str
    """Of the first repeat, as it would be written in Python."""
    seeds: tuple[int | None, ...] = Field(min_length=1)
    """Of the repeats; None where a splitter repeats itself."""
    n_folds: int
    """Of one repeat."""
    folds: tuple[Fold, ...] = Field(min_length=1)
    """Of all repeats."""
    inner_cv: int
    refit: str
    """The score by which inner folds choose, and by which models are ranked."""
    reference: str
    """The model that all others are held against."""
    models: tuple[Model, ...] = Field(min_length=1)
    """In the order in which encoders and heads were given."""
    against_reference: tuple[ModelDifference, ...] = ()
    """Each other model minus the reference, score by score."""
    pairwise: tuple[ModelDifference, ...] = ()
    """All pairs in the deciding score, the one with the higher mean first."""
    ranks: tuple[ModelRank, ...] = ()
    """Under the bootstrap; empty with one model, and where nothing is resampled."""
    not_chosen: tuple[str, ...] = ()
    """Models whose training parts could not be divided, so that the first candidate was taken somewhere."""

    @property
    def by_name(self) -> Mapping[str, Model]:
        """The models by name."""
        return MappingProxyType(Named({model.name: model for model in self.models}))

    @property
    def encoders(self) -> tuple[str, ...]:
        """Names of the encoders, in the order given."""
        return tuple(dict.fromkeys(model.encoder for model in self.models))

    @property
    def ranked(self) -> tuple[Model, ...]:
        """The models by the deciding score, the best first; those without one come last."""
        return tuple(sorted(self.models, key=self._deciding, reverse=True))

    @property
    def best(self) -> Model:
        """The model with the highest mean of the deciding score; of equals the first."""
        return self.ranked[0]

    def label(self, model: str) -> str:
        """Return a model's name for readers: its head's title, and behind it one of several encoders.

        Examples
        --------
        ``comparison.label("resnet50 + lda")`` is ``"linear discriminant analysis"`` with one encoder, and
        ``"linear discriminant analysis on resnet50"`` with two.
        """
        found = self.by_name[model]
        return found.title if len(self.encoders) == 1 else f"{found.title} on {found.encoder}"

    def difference(self, model: str, score: str) -> ModelDifference | None:
        """Return a model minus the reference in one score; None where there is none."""
        found = (entry for entry in self.against_reference if (entry.first, entry.score) == (model, score))
        return next(found, None)

    def _deciding(self, model: Model) -> float:
        mean = model.scores[self.refit].mean
        return float("-inf") if mean is None else mean

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        names = [model.name for model in self.models]
        check_known("model", [self.reference, *self.not_chosen], names)
        for entry in (*self.against_reference, *self.pairwise):
            check_known("model", (entry.first, entry.second), names)
        check_known("model", (rank.model for rank in self.ranks), names)
        for model in self.models:
            check_known("score", [self.refit], model.scores)
            for score in model.all_scores:
                check_lengths(len(self.folds), values=score.values)
            for repeated in (*model.by_repeat, *model.by_subject):
                check_lengths(len(self.seeds), values=repeated.values)
        return self
