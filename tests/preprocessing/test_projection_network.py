"""A network trained to follow distances between classes. It needs torch: `nox -s tests_transformers`."""

import sys
from functools import cache
from typing import Any

import numpy as np
import pytest

from skknn_syndrome import DistanceGuidedProjection, judge_projection
from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.guided_projection.result import GuidedProjectionAnalysis
from skknn_syndrome.data import TaxonomyEmbeddings, make_taxonomy_embeddings
from skknn_syndrome.preprocessing import projection_network
from skknn_syndrome.preprocessing.projection_network import Network, train_network
from skknn_syndrome.preprocessing.prototypes import subject_means
from tests.refusing import refused

torch = pytest.importorskip("torch")


@cache
def made(n_classes: int = 12) -> TaxonomyEmbeddings:
    return make_taxonomy_embeddings(n_classes, n_features=8, n_tree_features=6, strength=1.0, n_subjects=3)


def train(data: TaxonomyEmbeddings, hidden_size: int | None = None, **options: Any) -> Network:
    images = data.dataset
    means = subject_means(images.embeddings, images.syndromes, images.subjects)
    return train_network(means, data.distances, hidden_size, **options)


def cosines(points: Float64Array) -> Float64Array:
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray((unit @ unit.T)[np.triu_indices(len(unit), 1)])


@pytest.mark.parametrize("hidden_size", [None, 12])
def test_distances_of_its_class_vectors_follow_those_asked_for(hidden_size: int | None) -> None:
    data = made().dataset
    projection = DistanceGuidedProjection(
        made().reference, method="attention", hidden_size=hidden_size, random_state=0
    ).fit(data.embeddings, data.syndromes, groups=data.subjects)
    assert [coef.shape for coef in projection.coefs_] == (
        [(8, 32)] if hidden_size is None else [(8, 12), (12, 32)]
    )
    assert 0 < projection.n_epochs_ <= 200
    means = subject_means(data.embeddings, data.syndromes, data.subjects)
    wanted = made().distances[np.triu_indices(12, 1)]
    raw, projected = (
        np.corrcoef(-cosines(points), wanted)[0, 1]
        for points in (means.prototypes(), projection.transform(means.prototypes()))
    )
    assert projected > max(0.6, raw)


def test_a_seed_gives_the_same_network() -> None:
    one, again, other = (train(made(5), seed=seed) for seed in (0, 0, 1))
    assert one.n_epochs == 200  # too few classes to watch some
    assert one.coefs[0].tolist() == again.coefs[0].tolist()
    assert one.intercepts[0].tolist() == again.intercepts[0].tolist()
    assert one.coefs[0].tolist() != other.coefs[0].tolist()


def test_the_error_is_that_of_pooled_and_projected_subjects() -> None:
    data = made(5)
    images = data.dataset
    means = subject_means(images.embeddings, images.syndromes, images.subjects)
    trainer = projection_network._Trainer(torch, means, data.distances, 3, 0, "cpu")  # noqa: SLF001
    V, w, A, a, B, b = (tensor.detach().numpy() for tensor in trainer._parameters())  # noqa: SLF001
    scaled = (means.vectors - means.vectors.mean(axis=0)) / means.vectors.std(axis=0)
    pooled = []
    for rows in np.split(scaled, means.starts[1:-1]):
        weights = np.exp(np.tanh(rows @ V) @ w)
        pooled.append((weights * rows).sum(axis=0) / weights.sum())
    z = np.maximum(np.array(pooled) @ A + a, 0) @ B + b
    wanted = 2 * data.distances[np.triu_indices(5, 1)] / data.distances.max() - 1
    found = trainer._errors(trainer._parameters()).detach().numpy()  # noqa: SLF001
    np.testing.assert_allclose(found[np.triu_indices(5, 1)], (-cosines(z) - wanted) ** 2, atol=1e-12)


def test_training_stops_where_classes_left_out_follow_no_better(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_taxonomy_embeddings(12, n_features=8, n_tree_features=0, n_subjects=3)
    assert train(data).n_epochs < 100
    monkeypatch.setattr(projection_network, "MOST_EPOCHS", 3)
    assert train(made()).n_epochs <= 3


def test_a_feature_that_does_not_vary_is_of_no_account() -> None:
    y = list("abcd")
    X = np.column_stack([np.random.default_rng(0).standard_normal((4, 3)), np.ones(4)])
    projection = DistanceGuidedProjection("equidistant", method="attention", random_state=0).fit(X, y)
    assert np.isfinite(projection.transform(X)).all()


def test_what_torch_cannot_do_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with refused("unknown_device", "device"):
        train(made(5), device="abacus")
    monkeypatch.setitem(sys.modules, "torch", None)
    with refused("library_missing", "method"):
        train(made(5))


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train a network for a moment."""
    monkeypatch.setattr(projection_network, "MOST_EPOCHS", 20)


def judge(data: TaxonomyEmbeddings, **options: Any) -> GuidedProjectionAnalysis:
    images = data.dataset
    options = {"reference": data.reference, "n_folds": 2, "n_divisions": 1, "n_permutations": 19, **options}
    return judge_projection(
        images.embeddings, images.syndromes, images.subjects, method="attention", **options
    )


@pytest.mark.usefixtures("short")
def test_a_network_is_judged_by_classes_that_it_was_not_trained_on() -> None:
    found = judge(made(16))
    judged = found.judgements[0]
    assert (found.method, judged.tested, judged.n_folds) == ("attention", "held_held", 2)
    assert (judged.by_pairs["train"].projected or 0.0) > judged.observed > judged.null_high
    assert judged.p_value == 1 / 20
    assert GuidedProjectionAnalysis.model_validate_json(found.model_dump_json()) == found


@pytest.mark.usefixtures("short")
def test_a_shuffled_reference_is_followed_by_classes_trained_on_alone() -> None:
    data = made(16)
    for seed in (0, 1):
        order = np.random.default_rng(seed).permutation(16)
        judged = judge(data, reference=(data.names, data.distances[np.ix_(order, order)])).judgements[0]
        assert judged.verdict == "not significant"
        assert (judged.by_pairs["train"].projected or 0.0) > judged.observed


@pytest.mark.usefixtures("short")
def test_a_seed_gives_the_same_judgement() -> None:
    one, again, other = (judge(made(8), n_permutations=1, random_state=seed) for seed in (0, 0, 1))
    assert one == again
    assert one.judgements[0].observed != other.judgements[0].observed
