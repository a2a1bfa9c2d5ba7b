"""Data sets with several labels an image: an indicator matrix in the place of one label each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skknn_syndrome._typing import LabelArray, MatrixLike, StringArray, VectorLike
from skknn_syndrome.data.data_warnings import find_data_warnings
from skknn_syndrome.data.dataset import EmbeddingDataset, as_ids, as_vectors
from skknn_syndrome.errors import ParameterError, quote
from skknn_syndrome.results.audit import Audit, DataWarning
from skknn_syndrome.wording import counted

JOIN = ";"
"""Between the labels of an image where they are shown as one text."""


@dataclass(frozen=True, eq=False, repr=False)
class MultilabelDataset(EmbeddingDataset):
    """Embeddings of images that have any number of labels each, read-only.

    It has no `syndromes`: what takes one label an image refuses it in one sentence. `of_label` makes a data
    set of one of its labels.

    Parameters
    ----------
    embeddings, subjects, images, audit, name, sha256, simulated, covariates
        As in `EmbeddingDataset`.
    labels : ndarray of uint8 of shape (n_images, n_labels)
        1 where an image has a label, else 0.
    label_names : tuple of str
        Of the columns, each once.

    Raises
    ------
    ParameterError
        As `EmbeddingDataset`; or there are less than two labels, a name comes twice, the shape does not fit,
        or an entry is neither 0 nor 1.

    Notes
    -----
    The matrix is dense: with 100 labels of 200,000 images it takes 20 MB.

    Examples
    --------
    >>> dataset = MultilabelDataset.from_indicators(
    ...     [[1.0, 0.0], [0.0, 1.0]], [[1, 1], [0, 1]], ["edema", "effusion"], subjects=[7, 8]
    ... )
    >>> dataset
    MultilabelDataset('arrays': 2 images x 2 float64, 2 labels, 2 subjects)
    >>> dataset.of_label("edema").syndromes.tolist()
    ['edema', 'no edema']
    """

    syndromes: StringArray = field(init=False)
    labels: NDArray[np.uint8] = field(kw_only=True)
    label_names: tuple[str, ...] = field(kw_only=True)

    _labels: ClassVar[str] = "labels"

    if TYPE_CHECKING:
        pass  # with the method below, type checkers would take any misspelt name for an attribute
    else:

        def __getattr__(self, name: str) -> object:
            """Refuse what takes one label an image."""
            if name == "syndromes":
                raise ParameterError(
                    f"{self.name!r} has several labels an image, and this takes one: take dataset.of_label("
                    f"{self.label_names[0]!r}) to look at one of them, or dataset.target with the heads that "
                    "take several.",
                    code="several_labels",
                    parameter="dataset",
                )
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _check_labels(self) -> None:
        n_labels = len(self.label_names)
        _check_names(self.label_names)
        if self.labels.shape != (self.n_images, n_labels) or self.labels.dtype != np.uint8:
            raise ParameterError(
                f"labels must be an array of uint8 of shape {(self.n_images, n_labels)}, not "
                f"{self.labels.dtype} of shape {self.labels.shape}.",
                code="wrong_shape",
                parameter="labels",
            )
        if self.labels.max() > 1:
            raise _no_indicator(self.labels, self.label_names)

    def _labels_in_words(self) -> str:
        return counted(len(self.label_names), "label")

    def __repr__(self) -> str:
        """Name, shape and counts."""
        return super().__repr__().replace("EmbeddingDataset", type(self).__name__, 1)

    @property
    def target(self) -> VectorLike:
        """A data frame of 0 and 1 with a column for each label, as tasks and heads take it."""
        import pandas as pd  # noqa: PLC0415  slow to import

        return pd.DataFrame(self.labels, columns=list(self.label_names))

    @property
    def label_texts(self) -> StringArray:
        """Shape (n_images,): all labels of each image, such as "edema;effusion", or "no label"."""
        return np.array([text or "no label" for text in label_texts(self.labels, self.label_names)])

    def of_label(self, label: str) -> EmbeddingDataset:
        """Return the data set of one label, with the name of the label, or "no" before it, for each image.

        Raises
        ------
        ParameterError
            There is no such label.
        """
        if label not in self.label_names:
            raise ParameterError(
                f"There is no label {quote(label)}: there are {', '.join(map(quote, self.label_names))}.",
                code="unknown_label",
                parameter="label",
            )
        has = self.labels[:, self.label_names.index(label)] > 0
        return EmbeddingDataset(
            self.embeddings,
            np.where(has, label, f"no {label}"),
            self.subjects,
            self.images,
            self.audit,
            self.name,
            self.sha256,
            self.simulated,
            self.covariates,
        )

    @classmethod
    def from_indicators(
        cls,
        embeddings: ArrayLike,
        labels: MatrixLike,
        label_names: Sequence[str] | None = None,
        subjects: ArrayLike | None = None,
        images: ArrayLike | None = None,
        *,
        name: str = "arrays",
        sha256: str | None = None,
        simulated: bool = False,
    ) -> Self:
        """Make a data set from what is in memory, where every row must be sound.

        Parameters
        ----------
        embeddings : array-like of shape (n_images, n_features)
        labels : indicator matrix of shape (n_images, n_labels), dense or sparse, or a data frame
            Of 0 and 1, or of booleans.
        label_names : sequence of str, optional
            By default those of a data frame's columns, else their numbers.
        subjects, images, name, sha256, simulated
            As in `EmbeddingDataset.from_arrays`.

        Returns
        -------
        MultilabelDataset

        Raises
        ------
        ParameterError
            If anything at all is wrong.
        """
        vectors = as_vectors(embeddings)
        names = getattr(labels, "columns", None) if label_names is None else label_names
        matrix = labels.toarray() if hasattr(labels, "toarray") else np.asarray(labels)
        columns = tuple(map(str, range(matrix.shape[-1]) if names is None else names))
        people = None if subjects is None else as_ids(subjects, "subject")
        numbered = np.arange(1, len(vectors) + 1) if images is None else images
        bare = cls(
            vectors,
            people,
            as_ids(numbered, "image"),
            Audit(n_rows=len(vectors)),
            name,
            sha256,
            simulated,
            labels=_as_indicators(matrix, columns),
            label_names=columns,
        )
        audit = bare.audit.revised(warnings=find_label_warnings(bare))
        return replace(bare, audit=audit)


def find_label_warnings(dataset: MultilabelDataset) -> tuple[DataWarning, ...]:
    """Look for what a study would take at face value, as for single labels.

    A subject may have other labels on another image, and sets of labels are no names that could be misspelt.
    """
    found = find_data_warnings(dataset.embeddings, dataset.label_texts, dataset.subjects, dataset.images)
    of_names = {"labels_alike", "integer_beside_float"}
    return tuple(
        warning
        for warning in found
        if warning.code != "subject_in_two_syndromes" and not (warning.code in of_names and warning.syndromes)
    )


def label_texts(labels: LabelArray, names: Sequence[str]) -> list[str]:
    """Return the labels of each image as one text.

    Examples
    --------
    >>> label_texts(np.array([[1, 1], [0, 0]]), ["edema", "effusion"])
    ['edema;effusion', '']
    """
    return [JOIN.join(names[place] for place in np.flatnonzero(row).tolist()) for row in labels]


def _check_names(names: tuple[str, ...]) -> None:
    as_ids(np.array(names, dtype=object), "syndrome")
    if len(names) < 2:  # noqa: PLR2004  several
        raise ParameterError(
            f"label_names has {counted(len(names), 'name')}: give two labels or more, or take "
            "EmbeddingDataset for one label an image.",
            code="too_few_labels",
            parameter="label_names",
        )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ParameterError(
            f"label_names must differ, but {quote(twice)} comes {names.count(twice)} times.",
            code="repeated_labels",
            parameter="label_names",
        )


def _as_indicators(matrix: NDArray[Any], names: Sequence[str]) -> NDArray[np.uint8]:
    if matrix.ndim != 2:  # noqa: PLR2004  images and labels
        raise ParameterError(
            f"labels has the shape {matrix.shape}: give a row for each image and a column for each label.",
            code="wrong_shape",
            parameter="labels",
        )
    if not np.isin(matrix, (0, 1)).all():
        raise _no_indicator(matrix, names)
    return matrix.astype(np.uint8)


def _no_indicator(matrix: NDArray[Any], names: Sequence[str]) -> ParameterError:
    row, column = np.argwhere(~np.isin(matrix, (0, 1)))[0]
    return ParameterError(
        f"Row {row + 1}: the label {quote(names[column])} is {quote(matrix[row, column])}, and must be 0 or "
        "1.",
        code="not_an_indicator",
        parameter="labels",
    )
