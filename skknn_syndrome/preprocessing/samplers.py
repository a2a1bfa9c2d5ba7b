"""What samplers share: dense rows whose parents are noted, and synthetic rows class by class."""

from abc import abstractmethod
from typing import Any, ClassVar, TypeAlias

import numpy as np
from imblearn.over_sampling.base import BaseOverSampler
from imblearn.utils import check_target_type
from numpy.typing import NDArray
from sklearn.utils import check_random_state
from sklearn.utils.validation import validate_data

from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray, LabelArray, MatrixLike, VectorLike
from skknn_syndrome.errors import StudySettingsError, quote

SamplingStrategy: TypeAlias = Any
"""A share, a word, numbers by class, or a function, as imbalanced-learn's over-samplers take it."""

RandomState: TypeAlias = int | np.random.RandomState | None
"""A seed or a generator, as scikit-learn takes it."""

MIN_MEMBERS = 2
"""A class of one row has no spread, and no second parent."""


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


class SyntheticOverSampler(DenseRowsMixin, BaseOverSampler):  # type: ignore[misc] # imbalanced-learn is untyped
    """Appends synthetic rows class by class, and notes their parents."""

    n_parents: ClassVar[int]
    """How many rows a synthetic row is made of."""

    def _fit_resample(self, X: MatrixLike, y: LabelArray) -> tuple[MatrixLike, LabelArray]:
        samples = to_dense(X)
        random = check_random_state(self.random_state)
        rows: list[NDArray[Any]] = [samples]
        # A row that was given is its own parent, as often as a synthetic one has parents.
        parents = [np.tile(np.arange(len(samples))[:, None], self.n_parents)]
        for label, n_new in self.sampling_strategy_.items():
            members = np.flatnonzero(y == label)
            if n_new and len(members) < MIN_MEMBERS:
                raise StudySettingsError(
                    f"Class {quote(label)} has one row, from which {type(self).__name__} can make no other: "
                    "give it at least two, or leave it out of sampling_strategy.",
                    code="one_row",
                    parameter="sampling_strategy",
                )
            made, chosen = self._synthesise(samples[members].astype(np.float64), n_new, random)
            rows.append(made.astype(samples.dtype))
            parents.append(members[chosen])
        indices = np.concatenate(parents)
        self.sample_indices_: IndexArray = indices[:, 0] if self.n_parents == 1 else indices
        return as_given(np.concatenate(rows), X), y[indices[:, 0]]

    @abstractmethod
    def _synthesise(
        self, members: Float64Array, n_new: int, random: np.random.RandomState
    ) -> tuple[Float64Array, IndexArray]:
        """Return new rows of one class, and the places of their parents among its members.

        Parameters
        ----------
        members : ndarray of shape (n_members, n_features)
        n_new : int
        random : RandomState

        Returns
        -------
        rows : ndarray of shape (n_new, n_features)
        parents : ndarray of shape (n_new, n_parents)
        """
        ...
