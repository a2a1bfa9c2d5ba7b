"""Open-set recognition: syndromes that are absent from training, told from known ones."""

from collections.abc import Collection
from typing import Literal, Self

from pydantic import Field

from skknn_syndrome.results.analysis import Analysis, of_kept
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.detecting import DetectionVerdict, detection_verdict
from skknn_syndrome.results.intervals import MeanInterval


class RejectionPoint(Result):
    """What happens if images whose novelty is above a threshold are rejected."""

    threshold: float
    """Accepted up to this novelty, in the unit of the distance."""
    rejected_share: float
    n_accepted: int
    """At least one."""
    error: float
    """Share of the accepted images that get a wrong syndrome."""


class RejectionEffect(Result):
    """What rejecting about a fifth of the images does to the error of the others."""

    rejected_share: float
    error_of_all: float
    error_of_accepted: float
    difference: MeanInterval
    """`error_of_accepted` minus `error_of_all`; the threshold is taken as given."""

    @property
    def verdict(self) -> Literal["fewer_errors", "more_errors", "inconclusive"]:
        """Whether the accepted have another share of errors, where the interval excludes 0."""
        sign = self.difference.sign
        return "fewer_errors" if sign < 0 else "more_errors" if sign > 0 else "inconclusive"


class RejectionCurve(Result):
    """Error among the accepted against the share rejected, from none on."""

    n_predictions: int
    points: tuple[RejectionPoint, ...] = Field(min_length=1)
    effect: RejectionEffect | None = None
    """At the point next to a fifth; None in files of earlier versions."""


class SyndromeNovelty(Result):
    """One syndrome left out: no training part has an image of it.

    Figures are None where `reason` says why.
    """

    syndrome: str
    n_unknown: int
    """Test images of it, once a repeat."""
    n_known: int
    """Test images of the other syndromes."""
    roc_auc_nearest: float | None
    """Of unknown against known, by the distance to the nearest training image."""
    roc_auc_mean: float | None
    """The same by the mean distance to the neighbours that vote."""
    threshold: float | None
    """Novelty above which an image is rejected, from the known images alone."""
    false_rejection_rate: float | None
    """Share of the known images above it: at most what was asked for, less where many are alike."""
    caught: float | None
    """Share of the unknown images above it, each subject counted once."""
    reason: str | None = None

    @property
    def n_caught(self) -> int:
        """Unseen images above the threshold."""
        return 0 if self.caught is None else round(self.caught * self.n_unknown)


class OpenSet(CandidateKey):
    """Each syndrome left out of training once; the estimand is this study's pooled test parts.

    Absent from training is the gallery of the classifier: the encoder that made the embeddings may have been
    trained on such images.
    """

    novelty: Literal["nearest", "mean"]
    """The distance to the nearest training image, or the mean of those to the neighbours that vote: what
    thresholds and curves are made of."""
    allowed_false_rejections: float
    """Share of the known images that a threshold may reject."""
    syndromes: tuple[SyndromeNovelty, ...]
    macro_roc_auc_nearest: float | None
    """Mean over the syndromes that have one; None where none has."""
    macro_roc_auc_mean: float | None
    macro_caught: float | None
    """Averaged over the syndromes; `caught_share` is that of the images."""
    threshold: float
    """Of a gallery with all syndromes: for images whose syndrome may be another one."""
    false_rejection_rate: float
    """Share of the known images above that threshold."""
    known_curve: RejectionCurve
    """No syndrome left out, known images alone."""
    open_curve: RejectionCurve | None
    """Known and unknown images of all syndromes' turns, where every unknown image that is accepted is an
    error; None where no syndrome can be left out."""

    @property
    def n_unknown(self) -> int:
        """Images of the syndromes that could be left out, each in its own turn."""
        return sum(entry.n_unknown for entry in self.syndromes if entry.reason is None)

    @property
    def n_caught(self) -> int:
        """Of these, the images above the threshold of their turn."""
        return sum(entry.n_caught for entry in self.syndromes)

    @property
    def caught_share(self) -> float | None:
        """Share of the unknown images above the threshold of their turn; None where there are none."""
        return self.n_caught / self.n_unknown if self.n_unknown else None

    @property
    def unknown_share(self) -> float | None:
        """Share of unknown images in `open_curve`, by construction; None where there are none.

        With C syndromes each image is unknown in one turn of C, and so 1 / C of all.
        """
        n_known = sum(entry.n_known for entry in self.syndromes if entry.reason is None)
        return self.n_unknown / (self.n_unknown + n_known) if self.n_unknown else None


