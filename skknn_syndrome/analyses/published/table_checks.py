"""Checks of published tables by their own figures: majority share, chance, repeats, impossible scores."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import Final

from skknn_syndrome.analyses.published.checked_tables import (
    BENCHMARK,
    DatasetFigures,
    Said,
    TableCheck,
    half_unit,
    named,
    quantity,
)
from skknn_syndrome.analyses.published.result import TableReview
from skknn_syndrome.data.public_datasets import PublicDataset, public_datasets
from skknn_syndrome.errors import StudySettingsError, meant
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.wording import sentence_list

REVIEWED: Final[Mapping[str, str]] = MappingProxyType({"khoiwal-mcmillan": "khoiwal-mcmillan-paper"})
"""Sources whose images can't be had, so that their tables are checked: by the word on the command line."""

NEAR_CHANCE: Final = 0.02
"""From 0.5: an AUC of 700 images in two equal halves has a standard error of 0.022 by chance."""

LARGEST_GAP: Final = 0.5
"""Of an AUC over an accuracy, from which the accuracy is no picture of the ranking."""


class BelowLargestClass(TableCheck):
    """An accuracy below the share of the largest class, which is that of who never looks at an image."""

    name = "below_largest_class"
    title = "Accuracy below the share of the largest class"
    needs = "no accuracy, or no class count of the data set in this package"

    def look(self, of: DatasetFigures) -> Iterator[Said | None]:
        """Hold each accuracy against the share."""
        if of.known is not None:
            for (accuracy,) in of.having("accuracy"):
                is_below = accuracy.value + half_unit(accuracy.value) < of.known.largest_share
                yield (f"{named(accuracy)}", (accuracy,)) if is_below else None

    def explain(self, of: DatasetFigures) -> str:
        """Name the class and its share."""
        return "" if of.known is None else _majority(of.known)


def _majority(known: PublicDataset) -> str:
    return (
        f"Of all {known.n_units:,} {known.unit}, {known.counts[known.largest]:,} are {known.largest} "
        f"({known.source}): who says so of all has an accuracy of {known.largest_share:.4f}."
    )


class ImprovedAtChance(TableCheck):
    """An AUC near 0.5 above a benchmark: an improvement among guesses."""

    name = "improved_at_chance"
    title = "AUC near 0.5 called an improvement"
    needs = "no AUC beside that of a benchmark"
    meaning = "Guessing is expected to reach 0.5: none of them is shown to rank images at all."

    def look(self, of: DatasetFigures) -> Iterator[Said | None]:
        """Look at the AUCs above the benchmark's."""
        benchmark = of.rows.get(BENCHMARK, {}).get("roc_auc")
        if benchmark is not None:
            for (auc,) in of.having("roc_auc"):
                is_better_guess = auc.value > benchmark.value and abs(auc.value - 0.5) <= NEAR_CHANCE
                said = f"{named(auc)}, the benchmark {benchmark.value:g}"
                yield (said, (auc, benchmark)) if is_better_guess else None


class BenchmarkAtChance(TableCheck):
    """A benchmark that does no better than guessing: whatever is above it shows little."""

    name = "benchmark_at_chance"
    title = "Benchmark no better than guessing"
    needs = "no AUC of a benchmark"
    meaning = "Guessing is expected to reach 0.5: to be above such a benchmark says little."

    def look(self, of: DatasetFigures) -> Iterator[Said | None]:
        """Look at the benchmark's AUC."""
        benchmark = of.rows.get(BENCHMARK, {}).get("roc_auc")
        if benchmark is not None:
            yield (named(benchmark), (benchmark,)) if benchmark.value <= 0.5 + NEAR_CHANCE else None


class RepeatedRow(TableCheck):
    """The same figures in two rows of a table."""

    name = "repeated_row"
    title = "Rows that repeat"
    needs = "no table with two rows of several figures each"
    meaning = "Either a row was copied, or the classifiers predict alike."

    def look(self, of: DatasetFigures) -> Iterator[Said | None]:
        """Hold each two rows of a table beside one another."""
        rows: dict[tuple[str, str], dict[str, PublishedScore]] = {}
        for figure in of.figures:
            rows.setdefault((figure.table, figure.classifier), {})[figure.score] = figure
        several = [(key, row) for key, row in rows.items() if len(row) > 1]
        for (first, one), (second, other) in combinations(several, 2):
            if first[0] == second[0]:
                said = f"{first[1]} and {second[1]} have the same {len(one)} figures in {first[0]}"
                is_same = _values(one) == _values(other)
                yield (said, (*one.values(), *other.values())) if is_same else None


