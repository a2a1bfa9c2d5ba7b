"""Linear discriminant analysis with Ledoit and Wolf's shrinkage, for many classes of few images."""

from typing import Any

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray, LabelArray

MANY_CLASSES = 20
"""With fewer, scikit-learn's own sums are fast enough, and their rounding stays that of earlier studies."""


class ShrunkenLDA(LinearDiscriminantAnalysis):  # type: ignore[misc] # scikit-learn is untyped
    r"""scikit-learn's discriminant analysis by least squares, each class's covariance shrunk [1]_.

    scikit-learn makes a matrix of all features for each class, which takes most of a study's time where a
    hundred classes have ten images each. The pooled covariance

    .. math:: \sum_c \pi_c D_c \Bigl[(1 - s_c) \tfrac{1}{n_c} Z_c^\top Z_c + s_c \mu_c I\Bigr] D_c,

    of the rows :math:`Z_c` of a class, standardised by its standard deviations :math:`D_c`, is one product of
    all rows, each scaled, and a diagonal. The shrinkage :math:`s_c` needs :math:`\lVert Z_c^\top Z_c
    \rVert_F`, which is that of the smaller :math:`Z_c Z_c^\top`. Equal to scikit-learn's up to rounding.

    Parameters
    ----------
    As scikit-learn's, whose own solution is taken with fewer than 20 classes if the shrinkage is "auto".

    References
    ----------
    .. [1] O. Ledoit and M. Wolf, "A well-conditioned estimator for large-dimensional covariance matrices",
       J. Multivariate Analysis 88, 2004. doi:10.1016/S0047-259X(03)00096-4

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> y = np.arange(100) % 25
    >>> X = rng.normal(size=(100, 30)) + 3 * np.eye(30)[y]
    >>> model = ShrunkenLDA(solver="lsqr", shrinkage="auto").fit(X, y)
    >>> bool((model.predict(X) == y).all())
    True
    """

    memo: dict[str, Any] | None = None
    """What fits to the same rows share, where there are several: then all sums are the quick ones."""

    def _solve_lstsq(
        self,
        X: FloatArray,
        y: LabelArray,
        shrinkage: Any,  # noqa: ANN401  scikit-learn's
        covariance_estimator: Any,  # noqa: ANN401  scikit-learn's
    ) -> None:
        has_many = self.memo is not None or len(self.classes_) >= MANY_CLASSES
        is_quick = has_many if shrinkage == "auto" else bool(shrinkage)
        if not is_quick or covariance_estimator is not None:
            super()._solve_lstsq(X, y, shrinkage=shrinkage, covariance_estimator=covariance_estimator)
            return
        codes, priors = np.searchsorted(self.classes_, y), np.asarray(self.priors_, np.float64)
        if shrinkage == "auto":
            self.means_, self.covariance_ = pooled_covariance(X, codes, priors)
        else:
            self.means_, covariance = self._scatter(X, codes, priors)
            self.covariance_ = shrunken(covariance, shrinkage)
        self.coef_ = _solved(self.covariance_, self.means_)
        self.intercept_ = -0.5 * np.einsum("cf,cf->c", self.means_, self.coef_) + np.log(self.priors_)

    def _scatter(
        self, samples: FloatArray, codes: IndexArray, priors: Float64Array
    ) -> tuple[Float64Array, Float64Array]:
        memo: dict[str, Any] = {} if self.memo is None else self.memo
        if "covariance" not in memo:
            memo["covariance"] = class_covariance(samples, codes, priors)
        found: tuple[Float64Array, Float64Array] = memo["covariance"]
        return found


