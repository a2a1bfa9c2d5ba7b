"""Embedding data sets: vectors with labels and ids that fit together, read-only."""

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skknn_syndrome._typing import FloatArray, StringArray, VectorLike
from skknn_syndrome.data.covariates import Covariate, CovariatesLike, as_covariates
from skknn_syndrome.data.data_warnings import find_data_warnings
from skknn_syndrome.data.embedded_rows import AugmentedViews
from skknn_syndrome.data.identities import IdKind, RefusalError, read_id
from skknn_syndrome.data.levels import Levels, LevelsLike, as_levels
from skknn_syndrome.data.vectors import as_floats
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.results.audit import Audit
from skknn_syndrome.results.cards import Card
from skknn_syndrome.results.dataset import DataNouns
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.results.one_line import cut, short_repr
from skknn_syndrome.vocabulary import DEFAULT, in_words, speaking
from skknn_syndrome.wording import counted


@dataclass(frozen=True, eq=False, repr=False)
class EmbeddingDataset:
    """Embeddings with their labels, one row per image, read-only.

    Parameters
    ----------
    embeddings : ndarray of shape (n_images, n_features)
        Finite float32 or float64 vectors, kept C-contiguous.
    syndromes : ndarray of str of shape (n_images,)
        The label of each image.
    subjects : ndarray of str of shape (n_images,), or None
        Whose image it is; None where the file does not say.
    images : ndarray of str of shape (n_images,)
        Image ids, each once.
    audit : Audit
        Which rows were refused and why, and what looks dangerous in those that were taken.
    name : str
        Name of the file, without its folder.
    sha256 : str or None, default=None
        Hash of the file's bytes, in hexadecimal digits; None where there is no file.
    simulated : bool, default=False
        True where no image was ever behind the vectors.
    covariates : tuple of Covariate, default=()
        What else is known of each image, such as the sex and age of its subject.
    embedder : EmbedderNote or None, default=None
        What made the vectors of images, where the file says it.
    views : AugmentedViews or None, default=None
        Further views of its images, for training parts alone; no rows of the data set.
    levels : Levels or None, default=None
        The groups, such as genus and family, that its classes lie in.
    nouns : DataNouns or None, default=None
        What the file calls its classes, subjects and images.

    Raises
    ------
    ParameterError
        If shapes, types, ids or the audit's count do not fit together, or a value is NaN or infinite.

    Notes
    -----
    Arrays that can be written to are copied, so that a later change in them does not reach the data set.

    Examples
    --------
    >>> dataset = EmbeddingDataset.from_arrays([[1.0, 0.0], [0.0, 1.0]], ["a", "b"], subjects=[7, 8])
    >>> dataset
    EmbeddingDataset('arrays': 2 images x 2 float64, 2 syndromes, 2 subjects)
    >>> dataset.subjects.tolist(), dataset.images.tolist()
    (['7', '8'], ['1', '2'])
    """

    embeddings: FloatArray
    syndromes: StringArray
    subjects: StringArray | None
    images: StringArray
    audit: Audit
    name: str
    sha256: str | None = None
    simulated: bool = False
    covariates: tuple[Covariate, ...] = ()
    embedder: EmbedderNote | None = None
    views: AugmentedViews | None = None
    levels: Levels | None = None
    nouns: DataNouns | None = None

    _labels: ClassVar[str] = "syndromes"
    """The field that holds the labels."""

    def __post_init__(self) -> None:
        """Check that the parts fit together, and close them to writing."""
        _check_embeddings(self.embeddings)
        self._check_labels()
        _check_ids(self.images, "image", self.n_images)
        if self.subjects is not None:
            _check_ids(self.subjects, "subject", self.n_images)
        if np.unique(self.images).size != self.n_images:
            values, counts = np.unique(self.images, return_counts=True)
            twice = str(values[counts.argmax()])
            raise ParameterError(
                f"images must differ, but {twice!r} comes {counts.max()} times.",
                code="repeated_images",
                parameter="images",
            )
        if self.audit.n_accepted != self.n_images:
            raise ParameterError(
                f"audit accounts for {self.audit.n_accepted} rows taken, not for {self.n_images} images.",
                code="wrong_count",
                parameter="audit",
            )
        if not self.name or PurePath(self.name).name != self.name:
            raise ParameterError(
                f"name must be a file's name without a folder, not {self.name!r}.",
                code="invalid_name",
                parameter="name",
            )
        as_covariates(self.covariates, self.n_images)
        if self.levels is not None:
            object.__setattr__(self, "levels", as_levels(self.levels, self.label_texts))
        for field in ("embeddings", self._labels, "subjects", "images"):
            object.__setattr__(self, field, _read_only(getattr(self, field)))

    def __repr__(self) -> str:
        """Name, shape and counts."""
        subjects = "no subjects" if self.subjects is None else _how_many(self.subjects, "subject")
        simulated = ", simulated" if self.simulated else ""
        if self.covariates:
            names = ", ".join(covariate.name for covariate in self.covariates)
            simulated = f", by {names}{simulated}"
        size = f"{counted(self.n_images, 'image')} x {self.n_features:,} {self.embeddings.dtype}"
        with speaking(DEFAULT if self.nouns is None else self.nouns.vocabulary):
            held = in_words(f"{size}, {self._labels_in_words()}, {subjects}")
        return cut(f"EmbeddingDataset({short_repr(self.name)}: {held}{simulated})")

    def _repr_html_(self) -> str:
        names = ", ".join(covariate.name for covariate in self.covariates)
        warnings = [warning.message for warning in self.audit.warnings]
        return Card(
            kind="Embedding data set",
            name=self.name,
            facts={
                "Images": f"{self.n_images:,}",
                "Features": f"{self.n_features:,}, {self.embeddings.dtype}",
                "Labels": self._labels_in_words(),
                "Subjects": "none" if self.subjects is None else f"{np.unique(self.subjects).size:,}",
                **({"Covariates": names} if names else {}),
                **({"Origin": "simulated"} if self.simulated else {}),
                "Rows refused": f"{len(self.audit.refused):,}",
            },
            checks=warnings,
            calls=("study_dataset(dataset)", "dataset.audit", "dataset.embeddings"),
        ).to_html()

    def _check_labels(self) -> None:
        _check_ids(self.syndromes, "syndrome", self.n_images)

    def _labels_in_words(self) -> str:
        return _how_many(self.syndromes, "syndrome")

    @property
    def target(self) -> VectorLike:
        """What is learnt: the label of each image; of several labels an image, a data frame of 0 and 1."""
        return self.syndromes

    @property
    def label_texts(self) -> StringArray:
        """Shape (n_images,): the label of each image, or all that it has as one text, to be shown."""
        return self.syndromes

    @property
    def n_images(self) -> int:
        """Number of rows."""
        return int(self.embeddings.shape[0])

    @property
    def n_features(self) -> int:
        """Length of a vector."""
        return int(self.embeddings.shape[1])

    def without_subjects(self) -> Self:
        """Return the same data set as if no one had said whose images they are; the audit stays."""
        return replace(self, subjects=None)

    @classmethod
    def from_arrays(
        cls,
        embeddings: ArrayLike,
        syndromes: ArrayLike,
        subjects: ArrayLike | None = None,
        images: ArrayLike | None = None,
        *,
        name: str = "arrays",
        sha256: str | None = None,
        simulated: bool = False,
        covariates: CovariatesLike = None,
        levels: LevelsLike = None,
    ) -> Self:
        """Make a data set from what is in memory, where every row must be sound.

        Parameters
        ----------
        embeddings : array-like of shape (n_images, n_features)
            Numbers. float16 becomes float32; integers and all other floats become float64.
        syndromes, subjects, images : array-like of shape (n_images,)
            Text or integers, which become text. `subjects` may be missing. Without `images`, the rows are
            numbered "1", "2", and so on.
        name, sha256, simulated
            As in the class.
        covariates : mapping of str to array-like of shape (n_images,), optional
            What else is known of each image, by name: text or numbers, None where it is missing. The name
            ``"age:0,2,6"`` parts the numbers into bands.
        levels : mapping of str to array-like or mapping, optional
            The groups that classes lie in, such as ``{"genus": genera}``, as `as_levels` takes them.

        Returns
        -------
        EmbeddingDataset
            Its audit holds the warnings for what is legal but dangerous; nothing is refused.

        Raises
        ------
        ParameterError
            If anything at all is wrong; the message names the row.
        """
        vectors = as_vectors(embeddings)
        n_rows = len(vectors)
        labels = as_ids(syndromes, "syndrome")
        people = None if subjects is None else as_ids(subjects, "subject")
        names = as_ids(np.arange(1, n_rows + 1) if images is None else images, "image")
        known = as_covariates(covariates, n_rows)
        bare = cls(vectors, labels, people, names, Audit(n_rows=n_rows), name, sha256, simulated, known)
        # Warnings are looked for in arrays that fit together, hence the two steps.
        audit = Audit(n_rows=n_rows, warnings=find_data_warnings(vectors, labels, people, names))
        return replace(bare, audit=audit, levels=as_levels(levels, labels))


