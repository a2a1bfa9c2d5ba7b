"""Out-of-fold answers about the gallery: of each image by the model that has not seen its subject."""

from dataclasses import dataclass, replace

import numpy as np
from sklearn import config_context

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.crossval.class_similarity import similarity
from skknn_syndrome.model.parts import Parts
from skknn_syndrome.model.predicting import Said, prediction_of
from skknn_syndrome.neighbors.distances import cosine_distances, prepare_rows
from skknn_syndrome.results.prediction import Prediction
from skknn_syndrome.statistics.conformal import Calibration, nonconformity, p_values, prediction_sets

MOST_ROWS = 2_000
"""Asked about at a time: each model's answers are in memory together."""


@dataclass(frozen=True, eq=False)
class GalleryAnswers:
    """What a model's own folds say of the images that it was fitted to."""

    parts: Parts
    probabilities: Float64Array
    """Shape (n_images, n_classes)."""
    likeness: Float64Array
    """Shape (n_images, n_classes): cosine with the class means without the image's fold."""

    @classmethod
    def of(cls, parts: Parts) -> "GalleryAnswers":
        """Ask about all images."""
        rows, folds = parts.gallery.rows, parts.gallery.folds
        said = np.empty((len(rows), len(parts.card.classes)))
        for start in range(0, len(rows), MOST_ROWS):
            here = slice(start, start + MOST_ROWS)
            with config_context(assume_finite=True, skip_parameter_validation=True):
                by_fold = parts.ensemble.ask(rows[here]).by_fold
            said[here] = by_fold[folds[here], np.arange(by_fold.shape[1])]
        likeness = np.empty_like(said)
        for fold, means in enumerate(parts.means_of_folds):
            likeness[folds == fold] = similarity(means, rows[folds == fold])
        return cls(parts, said, likeness)

    @property
    def novelty(self) -> Float64Array:
        """Shape (n_images,): 1 - the largest cosine to a class mean without the image's fold."""
        return np.asarray(1 - self.likeness.max(axis=1))

    def answer(self, row: int) -> Prediction:
        """Return the answer about one image.

        Its p-values compare it with all subjects but its own, each scored out of its fold as it is.

        Parameters
        ----------
        row : int

        Returns
        -------
        Prediction
        """
        parts, gallery, here = self.parts, self.parts.gallery, slice(row, row + 1)
        unlike = nonconformity(self.probabilities[here], self.likeness[here])
        n_folds = len(parts.means_of_folds)
        coverage = parts.card.settings.coverage
        others = self._others(row)
        usual = p_values(_only(parts.of_images, others), np.broadcast_to(unlike, (n_folds, *unlike.shape)))
        inside = prediction_sets(usual, coverage)
        limit = parts.card.novelty.threshold
        said = Said(self.probabilities[here], usual, inside, self.novelty[here], limit)
        return prediction_of(
            parts,
            said,
            0,
            coverage=coverage,
            top_k=None,
            image=str(gallery.images[row]),
            subject=None if gallery.subjects is None else str(gallery.subjects[row]),
            flags=(),
        )

    def nearest(self, row: int, n_neighbors: int) -> list[tuple[int, float]]:
        """Return the images of other subjects that are nearest by cosine, each with its distance.

        Parameters
        ----------
        row, n_neighbors : int
        """
        rows = self.parts.gallery.rows
        distances = cosine_distances(
            prepare_rows(rows[row : row + 1], "cosine"), prepare_rows(rows, "cosine")
        )[0]
        others = self._others(row)
        order = others[np.argsort(distances[others], kind="stable")[:n_neighbors]]
        return [(int(place), float(distances[place])) for place in order]

    def _others(self, row: int) -> IndexArray:
        """Return the rows of all other subjects."""
        subjects = self.parts.gallery.subjects
        mine = np.arange(len(self.probabilities)) == row if subjects is None else subjects == subjects[row]
        return np.flatnonzero(~mine)


def _only(calibration: Calibration, rows: IndexArray) -> Calibration:
    """Return the calibration by some of its images."""
    return replace(
        calibration,
        **{
            name: getattr(calibration, name)[rows] for name in ("nonconformity", "labels", "weights", "folds")
        },
    )