class ConstantPrediction(TableCheck):
    """Figures of a classifier that predicts one class for all: macro recall 1/k, precision accuracy/k."""

    name = "constant_prediction"
    title = "One class predicted for every image"
    needs = "no row with accuracy, macro recall and macro precision"
    meaning = "So it is where every image is given the same class, whose share of the test part accuracy is."

    def look(self, of: DatasetFigures) -> Iterator[Said | None]:
        """Look for a number of classes that explains all three figures."""
        for figures in of.having("accuracy", "recall_macro", "precision_macro"):
            accuracy, recall, precision = (figure.value for figure in figures)
            n_classes = round(1 / recall) if recall > 0 else 0
            is_constant = (
                n_classes > 1
                and abs(recall - 1 / n_classes) <= _narrow(recall)
                and abs(precision - accuracy / n_classes)
                <= _narrow(precision) + _narrow(accuracy) / n_classes
            )
            said = (
                f"{named(figures[0])}, macro recall {recall:g} = 1/{n_classes}, macro precision "
                f"{precision:g} = {accuracy:g}/{n_classes}"
            )
            yield (said, figures) if is_constant else None


def _narrow(value: float) -> float:
    # A file may have lost the zero of 0.40, and what fits within 0.05 fits anything.
    return min(half_unit(value), half_unit(0.01))


class MisleadingAccuracy(TableCheck):
    """An accuracy far below the AUC, as subset accuracy is: it wants an image's whole set of labels."""

    name = "misleading_accuracy"
    title = "Accuracy that misleads beside AUC"
    needs = "no row with AUC and accuracy"
    meaning = (
        "Where images have several labels, accuracy is of whole sets of labels: it falls with each further "
        "label however well the images are ranked."
    )

    def look(self, of: DatasetFigures) -> Iterator[Said | None]:
        """Look at the gap between the two."""
        for auc, accuracy in of.having("roc_auc", "accuracy"):
            is_far = auc.value - accuracy.value > LARGEST_GAP
            yield (f"{named(auc)} beside accuracy {accuracy.value:g}", (auc, accuracy)) if is_far else None


class F1AboveAccuracy(TableCheck):
    """A macro F1 above accuracy, which predictions of single labels seldom have."""

    name = "f1_above_accuracy"
    title = "Macro F1 above accuracy"
    needs = "no row with macro F1 and accuracy"
    meaning = (
        "Either accuracy is of whole sets of labels, or rare classes are predicted better than frequent ones."
    )

    def look(self, of: DatasetFigures) -> Iterator[Said | None]:
        """Hold the two beside one another."""
        for f1, accuracy in of.having("f1_macro", "accuracy"):
            is_above = f1.value - half_unit(f1.value) > accuracy.value + half_unit(accuracy.value)
            yield (f"{named(f1)}, accuracy {accuracy.value:g}", (f1, accuracy)) if is_above else None


class ImpossibleFigures(TableCheck):
    """Figures that no predictions give: outside of 0 to 1, or F1 above what precision and recall allow."""

    name = "impossible_figures"
    title = "Figures that no predictions give"
    needs = "no figure"
    meaning = (
        "Scores lie between 0 and 1; the harmonic mean is concave, so that the mean of the classes' F1 is at "
        "most that of macro precision and macro recall."
    )

    def look(self, of: DatasetFigures) -> Iterator[Said | None]:
        """Look at each figure, and at each row with macro F1, precision and recall."""
        for figure in of.figures:
            yield None if 0 <= figure.value <= 1 else (named(figure), (figure,))
        for f1, precision, recall in of.having("f1_macro", "precision_macro", "recall_macro"):
            highest = [figure.value + half_unit(figure.value) for figure in (precision, recall)]
            most = 2 * highest[0] * highest[1] / sum(highest)
            said = (
                f"{named(f1)}, macro precision {precision.value:g} and macro recall {recall.value:g}, which "
                f"allow {most:.4f} at most"
            )
            yield (said, (f1, precision, recall)) if f1.value - half_unit(f1.value) > most else None


