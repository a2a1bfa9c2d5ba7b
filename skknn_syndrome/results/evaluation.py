"""What the out-of-fold predictions of one candidate show, syndrome by syndrome."""

from skknn_syndrome.results.base import Result


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
    """How well one syndrome is recognised, all folds pooled.

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


class RocCurve(Result):
    """A mean ROC curve over the folds, on a common grid of false positive rates."""

    false_positive_rate: tuple[float, ...]
    true_positive_rate: tuple[float, ...]
    """Mean over the folds, the same length."""
    true_positive_rate_std: tuple[float, ...]
    """Standard deviation (population form) over the folds, the same length."""
    mean_auc: float
    """Mean of the folds' areas."""
    std_auc: float
    n_folds: int
    """Folds behind it: those in which the curve is defined."""


class SyndromeRoc(Result):
    """One syndrome against the rest."""

    syndrome: str
    curve: RocCurve | None
    """None where no fold defines it."""


class Evaluation(Result):
    """One candidate, asked for every image once in each repeat, when it was in the test part."""

    metric: str
    weights: str
    n_neighbors: int
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
