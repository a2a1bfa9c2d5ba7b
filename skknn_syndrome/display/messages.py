"""Words of the messages above figures: names of classes, scores, where scores are the same."""

from skknn_syndrome.display.lettering import drawn_labels
from skknn_syndrome.display.prose import NBSP, number


def called(name: str) -> str:
    """Return a class's name, shortened, in letters that figures have.

    Examples
    --------
    >>> called("Noonan")
    'Noonan'
    """
    return drawn_labels((name,))[name]


def figure(value: float, decimals: int = 2) -> str:
    """Return a score for a message, with a true minus sign.

    Examples
    --------
    >>> figure(0.9562), figure(-0.25).isascii()
    ('0.96', False)
    """
    return str(number(value, decimals))


def alike(*values: float, decimals: int = 2) -> bool:
    """Return whether a message would print all values as the same.

    Examples
    --------
    >>> alike(0.951, 0.949), alike(0.95, 0.96)
    (True, False)
    """
    return len({figure(value, decimals) for value in values}) == 1


def k_is(n_neighbors: int) -> str:
    """Return "k = 15" in one piece.

    Examples
    --------
    >>> k_is(15).split(NBSP)
    ['k', '=', '15']
    """
    return f"k{NBSP}={NBSP}{n_neighbors}"
