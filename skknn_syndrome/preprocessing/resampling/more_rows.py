"""As many synthetic rows as somebody wants, whatever the classes' sizes."""

from collections import Counter
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from skknn_syndrome._typing import VectorLike
from skknn_syndrome.errors import StudySettingsError


@dataclass(frozen=True)
class MoreRows:
    """A `sampling_strategy` that gives every class equally many rows more.

    imbalanced-learn's own strategies bring classes to the same size; this one keeps their differences.

    Parameters
    ----------
    n_rows : int
        Synthetic rows over all classes, at least 1. What can't be shared equally goes to the first classes,
        one each.

    Raises
    ------
    StudySettingsError
        `n_rows` is no whole number from 1 up.

    Examples
    --------
    >>> MoreRows(5)(["a", "a", "a", "b"])
    {'a': 6, 'b': 3}
    """

    n_rows: int

    def __post_init__(self) -> None:
        """Refuse what is no number of rows."""
        given: Any = self.n_rows
        if not isinstance(given, Integral) or int(given) < 1:
            raise StudySettingsError(f"n_rows={self.n_rows!r} must be a whole number, 1 at least.")

    def __call__(self, labels: VectorLike) -> dict[object, int]:
        """Return how many rows each class shall have."""
        counts = Counter(np.asarray(labels).tolist())
        share, rest = divmod(self.n_rows, len(counts))
        return {label: counts[label] + share + (place < rest) for place, label in enumerate(sorted(counts))}
