"""What sets of a model in use cover: of new subjects, of each class, by image and fused by subject."""

import numpy as np

from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.model import SyndromeModel
from skknn_syndrome.results.prediction import Predictions
from skknn_syndrome.statistics.conformal import subject_weights
from tests.promise_builders import directions


def drawn(n_subjects: int, seed: int) -> EmbeddingDataset:
    """Return three classes, some of whose subjects lie among others, one to three images a subject."""
    rows, labels, subjects = directions(n_subjects, 3, noise=0.4, seed=seed)
    return EmbeddingDataset.from_arrays(rows, labels, [f"{seed}-{who}" for who in subjects])


def held_by(said: Predictions, asked: EmbeddingDataset, kind: str) -> dict[str, float]:
    """Return what is covered of each class, each subject counted once."""
    assert asked.subjects is not None
    truth = dict(zip(asked.subjects.tolist(), asked.syndromes.tolist(), strict=True))
    found = said.images if kind == "images" else said.subjects
    people = np.array([str(each.subject) for each in found])
    held = np.array([truth[str(each.subject)] in each.prediction_set for each in found])
    classes, weights = np.array([truth[who] for who in people]), subject_weights(people)
    return {
        str(name): float(np.average(held[classes == name], weights=weights[classes == name]))
        for name in np.unique(classes)
    }


def test_sets_cover_new_subjects_of_each_class_by_image_and_by_subject() -> None:
    asked = drawn(300, 1)
    model = SyndromeModel.fit(drawn(450, 0), head="centroid", cv=3, inner_cv=2)
    said = model.predict(asked.embeddings, asked.subjects, coverage=0.8)
    assert np.mean([len(each.prediction_set) for each in said.images]) < 1.5
    for kind in ("images", "subjects"):
        found = held_by(said, asked, kind)
        # Of 150 subjects a class, calibration and question move a class's share by 0.05 (SD).
        assert 0.75 < np.mean(list(found.values())) < 0.88
        assert min(found.values()) > 0.68
