"""What choosing parameters on the folds that report was worth."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Literal

from skknn_syndrome.results import NestedSelection, Score
from skknn_syndrome.results.nesting import Optimism

Choice = tuple[str, str, int]
"""Distance, weights, k."""


@dataclass(frozen=True)
class SelectionFindings:
    """A search that was cross-validated itself."""

    nested: NestedSelection
    refit: str
    """The score by which candidates are judged."""

    @cached_property
    def counts(self) -> list[tuple[Choice, int]]:
        """Each candidate that was chosen, with the number of folds, the most frequent first."""
        chosen = Counter(
            (choice.metric, choice.weights, choice.n_neighbors) for choice in self.nested.choices
        )
        return sorted(chosen.items(), key=lambda item: (-item[1], item[0]))

    @property
    def metrics(self) -> list[tuple[str, int]]:
        """Each distance that was chosen, with the number of folds, the most frequent first."""
        chosen = Counter(choice.metric for choice in self.nested.choices)
        return sorted(chosen.items(), key=lambda item: (-item[1], item[0]))

    @property
    def ks(self) -> tuple[int, int]:
        """The smallest and the largest k that was chosen."""
        chosen = [choice.n_neighbors for choice in self.nested.choices]
        return min(chosen), max(chosen)

    @property
    def score(self) -> Score:
        """The deciding score of what was chosen inside."""
        return next(score for score in self.nested.all_scores if score.name == self.refit)

    @property
    def optimism(self) -> Optimism:
        """Of the deciding score."""
        return next(entry for entry in self.nested.optimism if entry.score == self.refit)

    @property
    def verdict(self) -> Literal["none", "small", "noticeable"] | None:
        """How the optimism compares with the standard error over the folds; None if it is not defined.

        Folds share training images, so that the true standard error is larger: "noticeable" is said rather
        too often than too seldom.
        """
        difference = self.optimism.difference
        if difference is None or self.score.std is None:
            return None
        if difference <= 0:
            return "none"
        return "small" if difference < self.score.std / sqrt(self.score.n_defined) else "noticeable"
