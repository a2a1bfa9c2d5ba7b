"""What to do next, as far as the result says so."""

from collections.abc import Iterator

from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.rendering.findings.preprocessing import PreprocessingFindings
from skknn_syndrome.results.preprocessing_verdicts import VariantVerdict
from skknn_syndrome.wording import counted, metric_title, one_line, score_title, variant_title

SIGNIFICANT = 0.05
LOW_F1 = 0.6
NOTICEABLE_INFLATION = 0.005
HALF = 0.5


def advice(facts: Facts) -> list[str]:
    """Return recommendations, each with the finding that it follows from."""
    return [
        *_on_choice(facts),
        *_on_preprocessing(facts),
        *_on_data(facts),
        *_on_findings(facts),
        *_on_use(facts),
    ]


def _on_choice(facts: Facts) -> Iterator[str]:
    comparison = facts.comparison
    if comparison is not None and facts.p_value is not None and facts.p_value < SIGNIFICANT:
        yield (
            f"Use the {metric_title(comparison.first)} distance: its lead is larger than the spread of the "
            "folds explains."
        )
    elif comparison is not None:
        other_seeds = "" if facts.single_comparison else ", or repeat the folds with other seeds"
        yield (
            f"Choose between {metric_title(comparison.first)} and {metric_title(comparison.second)} distance "
            f"by other reasons than these scores{other_seeds}: they do not settle it."
        )
    if any(notice.code == "edge_of_grid" for notice in facts.study.notices):
        yield (
            f"Try k beyond {facts.grid[-1]}: the best k lies at the edge of the grid. Look at F1 as well "
            "as at AUC, since they need not agree on it."
        )


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
    hard = [entry for entry in facts.weakest if entry.f1 < LOW_F1]
    for entry in hard:
        if entry.taken_for is not None:
            hard_one, taken_for = (one_line(name, longest=60) for name in (entry.syndrome, entry.taken_for))
            yield (
                f"Collect images that tell {hard_one} from {taken_for}: "
                f"{entry.share:.0%} of the former are taken for the latter."
            )
    near = facts.study.near_duplicates
    if near is not None and near.pairs:
        yield (
            f"Check the near-duplicates ({counted(near.n_pairs, 'pair')}): "
            "one person under two ids inflates every score."
        )
    if facts.study.dataset.n_subjects is None:
        yield "Record subject ids: without them nobody can tell what people seen before add to the score."


def _on_findings(facts: Facts) -> Iterator[str]:
    selection, calibration, unseen = facts.selection, facts.calibration, facts.unseen
    if selection is not None and selection.verdict == "noticeable":
        yield (
            f"Expect the {facts.refit_title} of the nested search, {selection.optimism.nested_mean:.3f}, "
            "of new images: the best candidate's is flattered by the choice."
        )
    if calibration is not None and calibration.is_clear:
        word = "low" if calibration.direction == "under" else "high"
        yield (
            f"Do not read the probabilities as chances: on average they are too {word} "
            f"by {abs(calibration.own.overconfidence):.2f}."
        )
    caught = None if unseen is None else unseen.open_set.macro_caught
    if caught is not None and caught < HALF:
        yield (
            "Let someone look who can say 'none of these': most images with a syndrome that is not in the "
            "gallery go unnoticed."
        )


def _on_use(facts: Facts) -> Iterator[str]:
    inflation = facts.inflation
    if inflation is not None and (inflation.inflation or 0) > NOTICEABLE_INFLATION:
        yield "Report subject-level scores: image-level ones count people seen before as recognised."
    yield "Test on images from another source before any use: all folds come from one collection."
