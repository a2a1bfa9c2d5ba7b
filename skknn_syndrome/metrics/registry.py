"""The registry of scores: which there are, under which names, and how one is added or evaluated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, overload

from skknn_syndrome.metrics.scores import SCORES, top_k_accuracy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from skknn_syndrome._typing import Float64Array
    from skknn_syndrome.metrics.definition import (
        Counts,
        LabelScore,
        RankingScore,
        ScoreDefinition,
        Task,
        Ties,
    )


class Names(Sequence[str]):
    """Names as they are registered at the moment, like a tuple."""

    def __init__(self, names: Callable[[], list[str]]) -> None:
        self._names = names

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        """Return one name or several."""
        return self._names()[place]

    def __iter__(self) -> Iterator[str]:
        """Go through those of this moment."""
        return iter(self._names())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._names())

    def __repr__(self) -> str:
        """Show them as a tuple."""
        return repr(tuple(self))


class Named(NamedTuple):
    """A score, and how it resolves ties."""

    score: ScoreDefinition
    ties: Ties

    def of(self, counts: Counts) -> Float64Array:
        """Return the score in the shape of the counts, NaN where it is not defined."""
        return self.score.compute(counts, self.ties)


def _entries(score: ScoreDefinition) -> dict[str, Named]:
    """Return a score by its name, and by those of its bounds over ties."""
    bounds: dict[str, Ties] = {"_lower": "worst", "_upper": "best"} if score.has_tie_bounds else {}
    return {
        score.name: Named(score, "by_rule"),
        **{f"{score.name}{end}": Named(score, ties) for end, ties in bounds.items()},
    }


_registered = {name: entry for score in SCORES for name, entry in _entries(score).items()}


def _names(*, bounds: bool) -> list[str]:
    return [name for name, (_, ties) in _registered.items() if (ties != "by_rule") is bounds]


SCORE_NAMES = Names(lambda: _names(bounds=False))
"""The scores of a study, in the order in which tables show them."""

TIE_BOUNDS = Names(lambda: _names(bounds=True))
"""The bounds over ties of each score that has some."""

ALL_NAMES = Names(lambda: [*SCORE_NAMES, *TIE_BOUNDS])
"""Both."""


def register_score(score: LabelScore | RankingScore) -> None:
    """Add a score to those of the package.

    From then on it is a scorer, a column of `score_probabilities` and `batch_scores`, a figure with an
    interval, and a score that may decide a study, in this process. Processes that joblib starts know it if
    they import the module that registers it.

    Parameters
    ----------
    score : LabelScore or RankingScore

    Raises
    ------
    ValueError
        Its name is no identifier, or is taken.

    Examples
    --------
    >>> from skknn_syndrome import metrics, scorers
    >>> def least_recall(tally):
    ...     return tally.recalls.min(axis=-1, where=tally.true > 0, initial=1.0)
    >>> metrics.register_score(
    ...     metrics.LabelScore(
    ...         name="least_recall", title="lowest recall", averaging="of all classes", kernel=least_recall
    ...     )
    ... )
    >>> scorers.least_recall
    Scorer('least_recall')
    >>> metrics.unregister_score("least_recall")
    """
    if not score.name.isidentifier():
        raise ValueError(f"name={score.name!r} can't be a score's: take an identifier.")
    entries = _entries(score)
    taken = [name for name in entries if name in _registered]
    if taken:
        raise ValueError(f"There is a score {taken[0]!r} already: take another name.")
    _registered.update(entries)


def unregister_score(name: str) -> None:
    """Take away a score that was registered.

    Parameters
    ----------
    name : str

    Raises
    ------
    ValueError
        There is none of this name, or it is the package's own.
    """
    entry = _registered.get(name)
    if entry is None or entry.score in SCORES:
        raise ValueError(f"{name!r} was not registered, so it can't be taken away.")
    for taken in _entries(entry.score):
        del _registered[taken]


def find_score(name: str) -> Named:
    """Return the score of this name.

    Parameters
    ----------
    name : str
        One of `SCORE_NAMES`, or ``top_<k>_accuracy`` with any k from 1; also, where a score has bounds over
        ties, with ``_lower`` or ``_upper``.

    Returns
    -------
    Named

    Raises
    ------
    ValueError
        There is no such score.

    Examples
    --------
    >>> found = find_score("top_9_accuracy_upper")
    >>> found.score.title, found.ties
    ('top-9 accuracy', 'best')
    """
    entry = _registered.get(name) or _any_top_k(name)
    if entry is None:
        known = ", ".join(score.name for score in definitions() if not score.has_tie_bounds)
        raise ValueError(
            f"There is no score {name!r}; there are {known} and, for k from 1, top_<k>_accuracy."
        )
    return entry


def _any_top_k(name: str) -> Named | None:
    found = re.fullmatch(r"top_([1-9]\d*)_accuracy(?:_lower|_upper)?", name, flags=re.ASCII)
    return None if found is None else _entries(top_k_accuracy(int(found[1])))[name]


def definitions(task: Task | None = None) -> tuple[ScoreDefinition, ...]:
    """Return the scores, those that serve one task if it is given.

    Examples
    --------
    >>> [score.name for score in definitions("multilabel")]
    ['roc_auc_ovr', 'f1_macro', 'precision_macro', 'recall_macro']
    """
    return tuple(
        score
        for score, ties in _registered.values()
        if ties == "by_rule" and (task is None or task in score.tasks)
    )


def top_ks() -> tuple[int, ...]:
    """Return the k of the top-k accuracies, rising.

    Examples
    --------
    >>> top_ks()
    (1, 3, 5)
    """
    found = (re.fullmatch(r"top_(\d+)_accuracy", name) for name in SCORE_NAMES)
    return tuple(sorted(int(entry[1]) for entry in found if entry is not None))


def score_title(name: str) -> str:
    """Return a score's name for prose; a name that is not known stays as it is.

    Examples
    --------
    >>> score_title("f1_macro"), score_title("top_9_accuracy"), score_title("guess")
    ('macro F1', 'top-9 accuracy', 'guess')
    """
    entry = _registered.get(name) or _any_top_k(name)
    return name if entry is None or entry.ties != "by_rule" else entry.score.title


def why_undefined(name: str) -> str:
    """Return why a score has no value where it is NaN.

    Parameters
    ----------
    name : str
        As for `find_score`.
    """
    return find_score(name).score.undefined
