"""Maps in the plane, and similarity of class centroids."""

from collections.abc import Callable

import numpy as np
import pytest
from pydantic import ValidationError
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_score
from sklearn.metrics.pairwise import cosine_distances

from skknn_syndrome.analyses.embedding_map import compute
from skknn_syndrome.analyses.embedding_map.compute import compare_centroids, map_embeddings
from skknn_syndrome.analyses.embedding_map.present import find_embedding_map
from skknn_syndrome.analyses.embedding_map.result import (
    CentroidSimilarity,
    EmbeddingMap,
    EmbeddingMapAnalysis,
)
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.study_run import DatasetRun
from skknn_syndrome.crossval.tasks import ScoreKind
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.neighbors.embedding_space import EmbeddingSpace
from skknn_syndrome.results.candidate import CandidateKey, knn_params
from tests.builders import analysis_of, make_study, with_analyses
from tests.problems import Problem
from tests.rendering.filling import whole_text
from tests.rendering.full_study import make_full_study


def test_both_maps_have_every_image_and_say_how_they_were_made(problem: Problem) -> None:
    shown = map_embeddings(problem.samples, problem.labels, random_state=3)
    assert shown is not None
    assert shown.syndromes == ("a", "b", "c")
    assert np.bincount(shown.labels).tolist() == [30, 30, 30]
    tsne, pca = shown.projections
    assert (tsne.method, tsne.metric, tsne.random_state) == ("tsne", "cosine", 3)
    assert tsne.perplexity == pytest.approx(89 / 3)
    assert (pca.method, pca.perplexity) == ("pca", None)
    assert len(tsne.x) == len(tsne.y) == len(pca.x) == 90


def test_the_same_seed_gives_the_same_map(problem: Problem) -> None:
    first = map_embeddings(problem.samples, problem.labels, random_state=3)
    assert map_embeddings(problem.samples, problem.labels, random_state=3) == first


def test_principal_components_are_scikit_learns_rounded(problem: Problem) -> None:
    shown = map_embeddings(problem.samples, problem.labels, random_state=0)
    assert shown is not None
    model = PCA(2).fit(problem.samples)
    plane = model.transform(problem.samples)
    np.testing.assert_allclose(np.abs(shown.projections[1].x), np.abs(plane[:, 0]), atol=1e-2)
    assert shown.projections[1].explained_variance == pytest.approx(model.explained_variance_ratio_.sum())


def test_silhouettes_are_by_cosine_in_the_original_space(problem: Problem) -> None:
    shown = map_embeddings(problem.samples, problem.labels, random_state=0)
    assert shown is not None
    expected = silhouette_score(problem.samples, problem.labels, metric="cosine")
    assert shown.silhouette_original == pytest.approx(expected)


def test_purity_is_1_where_classes_lie_apart_and_chance_is_by_counting() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat(["a", "b"], 20)
    samples = np.where(labels == "a", 1.0, -1.0)[:, None] * [5.0, 5.0] + rng.normal(size=(40, 2)) / 10
    shown = map_embeddings(samples, labels, random_state=0)
    assert shown is not None
    assert shown.neighbor_purity == 1.0
    # An image has 19 of its own class among 39 others.
    assert shown.expected_purity == pytest.approx(19 / 39)


def test_too_few_images_have_no_map() -> None:
    assert map_embeddings(np.eye(19), np.repeat("a", 19), random_state=0) is None


def test_one_class_or_one_image_a_class_has_no_silhouette() -> None:
    samples = np.random.default_rng(0).normal(size=(20, 3))
    for labels in (np.repeat("a", 20), np.array([f"s{number}" for number in range(20)])):
        shown = map_embeddings(samples, labels, random_state=0)
        assert shown is not None
        assert shown.silhouette_original is None
        assert {projection.silhouette for projection in shown.projections} == {None}


def test_one_feature_gives_a_line() -> None:
    samples = np.random.default_rng(0).normal(size=(20, 1))
    shown = map_embeddings(samples, np.repeat(["a", "b"], 10), random_state=0)
    assert shown is not None
    assert set(shown.projections[1].y) == {0.0}


