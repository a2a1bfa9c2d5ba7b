"""Tables of scores by level, classification reports, consistency, stopping, and groups held out."""

from collections.abc import Iterator
from dataclasses import replace

from skknn_syndrome.analyses.levels.result import (
    BaselineName,
    Consistency,
    GroupInterval,
    LevelAnalysis,
    LevelScores,
    SizeScores,
)
from skknn_syndrome.display.prose import with_ends
from skknn_syndrome.display.table import Cell, Column, Table
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.wording import capitalised

_INTERVAL = (Column("estimate", "Estimate"), Column("low", "From"), Column("high", "To"))
_SCORES = {"accuracy": "Accuracy", "f1_macro": "Macro F1", "f1_weighted": "Weighted F1"}
_CONSISTENCY = {
    "agreement": "Consistent",
    "top_down": "Top-down",
    "top_down_gain": "Change (top-down)",
    "bottom_up": "Bottom-up",
    "bottom_up_gain": "Change (bottom-up)",
}
BASELINES: dict[BaselineName, str] = {"majority": "most frequent", "random": "drawn by frequency"}
MAJORITY_OF_ALL = "most frequent of all images"


def _spread(name: str, title: str) -> tuple[Column, Column, Column]:
    """Return the columns of a figure and the ends of its interval."""
    return Column(name, title, decimals=3), Column(f"{name}_low", "From"), Column(f"{name}_high", "To")


def level_scores(found: LevelAnalysis) -> Table:
    """Return every score of every level with its interval, beside the baselines, a row each."""
    return Table(
        name="level_scores",
        caption="Pooled out-of-fold scores by taxonomic level, with 95 % confidence intervals over "
        f"{found.unit}, and those of baselines",
        columns=(
            Column("level", "Level"),
            Column("n_classes", "Groups"),
            Column("score", "Score"),
            *_INTERVAL,
            *(
                column
                for name, title in BASELINES.items()
                for column in (Column(name, capitalised(title)), *_spread(f"above_{name}", f"Above {title}"))
            ),
        ),
        rows=tuple(row for level in found.scores for row in _score_rows(level)),
    )


def _score_rows(level: LevelScores) -> Iterator[tuple[Cell, ...]]:
    for score, found in level.scores.each():
        yield (
            *(level.level, level.n_classes, score, *_mean(found)),
            *(
                cell
                for baseline in level.baselines
                for cell in (
                    getattr(baseline.scores, score).estimate,
                    *_mean(getattr(baseline.differences, score)),
                )
            ),
        )


def scores_for_report(found: LevelAnalysis) -> Table:
    """Return the scores of a level side by side, with the best baseline in brackets below each heading."""
    return Table(
        name="level_scores",
        caption=f"{level_scores(found).caption} (accuracy, macro F1)",
        columns=(
            Column("level", "Level"),
            Column("n_classes", "Groups"),
            *(Column(name, title) for name, title in _SCORES.items()),
            *(Column(name, capitalised(title)) for name, title in BASELINES.items()),
        ),
        rows=tuple(
            (
                level.level,
                level.n_classes,
                *(_with_ends(mean) for _, mean in level.scores.each()),
                *(
                    f"{entry.scores.accuracy.estimate:.3f}, {entry.scores.f1_macro.estimate:.3f}"
                    for entry in level.baselines
                ),
            )
            for level in found.scores
        ),
    )


def level_classes(found: LevelAnalysis) -> Table:
    """Return the classification report of every level, a row a group."""
    return Table(
        name="level_classes",
        caption="Classification report by taxonomic level",
        columns=(
            Column("level", "Level"),
            Column("group", "Group"),
            Column("n_images", "Images"),
            Column("n_units", capitalised(found.unit)),
            Column("precision", "Precision"),
            Column("recall", "Sensitivity"),
            Column("f1", "F1"),
        ),
        rows=tuple(
            (level.level, entry.label, entry.n_images, entry.n_units, entry.precision, entry.recall, entry.f1)
            for level in found.scores
            for entry in level.classes
        ),
    )


def size_of(entry: SizeScores) -> str:
    """Return a range of sizes as text."""
    if entry.largest is None:
        return f"{entry.smallest:,} and more"
    return f"{entry.smallest}" if entry.largest == entry.smallest else f"{entry.smallest}–{entry.largest:,}"  # noqa: RUF001


def level_sizes(found: LevelAnalysis) -> Table:
    """Return accuracy by the size of groups."""
    return Table(
        name="level_sizes",
        caption=f"Accuracy by level and by the number of {found.unit} of a group, with 95 % confidence "
        f"intervals over {found.unit}",
        columns=(
            Column("level", "Level"),
            Column("size", f"{capitalised(found.unit)} of a group", longest=20),
            Column("n_classes", "Groups"),
            Column("n_images", "Images"),
            *_INTERVAL,
        ),
        rows=tuple(
            (level.level, size_of(entry), entry.n_classes, entry.n_images, *_mean(entry.accuracy))
            for level in found.scores
            for entry in level.by_size
        ),
    )


def _consistency(entry: Consistency) -> dict[str, MeanInterval]:
    return {
        "agreement": entry.agreement,
        "top_down": entry.top_down,
        "top_down_gain": entry.top_down_gain,
        "bottom_up": entry.bottom_up,
        "bottom_up_gain": entry.bottom_up_gain,
    }


