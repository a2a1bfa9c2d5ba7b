"""Distances between classes of embeddings, and how far they vary with the subjects."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from scipy.spatial.distance import cdist
from scipy.special import stdtrit
from sklearn.utils import check_random_state

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray, MatrixLike, VectorLike
from skknn_syndrome.errors import Argument, ParameterError, meant, quote
from skknn_syndrome.preprocessing.prototypes import PrototypeMethod, SubjectMeans, pool, subject_means
from skknn_syndrome.results.verdicts import CONFIDENCE, ROUNDING

DistanceName: TypeAlias = Literal["cosine", "euclidean", "mean_pairwise", "energy"]
OF_PAIRS = frozenset({"mean_pairwise", "energy"})
"""Distances between sets of subjects, which need no prototypes."""
CHUNK = 4_000_000
"""Numbers that resamples may take in memory at a time: 32 MB."""

Weights: TypeAlias = list[Float64Array]
"""For each class how often each of its subjects is drawn: shape (n_resamples, n_subjects of the class)."""


def class_distances(
    X: MatrixLike,
    y: VectorLike,
    groups: VectorLike | None = None,
    *,
    prototype: PrototypeMethod = "mean",
    distance: DistanceName = "cosine",
) -> tuple[LabelArray, Float64Array]:
    """Return how far each two classes lie apart.

    Parameters
    ----------
    X, y, groups, prototype, distance
        As in `ClassDistances.of`.

    Returns
    -------
    classes : ndarray of shape (n_classes,)
        Sorted.
    distances : ndarray of shape (n_classes, n_classes)
        Symmetric, with zeros on the diagonal.

    Examples
    --------
    >>> X, y = [[0.0, 0.0], [2.0, 0.0], [1.0, 3.0], [5.0, 3.0]], ["a", "a", "b", "c"]
    >>> class_distances(X, y, distance="euclidean")[1].tolist()
    [[0.0, 3.0, 5.0], [3.0, 0.0, 4.0], [5.0, 4.0, 0.0]]
    """
    found = ClassDistances.of(X, y, groups, prototype=prototype, distance=distance)
    return found.classes, found.distances


class LeftOut(NamedTuple):
    """Distances between classes without one of the subjects."""

    class_number: int
    """Whose subject is left out."""
    distances: Float64Array
    """To be read before the next one is asked for, which overwrites it."""


@dataclass(frozen=True, eq=False)
class ClassDistances:
    """Distances between classes that can be computed again for other draws of the same subjects.

    Examples
    --------
    >>> X, y = [[0.0, 0.0], [2.0, 0.0], [1.0, 3.0], [5.0, 3.0]], ["a", "a", "b", "c"]
    >>> found = ClassDistances.of(X, y, distance="euclidean")
    >>> found.distances[0].tolist(), found.n_fixed
    ([0.0, 3.0, 5.0], 2)
    >>> [(left_out.class_number, left_out.distances[0].round(2).tolist()) for left_out in found.jackknife()]
    [(0, [0.0, 3.16, 4.24]), (0, [0.0, 3.16, 5.83])]
    """

    means: SubjectMeans
    prototype: PrototypeMethod
    distance: DistanceName

    @classmethod
    def of(
        cls,
        X: MatrixLike,
        y: VectorLike,
        groups: VectorLike | None = None,
        *,
        prototype: PrototypeMethod = "mean",
        distance: DistanceName = "cosine",
    ) -> "ClassDistances":
        r"""Average the images of each subject, and keep these means.

        Parameters
        ----------
        X : array-like of shape (n_images, n_features)
        y : array-like of shape (n_images,)
            The class of each image.
        groups : array-like of shape (n_images,), optional
            Its subject. Without, each image is a subject of its own.
        prototype : {"mean", "medoid", "attention"}, default="mean"
            As in `class_prototypes`; of no account for distances of pairs.
        distance : {"cosine", "euclidean", "mean_pairwise", "energy"}, default="cosine"
            The first two are those of the prototypes. "mean_pairwise" is the mean Euclidean distance of the
            subjects of one class from those of the other, and "energy" the energy distance [1]_

            .. math:: \sqrt{2 E\lVert A - B \rVert - E\lVert A - A' \rVert - E\lVert B - B' \rVert},

            whose means within a class take in each subject's distance of 0 from itself, so that classes of
            few subjects lie farther out.

        Raises
        ------
        ParameterError
            If there is no such method or distance, there is one class alone, or a prototype has length 0,
            which has no cosine.

        References
        ----------
        .. [1] G. J. Székely and M. L. Rizzo, "Energy statistics: A class of statistics based on distances",
           Journal of Statistical Planning and Inference 143, 2013. doi:10.1016/j.jspi.2013.03.018
        """
        if distance not in get_args(DistanceName):
            raise ParameterError(
                "there is no {distance}: {meant}.",
                code="unknown_distance",
                parameter="distance",
                distance=Argument("distance", distance),
                meant=meant(distance, get_args(DistanceName)),
            )
        means = subject_means(X, y, groups)
        if len(means.classes) == 1:
            raise ParameterError(
                f"y has the class {quote(means.classes[0])} alone: a distance takes two.",
                code="one_class",
                parameter="y",
            )
        found = cls(means, prototype, distance)
        _refuse_no_direction(found)
        return found

    @property
    def classes(self) -> LabelArray:
        """The classes, sorted."""
        return self.means.classes

    @property
    def n_subjects(self) -> IndexArray:
        """Number of subjects of each class."""
        return self.means.n_subjects

    @property
    def n_fixed(self) -> int:
        """Number of classes with one subject, which stay as they are in every resample."""
        return int(np.count_nonzero(self.n_subjects == 1))

    @cached_property
    def distances(self) -> Float64Array:
        """Shape (n_classes, n_classes)."""
        once: Float64Array = self._of([np.ones((1, size)) for size in self.n_subjects])[0]
        return once

    def bootstrap(
        self, n_resamples: int = 1000, random_state: int | np.random.RandomState | None = 0
    ) -> Iterator[Float64Array]:
        """Draw as many subjects of each class again, and yield the distances of each resample.

        Resamples hold the noise of the subjects twice, and so correlate less with a reference than the data
        do: see `correlation_interval` for an interval that allows for it.

        Parameters
        ----------
        n_resamples : int, default=1000
        random_state : int, RandomState instance or None, default=0

        Yields
        ------
        ndarray of shape (n_classes, n_classes)
        """
        random = check_random_state(random_state)
        size = max(1, CHUNK // self._size_of_one)
        for start in range(0, n_resamples, size):
            drawn = min(size, n_resamples - start)
            yield from self._of(
                [random.multinomial(n, np.full(n, 1 / n), drawn).astype(np.float64) for n in self.n_subjects]
            )

    def jackknife(self) -> Iterator[LeftOut]:
        """Leave out each subject in turn, except those that are the only one of their class.

        Yields
        ------
        LeftOut
        """
        changed = self.distances.copy()
        for number, size in enumerate(self.n_subjects.tolist()):
            if size > 1:
                for row in self._rows(number, 1 - np.eye(size)):
                    changed[number] = changed[:, number] = row
                    yield LeftOut(number, changed)
                changed[number] = changed[:, number] = self.distances[number]

    @property
    def _size_of_one(self) -> int:
        """How many numbers one resample takes."""
        n_classes, n_features = len(self.classes), self.means.vectors.shape[1]
        widest = int(self.n_subjects.max()) * n_features if self.prototype == "attention" else 0
        return int(max(n_classes * n_classes, n_classes * n_features, len(self.means.vectors), widest))

    def _of(self, weights: Weights) -> Float64Array:
        """Return distances for several weightings of the subjects: shape (n_weightings, ...)."""
        if self.distance in OF_PAIRS:
            return self._of_pairs(weights)
        pooled = [
            pool(rows, weight, self.prototype)
            for rows, weight in zip(self.means.by_class, weights, strict=True)
        ]
        prototypes = np.stack(pooled, axis=1)
        return _clean(np.array([self._apart(one, one) for one in prototypes]))

    def _apart(self, some: Float64Array, others: Float64Array) -> Float64Array:
        return np.asarray(cdist(some, others, "cosine" if self.distance == "cosine" else "euclidean"))

    def _rows(self, number: int, weights: Float64Array) -> Float64Array:
        """Return the distances of one class, with weights of its subjects, from all as they are."""
        rows = self.means.by_class[number]
        if self.distance not in OF_PAIRS:
            found = self._apart(pool(rows, weights, self.prototype), self._prototypes)
        else:
            shares = weights / weights.sum(axis=1, keepdims=True)
            here = slice(*self.means.starts[number : number + 2])
            found = shares @ self._mean_to_classes[here]
            if self.distance == "energy":
                within = np.einsum("bi,ij,bj->b", shares, self._between_subjects[here, here], shares)
                apart = 2 * found - within[:, None] - self._mean_within
                found = np.sqrt(np.maximum(apart, 0))
        found[:, number] = 0
        return np.asarray(np.maximum(found, 0))

    def _of_pairs(self, weights: Weights) -> Float64Array:
        starts = self.means.starts[:-1]
        shares = [weight / weight.sum(axis=1, keepdims=True) for weight in weights]
        together = np.concatenate(shares, axis=1)
        mean = np.empty((len(together), len(starts), len(starts)))
        for number, share in enumerate(shares):
            here = slice(*self.means.starts[number : number + 2])
            to_subjects = share @ self._between_subjects[here]
            mean[:, number] = np.add.reduceat(to_subjects * together, starts, axis=1)
        if self.distance == "mean_pairwise":
            return _clean(mean)
        within = np.einsum("bii->bi", mean)
        return _clean(np.sqrt(np.maximum(2 * mean - within[:, None] - within[:, :, None], 0)))

    @cached_property
    def _prototypes(self) -> Float64Array:
        return self.means.prototypes(self.prototype)

    @cached_property
    def _between_subjects(self) -> Float64Array:
        return np.asarray(cdist(self.means.vectors, self.means.vectors))

    @cached_property
    def _mean_to_classes(self) -> Float64Array:
        """Mean distance of each subject from those of each class."""
        sums = np.add.reduceat(self._between_subjects, self.means.starts[:-1], axis=1)
        return np.asarray(sums / self.n_subjects)

    @cached_property
    def _mean_within(self) -> Float64Array:
        """Mean distance within each class, that of a subject from itself taken in."""
        parts = np.split(self._mean_to_classes, self.means.starts[1:-1])
        return np.array([part[:, number].mean() for number, part in enumerate(parts)])


def _clean(distances: Float64Array) -> Float64Array:
    """Make distances what they are but for rounding: symmetric, not negative, 0 on the diagonal."""
    found = np.maximum((distances + distances.swapaxes(1, 2)) / 2, 0)
    np.einsum("bii->bi", found)[:] = 0
    return np.asarray(found)


def _refuse_no_direction(found: ClassDistances) -> None:
    if found.distance == "cosine":
        lengths = np.linalg.norm(found._prototypes, axis=1)  # noqa: SLF001  a part of the class
        if not lengths.all():
            raise ParameterError(
                "the prototype of {label} is zero, which has no cosine: try {better}.",
                code="no_direction",
                parameter="distance",
                label=quote(found.classes[lengths.argmin()]),
                better=Argument("distance", "euclidean"),
            )


def correlation_interval(
    distances: ClassDistances,
    correlate: Callable[[Float64Array], float],
    *,
    confidence: float = CONFIDENCE,
) -> tuple[float, float] | None:
    r"""Return an interval for the correlation of class distances with a reference, over subjects.

    What is estimated is the correlation that other subjects of the same classes would give, as many of each.
    Noise of few subjects makes that lower than the correlation of the classes' own means. The interval is
    that of the jackknife on Fisher's scale: with :math:`z_{ci}` the transformed correlation without subject
    i of class c, :math:`n_c` subjects,

    .. math:: \mathrm{artanh}(r) \pm t_\nu \sqrt{\sum_c v_c}, \qquad
       v_c = \frac{n_c - 1}{n_c} \sum_i (z_{ci} - \bar z_c)^2,

    with the degrees of freedom :math:`\nu` of Welch and Satterthwaite [1]_. It rests on the classes as they
    are, and on no class of one subject, which can't vary.

    Parameters
    ----------
    distances : ClassDistances
    correlate : callable
        From distances of shape (n_classes, n_classes), not to be kept, to their correlation with the
        reference.
    confidence : float, default=0.95

    Returns
    -------
    tuple of float, or None
        None where nothing varies, the correlation is 1 or not defined, with all subjects or without one, or
        classes are medoids: these jump from subject to subject, for which the jackknife is inconsistent.

    Notes
    -----
    In four simulations of 10 to 30 families with tree signal of strength 0 to 1 and 4 or 8 subjects in the
    median family, with means for prototypes, 95 % intervals held the figure in 95 to 100 of 100 data sets
    (``benchmarks/guided.py``).
    Percentiles of the bootstrap did in 80 to 97, since resamples hold the noise of the subjects twice, and
    bias-corrected ones in 71 to 92; percentiles shifted to the estimate, for which each resample has to be
    computed, in 93 to 98.

    References
    ----------
    .. [1] F. E. Satterthwaite, "An Approximate Distribution of Estimates of Variance Components", Biometrics
       Bulletin 2, 1946. doi:10.2307/3002019
    """
    if distances.prototype == "medoid" and distances.distance not in OF_PAIRS:
        return None
    estimate = correlate(distances.distances)
    left_out = [(number, correlate(without)) for number, without in distances.jackknife()]
    if not left_out or not abs(estimate) < 1:
        return None
    of_class, correlations = (np.array(column) for column in zip(*left_out, strict=True))
    if not (np.abs(correlations) < 1).all():  # as where one is not defined
        return None
    _, stratum, counts = np.unique(of_class, return_inverse=True, return_counts=True)
    values = np.arctanh(correlations)
    means = np.bincount(stratum, values) / counts
    variances = np.bincount(stratum, (values - means[stratum]) ** 2) * (counts - 1) / counts
    total = variances.sum()
    if total <= ROUNDING**2:
        return None
    freedom = total**2 / np.sum(variances**2 / (counts - 1))
    half = float(stdtrit(freedom, (1 + confidence) / 2)) * np.sqrt(total)
    center = np.arctanh(estimate)
    return float(np.tanh(center - half)), float(np.tanh(center + half))
