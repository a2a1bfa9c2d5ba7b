"""How well images of a syndrome that nobody has seen are told from known ones."""

from typing import Literal

from skknn_syndrome.results.base import Result


class RejectionPoint(Result):
    """What happens if images whose novelty is above a threshold are rejected."""

    threshold: float
    """Accepted up to this novelty, in the unit of the distance."""
    rejected_share: float
    n_accepted: int
    """At least one."""
    error: float
    """Share of the accepted images that get a wrong syndrome."""


class RejectionCurve(Result):
    """Error among the accepted against the share rejected, from none on."""

    n_predictions: int
    points: tuple[RejectionPoint, ...]


class SyndromeNovelty(Result):
    """One syndrome as if nobody had seen it: no training part has an image of it.

    Figures are None where `reason` says why.
    """

    syndrome: str
    n_unseen: int
    """Test images of it, once a repeat."""
    n_known: int
    """Test images of the other syndromes."""
    roc_auc_nearest: float | None
    """Of unseen against known, by the distance to the nearest training image."""
    roc_auc_mean: float | None
    """The same by the mean distance to the neighbours that vote."""
    threshold: float | None
    """Novelty above which an image is rejected, from the known images alone."""
    false_rejection_rate: float | None
    """Share of the known images above it: at most what was asked for, less where many are alike."""
    caught: float | None
    """Share of the unseen images above it."""
    reason: str | None = None


class OpenSet(Result):
    """Each syndrome left out once; the estimand is this study's pooled test parts."""

    metric: str
    weights: str
    n_neighbors: int
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
    threshold: float
    """Of a gallery with all syndromes: for images whose syndrome may be another one."""
    false_rejection_rate: float
    """Share of the known images above that threshold."""
    known_curve: RejectionCurve
    """No syndrome left out, known images alone."""
    open_curve: RejectionCurve | None
    """Known and unseen images of all syndromes' turns, where every unseen image that is accepted is an error;
    None where no syndrome can be left out."""
