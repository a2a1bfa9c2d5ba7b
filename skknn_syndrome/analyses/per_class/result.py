"""What the out-of-fold predictions of one candidate show, syndrome by syndrome."""

from collections.abc import Collection
from typing import Literal, Self

from pydantic import Field, model_validator

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result, check_known, check_lengths
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.roc_curve import RocCurve
from skknn_syndrome.results.significance import is_significant


class TopK(Result):
    """How often the true syndrome is among the k most probable, from 0 to 1."""

    k: int
    accuracy: float
    """Of equally probable syndromes the later comes first, as in scikit-learn."""
    lower: float
    """If every tie were broken against the true syndrome."""
    upper: float
    """If every tie were broken for the true syndrome."""


class SyndromeScores(Result):
    """Scores of one syndrome, all folds pooled.

    A score is None where it is not defined: precision of a syndrome that is never predicted, and whatever
    follows from it.
    """

    syndrome: str
    n_images: int
    n_subjects: int | None
    precision: float | None
    recall: float
    f1: float
    roc_auc: float | None
    """One against the rest: mean over the folds in which it is defined."""
    top_k: tuple[TopK, ...] = ()
    """Share of its images for which it is among the k most probable; empty where none of them is tested, and
    in files of schema version 1."""
    sensitivity: MeanInterval | None = None
    """`recall` with its interval of Wilson, for clustered images; None where none of its images is tested,
    and in files up to schema version 9, as `ppv`."""
    ppv: MeanInterval | None = None
    """Positive predictive value, `precision` with the same interval; None where it is never predicted."""


class SyndromeRoc(Result):
    """One syndrome against the rest."""

    syndrome: str
    curve: RocCurve | None
    """None where no fold defines it."""


class RankCorrelation(Result):
    """Spearman's rank correlation of the syndromes' numbers of images and recalls, with its test."""

    rho: float
    p_value: float
    """Two-sided."""
    n_syndromes: int
    exact: bool
    """Whether all permutations were counted; else a seeded sample of them."""

    @property
    def verdict(self) -> Literal["small_harder", "large_harder", "inconclusive"]:
        """Which syndromes have the lower recall, where the correlation is significant."""
        if not is_significant(self.p_value):
            return "inconclusive"
        return "small_harder" if self.rho > 0 else "large_harder"


class ConfusedPair(Result):
    """A syndrome whose errors fall on another one more often than by chance.

    The test is Fisher's, one-sided, on units counted once each: of the units of `syndrome` with an error,
    those most often misclassified as `misclassified_as`; against the units of all other syndromes that are
    predicted as anything but `syndrome`. If predictions had nothing to do with the true syndrome, both shares
    were the same.
    """

    syndrome: str
    misclassified_as: str
    n_images: int
    """Misclassified so."""
    share: float
    """Of the images of `syndrome`."""
    share_of_errors: float
    """Of the units of `syndrome` that have an error."""
    expected_share: float
    """The same share among the units of the other syndromes."""
    p_value: float
    """Bonferroni-corrected for all ordered pairs of syndromes."""


class Evaluation(CandidateKey):
    """One candidate, asked for every image once in each repeat, when it was in the test part."""

    syndromes: tuple[str, ...]
    """Order of the confusion matrix, that of the classifier's classes."""
    confusion: tuple[tuple[int, ...], ...]
    """Images by true (row) and predicted (column) syndrome, summed over the folds."""
    per_syndrome: tuple[SyndromeScores, ...]
    micro_roc: RocCurve
    """All one-against-the-rest decisions pooled."""
    syndrome_rocs: tuple[SyndromeRoc, ...]
    mean_top_k: tuple[TopK, ...] = ()
    """Mean over the syndromes of their `top_k`: each syndrome counts the same, however many images it has."""
    size_recall: RankCorrelation | None = None
    """None where numbers or recalls are all the same, with fewer than five syndromes, of which no order is
    significant, and in files of earlier versions."""
    confused_pairs: tuple[ConfusedPair, ...] = ()
    """Those that are significant, the least p-value first."""

    def confused_pair(self, syndrome: str, misclassified_as: str) -> ConfusedPair | None:
        """Return a pair that is confused more often than by chance, None for one that is not."""
        return next(
            (
                pair
                for pair in self.confused_pairs
                if (pair.syndrome, pair.misclassified_as) == (syndrome, misclassified_as)
            ),
            None,
        )

    def of_classes(self, kept: Collection[str]) -> "Evaluation":
        """Return the same for some of the syndromes alone."""
        places = [place for place, name in enumerate(self.syndromes) if name in kept]
        return self.revised(
            syndromes=tuple(self.syndromes[place] for place in places),
            confusion=tuple(tuple(self.confusion[row][place] for place in places) for row in places),
            per_syndrome=tuple(entry for entry in self.per_syndrome if entry.syndrome in kept),
            syndrome_rocs=tuple(entry for entry in self.syndrome_rocs if entry.syndrome in kept),
        )

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        n_syndromes = len(self.syndromes)
        check_lengths(n_syndromes, confusion=self.confusion, per_syndrome=self.per_syndrome)
        for row in self.confusion:
            check_lengths(n_syndromes, row=row)
        check_known("syndrome", (entry.syndrome for entry in self.per_syndrome), self.syndromes)
        check_known("syndrome", (entry.syndrome for entry in self.syndrome_rocs), self.syndromes)
        return self


class PerClassAnalysis(Analysis):
    """The best candidate of each distance, syndrome by syndrome."""

    question: Literal["per_class"] = "per_class"
    evaluations: tuple[Evaluation, ...] = Field(min_length=1)

    def of_classes(self, kept: Collection[str]) -> Self:
        """Return the same for some of the syndromes alone."""
        return self.revised(evaluations=tuple(entry.of_classes(kept) for entry in self.evaluations))