def _unfit(fault: str, code: str, parameter: str = "embeddings") -> ParameterError:
    return ParameterError(f"{parameter} {fault}.", code=code, parameter=parameter)


def _how_many(ids: StringArray, noun: str) -> str:
    return counted(np.unique(ids).size, noun)


def _check_embeddings(embeddings: FloatArray) -> None:
    if embeddings.dtype not in (np.float32, np.float64):
        raise _unfit(f"must be float32 or float64, not {embeddings.dtype}", "unsupported_type")
    if embeddings.ndim != 2 or embeddings.size == 0:  # noqa: PLR2004
        raise _unfit(f"must have rows and columns, not the shape {embeddings.shape}", "wrong_shape")
    finite = np.isfinite(embeddings).all(axis=1)
    if not finite.all():
        raise _unfit(f"must be finite, but row {finite.argmin() + 1} holds NaN or infinity", "not_finite")


def _check_ids(ids: StringArray, kind: IdKind, n_images: int) -> None:
    if ids.dtype.kind != "U" or ids.shape != (n_images,):
        raise _unfit(
            f"must be an array of text of shape ({n_images},), not {ids.dtype} of shape {ids.shape}",
            "wrong_shape",
            f"{kind}s",
        )
    for row, text in enumerate(ids.tolist(), start=1):
        _read_id(text, kind, row)


