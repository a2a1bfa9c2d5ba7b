"""The gallery of a model in use as cases, and answers about new ones."""

from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from skknn_syndrome._typing import Float64Array, FloatArray
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.display.style import marks
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.exploring.covariates import shown_covariates
from skknn_syndrome.exploring.overview import CaseDetail, Near, Overview, Share, ShownClass, ShownPlane
from skknn_syndrome.exploring.uploads import read_upload
from skknn_syndrome.model import SyndromeModel
from skknn_syndrome.model.inputs import read_cases
from skknn_syndrome.neighbors.distances import unit_rows
from skknn_syndrome.results.explanation import Explanation
from skknn_syndrome.results.nouns import vocabulary_of
from skknn_syndrome.results.prediction import Predictions
from skknn_syndrome.statistics.projection import coordinates
from skknn_syndrome.vocabulary import in_words, speaking

N_NEIGHBORS = 10
ABOUT = "Predictions are out of fold: each image is answered by a model that has not seen its subject."


class ModelCases:
    """A model whose gallery is explored.

    Parameters
    ----------
    model : SyndromeModel
    data : EmbeddingDataset, optional
        The data set that it was fitted to, with covariates.

    Raises
    ------
    ParameterError
        That is another data set.
    """

    def __init__(self, model: SyndromeModel, data: EmbeddingDataset | None = None) -> None:
        self._covariates = shown_covariates(data, model.card.dataset)
        self._model = model
        self._gallery = model.gallery
        self._answers = model.ask_gallery()

    def overview(self, max_bytes: int) -> Overview:
        """Return all images of the gallery."""
        card, gallery, said = self._model.card, self._gallery, self._answers.probabilities
        predicted = said.argmax(axis=1)
        names = list(card.classes)
        vocabulary = vocabulary_of(card.dataset)
        with speaking(vocabulary):
            look, about = marks(names), in_words(ABOUT)
        return Overview(
            kind="model",
            title=card.dataset.name,
            about=f"{about} Head: {card.title}.",
            classes=tuple(
                ShownClass(name=name, colour=look[name].colour, marker=look[name].marker) for name in names
            ),
            labels=tuple(np.searchsorted(names, gallery.syndromes).tolist()),
            predicted=tuple(predicted.tolist()),
            confidence=_rounded(said[np.arange(len(said)), predicted]),
            novelty=_rounded(self._answers.novelty),
            novelty_threshold=card.novelty.threshold,
            images=tuple(gallery.images.tolist()),
            subjects=() if gallery.subjects is None else tuple(gallery.subjects.tolist()),
            planes=(self._plane,),
            covariates=self._covariates,
            n_images=len(said),
            answers=True,
            max_bytes=max_bytes,
            nouns=(vocabulary.classes.one, vocabulary.subjects.one, vocabulary.images.one),
        )

    @cached_property
    def _plane(self) -> ShownPlane:
        plane, share = principal_plane(self._gallery.embeddings)
        return ShownPlane(title=f"Principal components ({share:.0%} of the variance)", **coordinates(plane))

    def case(self, row: int) -> CaseDetail:
        """Return one image of the gallery."""
        self._check(row)
        said = self._answers.answer(row)
        gallery = self._gallery
        return CaseDetail(
            row=row,
            name=str(gallery.syndromes[row]),
            image=said.image,
            subject=said.subject,
            ranking=tuple(Share(name=entry.name, probability=entry.probability) for entry in said.ranking),
            prediction=said,
            neighbors=tuple(
                Near(
                    row=near,
                    name=str(gallery.syndromes[near]),
                    image=str(gallery.images[near]),
                    subject=None if gallery.subjects is None else str(gallery.subjects[near]),
                    distance=distance,
                )
                for near, distance in self._answers.nearest(row, N_NEIGHBORS)
            ),
            neighbors_of=self._near_by,
            has_sheet=True,
        )

    @property
    def _near_by(self) -> str:
        if self._gallery.subjects is None:
            return "cosine distance"
        return f"cosine distance, without the same {vocabulary_of(self._model.card.dataset).subjects.one}"

    def sheet(self, row: int) -> bytes:
        """Return the case sheet of one image of the gallery, with placeholders for ids."""
        from skknn_syndrome.rendering import render_case_sheet  # noqa: PLC0415  slow to import: matplotlib

        self._check(row)
        here = slice(row, row + 1)
        subjects = None if self._gallery.subjects is None else self._gallery.subjects[here]
        case = EmbeddingDataset.from_arrays(
            self._gallery.embeddings[here],
            self._gallery.syndromes[here],
            subjects,
            self._gallery.images[here],
        )
        explanation = self._model.explain(case)
        with TemporaryDirectory() as folder:
            (file,) = render_case_sheet(explanation, Path(folder) / "sheet", ("html",), "embedded")
            return file.path.read_bytes()

    def predict(self, content: bytes, suffix: str, top_k: int | None, coverage: float | None) -> Predictions:
        """Answer about new cases."""
        cases = read_upload(content, suffix, self._model.card.dataset.n_features)
        return self._model.predict(cases, top_k=top_k, coverage=coverage)

    def explain(self, content: bytes, suffix: str, row: int) -> Explanation:
        """Show what the answer about one new case rests on."""
        cases = read_cases(
            read_upload(content, suffix, self._model.card.dataset.n_features), None, None, self._model.card
        )
        check_row(row, len(cases.rows))
        return self._model.explain(cases.rows[row : row + 1])

    def _check(self, row: int) -> None:
        check_row(row, len(self._gallery.embeddings))


def check_row(row: int, n_rows: int) -> None:
    """Refuse a row that is not there.

    Raises
    ------
    ParameterError
    """
    if not 0 <= row < n_rows:
        raise ParameterError(
            f"There is no row {row:,}: {n_rows:,} are counted from 0.", code="no_such_row", parameter="row"
        )


def principal_plane(rows: FloatArray) -> tuple[Float64Array, float]:
    r"""Return unit rows on their first two principal components, and the share of variance these hold.

    From the eigenvectors of the covariance matrix, so that the cost grows with the rows alone.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_features)

    Returns
    -------
    ndarray of shape (n_rows, 2)
        Where there is one feature, the second column is 0.
    float

    Examples
    --------
    >>> plane, share = principal_plane(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]))
    >>> plane.round(3).tolist(), round(share, 3)
    ([[0.707, 0.0], [-0.707, 0.0], [0.707, 0.0], [-0.707, 0.0]], 1.0)
    """
    unit = unit_rows(np.asarray(rows, np.float64))
    centred = unit - unit.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1][:, :2]
    # An eigenvector has no sign of its own: its largest entry is made positive.
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    plane = centred @ (axes * signs)
    total = float(values.sum())
    share = float(values[::-1][:2].sum()) / total if total > 0 else 1.0
    return np.pad(plane, [(0, 0), (0, 2 - plane.shape[1])]), share


def _rounded(values: Float64Array) -> tuple[float, ...]:
    return tuple(np.round(values, 4).tolist())
