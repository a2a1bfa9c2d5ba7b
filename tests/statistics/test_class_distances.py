"""Distances between classes, resampled and jackknifed by subject as if computed anew."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.statistics.class_distances import (
    ClassDistances,
    class_distances,
    correlation_interval,
)
from tests.refusing import refused

RANDOM = np.random.default_rng(0)
SUBJECTS = RANDOM.standard_normal((12, 3))
CLASSES = np.array(list("aaaabbbccccd"))
REFERENCE = np.array([[0.0, 1, 2, 2], [1, 0, 2, 2], [2, 2, 0, 1], [2, 2, 1, 0]])
ALL = [
    ("cosine", "mean"),
    ("euclidean", "medoid"),
    ("euclidean", "attention"),
    ("mean_pairwise", "mean"),
    ("energy", "mean"),
]


def correlation(distances: Float64Array) -> float:
    pairs = np.triu_indices(4, 1)
    return float(np.corrcoef(distances[pairs], REFERENCE[pairs])[0, 1])


def distances_of(distance: Any, prototype: Any = "mean", rows: Any = slice(None)) -> Float64Array:
    return class_distances(SUBJECTS[rows], CLASSES[rows], distance=distance, prototype=prototype)[1]


def of(distance: Any = "cosine", prototype: Any = "mean") -> ClassDistances:
    return ClassDistances.of(SUBJECTS, CLASSES, distance=distance, prototype=prototype)


def test_distances_of_prototypes_by_hand() -> None:
    X, y, subjects = [[2.0, 0.0], [0.0, 0.0], [3.0, 0.0], [0.0, 4.0]], list("aaab"), [1, 1, 2, 3]
    assert class_distances(X, y, subjects, distance="euclidean")[1].tolist() == [
        [0.0, 20**0.5],
        [20**0.5, 0.0],
    ]
    assert class_distances(X, y, subjects)[1].tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_distances_of_pairs_by_hand() -> None:
    X, y = [[0.0], [4.0], [1.0], [7.0]], list("aabb")
    # 1, 7, 3 and 3 between, 0, 4, 4, 0 within a and 0, 6, 6, 0 within b.
    assert class_distances(X, y, distance="mean_pairwise")[1][0, 1] == pytest.approx(3.5)
    assert class_distances(X, y, distance="energy")[1][0, 1] == pytest.approx((2 * 3.5 - 2 - 3) ** 0.5)


@pytest.mark.parametrize("distance, prototype", ALL)
def test_leaving_out_a_subject_is_computing_without_it(distance: str, prototype: str) -> None:
    found = [(number, without.copy()) for number, without in of(distance, prototype).jackknife()]
    assert [number for number, _ in found] == [0] * 4 + [1] * 3 + [2] * 4  # d has one subject
    for out, (_, without) in enumerate(found):
        kept = np.arange(12) != out
        np.testing.assert_allclose(without, distances_of(distance, prototype, kept), atol=1e-12)


@pytest.mark.parametrize("distance, prototype", ALL)
def test_a_resample_is_computing_from_the_subjects_drawn(distance: str, prototype: str) -> None:
    random = np.random.RandomState(5)
    counts = [random.multinomial(n, np.full(n, 1 / n), 3) for n in (4, 3, 4, 1)]
    drawn = np.concatenate(counts, axis=1)
    for times, found in zip(drawn, of(distance, prototype).bootstrap(3, 5), strict=True):
        expected = distances_of(distance, prototype, np.repeat(np.arange(12), times))
        np.testing.assert_allclose(found, expected, atol=1e-12)
        assert (found == found.T).all()
        assert not np.diag(found).any()


def test_resamples_come_in_chunks_where_they_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skknn_syndrome.statistics.class_distances.CHUNK", 32)
    found = [*of().bootstrap(5, 0)]
    assert len(found) == 5
    assert len(np.unique([distances[0, 1] for distances in found])) == 5


def test_the_interval_is_the_stratified_jackknife_on_fishers_scale() -> None:
    distances = of("euclidean")
    transformed: list[list[float]] = [[], [], []]
    for number, without in distances.jackknife():
        transformed[number].append(np.arctanh(correlation(without)))
    parts = [(len(z) - 1) * float(np.var(z)) for z in transformed]
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / 3 + parts[1] ** 2 / 2 + parts[2] ** 2 / 3)
    half = t.ppf(0.975, freedom) * sum(parts) ** 0.5
    at = np.arctanh(correlation(distances.distances))
    assert correlation_interval(distances, correlation) == pytest.approx(np.tanh([at - half, at + half]))


def test_classes_of_one_subject_each_have_no_interval() -> None:
    distances = ClassDistances.of(SUBJECTS[:4], list("abcd"))
    assert distances.n_fixed == 4
    assert correlation_interval(distances, correlation) is None
    assert [*distances.bootstrap(2)][1].tolist() == distances.distances.tolist()


def test_medoids_have_no_interval() -> None:
    assert correlation_interval(of("euclidean", "medoid"), correlation) is None
    of_pairs = correlation_interval(of("energy", "medoid"), correlation)
    assert of_pairs == correlation_interval(of("energy"), correlation) is not None


def test_a_correlation_that_has_no_variance_has_no_interval() -> None:
    whole = correlation(of().distances)
    for with_all, without in ((np.nan, 0.5), (1.0, 0.5), (whole, np.nan), (whole, 1.0), (whole, whole)):
        values = iter([with_all, *[without] * 11])
        assert correlation_interval(of(), lambda _, values=values: next(values)) is None  # type: ignore[misc]


def test_what_has_no_distance_is_refused() -> None:
    with refused("unknown_distance", "distance"):
        class_distances(SUBJECTS, CLASSES, distance="manhattan")  # type: ignore[arg-type]
    with refused("one_class", "y"):
        class_distances(SUBJECTS, ["a"] * 12)
    with refused("no_direction", "distance"):
        class_distances([[0.0, 0.0], [1.0, 0.0]], ["a", "b"])