def level_consistency(found: LevelAnalysis) -> Table:
    """Return how predictions of a level fit those of the next, with intervals."""
    return Table(
        name="level_consistency",
        caption="Consistency between levels: how often the group predicted above contains the one predicted "
        "below; accuracy below where it does and where it does not; accuracy below within the predicted "
        "group (top-down), and above by summed probabilities (bottom-up), with the change it makes",
        columns=(
            Column("lower", "Level"),
            Column("upper", "Level above"),
            Column("accuracy_if_consistent", "Accuracy if consistent", decimals=3),
            Column("accuracy_if_not", "If not", decimals=3),
            *(column for name, title in _CONSISTENCY.items() for column in _spread(name, title)),
        ),
        rows=tuple(
            (
                *(entry.lower, entry.upper, entry.accuracy_if_consistent, entry.accuracy_if_not),
                *(cell for mean in _consistency(entry).values() for cell in _mean(mean)),
            )
            for entry in found.consistency
        ),
    )


def consistency_for_report(found: LevelAnalysis) -> Table:
    """Return the same without intervals."""
    return level_consistency(found).only(
        *("lower", "upper", "accuracy_if_consistent", "accuracy_if_not"), *_CONSISTENCY
    )


def level_stopping(found: LevelAnalysis) -> Table:
    """Return how many predictions stop at each level, and how many of these are right."""
    stopping = found.stopping
    return Table(
        name="level_stopping",
        caption="Predictions that stop at the most specific level whose calibrated confidence is high "
        f"enough, with 95 % confidence intervals over {found.unit}",
        columns=(
            Column("level", "Stops at"),
            Column("threshold", "Confidence from", decimals=3),
            Column("n_images", "Images"),
            Column("share", "Share", decimals=3),
            *_spread("accuracy", "Accuracy"),
        ),
        rows=(
            *(
                (
                    entry.level,
                    entry.threshold,
                    entry.n_images,
                    entry.share.estimate,
                    *_mean(entry.accuracy),
                )
                for entry in stopping.levels
            ),
            ("none", None, _rest(found), stopping.unanswered.estimate, None, None, None),
        ),
    )


def _rest(found: LevelAnalysis) -> int:
    return sum(entry.n_images for entry in found.scores[0].classes) - sum(
        entry.n_images for entry in found.stopping.levels
    )


def stopping_for_report(found: LevelAnalysis) -> Table:
    """Return the same with accuracy and its interval in one cell."""
    kept = level_stopping(found).only("level", "threshold", "n_images", "share")
    accuracies = [*(entry.accuracy for entry in found.stopping.levels), None]
    return replace(
        kept,
        columns=(*kept.columns, Column("accuracy", "Accuracy")),
        rows=tuple((*row, _with_ends(mean)) for row, mean in zip(kept.rows, accuracies, strict=True)),
    )


def level_held_out(found: LevelAnalysis) -> Table:
    """Return how held-out groups are placed in those above, a row each pair of levels."""
    return Table(
        name="level_held_out",
        caption="Groups held out whole, placed in those of a level above, with 95 % confidence intervals "
        "over held-out groups; seen: images that cross-validation tests with others of their group in the "
        "training part",
        columns=(
            *(Column("held_out", "Held out"), Column("placed_in", "Placed in")),
            *(Column("n_groups", "Groups"), Column("n_images", "Images")),
            *_spread("accuracy", "Accuracy"),
            Column("majority", capitalised(MAJORITY_OF_ALL), decimals=3),
            Column("random", "Drawn by frequency", decimals=3),
            *_spread("above_majority", "Above most frequent"),
            *(Column("n_seen", "Images seen"), Column("seen", "Seen", decimals=3)),
            *_spread("below_seen", "Held out minus seen"),
        ),
        rows=tuple(
            (
                *(held.level, placed.upper, len(placed.groups), placed.n_images, *_mean(placed.accuracy)),
                *(placed.majority, placed.random, *_mean(placed.above_majority)),
                *(placed.n_seen, placed.seen, *_mean(placed.below_seen)),
            )
            for held in found.held_out
            for placed in held.placements
        ),
    )


def held_out_for_report(found: LevelAnalysis) -> Table:
    """Return the same with each figure and its interval in one cell."""
    whole = level_held_out(found)
    kept = whole.only("held_out", "placed_in", "n_groups", "majority", "seen")
    placed = [entry for held in found.held_out for entry in held.placements]
    return replace(
        kept,
        columns=(
            *kept.columns[:3],
            Column("accuracy", "Accuracy"),
            *kept.columns[3:],
            Column("below_seen", "Held out minus seen"),
        ),
        rows=tuple(
            (*row[:3], _with_ends(entry.accuracy), *row[3:], _with_ends(entry.below_seen))
            for row, entry in zip(kept.rows, placed, strict=True)
        ),
    )


def level_held_out_groups(found: LevelAnalysis) -> Table:
    """Return where each held-out group was placed."""
    return Table(
        name="level_held_out_groups",
        caption="Where each group that was held out is placed",
        columns=(
            Column("held_out", "Level"),
            Column("group", "Held out"),
            Column("placed_in", "Placed in"),
            Column("lies_in", "Lies in"),
            Column("mostly", "Mostly placed in"),
            Column("n_images", "Images"),
            Column("share_right", "Share right", decimals=3),
        ),
        rows=tuple(
            (
                *(held.level, group.label, placed.upper, group.lies_in, group.mostly),
                *(group.n_images, group.share_right),
            )
            for held in found.held_out
            for placed in held.placements
            for group in placed.groups
        ),
    )


def _with_ends(found: MeanInterval | GroupInterval | None) -> str | None:
    return None if found is None else with_ends(found.estimate, found.low, found.high)


def _mean(found: MeanInterval | GroupInterval | None) -> tuple[Cell, Cell, Cell]:
    return (None, None, None) if found is None else (found.estimate, found.low, found.high)
