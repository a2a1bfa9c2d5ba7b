"""Conformal prediction sets: class-conditional, cross-conformal over folds, each subject counted once."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, VectorLike
from skknn_syndrome.errors import Argument, ParameterError
from skknn_syndrome.results.verdicts import ROUNDING

TIE_BREAK = 1e-3
"""What the greatest difference of similarity counts: as much as the last digit of a probability in print."""


class _Sorted(NamedTuple):
    """Calibration scores of one fold, of one class or of all."""

    scores: Float64Array
    """Rising."""
    from_here: Float64Array
    """Shape (n_scores + 1,): the weight of each score and of those after it."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """How unlike their true class images were to a model that had not seen their subject.

    Examples
    --------
    Two images of one subject weigh half each.

    >>> probabilities = [[0.9, 0.1], [0.7, 0.3], [0.4, 0.6]]
    >>> found = Calibration.of(probabilities, [0, 0, 1], folds=[0, 0, 1], subjects=["ann", "ann", "bob"])
    >>> found.nonconformity.round(2).tolist(), found.weights.tolist(), found.n_subjects(2).tolist()
    ([0.1, 0.3, 0.4], [0.5, 0.5, 1.0], [1.0, 1.0])
    """

    nonconformity: Float64Array
    """Shape (n_images,): of the true class, out of the fold; see the function `nonconformity`."""
    labels: IndexArray
    """Shape (n_images,): the number of the true class."""
    weights: Float64Array
    """Shape (n_images,): 1 / number of images of the subject, so that each subject weighs 1."""
    folds: IndexArray
    """Shape (n_images,): the fold whose model was asked, one that was fitted without that fold."""

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        given = {"nonconformity": self.nonconformity, "weights": self.weights}
        for name in ("labels", "weights", "folds"):
            if np.shape(getattr(self, name)) != np.shape(self.nonconformity):
                raise ParameterError(
                    f"{name} has the shape {np.shape(getattr(self, name))}, and nonconformity "
                    f"{np.shape(self.nonconformity)}: give one number for each image.",
                    code="unequal_lengths",
                    parameter=name,
                )
        for name, values in given.items():
            _refuse_not_finite(name, values)
        if np.size(self.weights) and np.min(self.weights) <= 0:
            raise ParameterError("weights have to be above 0.", code="out_of_range", parameter="weights")

    @classmethod
    def of(
        cls,
        probabilities: VectorLike,
        labels: VectorLike,
        folds: VectorLike,
        subjects: VectorLike | None = None,
        *,
        similarity: VectorLike | None = None,
    ) -> "Calibration":
        """Score images by what out-of-fold probabilities say of their true class.

        Parameters
        ----------
        probabilities : array-like of shape (n_images, n_classes)
            Each row from a model that was fitted without the image's fold.
        labels : array-like of int of shape (n_images,)
            Columns of the true classes.
        folds : array-like of int of shape (n_images,)
        subjects : array-like of shape (n_images,), optional
            Who is in each image, in one fold all; without them each image is a subject of its own. For
            predictions that are fused by subject give a row for each, and no subjects.
        similarity : array-like of shape (n_images, n_classes), optional
            As `nonconformity` takes it; new images are then to have it too.

        Returns
        -------
        Calibration
        """
        truth = np.asarray(labels, np.intp)
        return cls(
            nonconformity=nonconformity(probabilities, similarity)[np.arange(len(truth)), truth],
            labels=truth,
            weights=subject_weights(len(truth) if subjects is None else subjects, truth),
            folds=np.asarray(folds, np.intp),
        )

    def n_subjects(self, n_classes: int) -> Float64Array:
        """Return the number of subjects of each class: the weights of their images, added up."""
        return np.asarray(np.bincount(self.labels, self.weights, minlength=n_classes), np.float64)

    @cached_property
    def _by_fold_and_class(self) -> dict[tuple[int, int | None], _Sorted]:
        return {}

    def _sorted(self, fold: int, class_number: int | None) -> _Sorted:
        """Return the scores of one fold, of one class or, for None, of all."""
        key = fold, class_number
        if key not in self._by_fold_and_class:
            here = self.folds == fold
            if class_number is not None:
                here &= self.labels == class_number
            order = np.argsort(self.nonconformity[here], kind="stable")
            weights = np.append(self.weights[here][order], 0.0)
            self._by_fold_and_class[key] = _Sorted(
                self.nonconformity[here][order], np.cumsum(weights[::-1])[::-1]
            )
        return self._by_fold_and_class[key]

    def _weight_from(self, fold: int, class_number: int | None, scores: Float64Array) -> Float64Array:
        """Return the weight of the calibration scores that are at least as high as each of these."""
        found = self._sorted(fold, class_number)
        return np.asarray(found.from_here[np.searchsorted(found.scores, scores, side="left")])


def nonconformity(probabilities: VectorLike, similarity: VectorLike | None = None) -> Float64Array:
    r"""Return how unlike each class images are: 1 - probability, with ties broken by a similarity.

    .. math:: s(x, c) = 1 - p_c(x) + \delta \, (1 - \cos(x, \mu_c)) / 2, \qquad \delta = 0.001

    The few neighbours of k-NN give most classes the probability 0. Where that happens to more of a class's
    own images than 1 - coverage, each set would have all classes at 0; the cosine similarity to the
    class means tells which of them are near. Any score has the same coverage guaranteed, and one with fewer
    ties can make sets smaller.

    Parameters
    ----------
    probabilities : array-like of shape (..., n_classes)
    similarity : array-like of the same shape, optional
        From -1 to 1: `skknn_syndrome.statistics.novelty.ClassMeans.similarity`, of the same training images.

    Returns
    -------
    ndarray of the same shape

    Examples
    --------
    >>> nonconformity([0.8, 0.2, 0.0, 0.0], [0.9, 0.5, 0.4, -0.2]).round(5).tolist()
    [0.20005, 0.80025, 1.0003, 1.0006]
    """
    scores = 1 - np.asarray(probabilities, np.float64)
    if similarity is None:
        return np.asarray(scores)
    return np.asarray(scores + TIE_BREAK * (1 - np.asarray(similarity, np.float64)) / 2)


def subject_weights(subjects: VectorLike | int, labels: IndexArray | None = None) -> Float64Array:
    """Return 1 / number of images for each image, of its subject, or of its subject within its class.

    Parameters
    ----------
    subjects : array-like of shape (n_images,), or int
        The subject of each image; or a number of images, each of which is a subject of its own.
    labels : array of shape (n_images,), optional
        The class of each image, where a subject may have several.

    Examples
    --------
    >>> subject_weights(["ann", "bob", "ann"])
    array([0.5, 1. , 0.5])
    """
    if isinstance(subjects, int):
        return np.ones(subjects)
    _, units = np.unique(np.asarray(subjects), return_inverse=True)
    if labels is not None:
        units = np.unique(np.column_stack([units, labels]), axis=0, return_inverse=True)[1].ravel()
    return np.asarray(1 / np.bincount(units)[units])


def p_values(
    calibration: Calibration, nonconformity: Float64Array, *, class_conditional: bool = True
) -> Float64Array:
    r"""Return how usual each image would be among those of each class.

    Each image is scored by the model of every fold and compared with the calibration scores of that fold
    alone, since models differ; folds are then pooled, and each subject weighs 1. For an image :math:`x` and
    a class :math:`c` of :math:`K_c` subjects,

    .. math:: p_c(x) = \frac{1 + \sum_{i : y_i = c} w_i \,[s_i \ge s_{f(i)}(x, c)]}{K_c + 1},

    where :math:`s_i` is the score of image i by the model of its fold :math:`f(i)`, and :math:`w_i` one over
    the images of its subject. These are cross-conformal p-values [1]_ within each class, with hierarchical
    weights [2]_, [3]_.

    Parameters
    ----------
    calibration : Calibration
        Of images, or of subjects with one fused prediction each; new ones are then to be of the same kind.
    nonconformity : ndarray of shape (n_folds, n_new, n_classes)
        Of each class by the model of each fold, in the order of their numbers: the function `nonconformity`.
    class_conditional : bool, default=True
        Compare within each class, so that the coverage holds for each. Otherwise with images of all classes:
        then it holds on average over classes alone, and rare or difficult ones are missed more often.

    Returns
    -------
    ndarray of shape (n_new, n_classes)
        Between 1 / (K_c + 1) and 1.

    Raises
    ------
    ParameterError
        A score is missing, or a calibration image is of a fold or class that `nonconformity` does not have.

    Notes
    -----
    With one fold, its model fitted without the calibration subjects, :math:`P(p_y(X) \le a) \le a` for a new
    subject of class y that is exchangeable with those of the calibration [3]_, whatever the model and however
    many images each has. Pooling several folds keeps :math:`P(p_y(X) \le a) \le 2a` but for a term of the
    order of 1 / sqrt(K_c) [4]_, and stays near a unless models differ much from fold to fold.

    Equal scores all count as higher. Breaking ties at random would make sets smaller, and the answer to one
    question another one each time.

    References
    ----------
    .. [1] V. Vovk, "Cross-conformal predictors", Annals of Mathematics and Artificial Intelligence 74, 2015.
       doi:10.1007/s10472-013-9368-4
    .. [2] R. Dunn, L. Wasserman and A. Ramdas, "Distribution-Free Prediction Sets for Two-Layer Hierarchical
       Models", JASA 118, 2023. doi:10.1080/01621459.2022.2060112
    .. [3] Y. Lee, R. F. Barber and R. Willett, "Distribution-free inference with hierarchical data", 2023.
       arXiv:2306.06342
    .. [4] R. F. Barber, E. J. Candès, A. Ramdas and R. J. Tibshirani, "Predictive inference with the
       jackknife+", Annals of Statistics 49, 2021. doi:10.1214/20-AOS1965

    Examples
    --------
    Of three subjects two were at least as unlike their class as the new image is; it counts itself.

    >>> calibration = Calibration(np.array([0.1, 0.3, 0.8]), np.zeros(3, int), np.ones(3), np.zeros(3, int))
    >>> p_values(calibration, np.array([[[0.3], [0.9]]]))
    array([[0.75],
           [0.25]])
    """
    scores = np.asarray(nonconformity, np.float64)
    _refuse_other_shape(calibration, scores)
    n_folds, _, n_classes = scores.shape
    higher = np.zeros(scores.shape[1:])
    for fold in range(n_folds):
        for number in range(n_classes):
            among = number if class_conditional else None
            higher[:, number] += calibration._weight_from(fold, among, scores[fold, :, number])  # noqa: SLF001
    subjects = calibration.n_subjects(n_classes)
    # Sums of weights in another order may differ in the last digit.
    return np.minimum(1.0, (1 + higher) / (1 + (subjects if class_conditional else subjects.sum())))


def prediction_sets(p_values: Float64Array, coverage: float) -> BoolArray:
    r"""Return the classes that a nominal coverage does not let exclude: :math:`p_c > 1 - coverage`.

    The thresholds are those of least ambiguous set-valued classifiers [1]_. A set may be empty: the image is
    then more unlike every class than that share of the class's own images is.

    Parameters
    ----------
    p_values : ndarray of shape (n_new, n_classes)
    coverage : float in (0, 1)

    Returns
    -------
    ndarray of bool of shape (n_new, n_classes)

    Raises
    ------
    ParameterError
        There is no such coverage.

    References
    ----------
    .. [1] M. Sadinle, J. Lei and L. Wasserman, "Least Ambiguous Set-Valued Classifiers With Bounded Error
       Levels", JASA 114, 2019. doi:10.1080/01621459.2017.1395341

    Examples
    --------
    >>> prediction_sets(np.array([[0.6, 0.1], [0.04, 0.03]]), 0.9)
    array([[ True, False],
           [False, False]])
    """
    _refuse_no_coverage(coverage)
    # A p-value that is 1 - coverage but for rounding is that.
    return np.asarray(p_values > 1 - coverage + ROUNDING)


def always_in_sets(n_subjects: VectorLike, coverage: float) -> BoolArray:
    r"""Return the classes that have too few subjects to be excluded ever.

    With :math:`1 / (K_c + 1) > 1 - coverage` the least p-value is above the threshold: the class is
    covered by being in every set. It takes 4 subjects for a coverage of 80 %, 9 for 90 %, 19 for 95 %.

    Parameters
    ----------
    n_subjects : array-like of shape (n_classes,)
        Subjects of each class in the calibration: `Calibration.n_subjects`.
    coverage : float in (0, 1)

    Returns
    -------
    ndarray of bool of shape (n_classes,)

    Examples
    --------
    >>> always_in_sets([8, 9], 0.9)
    array([ True, False])
    """
    return prediction_sets(1 / (np.asarray(n_subjects, np.float64) + 1), coverage)


def _refuse_no_coverage(coverage: float) -> None:
    if not 0 < coverage < 1:
        raise ParameterError(
            "{coverage} is no share between 0 and 1: try {instead}.",
            code="out_of_range",
            parameter="coverage",
            coverage=Argument("coverage", coverage),
            instead=Argument("coverage", 0.9),
        )


def _refuse_other_shape(calibration: Calibration, scores: Float64Array) -> None:
    if scores.ndim != 3:  # noqa: PLR2004  folds, images, classes
        raise ParameterError(
            f"nonconformity has {scores.ndim} dimensions, and needs three: folds, images, classes.",
            code="wrong_shape",
            parameter="nonconformity",
        )
    _refuse_not_finite("nonconformity", scores)
    for name, numbers, size in (
        ("fold", calibration.folds, scores.shape[0]),
        ("class", calibration.labels, scores.shape[2]),
    ):
        if np.size(numbers) and not (np.min(numbers) >= 0 and np.max(numbers) < size):
            raise ParameterError(
                f"nonconformity has {size} of each {name}, and the calibration has the {name} "
                f"{int(np.max(numbers))}, counted from 0.",
                code="wrong_shape",
                parameter="nonconformity",
            )


def _refuse_not_finite(name: str, values: Float64Array) -> None:
    if not np.isfinite(values).all():
        raise ParameterError(f"{name} has a missing or infinite value.", code="not_finite", parameter=name)
