"""What to do next, as far as the result says so."""

from collections.abc import Iterator

from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.rendering.filters import interval_text, signed
from skknn_syndrome.rendering.findings.preprocessing import PreprocessingFindings
from skknn_syndrome.results import DistanceComparison
from skknn_syndrome.results.preprocessing_verdicts import VariantVerdict
from skknn_syndrome.wording import counted, method_title, metric_title, one_line, score_title, variant_title

LOW_F1 = 0.6
HALF = 0.5

NOTHING_FOUND = (
    "Choose nothing by these scores: the search is not significantly better than chance. Check whether the "
    "labels belong to these images, or collect more subjects."
)


def advice(facts: Facts) -> list[str]:
    """Return recommendations, each with the finding that it follows from.

    Where the whole search is not significantly better than chance, nothing that it found is recommended.
    """
    if facts.by_chance:
        return [NOTHING_FOUND, *_on_data(facts)]
    return [
        *_on_choice(facts),
        *_on_preprocessing(facts),
        *_on_data(facts),
        *_on_findings(facts),
        *_on_use(facts),
    ]


def _on_choice(facts: Facts) -> Iterator[str]:
    alternatives, comparison = facts.alternatives, facts.comparison
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
    elif comparison is not None and (facts.p_value is not None or facts.significant_elsewhere):
        yield from _on_undecided_distances(facts, comparison)
    untried = alternatives is None or not alternatives.tried_larger_k
    # From the size of the training parts on, all images vote.
    at_edge = len(facts.grid) > 1 and facts.winner.n_neighbors == facts.grid[-1] < facts.train_sizes[0]
    if untried and at_edge:
        yield f"Try k beyond {facts.grid[-1]}: the best k lies at the edge of the grid."


def _on_undecided_distances(facts: Facts, comparison: DistanceComparison) -> Iterator[str]:
    names = " and ".join(metric_title(name) for name in (comparison.first, comparison.second))
    if facts.significant_elsewhere:
        scores = ", ".join(score_title(entry.score) for entry in facts.significant_elsewhere)
        yield (
            f"Choose between {names} distance by the score that matters in use: {facts.refit_title} is "
            f"inconclusive, but the difference is significant by {scores}."
        )
    else:
        seeds = "" if facts.single_comparison else ", or repeat the folds with other seeds"
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
    return f"prepare embeddings by {title}, fitted within the folds: it significantly improves {scores}."


def _on_data(facts: Facts) -> Iterator[str]:
    for entry in facts.weakest:
        # What chance would do as well is no reason to collect anything.
        if entry.f1 < LOW_F1 and entry.beyond_chance:
            hard_one, taken_for = (
                one_line(str(name), longest=60) for name in (entry.syndrome, entry.taken_for)
            )
            yield (
                f"Collect images that tell {hard_one} from {taken_for}: "
                f"{entry.share:.0%} of the former are misclassified as the latter."
            )
    near = facts.study.near_duplicates
    if near is not None and near.pairs:
        yield (
            f"Check the near-duplicates ({counted(near.n_pairs, 'pair')}): they may show one person under "
            f"two ids.{_effect_of_leaks(facts)}"
        )
    if facts.study.dataset.n_subjects is None:
        yield "Record subject ids: without them nobody can tell what people seen before add to the score."


def _effect_of_leaks(facts: Facts) -> str:
    """Say what the copies that were found change, from the least to the greatest change of a score."""
    changes = [
        entry.inflation
        for leak in facts.study.leaks
        if leak.kind != "two_syndromes"
        for entry in leak.inflations
        if entry.variant == facts.winner.variant and entry.inflation is not None
    ]
    if not changes:
        return ""
    least, greatest = (signed(change) for change in (min(changes), max(changes)))
    return f" With them in the training parts, scores change by {least} to {greatest}."


def _on_findings(facts: Facts) -> Iterator[str]:
    selection, calibration, unseen = facts.selection, facts.calibration, facts.unseen
    if selection is not None and selection.verdict == "significant":
        yield (
            f"Expect the {facts.refit_title} of the nested search, {selection.optimism.nested_mean:.3f}, "
            "of new images: the best candidate's is flattered by the choice."
        )
    gap = None if calibration is None else calibration.own.gap
    if calibration is not None and gap is not None and gap.excludes_zero:
        yield (
            "Recalibrate the probabilities before they are read as chances: they are "
            f"{calibration.own.verdict} (mean confidence minus accuracy {signed(gap.estimate)}, "
            f"{interval_text(gap)})."
        )
    found = None if unseen is None else unseen.open_set
    if found is not None and found.caught_share is not None and found.caught_share < HALF:
        yield (
            "Have somebody look at each case who can answer 'none of these': of "
            f"{counted(found.n_unseen, 'image')} with a syndrome absent from training, "
            f"{1 - found.caught_share:.0%} were not flagged."
        )


def _on_use(facts: Facts) -> Iterator[str]:
    inflation = facts.inflation
    if inflation is not None and inflation.excludes_zero and inflation.difference > 0:
        yield (
            "Report subject-level scores: image-level ones are inflated by other images of the same subjects."
        )
    yield "Test on images from another source before any use: all folds come from one collection."
