"""Parts of a fitted model: gallery, models, calibration, class means."""

from dataclasses import dataclass, replace

import numpy as np

from skknn_syndrome._typing import FloatArray, IndexArray, StringArray
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.heads import registry
from skknn_syndrome.heads.base import Head
from skknn_syndrome.model.ensemble import Ensemble
from skknn_syndrome.results.model_card import ModelCard
from skknn_syndrome.statistics.conformal import Calibration
from skknn_syndrome.statistics.novelty import ClassMeans


@dataclass(frozen=True, eq=False)
class Gallery:
    """The images that a model was fitted to."""

    rows: FloatArray
    """Shape (n_images, n_features)."""
    codes: IndexArray
    """Shape (n_images,): the class of each."""
    folds: IndexArray
    """Shape (n_images,): the fold whose model has not seen it."""
    images: StringArray
    subjects: StringArray | None

    def dataset(self, card: ModelCard) -> EmbeddingDataset:
        """Return the gallery as the data set that it was."""
        summary = card.dataset
        found = EmbeddingDataset.from_arrays(
            self.rows,
            np.array(card.classes)[self.codes],
            self.subjects,
            self.images,
            name=summary.name,
            sha256=summary.file_sha256,
            simulated=summary.simulated,
        )
        return replace(found, embedder=summary.embedder, nouns=summary.nouns)


@dataclass(frozen=True, eq=False)
class Parts:
    """All that answers are made of."""

    card: ModelCard
    gallery: Gallery
    ensemble: Ensemble
    of_images: Calibration
    of_subjects: Calibration
    """Of predictions that are fused by subject; the same as `of_images` without subjects."""
    means: ClassMeans
    means_of_folds: tuple[ClassMeans, ...]
    """Of the training part of each fold."""
    head: Head | None = None
    """As it was fitted, or as the caller gave it; no file holds it."""

    @property
    def known_head(self) -> Head | None:
        """The head, or what is registered by its name; None where it is unknown here."""
        name = self.card.head
        return registry.get(name) if self.head is None and name in registry.names() else self.head

    def with_card(self, card: ModelCard) -> "Parts":
        """Return the same with another account of it."""
        return replace(self, card=card)
