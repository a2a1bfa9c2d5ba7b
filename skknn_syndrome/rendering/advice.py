"""What to do next, as far as the result says so."""

from collections.abc import Iterable, Iterator
from itertools import chain

from skknn_syndrome.analyses.repeats.present import RepeatFindings
from skknn_syndrome.questions import Advice, presentations
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.wording import method_title, metric_title, score_title

NOTHING_FOUND = (
    "Choose nothing by these scores: the search is not significantly better than chance. Check whether the "
    "labels belong to these images, or collect more subjects."
)

ANOTHER_SOURCE = "Test on images from another source before any use: all folds come from one collection."


def advice(facts: Facts) -> list[str]:
    """Return recommendations, each with the finding that it follows from.

    Where the whole search is not significantly better than chance, nothing that it found is recommended.
    """
    gathered = (entry.advice(facts.study) for entry in presentations() if entry.advice is not None)
    found = sorted([*_own(facts), *chain(*gathered)], key=lambda entry: (entry.rank, entry.adds))
    if facts.by_chance:
        return [NOTHING_FOUND, *_told(entry for entry in found if entry.holds_by_chance)]
    return _told(found)


def _told(found: Iterable[Advice]) -> list[str]:
    """Return the sentences, with those that add to others of their rank behind the last of these."""
    told: list[str] = []
    last = None
    for entry in found:
        if not entry.adds:
            told.append(entry.sentence)
            last = entry.rank
        elif entry.rank == last:
            told[-1] = f"{told[-1]} {entry.sentence}"
    return told


def _own(facts: Facts) -> Iterator[Advice]:
    """Yield advice that several questions give together."""
    yield from (Advice(10, sentence) for sentence in _on_choice(facts))
    yield Advice(60, ANOTHER_SOURCE)


def _on_choice(facts: Facts) -> Iterator[str]:
    alternatives, distances, comparison = facts.alternatives, facts.distances, facts.study.comparison
    baseline = None if alternatives is None else alternatives.better_baseline
    larger = None if alternatives is None else alternatives.better_k
    if baseline is not None:
        yield (
            f"Prefer {method_title(baseline.head, baseline.metric)} to the nearest neighbours of this grid: "
            f"its {facts.refit_title} is significantly higher on the same folds."
        )
    elif larger is not None:
        yield (
            f"Prefer {method_title(larger.head, larger.metric, larger.n_neighbors)} to k = "
            f"{facts.winner.n_neighbors}: its {facts.refit_title} is significantly higher on the same folds. "
            "Look at macro F1 as well, which need not agree."
        )
    elif comparison is not None and comparison.significant:
        name = metric_title(comparison.first)
        yield f"Use the {name} distance: its {facts.refit_title} is significantly higher."
    elif distances is not None and comparison is not None:
        yield from _on_undecided_distances(facts, distances, comparison)
    untried = alternatives is None or not alternatives.tried_larger_k
    # From the size of the training parts on, all images vote.
    at_edge = len(facts.grid) > 1 and facts.winner.n_neighbors == facts.grid[-1] < facts.train_sizes[0]
    if untried and at_edge:
        yield f"Try k beyond {facts.grid[-1]}: the best k lies at the edge of the grid."


def _on_undecided_distances(
    facts: Facts, distances: RepeatFindings, comparison: DistanceComparison
) -> Iterator[str]:
    names = " and ".join(metric_title(name) for name in (comparison.first, comparison.second))
    if distances.significant_elsewhere:
        scores = ", ".join(score_title(entry.score) for entry in distances.significant_elsewhere)
        yield (
            f"Choose between {names} distance by the score that matters in use: {facts.refit_title} is "
            f"inconclusive, but the difference is significant by {scores}."
        )
    elif distances.p_value is not None:
        seeds = "" if distances.single_comparison else ", or repeat the folds with other seeds"
        yield f"Choose between {names} distance by other criteria{seeds}: these scores are inconclusive."
