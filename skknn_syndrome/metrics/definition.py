"""Definition of a score: name, title, range, tasks, and one kernel.

This module and `skknn_syndrome.metrics.scores` import neither NumPy nor scikit-learn, so that a help text or
a report may name scores without loading them. A kernel is arithmetic on arrays that it is handed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, NoReturn, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from skknn_syndrome._typing import Float64Array, IndexArray
    from skknn_syndrome.metrics.counting import Tally

TaskName: TypeAlias = Literal["binary", "multiclass", "multilabel"]
"""Kinds of labels: two classes, several classes, several labels at once."""

Ties: TypeAlias = Literal["by_rule", "worst", "best"]
"""How ties of the true class are resolved: as scikit-learn does, all against it, all in its favour."""

SINGLE_LABEL: frozenset[TaskName] = frozenset({"binary", "multiclass"})
ALL_TASKS: frozenset[TaskName] = SINGLE_LABEL | {"multilabel"}


def _no_sets() -> NoReturn:
    raise TypeError("There is one label a sample, and this is a score of sets of labels.")


@dataclass(frozen=True)
class Ranking:
    """Where the true classes rank among the scores of all classes, under one rule for ties."""

    within: Callable[[int], Float64Array]
    """From k to the share of the samples whose true class is among the k highest, shape (...)."""
    pairs: Callable[[], tuple[Float64Array, Float64Array | IndexArray]]
    """Weight of the pairs of a positive and a negative in which the positive scores more, ties counting half,
    and weight of all pairs, by class, which broadcast to shape (..., n_classes)."""
    average_precisions: Callable[[], Float64Array] = _no_sets
    """Of sets of labels: average precision by label, NaN for one without positives."""
    label_rankings: Callable[[], Float64Array] = _no_sets
    """Of sets of labels, by sample: mean share of true labels among those that rank as high as a true one."""


class Counts(Protocol):
    """What predictions amount to, for every weighting, fold or candidate at once."""

    @property
    def tally(self) -> Tally:
        """Counts of the predicted labels."""

    def ranking(self, ties: Ties) -> Ranking:
        """Ranks of the true classes, and pairs won."""


@dataclass(frozen=True, kw_only=True)
class ScoreDefinition(ABC):
    """All that the package knows of one score; higher is better, unless it says otherwise.

    Build a `LabelScore` or a `RankingScore`, and hand it to `skknn_syndrome.metrics.register_score`.
    """

    needs: ClassVar[Literal["labels", "ranking"]]
    """Predicted labels; or a score of each class, such as probabilities or decision values."""

    name: str
    """An identifier, scikit-learn's name where it has the score."""
    title: str
    """In prose, as it stands within a sentence."""
    averaging: str
    """How it is averaged within a fold, in words."""
    lowest: float = 0.0
    highest: float = 1.0
    tasks: frozenset[TaskName] = SINGLE_LABEL
    higher_is_better: bool = True
    """False for a loss."""
    proportion: bool = False
    """Whether it is a share of all samples, as accuracy is."""
    in_family: bool = True
    """Whether tests of several scores are adjusted for it, and a best candidate at the edge of the grid is
    looked for by it. Scores that restate others stay out, so that those keep their p."""
    undefined: str = "there is nothing to divide by in the test part"
    """Why it has no value where it is NaN."""

    @property
    def has_tie_bounds(self) -> bool:
        """Whether ``<name>_lower`` and ``<name>_upper`` are scores as well."""
        return False

    @abstractmethod
    def compute(self, counts: Counts, ties: Ties) -> Float64Array:
        """Return the score in the shape of the counts, NaN where it is not defined."""


@dataclass(frozen=True, kw_only=True)
class LabelScore(ScoreDefinition):
    """A score of predicted labels."""

    needs = "labels"

    kernel: Callable[[Tally], Float64Array]
    """From counts by class to the score, shape (...); NaN, or 0 / 0, where it is not defined."""

    def compute(self, counts: Counts, ties: Ties) -> Float64Array:  # noqa: ARG002  labels have no ties
        """Return the kernel's value of the tally."""
        return self.kernel(counts.tally)


@dataclass(frozen=True, kw_only=True)
class RankingScore(ScoreDefinition):
    """A score of the order in which classes are ranked, or samples for a class."""

    needs = "ranking"

    kernel: Callable[[Ranking], Float64Array]
    """From ranks and pairs to the score, shape (...); NaN, or 0 / 0, where it is not defined."""
    k: int | None = None
    """Of a top-k score, which has bounds over ties."""

    @property
    def has_tie_bounds(self) -> bool:
        """Whether ``<name>_lower`` and ``<name>_upper`` are scores as well: for a top-k score."""
        return self.k is not None

    def compute(self, counts: Counts, ties: Ties) -> Float64Array:
        """Return the kernel's value of the ranking under this rule."""
        return self.kernel(counts.ranking(ties))
