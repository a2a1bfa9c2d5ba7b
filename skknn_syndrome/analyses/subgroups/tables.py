"""Tables of participants, of scores by subgroup, and of levels held out in turn."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from skknn_syndrome.analyses.subgroups.result import (
    GAP_SCORE,
    CovariateSummary,
    HeldOutLevel,
    NumberSummary,
    SubgroupAnalysis,
    SubgroupScores,
)
from skknn_syndrome.display.prose import with_ends
from skknn_syndrome.display.table import Cell, Column, Table
from skknn_syndrome.questions import ReportedImages
from skknn_syndrome.results.intervals import Interval
from skknn_syndrome.wording import capitalised, score_title

MOST_LEVELS_ACROSS = 9
"""Levels that stand side by side in a table of a report; of more, the CSV file has them."""

MOST_CLASSES_DOWN = 30
"""Classes that stand below one another there."""

_SHOWN = ("roc_auc_ovr", "accuracy", "f1_macro", "balanced_accuracy")
_HEADINGS = {"balanced_accuracy": "Mean sensitivity"}
_VERDICTS = {"gap": "differs", "no_gap": "no significant gap", "inconclusive": "inconclusive"}


def participants(covariates: Sequence[CovariateSummary]) -> Table:
    """Return subjects and images of each level, a row a level; of a study, or as `audit` shows them."""
    return Table(
        name="participants",
        caption="Participants by covariate. A subject with images of several levels counts in each",
        columns=(
            Column("covariate", "Covariate"),
            Column("level", "Level"),
            Column("n_subjects", "Subjects"),
            Column("share_of_subjects", "Share of subjects", decimals=3),
            Column("n_images", "Images"),
            Column("share_of_images", "Share of images", decimals=3),
        ),
        rows=tuple(_participant_rows(covariates)),
    )


def _participant_rows(covariates: Sequence[CovariateSummary]) -> Iterator[tuple[Cell, ...]]:
    for entry in covariates:
        n_images = sum(level.n_images for level in entry.levels)
        for level in entry.levels:
            share = None
            if level.n_subjects is not None and entry.n_subjects:
                share = level.n_subjects / entry.n_subjects
            yield entry.name, level.level, level.n_subjects, share, level.n_images, level.n_images / n_images


def participants_by_class(result: ReportedImages) -> Table | None:
    """Return the same within each class, a row a level and a class."""
    found = result.analyses.find(SubgroupAnalysis)
    if found is None:
        return None
    classes = result.dataset.syndromes
    return Table(
        name="participants_by_class",
        caption="Participants by covariate and syndrome",
        columns=(
            Column("covariate", "Covariate"),
            Column("level", "Level"),
            Column("syndrome", "Syndrome"),
            Column("n_subjects", "Subjects"),
            Column("n_images", "Images"),
            Column("share_of_images", "Share of the syndrome's images", decimals=3),
        ),
        rows=tuple(
            (
                entry.name,
                level.level,
                count.syndrome,
                None if level.subjects_by_class is None else level.subjects_by_class[place],
                level.images_by_class[place],
                level.images_by_class[place] / count.n_images,
            )
            for entry in found.covariates
            for level in entry.levels
            for place, count in enumerate(classes)
        ),
    )


def class_by_level(result: ReportedImages) -> Table | None:
    """Return a row a class and a column a level, where there is room; None where there is not."""
    found = result.analyses.find(SubgroupAnalysis)
    classes = result.dataset.syndromes
    levels = [] if found is None else [(entry, level) for entry in found.covariates for level in entry.levels]
    numeric = [] if found is None else [entry for entry in found.covariates if entry.numbers is not None]
    if not 0 < len(levels) + len(numeric) <= MOST_LEVELS_ACROSS or len(classes) > MOST_CLASSES_DOWN:
        return None
    what = "Images" if any(level.subjects_by_class is None for _, level in levels) else "Subjects"
    return Table(
        name="participants_by_class",
        caption=f"{what} of each syndrome by covariate, with their share of the syndrome's; of numbers also "
        "median (quartiles)",
        columns=(
            Column("syndrome", "Syndrome"),
            *(
                Column(f"level_{place}", f"{entry.name}: {level.level}")
                for place, (entry, level) in enumerate(levels)
            ),
            *(Column(f"numbers_{place}", entry.name) for place, entry in enumerate(numeric)),
        ),
        rows=tuple(
            (
                count.syndrome,
                *(
                    _with_share(
                        (level.subjects_by_class or level.images_by_class)[place],
                        count.n_images if level.subjects_by_class is None else count.n_subjects,
                    )
                    for _, level in levels
                ),
                *(_quartiles(entry.numbers_by_class[place]) for entry in numeric),
            )
            for place, count in enumerate(classes)
        ),
    )


def _with_share(number: int, total: int | None) -> str:
    return f"{number:,} ({100 * number / total:.0f} %)" if total else f"{number:,}"


def _quartiles(found: NumberSummary | None) -> str | None:
    if found is None:
        return None
    return f"{found.median:.3g} ({found.lower_quartile:.3g} to {found.upper_quartile:.3g})"


_INTERVAL = (Column("estimate", "Estimate"), Column("low", "From"), Column("high", "To"))


def subgroup_scores(found: SubgroupAnalysis) -> Table:
    """Return every score of every level with its interval, a row each."""
    return Table(
        name="subgroup_scores",
        caption="Pooled out-of-fold scores by subgroup, with 95 % confidence intervals over resampled "
        f"{found.unit}",
        columns=(
            Column("covariate", "Covariate"),
            Column("level", "Level"),
            Column("n_units", found.unit.capitalize()),
            Column("n_images", "Images"),
            Column("n_classes", "Syndromes"),
            Column("score", "Score"),
            *_INTERVAL,
        ),
        rows=tuple(
            (*_of_level(covariate, level), entry.score, entry.estimate, entry.low, entry.high)
            for covariate, level in found.each_level()
            for entry in level.all_scores
        ),
    )


def scores_for_report(found: SubgroupAnalysis) -> Table:
    """Return the scores of a level side by side, with a mark where it is too small to tell."""
    return Table(
        name="subgroup_scores",
        caption=f"{subgroup_scores(found).caption}; *: too small to tell",
        columns=(
            Column("subgroup", "Subgroup"),
            Column("n_units", found.unit.capitalize()),
            *(Column(name, _HEADINGS.get(name, capitalised(score_title(name)))) for name in _SHOWN),
        ),
        rows=tuple(
            (
                f"{covariate}: {level.level}{'' if level.too_small is None else ' *'}",
                level.n_units,
                *(_ends(level.scores.get(name)) for name in _SHOWN),
            )
            for covariate, level in found.each_level()
        ),
    )


def _of_level(covariate: str, level: SubgroupScores) -> tuple[Cell, ...]:
    return covariate, level.level, level.n_units, level.n_images, level.n_classes


def _ends(found: Interval | None) -> str | None:
    if found is None or found.estimate is None:
        return None
    return with_ends(found.estimate, found.low, found.high)


def subgroup_gaps(found: SubgroupAnalysis) -> Table:
    """Return the largest gap of each covariate, a row a covariate."""
    return Table(
        name="subgroup_gaps",
        caption="Largest gap in accuracy between two levels within syndromes, with its "
        "confidence interval, and permutation test",
        columns=(
            Column("covariate", "Covariate"),
            Column("higher", "Higher"),
            Column("lower", "Lower"),
            Column("n_levels", "Levels"),
            Column("difference", "Difference"),
            Column("low", "From"),
            Column("high", "To"),
            Column("p_value", "p", least=0.0001),
            Column("p_holm", "p (Holm)", least=0.0001),
            Column("verdict", "Verdict"),
        ),
        rows=tuple(
            (
                entry.covariate,
                gap.higher,
                gap.lower,
                gap.n_levels,
                gap.difference,
                gap.low,
                gap.high,
                gap.p_value,
                gap.p_holm,
                _VERDICTS[gap.verdict],
            )
            for entry in found.subgroups
            if (gap := entry.gap) is not None
        ),
    )


def gaps_for_report(found: SubgroupAnalysis) -> Table:
    """Return the same with each gap and its interval in one cell."""
    whole = subgroup_gaps(found)
    kept = whole.only("covariate", "higher", "lower", "p_holm", "verdict")
    gaps = [entry.gap for entry in found.subgroups if entry.gap is not None]
    return replace(
        kept,
        columns=(*kept.columns[:3], Column("difference", "Difference"), *kept.columns[3:]),
        rows=tuple(
            (*row[:3], with_ends(gap.difference, gap.low, gap.high), *row[3:])
            for row, gap in zip(kept.rows, gaps, strict=True)
        ),
    )


def held_out_levels(found: SubgroupAnalysis) -> Table:
    """Return the scores of each level that was held out, and how they differ from cross-validation."""
    return Table(
        name="held_out_levels",
        caption="Leave-one-group-out cross-validation: each level predicted by a classifier trained on all "
        f"others, with 95 % confidence intervals over resampled {found.unit}, and the difference from "
        "cross-validation on the same images",
        columns=(
            Column("covariate", "Covariate"),
            Column("level", "Held out"),
            Column("n_images", "Images"),
            Column("n_train", "Training images"),
            Column("n_subjects_shared", "Subjects at several levels"),
            Column("n_without_class", "Images without a trained syndrome"),
            Column("score", "Score"),
            *_INTERVAL,
            Column("difference", "Difference"),
            Column("difference_low", "Difference from"),
            Column("difference_high", "Difference to"),
        ),
        rows=tuple(
            row
            for entry in found.left_out
            for level in entry.levels
            for row in _held_out(entry.covariate, level)
        ),
    )


def _held_out(covariate: str, level: HeldOutLevel) -> Iterator[tuple[Cell, ...]]:
    own = (
        *(covariate, level.level, level.n_images, level.n_train),
        *(level.n_subjects_shared, level.n_without_class),
    )
    if level.held_out is None:
        yield (*own, *[None] * 7)
        return
    for entry in level.held_out.all_scores:
        other = level.differences[entry.score]
        yield (
            *own,
            entry.score,
            entry.estimate,
            entry.low,
            entry.high,
            other.estimate,
            other.low,
            other.high,
        )


def held_out_for_report(found: SubgroupAnalysis) -> Table:
    """Return accuracy and AUC of each level side by side."""
    shown = {GAP_SCORE: "Accuracy", "roc_auc_ovr": "Macro AUC"}
    return Table(
        name="held_out_levels",
        caption=held_out_levels(found).caption,
        columns=(
            Column("level", "Held out"),
            *(
                Column(f"{score}_{kind}", f"{title}{said}")
                for score, title in shown.items()
                for kind, said in (("estimate", ""), ("difference", ", difference"))
            ),
        ),
        rows=tuple(
            (
                f"{entry.covariate}: {level.level}",
                *(
                    _ends(of.get(score))
                    for score in shown
                    for of in (level.held_out.scores if level.held_out else {}, level.differences)
                ),
            )
            for entry in found.left_out
            for level in entry.levels
        ),
    )
