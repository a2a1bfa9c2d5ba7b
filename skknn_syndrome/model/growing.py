"""Galleries that grow and shrink: all is fitted again, and what sets cover of new cases is tested."""

from dataclasses import replace

import numpy as np

from skknn_syndrome._typing import FloatArray, StringArray
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.model.fusing import units_of
from skknn_syndrome.model.inputs import read_cases
from skknn_syndrome.model.parts import Parts
from skknn_syndrome.model.predicting import predict
from skknn_syndrome.results.model_card import GalleryChange, ModelCard
from skknn_syndrome.results.verdicts import SIGNIFICANCE_LEVEL
from skknn_syndrome.statistics.set_coverage import shortfall_p_value


def joined(gallery: EmbeddingDataset, added: EmbeddingDataset) -> EmbeddingDataset:
    """Return a gallery with further images behind its own.

    Raises
    ------
    ParameterError
        Only one of the two has subjects, an image is there already, or vectors do not fit.
    """
    if (gallery.subjects is None) != (added.subjects is None):
        raise ParameterError(
            "The gallery and what is added both need subject ids, or neither may have them: fit it again.",
            code="subjects_of_one",
            parameter="dataset",
        )
    both = gallery.subjects is not None and added.subjects is not None
    return _as_gallery(
        gallery,
        np.concatenate([gallery.embeddings, added.embeddings]),
        np.concatenate([gallery.syndromes, added.syndromes]),
        np.concatenate([gallery.subjects, added.subjects]) if both else None,
        np.concatenate([gallery.images, added.images]),
    )


def withdrawn(gallery: EmbeddingDataset, subject: str) -> EmbeddingDataset:
    """Return a gallery without the images of a subject.

    Raises
    ------
    ParameterError
        There is no such subject, or there are no subjects, or nobody else.
    """
    kept = np.ones(gallery.n_images, dtype=bool) if gallery.subjects is None else gallery.subjects != subject
    if kept.all():
        raise ParameterError(
            "The gallery has no such subject: give its id as the file had it that the model was fitted to.",
            code="no_such_subject",
            parameter="subject",
        )
    if not kept.any():
        raise ParameterError(
            "The gallery has no other subject: delete the model.", code="last_subject", parameter="subject"
        )
    subjects = gallery.subjects
    return _as_gallery(
        gallery,
        gallery.embeddings[kept],
        gallery.syndromes[kept],
        None if subjects is None else subjects[kept],
        gallery.images[kept],
    )


def _as_gallery(
    before: EmbeddingDataset,
    rows: FloatArray,
    labels: StringArray,
    subjects: StringArray | None,
    images: StringArray,
) -> EmbeddingDataset:
    """Return a changed gallery: under the old name, but no longer with the hash of its file."""
    found = EmbeddingDataset.from_arrays(
        rows,
        labels,
        subjects,
        images,
        name=before.name,
        simulated=before.simulated,
    )
    return described(found, before)


def described(dataset: EmbeddingDataset, like: EmbeddingDataset) -> EmbeddingDataset:
    """Return a data set with the encoder and the nouns of another one."""
    return replace(dataset, embedder=like.embedder, nouns=like.nouns)


def change_by_adding(parts: Parts, added: EmbeddingDataset) -> GalleryChange:
    """Ask the model of before about what is added, and tell whether its sets covered it.

    Only images of its classes, and of people whom it does not know, are evidence: of each subject the first.
    They are few, and so are the subjects of the calibration: see
    `skknn_syndrome.statistics.set_coverage.shortfall_p_value`.
    """
    card = parts.card
    known = np.isin(added.syndromes, card.classes)
    if added.subjects is not None and parts.gallery.subjects is not None:
        known &= ~np.isin(added.subjects, parts.gallery.subjects)
        known &= np.isin(np.arange(added.n_images), units_of(added.subjects).first)
    covered, due = None, False
    if known.any():
        cases = read_cases(added.embeddings[known], None, None, card)
        said = predict(parts, cases, coverage=card.settings.coverage, top_k=None)
        truths = added.syndromes[known].tolist()
        held = [truth in each.prediction_set for truth, each in zip(truths, said.images, strict=True)]
        covered = float(np.mean(held))
        codes, n_classes = [card.classes.index(truth) for truth in truths], len(card.classes)
        chance = shortfall_p_value(
            np.bincount(codes, held, n_classes),
            np.bincount(codes, minlength=n_classes),
            parts.of_images.n_subjects(n_classes),
            card.settings.coverage,
        )
        due = chance < SIGNIFICANCE_LEVEL
    return GalleryChange(
        kind="added",
        n_images=added.n_images,
        n_subjects=added.n_images if added.subjects is None else len(np.unique(added.subjects)),
        covered=covered,
        recalibration_due=due,
    )


def after_change(before: ModelCard, fresh: ModelCard, change: GalleryChange) -> ModelCard:
    """Return the card of a gallery that was fitted again.

    Expected scores of a study are of the gallery that was studied, and stale from now on; those of the fit
    are new. After a withdrawal a study's scores are dropped for those of the fit, and earlier changes no
    longer tell what they found: all of that was computed of the withdrawn subject too.
    """
    fresh = fresh.revised(
        class_names=tuple(each for each in before.class_names if each.label in fresh.classes)
    )
    if change.kind == "removed":
        earlier = (each.revised(covered=None, recalibration_due=False) for each in before.changes)
        return fresh.revised(changes=(*earlier, change))
    changes = (*before.changes, change)
    if before.expected_of == "fit":
        return fresh.revised(changes=changes)
    return fresh.revised(
        changes=changes, expected=before.expected, expected_of="study", expected_are_stale=True
    )
