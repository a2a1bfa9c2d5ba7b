"""What all samplers here share: floating-point rows, worked on as a dense array."""

from typing import Any

import numpy as np
from imblearn.utils import check_target_type
from sklearn.utils.validation import validate_data

from skknn_syndrome._typing import FloatArray, LabelArray, MatrixLike, VectorLike


class DenseRowsMixin:
    """Checks rows as imbalanced-learn does, and promises `sample_indices_`."""

    def _check_X_y(  # noqa: N802  imbalanced-learn's name
        self, X: MatrixLike, y: VectorLike
    ) -> tuple[MatrixLike, LabelArray, bool]:
        """Take one-vs-rest labels as well, and make integers floats: a mean of two is seldom one."""
        labels, is_binarised = check_target_type(y, indicate_one_vs_all=True)
        samples, labels = validate_data(
            self, X=X, y=labels, reset=True, accept_sparse=["csr", "csc"], dtype=[np.float64, np.float32]
        )
        return samples, labels, is_binarised

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401  imbalanced-learn is untyped
        """Say that rows can be traced."""
        tags = super().__sklearn_tags__()  # type: ignore[misc] # of the sampler that this is mixed into
        tags.sampler_tags.sample_indices = True
        return tags


def to_dense(X: MatrixLike) -> FloatArray:
    """Return rows as an array, sparse ones too: noise and means of rows have few zeros."""
    rows: FloatArray = X if isinstance(X, np.ndarray) else X.toarray()
    return rows


def as_given(rows: FloatArray, X: MatrixLike) -> MatrixLike:
    """Return rows in the sparse format of `X`, where it has one."""
    return rows if isinstance(X, np.ndarray) else type(X)(rows)
