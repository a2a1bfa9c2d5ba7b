"""How many syndromes figures have room for."""

from skknn_syndrome.results.analysis import of_kept
from skknn_syndrome.results.study import StudyResult

MOST_SYNDROMES = 100
"""Of more, figures show those with the most images: a hundred rows fill two pages."""


def within_extent(study: StudyResult, most: int = MOST_SYNDROMES) -> StudyResult:
    """Return a study as figures show it: with its largest syndromes alone, where it has many.

    Parameters
    ----------
    study : StudyResult
    most : int
        Syndromes that figures show.

    Returns
    -------
    StudyResult
        The same one where there are no more; else one that is good for drawing and nothing else, since
        scores are still those of all syndromes.
    """
    found = study.dataset.syndromes
    if len(found) <= most:
        return study
    largest = sorted(found, key=lambda entry: (-entry.n_images, entry.syndrome))[:most]
    kept = frozenset(entry.syndrome for entry in largest)
    return study.revised(
        dataset=study.dataset.revised(syndromes=of_kept(found, kept)),
        analyses=study.analyses.each(lambda analysis: analysis.of_classes(kept)),
    )