@pytest.mark.parametrize("rare", [False, True])
def test_many_images_are_sampled_by_class(
    problem: Problem, monkeypatch: pytest.MonkeyPatch, *, rare: bool
) -> None:
    monkeypatch.setattr(compute, "MOST_IMAGES", 45)
    labels = np.where(np.arange(90) == 0, "single", problem.labels) if rare else problem.labels
    shown = map_embeddings(problem.samples, labels, random_state=0)
    assert shown is not None
    assert (len(shown.labels), shown.n_images) == (45, 90)
    if not rare:
        assert np.bincount(shown.labels).tolist() == [15, 15, 15]


def test_a_map_of_a_sample_says_so_and_the_report_below_its_heading(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = EmbeddingDataset.from_arrays(*problem)
    space = EmbeddingSpace(data.embeddings, data.syndromes, data.subjects)
    run = DatasetRun(data, space, random_state=0, with_map=True)
    assert compute.describe_embeddings(run).sample is None
    monkeypatch.setattr(compute, "MOST_IMAGES", 45)
    found = compute.describe_embeddings(run)
    assert found.sample is not None
    said = "computed on 45 of 90 images, stratified by class"
    assert found.sample.sentence() == said
    full = make_full_study()
    shown = analysis_of(full, EmbeddingMapAnalysis).revised(sample=found.sample)
    study = full.revised(analyses=full.analyses.replaced_by(shown))
    document = whole_text(study, [])
    assert f"### Map of the embeddings\n\n*{said.capitalize()}.*\n\n" in document


# Means: a (3, 1), b (1, 3), c (-2, -2).
SAMPLES = np.array([[2.0, 1.0], [4.0, 1.0], [1.0, 3.0], [-2.0, -2.0]])
LABELS = np.array(["a", "a", "b", "c"])


def test_cosine_and_pearson_by_hand() -> None:
    cosine, pearson = compare_centroids(SAMPLES, LABELS)
    values = dict(zip(cosine.syndromes, cosine.matrix, strict=True))
    position = {name: number for number, name in enumerate(cosine.syndromes)}
    # a.b = 6, |a| |b| = 10; a.c = -8, |a| |c| = sqrt(80)
    assert values["a"][position["b"]] == pytest.approx(0.6)
    assert values["a"][position["c"]] == pytest.approx(-8 / np.sqrt(80))
    assert values["a"][position["a"]] == 1.0
    assert pearson.measure == "pearson"


def test_pearson_is_numpys() -> None:
    rng = np.random.default_rng(0)
    samples, labels = rng.normal(size=(30, 5)), np.repeat(["a", "b", "c"], 10)
    _, pearson = compare_centroids(samples, labels)
    means = np.array([samples[labels == name].mean(axis=0) for name in pearson.syndromes])
    np.testing.assert_allclose(pearson.matrix, np.corrcoef(means), atol=1e-12)


def test_like_stands_beside_like() -> None:
    samples = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.1], [0.1, 1.0]])
    cosine, _ = compare_centroids(samples, np.array(["a", "b", "c", "d"]))
    order = cosine.syndromes
    assert {frozenset(order[:2]), frozenset(order[2:])} == {frozenset("ac"), frozenset("bd")}


def test_the_closest_syndromes_are_those_of_the_largest_cosine() -> None:
    similarity = CentroidSimilarity(
        measure="cosine", syndromes=("a", "b", "c"), matrix=((1, 0.5, 0.2), (0.5, 1, 0.8), (0.2, 0.8, 1))
    )
    found = find_embedding_map(
        with_analyses(make_study(), EmbeddingMapAnalysis(centroid_similarities=(similarity,)))
    )
    assert found is not None
    assert found.closest == ("b", "c", 0.8)


def test_a_map_alone_tells_nothing_of_similar_syndromes() -> None:
    full = make_full_study().find(EmbeddingMapAnalysis)
    assert full is not None
    found = find_embedding_map(with_analyses(make_study(), full.revised(centroid_similarities=())))
    assert found is not None
    assert found.closest is None
    assert find_embedding_map(make_study()) is None
    assert find_embedding_map(with_analyses(make_study(), EmbeddingMapAnalysis())) is None


