"""Registry of scores by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, overload

from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics.definition import SINGLE_LABEL
from skknn_syndrome.metrics.scores import SCORES, top_k_accuracy

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    from skknn_syndrome._typing import Float64Array
    from skknn_syndrome.metrics.definition import (
        Counts,
        LabelScore,
        RankingScore,
        ScoreDefinition,
        TaskName,
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
    return [
        name
        for name, (score, ties) in _registered.items()
        if (ties != "by_rule") is bounds and score.tasks & SINGLE_LABEL
    ]


SCORE_NAMES = Names(lambda: _names(bounds=False))
"""The scores of single labels, in the order in which tables show them; a task has some or all of them."""

TIE_BOUNDS = Names(lambda: _names(bounds=True))
"""The bounds over ties of each score that has some."""

ALL_NAMES = Names(lambda: [*SCORE_NAMES, *TIE_BOUNDS])
"""Both."""


def register_score(score: LabelScore | RankingScore) -> None:
    """Add a score to those of the package.

    From then on it is a scorer, a column of `score_probabilities` and `batch_scores`, a figure with an
    interval, and a score that may decide a study, each where labels are of one of its tasks. Scorers and
    studies take it along into processes that joblib starts.

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
        raise ParameterError(
            f"name={score.name!r} can't be a score's: take an identifier.",
            code="not_an_identifier",
            parameter="score",
        )
    entries = _entries(score)
    taken = [name for name in entries if name in _registered]
    if taken:
        raise ParameterError(
            f"There is a score {taken[0]!r} already: take another name.", code="name_taken", parameter="score"
        )
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
        raise ParameterError(
            f"{name!r} was not registered, so it can't be taken away.",
            code="not_registered",
            parameter="name",
        )
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
        known = ", ".join(score.name for score in definitions(*SINGLE_LABEL) if not score.has_tie_bounds)
        raise ParameterError(
            f"There is no score {name!r}; there are {known} and, for k from 1, top_<k>_accuracy.",
            code="unknown_score",
            parameter="name",
        )
    return entry


def _any_top_k(name: str) -> Named | None:
    found = re.fullmatch(r"top_([1-9]\d*)_accuracy(?:_lower|_upper)?", name, flags=re.ASCII)
    return None if found is None else _entries(top_k_accuracy(int(found[1])))[name]


def definitions(*tasks: TaskName) -> tuple[ScoreDefinition, ...]:
    """Return the scores, those that serve one of some tasks if these are given.

    Examples
    --------
    >>> [score.name for score in definitions("multilabel")]
    ['roc_auc_ovr', 'f1_macro', 'precision_macro', 'recall_macro', 'f1_micro', 'f1_weighted', 'f1_samples',
     'average_precision_macro', 'label_ranking_average_precision', 'hamming_loss', 'subset_accuracy']
    """
    return tuple(
        score
        for score, ties in _registered.values()
        if ties == "by_rule" and (not tasks or not score.tasks.isdisjoint(tasks))
    )


def task_of_classes(n_classes: int) -> TaskName:
    """Return the task of one label an image, of so many classes in the whole data set.

    Examples
    --------
    >>> task_of_classes(2), task_of_classes(9)
    ('binary', 'multiclass')
    """
    return "binary" if n_classes == 2 else "multiclass"  # noqa: PLR2004  what binary means


def entries_of(scores: Iterable[ScoreDefinition]) -> dict[str, Named]:
    """Return scores by their names, then by those of their bounds over ties.

    Examples
    --------
    >>> list(entries_of([top_k_accuracy(3)]))
    ['top_3_accuracy', 'top_3_accuracy_lower', 'top_3_accuracy_upper']
    """
    every = [item for score in scores for item in _entries(score).items()]
    return dict(sorted(every, key=lambda item: item[1].ties != "by_rule"))


def names_for(n_classes: int, *, bounds: bool = True) -> list[str]:
    """Return the scores of single labels of so many classes, and their bounds over ties.

    Examples
    --------
    >>> names_for(3, bounds=False) == list(SCORE_NAMES)
    True
    """
    entries = entries_of(definitions(task_of_classes(n_classes)))
    return [name for name, (_, ties) in entries.items() if bounds or ties == "by_rule"]


def names_among(found: Container[str]) -> list[str]:
    """Return the scores that a table has, without bounds over ties, in the order of `SCORE_NAMES`.

    Examples
    --------
    >>> names_among({"accuracy": 0.5, "roc_auc_ovr": 0.7, "top_1_accuracy_lower": 0.5})
    ['roc_auc_ovr', 'accuracy']
    """
    return [score.name for score in definitions() if score.name in found]


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


def is_loss(name: str) -> bool:
    """Return whether lower is better; of a name that is not known it is not.

    Examples
    --------
    >>> is_loss("hamming_loss"), is_loss("accuracy"), is_loss("guess")
    (True, False, False)
    """
    entry = _registered.get(name)
    return entry is not None and not entry.score.higher_is_better


def why_undefined(name: str) -> str:
    """Return why a score has no value where it is NaN.

    Parameters
    ----------
    name : str
        As for `find_score`.
    """
    return find_score(name).score.undefined
