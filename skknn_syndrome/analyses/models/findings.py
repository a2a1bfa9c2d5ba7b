"""What can be said of compared models: which is best, by what margin, and what can't be told apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from skknn_syndrome.analyses.models.result import (
    Calibration,
    Model,
    ModelDifference,
    ModelRank,
    ModelsAnalysis,
)
from skknn_syndrome.questions import Reported
from skknn_syndrome.results.comparison import judging_scores
from skknn_syndrome.results.intervals import Interval
from skknn_syndrome.results.verdicts import SIGNIFICANCE_LEVEL
from skknn_syndrome.wording import sentence_list

GUESSING: Mapping[str, float] = MappingProxyType(
    {"roc_auc_ovr": 0.5, "matthews_corrcoef": 0.0, "cohen_kappa": 0.0}
)
"""What guessing is expected to score, where that depends on no class's frequency."""

MOST_NAMED = 4
"""Models that a sentence names."""

_RIGHT = "top_1_accuracy", "accuracy", "subset_accuracy"
"""The share of right answers, by the name that the task has for it."""


def main_scores(found: ModelsAnalysis) -> list[str]:
    """Return the scores to show where there is room for few: the deciding one, macro F1, and the accuracy."""
    known = found.models[0].scores
    right = [name for name in _RIGHT if name in known][:1]
    return list(dict.fromkeys(name for name in (*judging_scores(found.refit), *right) if name in known))


@dataclass(frozen=True)
class EncoderFindings:
    """An encoder by the best of its models."""

    name: str
    best: Model
    difference: ModelDifference | None
    """Of the best model of all minus this one; None of itself."""

    @property
    def is_tested(self) -> bool:
        """Whether it was tested against the best of all."""
        return self.difference is not None and self.difference.p_value is not None

    @property
    def is_worse(self) -> bool:
        """Whether it is significantly worse than the best of all."""
        return self.difference is not None and self.difference.verdict == "better"


