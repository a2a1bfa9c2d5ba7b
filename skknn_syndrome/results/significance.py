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


def decimals_of_p(value: float, fewest: int) -> int:
    """Return the decimals from which on a rounded p-value is on its own side of the level.

    Examples
    --------
    >>> [decimals_of_p(value, 3) for value in (0.0412, 0.0498, 0.04996, 0.0504)]
    [3, 4, 5, 3]
    """
    decimals = fewest
    while is_significant(round(value, decimals)) != is_significant(value):
        decimals += 1
    return decimals
