"""New cases, checked against the gallery that they are compared with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from skknn_syndrome._typing import FloatArray, StringArray
from skknn_syndrome.data.dataset import EmbeddingDataset, as_ids, as_vectors
from skknn_syndrome.data.new_cases import NewCases
from skknn_syndrome.errors import ParameterError, quote
from skknn_syndrome.neighbors.distances import row_lengths
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.results.model_card import ModelCard
from skknn_syndrome.results.prediction import InputFlag


@dataclass(frozen=True, eq=False)
class Cases:
    """Vectors that a model can be asked about."""

    rows: FloatArray
    images: StringArray
    subjects: StringArray | None
    flags: tuple[tuple[InputFlag, ...], ...]

    def only(self, place: int) -> "Cases":
        """Return one of the cases."""
        here = slice(place, place + 1)
        subjects = None if self.subjects is None else self.subjects[here]
        return Cases(self.rows[here], self.images[here], subjects, self.flags[here])


def read_cases(
    X: ArrayLike | EmbeddingDataset | NewCases,
    subjects: ArrayLike | None,
    image_ids: ArrayLike | None,
    card: ModelCard,
    gallery: FloatArray | None = None,
) -> Cases:
    """Check new cases.

    Parameters
    ----------
    X : array-like of shape (n_cases, n_features), EmbeddingDataset or NewCases
        Labels are not looked at.
    subjects, image_ids : array-like of shape (n_cases,), optional
        Of an array; else those of the file.
    card : ModelCard
        Of the model that is asked.
    gallery : ndarray of shape (n_images, n_features), optional
        Its vectors: cases that are among them are flagged.

    Returns
    -------
    Cases

    Raises
    ------
    ParameterError
        Vectors are of another length or another encoder, hold NaN or infinity, or ids do not fit them.
    """
    vectors = X.embeddings if isinstance(X, (EmbeddingDataset, NewCases)) else X
    if isinstance(X, (EmbeddingDataset, NewCases)):
        refuse_other_encoder(X.embedder, card)
        subjects = X.subjects if subjects is None else subjects
        image_ids = X.images if image_ids is None else image_ids
    rows = _checked(vectors, card)
    images = _ids(np.arange(1, len(rows) + 1) if image_ids is None else image_ids, "image", len(rows))
    people = None if subjects is None else _ids(subjects, "subject", len(rows))
    flags = _flags(rows, card)
    if gallery is not None:
        known = [("in_gallery",) if _is_among(row, gallery) else () for row in rows]
        flags = tuple((*first, *others) for first, others in zip(known, flags, strict=True))
    return Cases(rows, images, people, flags)


def _is_among(row: FloatArray, gallery: FloatArray) -> bool:
    """Tell whether a vector is one of the gallery's, value by value."""
    alike = np.flatnonzero(gallery[:, 0] == row[0])  # few, and quickly found
    return bool((gallery[alike] == row).all(axis=1).any())


def _checked(vectors: ArrayLike, card: ModelCard) -> FloatArray:
    try:
        rows = as_vectors(vectors)
    except (ValueError, TypeError) as error:  # rows of several lengths, which NumPy refuses
        raise ParameterError(
            "X is no matrix of numbers: give a row of the same length for each case.",
            code="unsupported_type",
            parameter="X",
        ) from error
    if rows.ndim == 2 and not len(rows):  # noqa: PLR2004  rows and columns
        raise ParameterError("X holds no case.", code="no_rows", parameter="X")
    if rows.ndim != 2:  # noqa: PLR2004  rows and columns
        raise ParameterError(
            f"X has the shape {rows.shape}: give a row for each case, also for a single one: X[None].",
            code="wrong_shape",
            parameter="X",
        )
    wanted = card.dataset.n_features
    if rows.shape[1] != wanted:
        raise ParameterError(
            f"X has vectors of {rows.shape[1]:,} values, and the model was fitted to {wanted:,}: embed the "
            "images with the encoder of its gallery.",
            code="wrong_length",
            parameter="X",
        )
    finite = np.isfinite(rows).all(axis=1)
    if not finite.all():
        raise ParameterError(
            f"X holds NaN or infinity in row {int(finite.argmin()) + 1}, of which nothing can be said: leave "
            "it out, or embed its image again.",
            code="not_finite",
            parameter="X",
        )
    return np.require(rows, requirements="C")


def _ids(given: ArrayLike, kind: str, n_rows: int) -> StringArray:
    found: StringArray = as_ids(given, "image" if kind == "image" else "subject")
    if len(found) != n_rows:
        raise ParameterError(
            f"There are {n_rows:,} rows and {len(found):,} ids of {kind}s: give one for each.",
            code="unequal_lengths",
            parameter="image_ids" if kind == "image" else "subjects",
        )
    return found


def refuse_other_encoder(embedder: EmbedderNote | None, card: ModelCard) -> None:
    """Refuse vectors whose file names another encoder or preprocessing than that of the gallery.

    Where either of the two does not say, nothing can be told, and the length has to do.

    Raises
    ------
    ParameterError
    """
    ours = card.dataset.embedder
    if ours is None or embedder is None or not ours.differs_from(embedder):
        return
    raise ParameterError(
        f"The vectors were made by {quote(embedder.model)}, and the model's gallery by {quote(ours.model)} "
        "or with other preprocessing: their distances mean nothing. Embed the images as the gallery was.",
        code="other_encoder",
        parameter="X",
    )


def _flags(rows: FloatArray, card: ModelCard) -> tuple[tuple[InputFlag, ...], ...]:
    """Say of each row how its norm leaves the gallery's range."""
    found: list[tuple[InputFlag, ...]] = []
    for norm in row_lengths(rows).tolist():
        if norm == 0:
            found.append(("zero_vector",))
        elif norm < card.norms.low:
            found.append(("norm_below_gallery",))
        else:
            found.append(("norm_above_gallery",) if norm > card.norms.high else ())
    return tuple(found)