class AbsentSyndrome(Result):
    """One syndrome left out, told from the others by class means.

    Figures are None where `reason` says why.
    """

    syndrome: str
    n_unknown: int
    """Test images of it, once a repeat."""
    n_known: int
    """Test images of the other syndromes."""
    roc_auc: float | None
    """Of unknown against known."""
    false_rejection_rate: float | None
    """Share of the known images above the threshold of their fold, each subject counted once."""
    detected: MeanInterval | None
    """Share of the unknown images above it, each subject counted once."""
    reason: str | None = None
    rejected: MeanInterval | None = None
    """Share of its test images that a gallery with all syndromes flags: the allowed share is that of all
    syndromes together. None where none of them is tested, and in files of earlier versions."""

    @property
    def detected_share(self) -> float | None:
        """The same without its interval."""
        return None if self.detected is None else self.detected.estimate


class ClassMeanNovelty(Result):
    """Each syndrome left out once, by 1 - the largest cosine similarity to a class mean, whatever the head.

    The threshold of a fold comes from inner folds of its training part, where no image of the syndrome is.
    """

    allowed_false_rejections: float
    """Share of the known subjects that a threshold may reject."""
    n_inner_folds: int
    syndromes: tuple[AbsentSyndrome, ...]
    roc_auc: MeanInterval | None
    """Mean over the syndromes that could be left out; None where none could."""
    detected: MeanInterval | None
    """Mean share of the unknown images that are flagged, likewise."""
    false_rejection_rate: MeanInterval
    """Share of the known images that are flagged by a gallery with all syndromes."""
    threshold: float | None
    """Of such a gallery, from all images out of their folds; None where subjects are too few for one."""

    @property
    def judged(self) -> list[AbsentSyndrome]:
        """The syndromes that could be left out, those that are detected least first."""
        found = [entry for entry in self.syndromes if entry.detected is not None]
        return sorted(
            found, key=lambda entry: (entry.detected_share or 0.0, entry.roc_auc or 0.0, entry.syndrome)
        )

    @property
    def most_rejected(self) -> AbsentSyndrome | None:
        """The syndrome that is flagged most while it is known; None in files of earlier versions."""
        found = [(entry.rejected.estimate, entry) for entry in self.syndromes if entry.rejected is not None]
        return max(found, key=lambda pair: pair[0])[1] if found else None

    @property
    def verdict(self) -> DetectionVerdict | None:
        """Whether the interval over syndromes of the share that is flagged lies below or above a half."""
        return detection_verdict(self.detected)


class OpenSetAnalysis(Analysis):
    """Open-set recognition by class means, and by the neighbours of the best candidate of each distance."""

    question: Literal["open_set"] = "open_set"
    open_sets: tuple[OpenSet, ...] = ()
    """Empty of heads without neighbours."""
    class_means: ClassMeanNovelty | None = None
    """None where there are no embeddings or no inner folds, and in files of earlier versions."""

    def of_classes(self, kept: Collection[str]) -> Self:
        """Return the same for some of the syndromes alone."""
        means = self.class_means
        return self.revised(
            open_sets=tuple(
                entry.revised(syndromes=of_kept(entry.syndromes, kept)) for entry in self.open_sets
            ),
            class_means=means and means.revised(syndromes=of_kept(means.syndromes, kept)),
        )
