"""Hubs, norms and purity, from one graph."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import silhouette_score
from sklearn.neighbors import NearestNeighbors

from skknn_syndrome import NeighborGraph
from skknn_syndrome.analyses.embedding_space.compute import measure_hubness
from skknn_syndrome.analyses.embedding_space.result import DistanceHubness, Hubness
from skknn_syndrome.data import load_embeddings
from skknn_syndrome.neighbors import other_subjects
from tests.problems import Problem

LINE = np.array([[0.0], [1.0], [2.5], [4.5], [20.0]])
"""Nearest others: 1, 0, 1, 2 and 3."""
LABELS = np.array(["a", "a", "b", "b", "a"])
SUBJECTS = np.array(["s0", "s0", "s1", "s2", "s1"])


def on_the_line(subjects: Any = None, *, n_neighbors: int = 1, labels: Any = LABELS) -> DistanceHubness:
    graph = NeighborGraph.from_embeddings(LINE, metrics=["euclidean"])
    return measure_hubness(graph, LINE, labels, subjects, n_neighbors=n_neighbors).distances[0]


def test_occurrences_by_hand() -> None:
    found = on_the_line()
    # Lists hold 1, 0, 1, 2 and 3: images are in 1, 2, 1, 1 and 0 of them.
    assert [(entry.n_lists, entry.n_images) for entry in found.occurrences] == [(0, 1), (1, 3), (2, 1)]
    assert found.largest == 2
    assert found.anti_hub_share == 1 / 5
    # Around the mean 1 lie -1, 0, 0, 0 and 1.
    assert found.skewness == pytest.approx(0)


def test_skewness_by_hand() -> None:
    # The middle of a cross is nearest to its four ends, and the first of these to the middle.
    cross = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [-1.0, 0.0], [0.0, -1.0]])
    graph = NeighborGraph.from_embeddings(cross, metrics=["euclidean"])
    (found,) = measure_hubness(graph, cross, LABELS, n_neighbors=1).distances
    assert (found.hubs[0].row, found.hubs[0].n_lists, found.anti_hub_share) == (2, 4, 3 / 5)
    # Around the mean 1 lie 3, 0, -1, -1 and -1: third moment (27 - 3) / 5, second (9 + 3) / 5.
    assert found.skewness == pytest.approx(4.8 / 2.4**1.5)


def test_hubs_come_with_the_lists_of_other_syndromes() -> None:
    hubs = on_the_line().hubs
    # Image 1 is in the lists of 0, of its own syndrome, and of 2, of another one.
    assert (hubs[0].row, hubs[0].syndrome, hubs[0].n_lists, hubs[0].n_wrong_lists) == (1, "a", 2, 1)
    assert hubs[0].norm == 1
    assert [hub.row for hub in hubs] == [1, 0, 2, 3, 4]
    assert {hub.subject for hub in hubs} == {None}


def test_purity_by_hand() -> None:
    # Of the nearest, those of 0, 1 and 3 are of the same syndrome.
    assert on_the_line().neighbor_purity == 3 / 5
    assert on_the_line(n_neighbors=4).neighbor_purity == pytest.approx((3 * 2 + 2 * 1) / 20)


def test_subjects_by_hand() -> None:
    found = on_the_line(SUBJECTS)
    # 0, 1, 2 and 4 have a subject with several images; 0 and 1 find each other.
    assert found.own_subject_nearest == 2 / 4
    # Without their own subject 0 and 1 find 2, 2 finds 1 and 4 finds 3, all wrong; 3 finds 2, which is right.
    assert found.purity_without_own_subject == 1 / 5
    assert [hub.subject for hub in found.hubs] == ["s0", "s0", "s1", "s2", "s1"]
    assert found.undefined == ()


def test_as_many_neighbours_as_every_subject_leaves() -> None:
    found = on_the_line(np.array(["s", "s", "s", "s", "t"]), n_neighbors=3)
    # Beside s there is 4 alone. It is of a: right for 0 and 1, wrong for 2 and 3; and it finds 3 (wrong).
    assert found.purity_without_own_subject == 2 / 5


def undefined(found: DistanceHubness) -> dict[str, str]:
    return {entry.name: entry.reason for entry in found.undefined}


def test_without_subjects_their_figures_are_not_defined() -> None:
    assert undefined(on_the_line()) == {
        "purity_without_own_subject": "there are no subject ids, or one subject has all images",
        "own_subject_nearest": "there are no subject ids, or no subject has several images",
    }


def test_one_subject_or_one_image_each_leaves_a_figure_undefined() -> None:
    assert set(undefined(on_the_line(np.repeat("s", 5)))) == {"purity_without_own_subject"}
    assert set(undefined(on_the_line(np.arange(5)))) == {"own_subject_nearest"}


def test_where_all_are_in_all_lists_there_is_no_skewness() -> None:
    found = on_the_line(SUBJECTS, n_neighbors=15)
    assert found.n_neighbors == 4
    assert set(undefined(found)) == {"skewness", "norm_correlation"}
    assert found.skewness is None


def test_one_syndrome_has_no_silhouette() -> None:
    found = on_the_line(SUBJECTS, labels=np.repeat("a", 5))
    assert undefined(found) == {
        "silhouette": "there is one syndrome alone, or no syndrome has several images"
    }
    assert found.neighbor_purity == 1


def test_short_embeddings_in_the_middle_become_hubs() -> None:
    rng = np.random.default_rng(0)
    samples = rng.normal(size=(200, 30)) * rng.uniform(0.2, 2.0, size=(200, 1))
    graph = NeighborGraph.from_embeddings(samples)
    euclidean, cosine = measure_hubness(graph, samples, rng.integers(3, size=200)).distances
    assert euclidean.norm_correlation is not None
    assert cosine.norm_correlation is not None
    assert euclidean.norm_correlation < -0.8
    assert abs(cosine.norm_correlation) < 0.3
    assert euclidean.skewness is not None
    assert cosine.skewness is not None
    assert euclidean.skewness > 2 * cosine.skewness


def test_equal_norms_have_no_rank_correlation() -> None:
    samples = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    graph = NeighborGraph.from_embeddings(samples)
    found = measure_hubness(graph, samples, np.array(["a", "a", "b", "b"]), n_neighbors=1)
    assert "norm_correlation" in undefined(found.distances[0])


def test_figures_are_scikit_learns(problem: Problem) -> None:
    graph = NeighborGraph.from_embeddings(problem.samples, metrics=["manhattan", "euclidean"], depth=3)
    found = measure_hubness(graph, problem.samples, problem.labels, problem.subjects, n_neighbors=7)
    for entry in found.distances:
        lists = NearestNeighbors(n_neighbors=7, metric=entry.metric).fit(problem.samples).kneighbors()[1]
        assert entry.neighbor_purity == (problem.labels[lists] == problem.labels[:, None]).mean()
        assert entry.largest == np.bincount(lists.ravel()).max()
        assert entry.silhouette == pytest.approx(
            silhouette_score(problem.samples, problem.labels, metric=entry.metric)
        )
        assert entry.own_subject_nearest == (problem.subjects[lists[:, 0]] == problem.subjects).mean()


def test_purity_without_the_own_subject_is_a_search_among_the_others(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(other_subjects, "BATCH_ROWS", 20)
    graph = NeighborGraph.from_embeddings(problem.samples, metrics=["euclidean"], depth=4)
    found = measure_hubness(graph, problem.samples, problem.labels, problem.subjects, n_neighbors=4)
    same = 0
    for row in range(90):
        others = np.flatnonzero(problem.subjects != problem.subjects[row])
        search = NearestNeighbors(n_neighbors=4).fit(problem.samples[others])
        nearest = others[search.kneighbors(problem.samples[[row]], return_distance=False)[0]]
        same += (problem.labels[nearest] == problem.labels[row]).sum()
    assert found.distances[0].purity_without_own_subject == same / 360


def test_chance_and_norms_by_counting(problem: Problem) -> None:
    graph = NeighborGraph.from_embeddings(problem.samples, metrics=["cosine"])
    found = measure_hubness(graph, problem.samples, problem.labels, n_hubs=2)
    assert found.n_images == 90
    assert found.expected_purity == pytest.approx(29 / 89)
    norms = np.linalg.norm(problem.samples, axis=1)
    by_share = {entry.share: entry.value for entry in found.norms}
    assert by_share[0.5] == pytest.approx(np.median(norms))
    assert (by_share[0.0], by_share[1.0]) == pytest.approx((norms.min(), norms.max()))
    assert len(found.distances[0].hubs) == 2
    assert Hubness.model_validate_json(found.model_dump_json()) == found


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.integers(-5, 5), min_size=3, max_size=15),
    n_neighbors=st.integers(1, 20),
    seed=st.integers(0, 100),
)
def test_every_list_is_counted_once(values: list[int], n_neighbors: int, seed: int) -> None:
    samples = np.array(values, dtype=np.float64)[:, None]
    labels = np.random.default_rng(seed).integers(3, size=len(values))
    graph = NeighborGraph.from_embeddings(samples, metrics=["euclidean"], depth=2)
    (found,) = measure_hubness(graph, samples, labels, n_neighbors=n_neighbors, n_hubs=len(values)).distances
    in_lists = sum(entry.n_lists * entry.n_images for entry in found.occurrences)
    assert in_lists == len(values) * found.n_neighbors == sum(hub.n_lists for hub in found.hubs)
    wrong = sum(hub.n_wrong_lists for hub in found.hubs)
    assert found.neighbor_purity == pytest.approx(1 - wrong / in_lists)


def test_on_the_public_file_one_short_embedding_is_near_to_hundreds_under_euclidean(real_file: Path) -> None:
    data = load_embeddings(real_file)
    graph = NeighborGraph.from_embeddings(data.embeddings)
    ten = measure_hubness(graph, data.embeddings, data.syndromes, data.subjects, n_neighbors=10)
    euclidean, cosine = ten.distances
    assert euclidean.skewness == pytest.approx(10.2, abs=0.05)
    assert euclidean.largest == 383
    assert cosine.skewness == pytest.approx(1.3, abs=0.05)
    assert euclidean.hubs[0].norm == ten.norms[0].value
    assert ten.norms[0].value == pytest.approx(11.6, abs=0.05)
    assert ten.norms[-1].value == pytest.approx(32.7, abs=0.05)
    assert cosine.own_subject_nearest == pytest.approx(0.59, abs=0.005)
    assert cosine.purity_without_own_subject is not None
    assert euclidean.neighbor_purity < cosine.purity_without_own_subject < cosine.neighbor_purity
    assert euclidean.silhouette is not None
    assert cosine.silhouette is not None
    assert euclidean.silhouette < cosine.silhouette
    fifteen = measure_hubness(graph, data.embeddings, data.syndromes, n_neighbors=15).distances[0]
    assert fifteen.skewness == pytest.approx(9.2, abs=0.05)
    assert fifteen.largest == 513