def class_covariance(
    samples: FloatArray, codes: IndexArray, priors: Float64Array
) -> tuple[Float64Array, Float64Array]:
    """Return class means, and the mean of the covariances of the classes.

    Parameters
    ----------
    samples, codes, priors
        As in `pooled_covariance`.

    Returns
    -------
    ndarray of shape (n_classes, n_features)
    ndarray of shape (n_features, n_features)
    """
    order = np.argsort(codes, kind="stable")
    rows, counts = samples[order].astype(np.float64), np.bincount(codes)
    means = np.add.reduceat(rows, np.r_[0, counts.cumsum()[:-1]]) / counts[:, None]
    rows -= means.repeat(counts, axis=0)
    weights: Float64Array = np.sqrt(priors / counts)
    rows *= weights.repeat(counts)[:, None]
    return means, rows.T @ rows


def shrunken(covariance: Float64Array, share: float) -> Float64Array:
    """Return a covariance that is moved by a share, from 0 to 1, to a multiple of the unit matrix.

    The mean of several that are each moved by it is as much.
    """
    found: Float64Array = (1 - share) * covariance
    found[np.diag_indices_from(found)] += share * float(np.trace(covariance)) / len(covariance)
    return found


def pooled_covariance(
    samples: FloatArray, codes: IndexArray, priors: Float64Array
) -> tuple[Float64Array, Float64Array]:
    """Return class means, and the mean of the shrunken covariances of the classes.

    Parameters
    ----------
    samples : ndarray of shape (n_images, n_features)
    codes : ndarray of shape (n_images,)
        Of classes, each of which has an image.
    priors : ndarray of shape (n_classes,)

    Returns
    -------
    ndarray of shape (n_classes, n_features)
    ndarray of shape (n_features, n_features)
    """
    order = np.argsort(codes, kind="stable")
    rows = samples[order].astype(np.float64)
    counts = np.bincount(codes)
    starts = np.r_[0, counts.cumsum()[:-1]]
    means = np.add.reduceat(rows, starts) / counts[:, None]
    rows -= means.repeat(counts, axis=0)
    variances = np.add.reduceat(rows**2, starts) / counts[:, None]
    scales = np.where(_is_constant(variances, means, counts), 1.0, np.sqrt(variances))
    rows /= scales.repeat(counts, axis=0)
    diagonal = np.zeros(samples.shape[1])
    for start, count, prior, scale in zip(starts, counts, priors, scales, strict=True):
        part = rows[start : start + count]
        shrinkage, mean = _shrinkage(part)
        diagonal += prior * shrinkage * mean * scale**2
        part *= np.sqrt(prior * (1 - shrinkage) / count) * scale
    covariance = rows.T @ rows
    covariance[np.diag_indices_from(covariance)] += diagonal
    return means, covariance


def _is_constant(variances: Float64Array, means: Float64Array, counts: IndexArray) -> Any:  # noqa: ANN401
    """Return where a feature does not vary beyond rounding, as scikit-learn's scaler decides."""
    rounding = counts[:, None] * np.finfo(np.float64).eps
    return variances <= rounding * variances + (rounding * means) ** 2


def _shrinkage(rows: Float64Array) -> tuple[float, float]:
    """Return how far the covariance of centred rows is shrunk, and the mean variance it is shrunk to."""
    n_rows, n_features = rows.shape
    norms = np.einsum("rf,rf->r", rows, rows)
    mean = float(norms.sum()) / (n_rows * n_features)
    products = rows @ rows.T if n_rows < n_features else rows.T @ rows
    squared = float(np.einsum("ij,ij->", products, products)) / n_rows**2
    beta = (float(norms @ norms) / n_rows - squared) / (n_features * n_rows)
    delta = squared / n_features - mean**2
    beta = min(beta, delta)
    return (beta / delta if beta > 0 else 0.0), mean


def _solved(covariance: Float64Array, means: Float64Array) -> Float64Array:
    """Return the coefficients of each class: least squares only where no inverse exists."""
    try:
        found: Any = cho_solve(cho_factor(covariance), means.T)
    except LinAlgError:
        found = np.linalg.lstsq(covariance, means.T, rcond=None)[0]
    return np.asarray(found.T, dtype=np.float64)
