"""What choosing parameters on the folds that report was worth."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from skknn_syndrome.results import NestedSelection
from skknn_syndrome.results.candidate import KNN
from skknn_syndrome.results.nesting import Choice, Optimism, SelectionBias
from skknn_syndrome.results.uncertainty import Interval


@dataclass(frozen=True)
class SelectionFindings:
    """A search that was cross-validated itself."""

    nested: NestedSelection
    refit: str
    """The score by which candidates are judged."""

    @cached_property
    def counts(self) -> list[tuple[Choice, int]]:
        """A choice of each candidate that was chosen, with the number of folds, the most frequent first."""
        chosen = Counter((choice.head, choice.params) for choice in self.nested.choices)
        first = {(choice.head, choice.params): choice for choice in reversed(self.nested.choices)}
        return [(first[key], count) for key, count in chosen.most_common()]

    @property
    def metrics(self) -> list[tuple[str, int]]:
        """Each distance (or head without one) that was chosen, with its folds, the most frequent first."""
        chosen = Counter(choice.variant for choice in self.nested.choices)
        return sorted(chosen.items(), key=lambda item: (-item[1], item[0]))

    @property
    def ks(self) -> tuple[int, int] | None:
        """The smallest and the largest k that was chosen; None of heads without neighbours."""
        chosen = [choice.n_neighbors for choice in self.nested.choices if choice.head == KNN]
        return (min(chosen), max(chosen)) if chosen else None

    @property
    def optimism(self) -> Optimism:
        """Of the deciding score."""
        return next(entry for entry in self.nested.optimism if entry.score == self.refit)

    @property
    def verdict(self) -> SelectionBias | None:
        """Whether choosing on the folds that report raised the deciding score, by the paired test over them.

        None where the score is not defined or nothing was tested.
        """
        return self.optimism.verdict

    @property
    def interval(self) -> Interval | None:
        """The deciding score of the nested search's pooled predictions; None without an interval."""
        entry = None if self.nested.pooled is None else self.nested.pooled.scores.get(self.refit)
        return None if entry is None or entry.method is None else entry
