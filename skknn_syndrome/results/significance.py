"""Whether a difference is significant."""

from skknn_syndrome.results.verdicts import SIGNIFICANCE_LEVEL


def is_significant(p_value: float | None) -> bool:
    """Return whether a p-value is below the level; None, where nothing differs, is not.

    Examples
    --------
    >>> is_significant(0.049), is_significant(0.05), is_significant(None)
    (True, False, False)
    """
    return p_value is not None and p_value < SIGNIFICANCE_LEVEL
