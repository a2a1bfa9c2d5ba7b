"""Mean ROC curves over the folds."""

from typing import Self

from pydantic import model_validator

from skknn_syndrome.results.base import Result, check_lengths


class RocCurve(Result):
    """A mean ROC curve over the folds, on a common grid of false positive rates."""

    false_positive_rate: tuple[float, ...]
    true_positive_rate: tuple[float, ...]
    """Mean over the folds, the same length."""
    true_positive_rate_std: tuple[float, ...]
    """Standard deviation (population form) over the folds, the same length."""
    mean_auc: float
    """Mean of the folds' areas."""
    std_auc: float
    n_folds: int
    """Folds behind it: those in which the curve is defined."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        rates = self.true_positive_rate
        check_lengths(len(self.false_positive_rate), true_positive_rate=rates)
        check_lengths(len(rates), true_positive_rate_std=self.true_positive_rate_std)
        return self
