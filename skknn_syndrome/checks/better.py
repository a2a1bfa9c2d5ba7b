"""Methods that are significantly better than the best configuration of the grid."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from skknn_syndrome.results.check import Figure
from skknn_syndrome.results.comparison import Alternative, AlternativeDifference
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.wording import method_title, score_title

Better: TypeAlias = tuple[Alternative, AlternativeDifference]
"""A method, and the score in which it is better."""


def significantly_better(compared: Iterable[Alternative], scores: Sequence[str]) -> list[Better]:
    """Return which methods are better by which of some scores, each score once."""
    return [(entry, found) for entry in compared for found in entry.better_by(*scores)]


def sentences_on_better(run: ProtocolResult, better: Sequence[Better]) -> list[str]:
    """Say by how much methods are better than the best candidate: one sentence a score."""
    return [
        f"Significantly higher in {score_title(score)} than the best configuration of the grid "
        f"({run.winner.title}): {'; '.join(_told(*pair) for pair in better if pair[1].score == score)}."
        for score in dict.fromkeys(found.score for _, found in better)
    ]


def _told(entry: Alternative, found: AlternativeDifference) -> str:
    name = method_title(entry.head, entry.metric, entry.n_neighbors)
    return f"{name}, {found.mean:.3f} against {found.best_mean:.3f} over {found.n_folds} folds"


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
