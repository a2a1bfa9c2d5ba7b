"""One score over the folds of one candidate."""

import math
from collections.abc import Sequence
from typing import Self

import numpy as np
from pydantic import model_validator

from skknn_syndrome.results.base import Result


class Undefined(Result):
    """Why a score has no value in a fold."""

    fold: int
    """Position among the protocol's folds, counted from 0."""
    reason: str


class Score(Result):
    """A score's value in every fold, with its mean and its spread over the folds where it is defined.

    A fold in which the score is not defined holds None, and `undefined` says why. Mean and standard
    deviation (population form, as `GridSearchCV` reports it) leave such folds out, and `n_defined` says how
    many were left in.
    """

    name: str
    """scikit-learn's name of the score, such as ``"f1_macro"``."""
    values: tuple[float | None, ...]
    """One value a fold, in the order of the protocol's folds."""
    lower: tuple[float | None, ...] | None = None
    """Where ties matter: the value if every tie were broken against the true class."""
    upper: tuple[float | None, ...] | None = None
    """Where ties matter: the value if every tie were broken for the true class."""
    undefined: tuple[Undefined, ...] = ()
    """One entry for each None among `values`."""
    mean: float | None
    std: float | None

    @classmethod
    def from_values(
        cls,
        name: str,
        values: Sequence[float],
        *,
        lower: Sequence[float] | None = None,
        upper: Sequence[float] | None = None,
        reason: str = "not said",
    ) -> Self:
        """Summarise the folds' values, where NaN stands for "not defined".

        Parameters
        ----------
        name : str
            The score's name.
        values : sequence of float
            One value a fold.
        lower, upper : sequence of float, optional
            The bounds over ties, one a fold.
        reason : str
            What to say of a fold where the score is not defined.

        Returns
        -------
        Score
            With mean and standard deviation over the folds where the score is defined.

        Examples
        --------
        >>> score = Score.from_values("accuracy", [0.5, float("nan"), 1.0])
        >>> score.mean, score.std, score.n_defined
        (0.75, 0.25, 2)
        """
        cells = _without_nan(values)
        mean, std = _mean_and_std(cells)
        return cls(
            name=name,
            values=cells,
            lower=None if lower is None else _without_nan(lower),
            upper=None if upper is None else _without_nan(upper),
            undefined=tuple(
                Undefined(fold=fold, reason=reason) for fold, value in enumerate(cells) if value is None
            ),
            mean=mean,
            std=std,
        )

    def __repr__(self) -> str:
        """Mean, spread and in how many folds the score is defined: the values are for programs.

        Examples
        --------
        >>> Score.from_values("accuracy", [0.5, float("nan"), 1.0])
        <accuracy 0.7500 ± 0.2500, defined in 2 of 3 folds>
        """
        found = "not defined" if self.mean is None else f"{self.mean:.4f} ± {self.std:.4f}"
        return f"<{self.name} {found}, defined in {self.n_defined} of {len(self.values)} folds>"

    @property
    def n_defined(self) -> int:
        """In how many folds the score is defined: the folds behind `mean` and `std`."""
        return sum(value is not None for value in self.values)

    @property
    def rests_on_most_folds(self) -> bool:
        """Whether the score is defined in half of the folds at least; else its mean is no estimate."""
        return 2 * self.n_defined >= len(self.values)

    @property
    def mean_lower(self) -> float | None:
        """Mean of the lower tie bound, None where there is none."""
        return None if self.lower is None else _mean_and_std(self.lower)[0]

    @property
    def mean_upper(self) -> float | None:
        """Mean of the upper tie bound, None where there is none."""
        return None if self.upper is None else _mean_and_std(self.upper)[0]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        """Refuse a file whose mean is not the mean of its own folds."""
        mean, std = _exact_mean_and_std(self.values)
        if not (_same(mean, self.mean) and _same(std, self.std)):
            message = (
                f"the mean and standard deviation of {self.name} ({self.mean}, {self.std}) are not those of "
                f"its folds ({mean}, {std}): the file was changed after the study"
            )
            raise ValueError(message)
        if any(bound is not None and len(bound) != len(self.values) for bound in (self.lower, self.upper)):
            message = f"a tie bound of {self.name} has not one value for each of its {len(self.values)} folds"
            raise ValueError(message)
        missing = [fold for fold, value in enumerate(self.values) if value is None]
        if missing != [entry.fold for entry in self.undefined]:
            message = f"{self.name} has no value in the folds {missing}, and not each of them has its reason"
            raise ValueError(message)
        return self


def _without_nan(values: Sequence[float]) -> tuple[float | None, ...]:
    return tuple(None if math.isnan(value) else float(value) for value in values)


def _mean_and_std(values: Sequence[float | None]) -> tuple[float | None, float | None]:
    defined = [value for value in values if value is not None]
    if not defined:
        return None, None
    return float(np.mean(defined)), float(np.std(defined))


def _exact_mean_and_std(values: Sequence[float | None]) -> tuple[float | None, float | None]:
    """Return the same but for the last bits, in a tenth of the time: a result holds thousands of scores."""
    defined = [value for value in values if value is not None]
    if not defined:
        return None, None
    mean = math.fsum(defined) / len(defined)
    return mean, math.sqrt(math.fsum((value - mean) ** 2 for value in defined) / len(defined))


def _same(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    # A sum's last bit may differ between machines; anything above it is another number.
    return math.isclose(first, second, rel_tol=1e-12, abs_tol=1e-12)
