"""What to do next, as far as the result says so."""

from collections.abc import Iterable, Iterator
from itertools import chain

from skknn_syndrome.analyses.preprocessing.effects import VariantVerdict
from skknn_syndrome.analyses.preprocessing.findings import PreprocessingFindings
from skknn_syndrome.analyses.repeats.present import RepeatFindings
from skknn_syndrome.questions import Advice, presentations
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.results.verdicts import CAUGHT_HALF, LOW_F1
from skknn_syndrome.wording import counted, method_title, metric_title, one_line, score_title, variant_title

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
    yield from (Advice(20, sentence) for sentence in _on_preprocessing(facts))
    yield from (Advice(30, sentence, holds_by_chance=True) for sentence in _on_syndromes(facts))
    yield from (Advice(40, sentence) for sentence in _on_selection(facts))
    yield from (Advice(42, sentence) for sentence in _on_unseen(facts))
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


def _on_preprocessing(facts: Facts) -> Iterator[str]:
    found = facts.preprocessing
    for judged in () if found is None else found.verdicts:
        under = f"Under the {metric_title(judged.metric)} distance"
        if found is not None and judged.helping:
            yield f"{under}, {_advise(found, judged.helping[0])}"
        elif judged.metric != facts.winner.metric:
            continue
        elif judged.verdict == "hurts":
            yield (
                f"{under}, leave the embeddings unprocessed: some variants are significantly worse, and none "
                "significantly better."
            )
        else:
            yield (
                f"{under}, unprocessed embeddings are the simplest choice: whether scaling or resampling "
                "helps is inconclusive, and more splits or images would be needed to tell."
            )


def _advise(found: PreprocessingFindings, helping: VariantVerdict) -> str:
    title = variant_title(helping.scaler, helping.resampler)
    if found.is_cosine(helping):
        return f"scale embeddings by {title}, or take the cosine distance: both order neighbours alike."
    scores = " and ".join(score_title(gain.score) for gain in helping.better)
    return f"preprocess embeddings by {title}, fitted within the folds: it significantly improves {scores}."


def _on_syndromes(facts: Facts) -> Iterator[str]:
    for entry in facts.weakest:
        # What chance would do as well is no reason to collect anything.
        if entry.f1 < LOW_F1 and entry.beyond_chance:
            hard_one, other = (
                one_line(str(name), longest=60) for name in (entry.syndrome, entry.misclassified_as)
            )
            yield (
                f"Collect images that distinguish {hard_one} from {other}: "
                f"{100 * entry.share:.0f} % of the former are misclassified as the latter."
            )


def _on_selection(facts: Facts) -> Iterator[str]:
    selection = facts.selection
    if selection is not None and selection.verdict == "significant":
        yield (
            f"Expect the {facts.refit_title} of the nested search, {selection.bias.nested_mean:.3f}, "
            "of new images: the best candidate's is flattered by the choice."
        )


def _on_unseen(facts: Facts) -> Iterator[str]:
    open_set = facts.open_set
    found = None if open_set is None else open_set.open_set
    if found is not None and found.caught_share is not None and found.caught_share < CAUGHT_HALF:
        yield (
            "Have each case reviewed by somebody who can answer 'none of these': of "
            f"{counted(found.n_unknown, 'image')} with a syndrome absent from training, "
            f"{100 * (1 - found.caught_share):.0f} % were not flagged."
        )