def _read_only(array: NDArray[Any] | None) -> NDArray[Any] | None:
    if array is None or (not array.flags.writeable and array.flags.c_contiguous):
        return array
    copied = np.array(array, order="C")
    copied.flags.writeable = False
    return copied


def as_vectors(embeddings: ArrayLike) -> FloatArray:
    """Return numbers in memory as float32 or float64.

    Raises
    ------
    ParameterError
        They are no numbers.
    """
    vectors = np.asarray(embeddings)
    if vectors.dtype.kind not in "fiu":
        raise _unfit(f"must be numbers, not {vectors.dtype}", "unsupported_type")
    return as_floats(vectors)


def as_ids(values: ArrayLike, kind: IdKind) -> StringArray:
    """Return ids in memory as text.

    Raises
    ------
    ParameterError
        One is no id; it names the row.
    """
    given = np.asarray(values, dtype=object)
    if given.ndim != 1:
        raise _unfit(f"must be one-dimensional, not of shape {given.shape}", "wrong_shape", f"{kind}s")
    texts = [_read_id(value, kind, row) for row, value in enumerate(given.tolist(), start=1)]
    return np.array(texts, dtype=np.str_)


def _read_id(value: object, kind: IdKind, row: int) -> str:
    try:
        return read_id(value, kind)
    except RefusalError as refusal:
        raise ParameterError(
            f"Row {row}: {refusal.detail}.", code=refusal.reason, parameter=f"{kind}s"
        ) from None
