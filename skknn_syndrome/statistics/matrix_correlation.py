"""Correlation of two distance matrices over the pairs of different classes."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray, MatrixLike
from skknn_syndrome.data.distance_matrix import ROUNDING
from skknn_syndrome.errors import Argument, ParameterError, meant

CorrelationMethod: TypeAlias = Literal["pearson", "spearman", "kendall"]

METHODS = ("pearson", "spearman", "kendall")
FEWEST_CLASSES = 3
"""Two have one distance, which correlates with nothing."""

_TIED = 8
"""Decimals, of shares of the largest distance, in which two differ: rounding breaks ties between paths."""
_EXPLAINED = 1e-9
"""Share of the length of a vector that may be left where a regression explains all of it."""


def upper_triangle(distances: MatrixLike) -> Float64Array:
    """Return the distances above the diagonal of a square matrix, row by row.

    The diagonal is left out, and there is no option for it: the zeros of two unrelated matrices agree, and
    lift the correlation.

    Parameters
    ----------
    distances : array-like of shape (n_classes, n_classes)
        Symmetric and finite.

    Returns
    -------
    ndarray of shape (n_classes * (n_classes - 1) / 2,)

    Raises
    ------
    ParameterError
        If it is no such matrix: of a vector nobody can see whether the diagonal was counted in.

    Examples
    --------
    >>> upper_triangle([[0, 1, 2], [1, 0, 3], [2, 3, 0]]).tolist()
    [1.0, 2.0, 3.0]
    """
    matrix = square_matrix(distances, "distances")
    return np.asarray(matrix[np.triu_indices(len(matrix), 1)])


def matrix_correlation(A: MatrixLike, B: MatrixLike, method: CorrelationMethod = "pearson") -> float:
    """Return the correlation of two distance matrices over the pairs of different classes.

    Parameters
    ----------
    A, B : array-like of shape (n_classes, n_classes)
        Symmetric, 0 on the diagonal, classes in the same order.
    method : {"pearson", "spearman", "kendall"}, default="pearson"
        Kendall's is tau-b. Ranks take distances for tied that differ by less than 1e-8 of the largest: of a
        dated tree, all paths through one node are equal but for the rounding of its file.

    Returns
    -------
    float

    Raises
    ------
    ParameterError
        If these are no two such matrices, or all distances of one are the same.

    Examples
    --------
    >>> A, B = [[0, 1, 2], [1, 0, 3], [2, 3, 0]], [[0, 1, 2], [1, 0, 6], [2, 6, 0]]
    >>> round(matrix_correlation(A, B), 3), round(matrix_correlation(A, B, "kendall"), 3)
    (0.945, 1.0)
    """
    return MatrixPair(A, B, method, ()).observed


class MatrixPair:
    """Two distance matrices, to be correlated again and again with the classes of the first in another order.

    Parameters
    ----------
    A, B : array-like of shape (n_classes, n_classes)
    method : {"pearson", "spearman", "kendall"}
    nuisance : sequence of array-like of shape (n_classes, n_classes)
        What both are regressed on before.
    """

    def __init__(
        self, A: MatrixLike, B: MatrixLike, method: CorrelationMethod, nuisance: Sequence[MatrixLike]
    ) -> None:
        check_choice("method", method, METHODS)
        first, second = _distances(A, "A"), _distances(B, "B")
        others = [square_matrix(other, "nuisance") for other in nuisance]
        self._check(first, [second, *others], method)
        self.n = len(first)
        self.above = np.triu_indices(self.n, 1)
        self.n_pairs = len(self.above[0])
        self.tau = method == "kendall"
        prepare = _PREPARED[method]
        self.basis = _basis([_centred(prepare(other[self.above])) for other in others], self.n_pairs)
        target = self._residuals(prepare(second[self.above]), "B")
        self.target = target / np.linalg.norm(target)
        moved = self._residuals(prepare(first[self.above]), "A")
        self.length = np.linalg.norm(moved)
        self.moved = np.zeros((self.n, self.n))
        self.moved[self.above] = moved
        self.moved += self.moved.T
        self.observed = float(self.permuted(np.arange(self.n)[np.newaxis])[0])

    @staticmethod
    def _check(first: Float64Array, others: Sequence[Float64Array], method: CorrelationMethod) -> None:
        sizes = {len(first), *map(len, others)}
        if len(sizes) > 1:
            raise ParameterError(
                f"the matrices are of {' and '.join(map(str, sorted(sizes)))} classes, not of the same.",
                code="different_sizes",
            )
        if len(first) < FEWEST_CLASSES:
            raise ParameterError(
                f"{len(first)} classes have too few distances to correlate: {FEWEST_CLASSES} are needed.",
                code="too_few_classes",
            )
        if method == "kendall" and len(others) > 1:
            raise ParameterError(
                "{method} takes no nuisance matrices: a partial tau is no tau of residuals.",
                code="partial_kendall",
                parameter="method",
                method=Argument("method", method),
            )

    def _residuals(self, values: Float64Array, parameter: str) -> Float64Array:
        centred = _centred(values)
        left = centred - self.basis @ (self.basis.T @ centred)
        if np.linalg.norm(centred) <= _EXPLAINED * np.linalg.norm(values):
            raise ParameterError(
                f"all distances of {parameter} are the same.", code="constant_distances", parameter=parameter
            )
        if np.linalg.norm(left) <= _EXPLAINED * np.linalg.norm(centred):
            raise ParameterError(
                f"the nuisance matrices leave nothing of {parameter} to be explained.",
                code="explained_by_nuisance",
                parameter="nuisance",
            )
        return left

    def permuted(self, batch: IndexArray) -> Float64Array:
        """Return the correlation with the classes of the first matrix in each of these orders."""
        rows, columns = self.above
        moved = self.moved.ravel()[batch[:, rows] * self.n + batch[:, columns]]
        if self.tau:
            return _taus(moved, self.target)
        # Once classes have moved, what were residuals are none any more.
        explained = ((moved @ self.basis) ** 2).sum(axis=1)
        left = np.sqrt(np.maximum(self.length**2 - explained, (_EXPLAINED * self.length) ** 2))
        return np.asarray(np.clip(moved @ self.target / left, -1, 1))


def ranks(values: Float64Array) -> Float64Array:
    """Return the ranks of values from 1 on, equal ones with the mean of theirs.

    Examples
    --------
    >>> ranks(np.array([0.5, 0.2, 0.5])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, place, counts = np.unique(_levelled(values), return_inverse=True, return_counts=True)
    return np.asarray((counts.cumsum() - (counts - 1) / 2)[place])


def _levelled(values: Float64Array) -> Float64Array:
    """Return values with ties that rounding had broken."""
    return np.asarray(np.round(values / (np.abs(values).max() or 1), _TIED))


_PREPARED: dict[CorrelationMethod, Callable[[Float64Array], Float64Array]] = {
    "pearson": np.asarray,
    "spearman": ranks,
    "kendall": _levelled,
}


def _taus(rows: Float64Array, target: Float64Array) -> Float64Array:
    from scipy.stats import kendalltau  # noqa: PLC0415  half a second, for one of three methods

    return np.array([kendalltau(row, target).statistic for row in rows])


def _centred(values: Float64Array) -> Float64Array:
    return np.asarray(values - values.mean())


def _basis(columns: Sequence[Float64Array], n_pairs: int) -> Float64Array:
    """Return orthonormal columns that span the same."""
    if not columns:
        return np.zeros((n_pairs, 0))
    lengths = [float(np.linalg.norm(column)) for column in columns]
    scaled = [column / (length or 1) for column, length in zip(columns, lengths, strict=True)]
    left, sizes, _ = np.linalg.svd(np.column_stack(scaled), full_matrices=False)
    return np.asarray(left[:, sizes > _EXPLAINED])


def square_matrix(matrix: MatrixLike, parameter: str) -> Float64Array:
    """Return a symmetric matrix of finite numbers, checked."""
    found = np.asarray(matrix, dtype=np.float64)
    if found.ndim != 2 or found.shape[0] != found.shape[1]:  # noqa: PLR2004
        raise ParameterError(
            f"{parameter} has the shape {found.shape}, and must be a square matrix: of a vector it can't be "
            "seen whether it counts the diagonal in.",
            code="not_square",
            parameter=parameter,
        )
    if not np.isfinite(found).all():
        raise ParameterError(
            f"{parameter} has missing or infinite values.", code="not_finite", parameter=parameter
        )
    if (np.abs(found - found.T) > ROUNDING * np.abs(found).max(initial=0)).any():
        raise ParameterError(f"{parameter} is not symmetric.", code="not_symmetric", parameter=parameter)
    return found


def _distances(matrix: MatrixLike, parameter: str) -> Float64Array:
    found = square_matrix(matrix, parameter)
    if (np.abs(np.diag(found)) > ROUNDING * np.abs(found).max(initial=0)).any():
        raise ParameterError(
            f"the diagonal of {parameter} is not 0: give distances, not similarities.",
            code="diagonal_not_zero",
            parameter=parameter,
        )
    return found


def check_choice(parameter: str, value: str, choices: Sequence[str]) -> None:
    """Refuse a value that is none of some."""
    if value not in choices:
        raise ParameterError(
            "{given}: {meant}.",
            code=f"unknown_{parameter}",
            parameter=parameter,
            given=Argument(parameter, value),
            meant=meant(value, choices),
        )