def record_of(problem: Problem, kind: ScoreKind = "probabilities", n_left_out: int = 0) -> OutOfFoldRecord:
    """Return predictions of all images, or of all but the last ones, in two repeats of one fold."""
    rows = np.tile(np.arange(len(problem.labels) - n_left_out), 2)
    first = np.arange(len(rows)) < len(rows) // 2
    # The first repeat says "b" of all, the second one "c".
    probabilities = np.where(first[:, None], [0.25, 0.6249, 0.125], [0.0, 0.0, 1.0])
    return OutOfFoldRecord(
        rows=rows,
        folds=np.where(first, 0, 1),
        probabilities=probabilities,
        protocol="image",
        n_folds=1,
        candidate=CandidateKey(head="knn", params=knn_params("cosine", "distance", 3)),
        labels=problem.labels,
        subjects=None,
        trained=np.ones((2, 3), dtype=np.bool_),
        neighbors=None,
        kind=kind,
    )


@pytest.fixture
def mapped(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> Callable[..., EmbeddingMap]:
    """Map the problem without t-SNE, which takes longest."""
    monkeypatch.setattr(compute, "_tsne", lambda vectors, codes, _: compute._pca(vectors, codes))  # noqa: SLF001

    def make(record: OutOfFoldRecord | None = None) -> EmbeddingMap:
        shown = map_embeddings(problem.samples, problem.labels, random_state=0, record=record)
        assert shown is not None
        return shown

    return make


def test_the_map_has_predictions_of_the_first_repeat_and_their_probabilities(
    problem: Problem, mapped: Callable[..., EmbeddingMap]
) -> None:
    shown = mapped(record_of(problem))
    assert (set(shown.predicted), set(shown.confidence)) == ({"b"}, {0.625})
    assert (len(shown.predicted), len(shown.confidence)) == (90, 90)
    decided = mapped(record_of(problem, "decision"))
    assert (set(decided.predicted), decided.confidence) == ({"b"}, ())
    untested = mapped(record_of(problem, n_left_out=3))
    assert (untested.predicted, untested.confidence) == ((), ())


def test_neighbours_on_the_map_are_the_nearest_by_cosine(
    problem: Problem, mapped: Callable[..., EmbeddingMap]
) -> None:
    distances = cosine_distances(problem.samples)
    np.fill_diagonal(distances, np.inf)
    expected = np.argsort(distances, axis=1, kind="stable")[:, :5]
    assert [set(near) for near in mapped().neighbors] == [set(row) for row in expected.tolist()]


def test_a_sample_says_which_images_it_is_of(
    problem: Problem, mapped: Callable[..., EmbeddingMap], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compute, "MOST_IMAGES", 60)
    shown = mapped(record_of(problem))
    assert len(shown.rows) == len(shown.predicted) == len(shown.neighbors) == 60
    assert problem.labels[list(shown.rows)].tolist() == [shown.syndromes[code] for code in shown.labels]
    assert max(max(near) for near in shown.neighbors) < 60


def test_a_part_of_the_classes_keeps_what_is_known_of_its_points(
    problem: Problem, mapped: Callable[..., EmbeddingMap]
) -> None:
    shown = mapped(record_of(problem))
    part = shown.of_classes({"b", "c"})
    assert part.rows == tuple(range(30, 90))
    assert len(part.predicted) == len(part.confidence) == len(part.neighbors) == 60
    for point, near in enumerate(part.neighbors):
        kept = [place for place in shown.neighbors[point + 30] if place >= 30]
        assert [part.rows[place] for place in near] == kept
    bare = shown.revised(predicted=(), confidence=(), neighbors=()).of_classes({"b"})
    assert (bare.predicted, bare.confidence, bare.neighbors) == ((), (), ())


def test_a_map_that_disagrees_with_itself_is_refused(mapped: Callable[..., EmbeddingMap]) -> None:
    shown = mapped()
    for changed in ({"rows": (1,)}, {"predicted": ("a",)}, {"neighbors": ((90,),) * 90}):
        with pytest.raises(ValidationError):
            shown.revised(**changed)
