"""Worst and best classes: what figures and tables of a report show where there are many."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from skknn_syndrome.languages import gettext, written
from skknn_syndrome.results.analysis import of_kept
from skknn_syndrome.results.candidate import entry_of
from skknn_syndrome.results.study import StudyResult

Item = TypeVar("Item")

MOST_SYNDROMES: Final = 20
"""Of more, figures show the ends of an order, as many from each; the CSV files have them all."""


def ends(items: Sequence[Item], most: int = MOST_SYNDROMES) -> tuple[Item, ...]:
    """Return the first and the last of many, half of `most` from each end; few as they are.

    Examples
    --------
    >>> ends(range(9), 4), ends("abc", 4)
    ((0, 1, 7, 8), ('a', 'b', 'c'))
    """
    if len(items) <= most:
        return tuple(items)
    return (*items[: most // 2], *items[len(items) - most // 2 :])


def within_extent(study: StudyResult, most: int = MOST_SYNDROMES) -> StudyResult:
    """Return a study as figures show it: with the worst and the best of its syndromes, where it has many.

    Parameters
    ----------
    study : StudyResult
    most : int
        Syndromes that figures show.

    Returns
    -------
    StudyResult
        The same one where there are no more; else one with those of the lowest and of the highest sensitivity
        (of a study without scores by class, with those of the most images). It is good for drawing and
        nothing else, since scores are still those of all syndromes.
    """
    found = study.dataset.syndromes
    if len(found) <= most:
        return study
    ranked = _by_sensitivity(study)
    largest = sorted(found, key=lambda entry: (-entry.n_images, entry.syndrome))
    kept = frozenset(ends(ranked, most) if ranked else [entry.syndrome for entry in largest[:most]])
    return study.revised(
        dataset=study.dataset.revised(syndromes=of_kept(found, kept)),
        analyses=study.analyses.each(lambda analysis: analysis.of_classes(kept)),
    )


def extent_note(study: StudyResult, most: int = MOST_SYNDROMES) -> str:
    """Return which of many syndromes figures show, as a sentence; nothing where they show all."""
    n_found = len(study.dataset.syndromes)
    if n_found <= most:
        return ""
    values = {"found": written(f"{n_found:,}"), "half": most // 2, "most": most}
    if _by_sensitivity(study):
        said = gettext(
            "Of %(found)s syndromes, the %(half)s with the lowest and the %(half)s with the highest "
            "sensitivity."
        )
    else:
        said = gettext("Of %(found)s syndromes, the %(most)s with the most images.")
    return said % values


def _by_sensitivity(study: StudyResult) -> list[str]:
    """Return the syndromes by the winner's sensitivity, rising; none where it was not looked at by class."""
    # By its name: what displays knows no question's own classes.
    found: Any = next((entry for entry in study.analyses if entry.question == "per_class"), None)
    evaluation = None if found is None else entry_of(found.evaluations, study.primary.winner)
    rows = () if evaluation is None else evaluation.per_syndrome
    return [row.syndrome for row in sorted(rows, key=lambda row: (row.recall, row.syndrome))]
