"""Scores of a method that chooses its own parameters, and what choosing them on the same folds adds."""

from skknn_syndrome.results.base import Result
from skknn_syndrome.results.score import Score


class Choice(Result):
    """What was chosen inside the training part of one outer fold."""

    fold: int
    """Position among the protocol's folds, counted from 0."""
    metric: str
    weights: str
    n_neighbors: int


class Optimism(Result):
    """How much higher a score is where the candidate was chosen on the folds that report it."""

    score: str
    nested_mean: float | None
    """The choosing method's mean over the outer folds."""
    chosen_mean: float | None
    """The best candidate's mean over the folds it was chosen on."""

    @property
    def difference(self) -> float | None:
        """`chosen_mean` minus `nested_mean`."""
        if self.chosen_mean is None or self.nested_mean is None:
            return None
        return self.chosen_mean - self.nested_mean


class NestedSelection(Result):
    """A cross-validation in which each fold's candidate was chosen inside its training part.

    The estimand is the mean over splits of the method "search, then fit", not of one candidate.
    """

    refit: str
    """The score, or the rule, that chose."""
    n_inner_folds: int
    choices: tuple[Choice, ...]
    """One an outer fold."""
    all_scores: tuple[Score, ...]
    """Of what was chosen, on the outer folds."""
    optimism: tuple[Optimism, ...]
    """One a score."""
