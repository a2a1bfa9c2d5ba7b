"""Judgement of a network on classes left out, with a stand-in for torch."""

import sys
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from skknn_syndrome import DistanceGuidedProjection, judge_projection
from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.guided_projection.refits import EFFORTS, network_refits
from skknn_syndrome.analyses.guided_projection.result import GuidedProjectionAnalysis
from skknn_syndrome.data import TaxonomyEmbeddings, make_taxonomy_embeddings
from skknn_syndrome.preprocessing.guided_projection import RidgeRegression, principal_coordinates
from skknn_syndrome.preprocessing.projection_network import Network
from skknn_syndrome.preprocessing.prototypes import SubjectMeans, subject_means
from tests.refusing import refused

Seen = list[dict[str, Any]]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Train by ridge regression, and tell what of."""
    fits: Seen = []

    def train(
        means: SubjectMeans, distances: Float64Array, hidden_size: int | None, *, seed: int, device: str
    ) -> Network:
        fits.append({"means": means, "hidden_size": hidden_size, "seed": seed, "device": device})
        points = principal_coordinates(distances).points
        fitted = RidgeRegression(means.prototypes()).fit(points)
        return Network([fitted.weights], [fitted.intercept], 1)

    monkeypatch.setattr("skknn_syndrome.preprocessing.guided_projection.train_network", train)
    return fits


def made(n_classes: int = 20, strength: float = 1.0) -> TaxonomyEmbeddings:
    return make_taxonomy_embeddings(
        n_classes, n_features=16, n_tree_features=8, strength=strength, n_subjects=3
    )


def judge(data: TaxonomyEmbeddings, **options: Any) -> GuidedProjectionAnalysis:
    images = data.dataset
    options = {"method": "attention", "n_permutations": 19, **options}
    return judge_projection(images.embeddings, images.syndromes, images.subjects, data.reference, **options)


def test_distances_are_cosine_ones_after_a_network_of_the_kept_classes(seen: Seen) -> None:
    data = made(8)
    images = data.dataset
    means = subject_means(images.embeddings, images.syndromes, images.subjects)
    kept = np.array([0, 1, 3, 4, 6])
    wanted = data.distances[np.ix_(kept, kept)]
    projection = DistanceGuidedProjection(method="attention", random_state=0)
    found = network_refits(projection, means)(kept)(wanted)
    prototypes = means.prototypes()
    fitted = RidgeRegression(prototypes[kept]).fit(principal_coordinates(wanted).points)
    placed = prototypes @ fitted.weights + fitted.intercept
    np.testing.assert_allclose(found, cdist(placed, placed, "cosine"), atol=1e-9)
    assert seen[0]["means"].n_subjects.tolist() == means.n_subjects[kept].tolist()
    assert not network_refits(projection, means)(kept)(np.zeros((5, 5))).any()
    assert len(seen) == 1


def test_a_network_is_judged_as_ridge_regression_is(seen: Seen) -> None:
    found = judge(made(40), hidden_size=7)
    judged = found.judgements[0]
    assert (found.method, found.hidden_size, found.penalty) == ("attention", 7, None)
    assert (judged.n_folds, judged.n_divisions, judged.n_permutations) == (5, 3, 19)
    assert (judged.tested, judged.p_value) == ("held_held", 1 / 20)
    assert judged.observed > judged.null_high
    assert judged.gain is not None
    # Of 3 divisions, 19 permutations and recognition, five folds each.
    assert len(seen) == 5 * (3 + 19 + 1)
    assert {(fit["hidden_size"], fit["device"]) for fit in seen} == {(7, "cpu")}
    assert len({fit["seed"] for fit in seen}) == 1
    assert found.recognition is not None


def test_a_shuffled_reference_is_not_followed(seen: Seen) -> None:
    data = made()
    order = np.random.default_rng(1).permutation(20)
    images, shuffled = data.dataset, data.distances[np.ix_(order, order)]
    found = judge_projection(
        *(images.embeddings, images.syndromes, images.subjects, (data.names, shuffled)),
        method="attention",
        n_divisions=1,
        n_permutations=19,
    ).judgements[0]
    assert found.verdict == "not significant"
    assert found.n_divisions == 1
    assert seen


def test_a_network_is_fitted_less_often_by_default(seen: Seen) -> None:
    few = judge(made(4), n_permutations=None).judgements[0]
    assert (few.n_permutations, few.is_exhaustive) == (23, True)
    five = judge(made(5), n_permutations=None).judgements[0]
    assert (five.n_permutations, five.is_exhaustive) == (39, False)
    assert EFFORTS["attention"].n_permutations_of_many == 19
    assert seen


def test_permuted_groups_may_have_classes_that_are_not_apart(seen: Seen) -> None:
    # A group of two takes the place of one of one: its classes are 0 apart then.
    data = made(12)
    groups = dict(zip(data.names, "aabbcdefghij", strict=True))
    judged = judge(data, class_groups=groups, n_permutations=5).judgements
    assert [entry.unit for entry in judged] == ["classes", "groups"]
    assert seen


def test_what_cannot_be_trained_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with refused("library_missing", "method"):
        judge(made(5))
    with refused("unknown_method", "method"):
        judge(made(5), method="rigde")
