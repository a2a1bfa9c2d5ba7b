"""Judgement of a guided projection on classes left out."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.linear_model import RidgeCV

from skknn_syndrome import judge_projection
from skknn_syndrome._typing import Float64Array, StringArray
from skknn_syndrome.analyses.guided_projection import compute, refits
from skknn_syndrome.analyses.guided_projection.compute import judge as judge_folds
from skknn_syndrome.analyses.guided_projection.left_out import leave_out
from skknn_syndrome.analyses.guided_projection.permutations import permute_units
from skknn_syndrome.analyses.guided_projection.refits import ridge_refits
from skknn_syndrome.analyses.guided_projection.result import GuidedProjectionAnalysis
from skknn_syndrome.data import TaxonomyEmbeddings, make_taxonomy_embeddings
from skknn_syndrome.preprocessing.guided_projection import RidgeRegression, principal_coordinates
from skknn_syndrome.preprocessing.prototypes import class_prototypes
from tests.refusing import refused


@cache
def made(n_classes: int = 40, strength: float = 1.0) -> TaxonomyEmbeddings:
    return make_taxonomy_embeddings(
        n_classes, n_features=16, n_tree_features=4, strength=strength, n_subjects=3
    )


def judge(data: TaxonomyEmbeddings, **options: Any) -> GuidedProjectionAnalysis:
    images = data.dataset
    options = {"n_permutations": 39, "distance": "euclidean", **options}
    return judge_projection(images.embeddings, images.syndromes, images.subjects, data.reference, **options)


@cache
def found(strength: float = 1.0) -> GuidedProjectionAnalysis:
    return judge(made(strength=strength))


def orders_of(data: TaxonomyEmbeddings) -> dict[str, str]:
    return dict(zip(data.levels["family"].tolist(), data.levels["order"].tolist(), strict=True))


def test_a_projection_carries_over_where_embeddings_follow_the_tree() -> None:
    judged = found().judgements[0]
    assert (judged.unit, judged.n_units, judged.n_folds, judged.tested) == ("classes", 40, 5, "held_held")
    assert judged.verdict == "carries over"
    assert judged.p_value == 1 / 40
    projected = [entry.projected or 0.0 for entry in judged.correlations]
    assert projected == sorted(projected, reverse=True)
    assert projected[2] > (judged.judged.raw or 0.0) > 0
    assert abs(judged.null_mean) < 0.1 < judged.null_high
    assert judged.gain is not None
    gained = (judged.judged.projected or 0.0) - (judged.judged.raw or 0.0) - judged.null_mean
    assert judged.gain.estimate == pytest.approx(gained)
    assert 0 < judged.gain.low < gained < judged.gain.high


def test_without_a_tree_in_them_only_classes_fitted_to_follow_it() -> None:
    judged = found(0.0).judgements[0]
    assert judged.verdict == "not significant"
    train = judged.by_pairs["train"]
    assert (train.projected or 0.0) > 0.2 > abs(train.raw or 0.0)


def test_correlations_are_those_of_regressions_on_the_kept_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    data = made()
    seen: list[Float64Array] = []

    def regress(kept: Float64Array) -> RidgeRegression:
        seen.append(kept)
        return RidgeRegression(kept)

    monkeypatch.setattr(refits, "RidgeRegression", regress)
    judged = judge(data, n_permutations=1).judgements[0]
    images = data.dataset
    _, prototypes = class_prototypes(images.embeddings, images.syndromes, images.subjects)
    expected = []
    for training in [rows for rows in seen if len(rows) < 40]:
        kept = np.array([int(np.flatnonzero((prototypes == row).all(axis=1))[0]) for row in training])
        held = np.setdiff1d(np.arange(40), kept)
        points = principal_coordinates(data.distances[np.ix_(kept, kept)]).points
        fitted = RidgeCV(alphas=RidgeRegression(training).penalties).fit(training, points)
        placed = fitted.predict(prototypes)
        pairs = cdist(placed[held], placed[kept]).ravel(), data.distances[np.ix_(held, kept)].ravel()
        expected.append(np.corrcoef(*pairs)[0, 1])
    assert (len(expected), judged.n_folds, judged.n_divisions) == (50, 5, 10)
    assert judged.by_pairs["held_train"].projected == pytest.approx(np.mean(expected), abs=1e-9)


def test_whole_groups_are_left_out_where_classes_have_some() -> None:
    data = made()
    judged = judge(data, class_groups=orders_of(data), n_permutations=9)
    assert [entry.unit for entry in judged.judgements] == ["classes", "groups"]
    groups = judged.judgements[1]
    assert groups.n_units == groups.n_folds == len({*orders_of(data).values()})
    assert groups.tested == "held_train"
    three = dict(zip(data.names, "abc" * 14, strict=False))
    few = judge(data, class_groups=three, n_permutations=1)
    assert [entry.unit for entry in few.judgements] == ["classes"]


def genera(seed: int, sizes: list[int]) -> tuple[StringArray, Float64Array, Float64Array]:
    """Return the genus of each class, embeddings in which genera differ at random, and a reference."""
    random = np.random.default_rng(seed)
    genus = np.repeat(np.arange(len(sizes)), sizes)
    species = 0.3 * random.standard_normal((2, len(genus), 4))
    points, X = random.standard_normal((2, len(sizes), 4))[:, genus] + species
    return genus.astype(str), X, cdist(points, points)


def test_genera_alike_in_themselves_alone_seldom_follow_a_tree() -> None:
    p_values = []
    for seed in range(16):
        members, X, reference = genera(seed, [1, 2, 3, 1, 4, 2, 5, 3])
        random = np.random.RandomState(seed)
        orders = permute_units(members, 19, random)
        left_out = leave_out(ridge_refits(X), members, 5, random)
        p_values.append(judge_folds("groups", left_out, cdist(X, X), reference, orders).p_value)
    # Binomial: more than 3 of 16 at a level of 0.05 in 1 of 100. With single classes permuted, most are.
    assert np.count_nonzero(np.array(p_values) <= 0.05) <= 3


def test_pairs_of_one_group_are_not_correlated() -> None:
    members, X, _ = genera(0, [2] * 8)
    left_out = leave_out(ridge_refits(X), members, 2, np.random.RandomState(0))
    assert (left_out.tested, left_out.n_folds) == ("held_held", 2)
    for fold in left_out.folds:
        first, second = fold.pairs["held_held"]
        assert len(first) == 4 * 6
        assert (members[first] != members[second]).all()


def test_whole_units_are_permuted() -> None:
    members = np.array(list("abbcddddefg"))
    for order in permute_units(members, 20, np.random.RandomState(0)).orders:
        for unit in "abcdefg":
            taken = order[members == unit]
            assert len({*members[taken].tolist()}) == 1
            places = np.flatnonzero(members == members[taken[0]])
            assert len({*taken.tolist()}) == min(len(taken), len(places))


def test_distances_that_differ_by_rounding_have_no_correlation() -> None:
    random = np.random.default_rng(0)
    side = np.repeat([0, 1, 2, 3], 2)
    within = cdist(random.random((8, 2)), random.random((8, 2)))
    apart = np.where(side[:, None] == side, within + within.T, 5 + 1e-12 * random.random((8, 8)))
    np.fill_diagonal(apart, 0)
    names = list("abcdefgh")
    judged = judge_projection(
        random.standard_normal((8, 3)),
        names,
        None,
        (names, apart),
        class_groups=dict(zip(names, map(str, side), strict=True)),
        n_permutations=3,
    ).judgements[1]
    assert (judged.unit, judged.n_units, judged.n_permutations) == ("groups", 4, 23)
    assert judged.judged.raw is None
    assert judged.judged.projected is None
    assert judged.p_value == 1


def test_a_change_of_metric_is_no_gain() -> None:
    # Lengths of embeddings vary at random, and their directions follow the reference.
    random = np.random.default_rng(0)
    points = random.standard_normal((20, 3))
    directions = points / np.linalg.norm(points, axis=1, keepdims=True)
    X, names = directions * np.exp(2 * random.standard_normal((20, 1))), [f"c{i:02d}" for i in range(20)]
    reference = (names, cdist(directions, directions))
    judged = judge_projection(X, names, None, reference, distance="euclidean", n_permutations=1)
    assert judged.distance == "euclidean"
    assert judged.judgements[0].raw_distance == "cosine"
    assert (judged.judgements[0].judged.raw or 0.0) > 0.9
    X[0] = 0
    judged = judge_projection(X, names, None, reference, distance="euclidean", n_permutations=1)
    assert judged.judgements[0].raw_distance == "euclidean"


def test_few_classes_are_left_out_one_by_one() -> None:
    judged = judge(made(5)).judgements[0]
    assert (judged.n_folds, judged.n_divisions, judged.tested) == (5, 1, "held_train")
    assert judged.by_pairs["held_held"].projected is None
    assert judged.null_high > 0.3  # of four distances a fold


def test_recognition_is_that_of_the_nearest_image_of_another_subject() -> None:
    change = found().recognition
    assert change is not None
    assert change.difference.estimate == pytest.approx(change.projected - change.raw)
    assert change.n_images + change.n_left_out == len(made().dataset.embeddings)
    assert 2 / 40 < change.projected < change.raw < 1


def test_images_of_classes_of_one_subject_are_left_out_of_recognition() -> None:
    # Cosine takes the first two, of unlike directions, for others.
    X = np.array([[0.1, 0], [0, 0.1], [5, 5], [5.1, 5], [9, 1], [1, 20]])
    y, subjects = list("aabbcd"), [1, 2, 3, 4, 5, 6]
    reference = (list("abcd"), np.abs(np.subtract.outer(np.arange(4), np.arange(4))))
    change = judge_projection(X, y, subjects, reference, n_folds=6).recognition
    assert change is not None
    assert (change.n_images, change.n_left_out, change.raw, change.metric) == (4, 2, 1, "euclidean")
    assert change.difference.n_units == 4


def test_nothing_is_recognised_among_classes_of_one_subject() -> None:
    X, y = np.random.default_rng(0).standard_normal((5, 3)), list("abcde")
    reference = (y, np.abs(np.subtract.outer(np.arange(5), np.arange(5))))
    judged = judge_projection(X, y, None, reference, n_permutations=9)
    assert judged.recognition is None
    assert judged.distance == "cosine"


def test_prototypes_that_do_not_vary_have_no_correlation() -> None:
    y = list("abcde")
    reference = (y, np.abs(np.subtract.outer(np.arange(5), np.arange(5))))
    judged = judge_projection(np.ones((5, 2)), y, None, reference, n_permutations=3).judgements[0]
    assert judged.judged.projected is None
    assert judged.p_value == 1
    assert judged.gain is None
    assert judged.verdict == "not significant"


def test_many_classes_are_permuted_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    few = judge(made(7), n_permutations=None).judgements[0]
    monkeypatch.setattr(compute, "MANY_CLASSES", 3)
    many = judge(made(7), n_permutations=None).judgements[0]
    assert (few.n_permutations, many.n_permutations) == (199, 99)
    assert not few.is_exhaustive


def test_of_few_classes_all_permutations_are_made() -> None:
    judged = judge(made(4)).judgements[0]
    assert (judged.n_permutations, judged.is_exhaustive) == (23, True)
    assert judged.gain is None  # of four folds
    orders = permute_units(np.array(list("abcd")), 9, np.random.RandomState(0)).orders
    assert len({tuple(order.tolist()) for order in orders} | {(0, 1, 2, 3)}) == 24


def test_what_cannot_be_judged_is_refused() -> None:
    data = made()
    with refused("too_few_classes", "y"):
        judge_projection([[0.0], [1.0], [2.0]], list("abc"), None, (list("abc"), 1 - np.eye(3)))
    constant = 1 - np.eye(4)
    constant[0, 1] = constant[1, 0] = 1 + 1e-11
    with refused("constant_distances", "reference"):
        judge_projection([[0.0], [1.0], [2.0], [3.0]], list("abcd"), None, (list("abcd"), constant))
    with refused("no_group", "class_groups"):
        judge(data, class_groups={"Family01": "one"})