@dataclass(frozen=True)
class ModelFindings:
    """Compared models, asked what a report says of them."""

    found: ModelsAnalysis

    @property
    def best(self) -> Model:
        """The model with the highest mean of the deciding score."""
        return self.found.best

    @property
    def ranked(self) -> Sequence[Model]:
        """All models, the best first."""
        return self.found.ranked

    @property
    def reference(self) -> Model:
        """The model that all others are held against."""
        return self.found.by_name[self.found.reference]

    @property
    def runner_up(self) -> Model | None:
        """The second best; None of one model."""
        return self.ranked[1] if len(self.ranked) > 1 else None

    def label(self, model: Model) -> str:
        """Return a model's name for readers."""
        return self.found.label(model.name)

    def named(self, models: Sequence[Model]) -> str:
        """Return the names of several models for readers; of many the first, and how many more there are."""
        labels = [self.label(model) for model in models]
        more = len(labels) - MOST_NAMED
        return sentence_list([*labels[:MOST_NAMED], f"{more} more"] if more > 1 else labels)

    @property
    def pooled(self) -> Interval | None:
        """The deciding score of the best model's predictions, where it is defined."""
        return self._interval(self.best)

    @property
    def by_subject(self) -> float | None:
        """The same where each subject counts once, the mean over the repeats; None without subjects."""
        return self.best.by_subject_mean(self.found.refit)

    @property
    def guessing(self) -> float | None:
        """What guessing scores, where the best model's interval does not lie above it; else None."""
        level = GUESSING.get(self.found.refit)
        if level is None or self.pooled is None or self.pooled.low is None:
            return None
        return level if self.pooled.low <= level else None

    @property
    def over_reference(self) -> ModelDifference | None:
        """The best model minus the reference; None where it is the reference."""
        return self.found.difference(self.best.name, self.found.refit)

    @property
    def over_runner_up(self) -> ModelDifference | None:
        """The best model minus the second best; None where there is none, or too few folds to test."""
        return None if self.runner_up is None else self._pairs.get(self.runner_up.name)

    @property
    def is_tested(self) -> bool:
        """Whether any two models were tested: on one fold none can be."""
        entries = *self.found.pairwise, *self.found.against_reference
        return any(entry.p_value is not None for entry in entries)

    @cached_property
    def level(self) -> list[Model]:
        """The best model, and those whose test does not call them worse."""
        others = (model for model in self.ranked[1:] if self._is_tested(model))
        return [self.best, *(model for model in others if not self._is_worse(model))]

    @property
    def untested(self) -> list[Model]:
        """Those that were not tested against the best, save those that are the same in every fold."""
        same = self.same
        return [model for model in self.ranked[1:] if not self._is_tested(model) and model not in same]

    @property
    def worse(self) -> list[Model]:
        """Those that are significantly worse than the best."""
        return [model for model in self.ranked[1:] if self._is_worse(model)]

    @property
    def quickest(self) -> Model:
        """Of those that are level with the best, the one that takes least to be chosen and fitted."""
        return min(self.level, key=self.seconds)

    def seconds(self, model: Model) -> float:
        """Return what a model takes in one outer fold, to be chosen and fitted."""
        return model.times.choose + model.times.fit

    @property
    def same(self) -> list[Model]:
        """Those with the best model's deciding score in every fold."""
        values = self.best.scores[self.found.refit].values
        return [model for model in self.ranked[1:] if model.scores[self.found.refit].values == values]

    @property
    def first_rank(self) -> ModelRank:
        """Of the model with the least mean rank."""
        return min(self.found.ranks, key=lambda rank: rank.mean)

    @property
    def better_elsewhere(self) -> list[ModelDifference]:
        """Models that are significantly better than the reference in a judging score that does not decide."""
        return [
            entry
            for entry in self.found.against_reference
            if entry.verdict == "better"
            and entry.score != self.found.refit
            and entry.score in judging_scores(self.found.refit)
        ]

    @property
    def calibrations(self) -> list[tuple[Model, Calibration]]:
        """Models with probabilities, the least log loss first."""
        found = [(model, model.calibration) for model in self.ranked if model.calibration is not None]
        return sorted(found, key=lambda entry: entry[1].log_loss)

    @property
    def encoders(self) -> list[EncoderFindings]:
        """The encoders by their best models, the best first; empty with one."""
        if len(self.found.encoders) == 1:
            return []
        firsts: dict[str, Model] = {}
        for model in self.ranked:
            firsts.setdefault(model.encoder, model)
        return [EncoderFindings(name, model, self._pairs.get(model.name)) for name, model in firsts.items()]

    @property
    def train_sizes(self) -> tuple[int, int]:
        """Images of the smallest and of the largest training part."""
        sizes = [fold.n_train for fold in self.found.folds]
        return min(sizes), max(sizes)

    @property
    def significance_level(self) -> float:
        """Below which a p-value is called significant."""
        return SIGNIFICANCE_LEVEL

    @property
    def not_chosen(self) -> list[Model]:
        """Models that were not chosen in some fold, for it could not be divided again."""
        return [self.found.by_name[name] for name in self.found.not_chosen]

    def _interval(self, model: Model) -> Interval | None:
        found = None if model.pooled is None else model.pooled.scores.get(self.found.refit)
        return None if found is None or found.estimate is None else found

    def _is_tested(self, model: Model) -> bool:
        found = self._pairs.get(model.name)
        return found is not None and found.p_value is not None

    def _is_worse(self, model: Model) -> bool:
        found = self._pairs.get(model.name)
        return found is not None and found.verdict == "better"

    @cached_property
    def _pairs(self) -> dict[str, ModelDifference]:
        """The best model minus each other one, by the other's name."""
        return dict(self._against_best())

    def _against_best(self) -> Iterator[tuple[str, ModelDifference]]:
        best = self.best.name
        for entry in self.found.pairwise:
            if entry.first == best:
                yield entry.second, entry
            elif entry.second == best:  # of means over other folds, where a score is not defined in some
                yield entry.first, entry.turned()


def find_models(result: Reported) -> ModelFindings | None:
    """Return what a report says of compared models; None where none were."""
    found = result.analyses.find(ModelsAnalysis)
    return None if found is None else ModelFindings(found)


def equal_groups(names: Sequence[str], pairs: Sequence[ModelDifference]) -> list[tuple[int, int]]:
    """Return the longest runs of models whose tests tell no two apart: first and last place.

    Two with the same score in every fold, which leaves nothing to test, are not told apart either.

    Parameters
    ----------
    names : sequence of str
        In the order of their ranks.
    pairs : sequence of ModelDifference

    Returns
    -------
    list of (int, int)
        None of one model alone, and none within another.
    """
    level = {
        frozenset((entry.first, entry.second))
        for entry in pairs
        if entry.verdict == "inconclusive" and (entry.p_value is not None or entry.mean_difference == 0)
    }
    groups: list[tuple[int, int]] = []
    for first in range(len(names)):
        last = first
        while last + 1 < len(names) and all(
            frozenset((earlier, names[last + 1])) in level for earlier in names[first : last + 1]
        ):
            last += 1
        if last > first and (not groups or last > groups[-1][1]):
            groups.append((first, last))
    return groups
