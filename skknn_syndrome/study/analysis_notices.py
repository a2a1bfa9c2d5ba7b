"""What the analyses of a study show that a reader has to know."""

from collections.abc import Iterator

from skknn_syndrome.errors import quote
from skknn_syndrome.results import Alternative, AlternativeDifference, Hubness, Notice, ProtocolResult
from skknn_syndrome.results.leak import Leak, LeakInflation
from skknn_syndrome.wording import method_title, metric_title, score_title

SKEWED = 3.0
"""From this skewness on, hubs are named; if neighbours were drawn at random, lists of 10 would have 0.3."""

COMPARED = ("roc_auc_ovr", "f1_macro")
"""Scores in which a simpler rule is worth a notice."""


def notices_on_analyses(
    run: ProtocolResult, hubness: Hubness | None, leaks: tuple[Leak, ...]
) -> tuple[Notice, ...]:
    """Return what a reader has to know of the headline's analyses.

    Parameters
    ----------
    run : ProtocolResult
        With what the analyses found.
    hubness : Hubness or None
    leaks : tuple of Leak

    Returns
    -------
    tuple of Notice
        In the order: people on both sides of a split, larger k that score higher, simpler rules that score
        higher, probabilities that mislead, hubs.
    """
    return (
        *_leaks(leaks, run),
        *_beyond_grid(run),
        *_simpler_rules(run),
        *_misleading_probabilities(run),
        *_hubs(hubness),
    )


def _leaks(leaks: tuple[Leak, ...], run: ProtocolResult) -> Iterator[Notice]:
    for leak in leaks:
        found = (entry.inflation for entry in leak.inflations if _is_f1_of_winner(entry, run))
        worth = next(found, None)
        named = "; ".join(" and ".join(quote(name) for name in ids) for ids in leak.subjects[:3])
        more = f" and {len(leak.subjects) - 3} more" if len(leak.subjects) > 3 else ""  # noqa: PLR2004
        what = {
            "exact_copies": f"{leak.n_subjects} subjects share equal images and may be fewer people",
            "near_copies": f"{leak.n_subjects} subjects have images so alike that they may be fewer people",
            "two_syndromes": f"{leak.n_subjects} subjects have images under several syndromes",
        }[leak.kind]
        # Subjects are kept together by folds of subjects: folds of images show what they would be worth.
        effect = "" if worth is None else f"; {_change(worth)} in {leak.protocol}-level folds"
        if leak.unmeasured is not None:
            effect = f"; what that does to scores can't be measured: {leak.unmeasured}"
        yield Notice(code="leak", message=f"{what} ({named}{more}){effect}.")


def _is_f1_of_winner(entry: LeakInflation, run: ProtocolResult) -> bool:
    return (entry.variant, entry.score) == (run.winner.variant, COMPARED[1])


def _change(worth: float) -> str:
    """Say what was measured: the effect of the images that were found, which need not be all there are."""
    title = score_title(COMPARED[1])
    if abs(worth) < 0.0005:  # noqa: PLR2004  what three decimals show
        return f"with these images in the training parts, {title} changes by less than 0.001"
    word = "higher" if worth > 0 else "lower"
    return f"with these images in the training parts, {title} is {abs(worth):.3f} {word}"


def _beyond_grid(run: ProtocolResult) -> Iterator[Notice]:
    """Say which k beyond the grid do significantly better by the deciding score."""
    for entry in run.alternatives:
        found = entry.difference(run.refit)
        if entry.kind == "larger_k" and found is not None and found.verdict == "better":
            yield Notice(code="beyond_grid", message=_better(run, entry, found))


def _simpler_rules(run: ProtocolResult) -> Iterator[Notice]:
    """Say which baselines do significantly better by the deciding score or macro F1."""
    for entry in run.alternatives:
        for score in dict.fromkeys((run.refit, COMPARED[1])):
            found = entry.difference(score)
            if entry.kind == "baseline" and found is not None and found.verdict == "better":
                yield Notice(code="simpler_rule_better", message=_better(run, entry, found))


def _better(run: ProtocolResult, entry: Alternative, found: AlternativeDifference) -> str:
    name = method_title(entry.head, entry.metric, entry.n_neighbors)
    return (
        f"Significantly higher in {score_title(found.score)} than the best candidate of the grid "
        f"({run.winner.title}): {name}, "
        f"{found.mean:.3f} against {found.best_mean:.3f} over {found.n_folds} folds."
    )


def _misleading_probabilities(run: ProtocolResult) -> Iterator[Notice]:
    winner = run.winner
    for entry in run.calibrations:
        is_winner = (entry.variant, entry.weights) == (winner.variant, winner.weights)
        if is_winner and entry.gap is not None and entry.gap.excludes_zero:
            yield Notice(
                code="misleading_probabilities",
                message=(
                    f"The best candidate's probabilities are {entry.verdict}: its mean confidence is "
                    f"{entry.mean_confidence:.3f}, its accuracy {entry.accuracy:.3f} (95 % confidence "
                    f"interval of the difference {entry.gap.low:.3f} to {entry.gap.high:.3f})."
                ),
            )


def _hubs(hubness: Hubness | None) -> Iterator[Notice]:
    skewed = [
        f"under the {metric_title(entry.metric)} distance one is in {entry.largest} lists of "
        f"{entry.n_neighbors} (skewness {entry.skewness:.1f})"
        for entry in (() if hubness is None else hubness.distances)
        if entry.skewness is not None and entry.skewness >= SKEWED
    ]
    if skewed:
        message = f"A few images are neighbours of very many: {'; '.join(skewed)}."
        yield Notice(code="hubs", message=message)
