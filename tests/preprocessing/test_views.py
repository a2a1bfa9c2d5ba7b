"""Augmented views are in training parts, those of test images in none."""

import numpy as np
import pytest
from imblearn.pipeline import Pipeline

from skknn_syndrome import EmbeddingDataset, SyndromeKNNClassifier, cross_validate_study
from skknn_syndrome.data.embedded_rows import AugmentedViews
from skknn_syndrome.preprocessing.views import AugmentedViewsSampler
from tests.refusing import refused

RNG = np.random.default_rng(0)
VECTORS = RNG.normal(size=(24, 3)).astype(np.float32) + np.repeat([[0, 0, 2], [2, 0, 0]], 12, axis=0)
SUBJECTS = np.repeat([f"s{number}" for number in range(12)], 2)
LABELS = np.repeat(["a", "b"], 12)


@pytest.fixture
def dataset() -> EmbeddingDataset:
    """Return 24 images of 12 subjects, of which the last six have a view each."""
    bare = EmbeddingDataset.from_arrays(VECTORS.astype(np.float32), LABELS, SUBJECTS)
    views = AugmentedViews(bare.embeddings[18:] + np.float32(0.25), bare.images[18:])
    return EmbeddingDataset(bare.embeddings, LABELS, SUBJECTS, bare.images, bare.audit, "x", views=views)


def test_a_study_never_meets_a_view_of_a_test_image(dataset: EmbeddingDataset) -> None:
    steps = [("views", AugmentedViewsSampler.of(dataset)), ("knn", SyndromeKNNClassifier())]
    study = cross_validate_study(
        dataset.embeddings,
        dataset.syndromes,
        groups=dataset.subjects,
        estimator=Pipeline(steps),
        n_neighbors=[3],
        metrics="euclidean",
        cv=3,
        analyses=(),
    )
    record = study.records[0]
    for fold in range(3):
        test = record.rows[record.folds == fold]
        train = np.setdiff1d(np.arange(24), test)
        sampler = AugmentedViewsSampler.of(dataset)
        rows, labels = sampler.fit_resample(dataset.embeddings[train], dataset.syndromes[train])
        assert len(rows) > len(train)
        assert {*SUBJECTS[train][sampler.sample_indices_]}.isdisjoint(SUBJECTS[test])
        model = SyndromeKNNClassifier(n_neighbors=3, metric="euclidean", weights="distance").fit(rows, labels)
        expected = model.predict_proba(dataset.embeddings[test])
        np.testing.assert_allclose(record.probabilities[record.folds == fold], expected)


def test_a_view_comes_once_and_none_of_zeros() -> None:
    images = np.array([[1, 1], [0, 0]], np.float32)
    sampler = AugmentedViewsSampler(images, np.array([[2, 2], [3, 3]], np.float32))
    rows, labels = sampler.fit_resample(np.array([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]]), ["a", "a", "b"])
    assert (str(rows.dtype), labels.tolist()) == ("float64", ["a", "a", "b", "a"])
    assert sampler.sample_indices_.tolist() == [0, 1, 2, 0]


def test_views_of_an_image_that_equals_another_are_left_out() -> None:
    vectors = np.array([[1, 1], [1, 1], [2, 2], [0, 0]], np.float32)
    bare = EmbeddingDataset.from_arrays(vectors, LABELS[:4], SUBJECTS[:4])

    def with_views_of(*rows: int) -> EmbeddingDataset:
        views = AugmentedViews(np.ones((len(rows), 2), np.float32), bare.images[list(rows)])
        return EmbeddingDataset(
            vectors, bare.syndromes, bare.subjects, bare.images, bare.audit, "x", views=views
        )

    # The second image is in the test part, and its view in no training part for the sake of the first.
    sampler = AugmentedViewsSampler.of(with_views_of(1, 2))
    assert sampler.images.tolist() == [[2, 2]]
    assert sampler.fit_resample(vectors[[0, 2]], ["a", "a"])[0].tolist() == [[1, 1], [2, 2], [1, 1]]
    for row in (1, 3):
        with refused("no_usable_views", "dataset"):
            AugmentedViewsSampler.of(with_views_of(row))


def test_scaled_rows_are_no_images(dataset: EmbeddingDataset) -> None:
    with refused("no_row_has_views", "X"):
        AugmentedViewsSampler.of(dataset).fit_resample(dataset.embeddings * 2, dataset.syndromes)


def test_there_have_to_be_views() -> None:
    with refused("no_views", "dataset"):
        AugmentedViewsSampler.of(EmbeddingDataset.from_arrays(VECTORS, LABELS))
