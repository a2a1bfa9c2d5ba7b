"""Methods that are significantly better than the best candidate of the grid."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from skknn_syndrome.results import Alternative, AlternativeDifference, ProtocolResult
from skknn_syndrome.results.check import Figure
from skknn_syndrome.wording import method_title, score_title

Better: TypeAlias = tuple[Alternative, AlternativeDifference]
"""A method, and the score in which it is better."""


def significantly_better(compared: Iterable[Alternative], scores: Sequence[str]) -> list[Better]:
    """Return which methods are better by which of some scores, each score once."""
    found = ((entry, entry.difference(score)) for entry in compared for score in dict.fromkeys(scores))
    return [(entry, worth) for entry, worth in found if worth is not None and worth.verdict == "better"]


def sentences_on_better(run: ProtocolResult, better: Sequence[Better]) -> list[str]:
    """Say by how much each method is better than the best candidate: in one sentence, or none."""
    if not better:
        return []
    found = "; ".join(
        f"{method_title(entry.head, entry.metric, entry.n_neighbors)}, in {score_title(worth.score)} "
        f"{worth.mean:.3f} against {worth.best_mean:.3f} over {worth.n_folds} folds"
        for entry, worth in better
    )
    return [f"Significantly higher than the best candidate of the grid ({run.winner.title}): {found}."]


def figures_of_better(better: Iterable[Better]) -> dict[str, Figure]:
    """Return means, difference and number of folds: ``nearest_centroid.cosine.f1_macro.mean``."""
    return {
        f"{_key(entry)}.{found.score}.{name}": figure
        for entry, found in better
        for name, figure in (
            ("mean", found.mean),
            ("best_mean", found.best_mean),
            ("mean_difference", found.mean_difference),
            ("n_folds", found.n_folds),
        )
    }


def _key(entry: Alternative) -> str:
    name = entry.head if entry.n_neighbors is None else f"k{entry.n_neighbors}"
    return name if entry.metric is None else f"{name}.{entry.metric}"
