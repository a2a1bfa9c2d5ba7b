"""The level at which a difference is called significant, in one place."""

from typing import Final

SIGNIFICANCE_LEVEL: Final = 0.05
"""Of two-sided tests, after the correction for the other tests that were made beside them."""


def is_significant(p_value: float | None) -> bool:
    """Return whether a p-value is below the level; None, where nothing differs, is not.

    Examples
    --------
    >>> is_significant(0.049), is_significant(0.05), is_significant(None)
    (True, False, False)
    """
    return p_value is not None and p_value < SIGNIFICANCE_LEVEL