class TablesDisagree(TableCheck):
    """One quantity with different values in two tables."""

    name = "tables_disagree"
    title = "Tables that disagree"
    needs = "no score of a classifier that two tables state"
    meaning = "Both tables state the same score of the same classifier."

    def look(self, of: DatasetFigures) -> Iterator[Said | None]:
        """Compare all figures of one score of one classifier, as far as they are printed."""
        for one, other in combinations(of.figures, 2):
            if one.table != other.table and quantity(one) == quantity(other):
                differ = abs(one.value - other.value) > half_unit(one.value) + half_unit(other.value)
                said = f"{named(one)} in {one.table}, {other.value:g} in {other.table}"
                yield (said, (one, other)) if differ else None


class OtherWinner(TableCheck):
    """Another classifier is best by AUC than by macro F1."""

    name = "other_winner"
    title = "Another classifier is best by another score"
    needs = "no two classifiers with AUC and macro F1"
    meaning = "Which classifier is recommended hangs on the score."

    def look(self, of: DatasetFigures) -> Iterator[Said | None]:
        """Hold the best by AUC beside the best by macro F1."""
        rows = list(of.having("roc_auc", "f1_macro"))
        if len(rows) > 1:
            by_auc = max(rows, key=lambda row: row[0].value)
            by_f1 = max(rows, key=lambda row: row[1].value)
            said = (
                f"{named(by_auc[0])}, the highest, with macro F1 {by_auc[1].value:g}; {named(by_f1[1])}, "
                f"the highest, with AUC {by_f1[0].value:g}"
            )
            yield (said, (*by_auc, *by_f1)) if by_f1[1].value > by_auc[1].value else None


def _values(row: Mapping[str, PublishedScore]) -> dict[str, float]:
    return {name: figure.value for name, figure in row.items()}


def review_tables(
    published: Sequence[PublishedScore],
    source: str,
    known: Mapping[str, PublicDataset] | None = None,
) -> TableReview:
    """Check what the tables of a source allow to check without its images.

    Parameters
    ----------
    published : sequence of PublishedScore
        Of any sources.
    source : str
        Whose figures.
    known : mapping of str to PublicDataset, optional
        Class counts by data set; by default those that come with the package.

    Returns
    -------
    TableReview
        A finding of each check on each data set.

    Raises
    ------
    StudySettingsError
        There are no figures of that source.

    Examples
    --------
    >>> from skknn_syndrome.analyses.published.protocols import packaged_figures
    >>> review = review_tables(packaged_figures(), "khoiwal-mcmillan-paper")
    >>> [finding.dataset for finding in review.found if finding.check == "repeated_row"]
    ['CBIS-DDSM']
    """
    own = [figure for figure in published if figure.source == source]
    if not own:
        sources = list(dict.fromkeys(figure.source for figure in published))
        raise StudySettingsError(
            f"There are no figures of the source {source!r}: {meant(source, sources)}.",
            code="unknown_source",
            parameter="source",
        )
    counts = public_datasets() if known is None else known
    sets = [
        DatasetFigures(name, tuple(figure for figure in own if figure.dataset == name), counts.get(name))
        for name in dict.fromkeys(figure.dataset for figure in own)
    ]
    return TableReview(
        source=source,
        n_figures=len(own),
        findings=tuple(kind().check(of) for kind in TableCheck.registered for of in sets),
    )


def describe_review(review: TableReview) -> str:
    """Return what was looked at and what can't be told, in a sentence or two."""
    unknown = dict.fromkeys(
        finding.title.lower() for finding in review.findings if finding.outcome == "unknown"
    )
    untold = f" Not known of some: {sentence_list(list(unknown))}." if unknown else ""
    return (
        f"The images of {review.source} can't be shipped, so its {review.n_figures} figures are checked "
        f"against one another and against known class counts: {len(review.found)} of {len(review.findings)} "
        f"checks found something.{untold}"
    )
