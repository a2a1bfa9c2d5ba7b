"""Candidates: a head and its parameters."""

import copy
import json
import pickle
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from skknn_syndrome.results.candidate import (
    KNN,
    Candidate,
    CandidateKey,
    Params,
    Scalar,
    entry_of,
    key_columns,
    knn_params,
)
from skknn_syndrome.results.score import Score

KEY = CandidateKey(head=KNN, params=knn_params("cosine", "distance", 15))
OTHER = CandidateKey(head="ridge", params={"alpha": 0.5, "fit_intercept": True, "solver": None})


def test_a_knn_candidate_has_its_distance_votes_and_k() -> None:
    assert (KEY.metric, KEY.weights, KEY.n_neighbors) == ("cosine", "distance", 15)
    assert (KEY.variant, KEY.variant_title, KEY.title) == (
        "cosine",
        "cosine distance",
        "cosine distance, k = 15",
    )


def test_another_head_has_none_of_these_and_a_title_all_the_same() -> None:
    assert (OTHER.metric, OTHER.weights, OTHER.n_neighbors) == (None, None, None)
    assert (OTHER.variant, OTHER.variant_title) == ("ridge", "ridge")
    assert OTHER.title == "ridge, alpha = 0.5, fit_intercept = True, solver = None"


def test_a_head_that_has_a_distance_is_known_by_it() -> None:
    centroid = CandidateKey(head="nearest_centroid", params={"metric": "euclidean"})
    assert (centroid.variant, centroid.variant_title) == ("euclidean", "Euclidean distance")


@pytest.mark.parametrize("key", [KEY, OTHER])
def test_a_key_goes_to_json_and_back_with_the_kinds_of_its_parameters(key: CandidateKey) -> None:
    again = CandidateKey.model_validate_json(key.model_dump_json())
    assert again == key
    assert [type(value) for value in again.params.values()] == [type(value) for value in key.params.values()]
    assert json.loads(key.model_dump_json())["params"] == dict(key.params)
    assert CandidateKey.model_validate(key.model_dump()) == key


@pytest.mark.parametrize("value", [["a"], {"a": 1}, (1,), float("nan"), float("inf"), {1}, b"a"])
def test_a_parameter_is_one_value(value: Any) -> None:
    with pytest.raises(ValidationError, match=r"'alpha' is .* and text, a finite number"):
        CandidateKey(head="ridge", params={"alpha": value})


@pytest.mark.parametrize("params", [None, [], "alpha", 3])
def test_parameters_go_by_names(params: Any) -> None:
    with pytest.raises(ValidationError, match="an object of parameters by name"):
        CandidateKey(head="ridge", params=params)
    with pytest.raises(ValidationError, match="1 is 2"):
        CandidateKey.model_validate({"head": "ridge", "params": {1: 2}})


@pytest.mark.parametrize(
    "change, said",
    [
        ({"n_neighbors": "three"}, "'n_neighbors' is 'three', and a whole number from 1 on is needed"),
        ({"n_neighbors": 0}, "'n_neighbors' is 0"),
        ({"n_neighbors": 2.0}, "'n_neighbors' is 2.0"),
        ({"n_neighbors": True}, "'n_neighbors' is True"),
        ({"metric": None}, "'metric' is None, and the name of a distance is needed"),
        ({"weights": 1}, "'weights' is 1, and the name of a voting scheme is needed"),
    ],
)
def test_a_knn_candidate_needs_a_distance_votes_and_a_k(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        CandidateKey(head=KNN, params={**KEY.params, **change})


@pytest.mark.parametrize("name", ["metric", "weights", "n_neighbors"])
def test_a_knn_candidate_needs_all_three(name: str) -> None:
    params = {key: value for key, value in KEY.params.items() if key != name}
    with pytest.raises(ValidationError, match=f"the entry '{name}' is missing"):
        CandidateKey(head=KNN, params=params)


def test_nothing_changes_the_parameters() -> None:
    given = knn_params("cosine", "distance", 15)
    key = CandidateKey(head=KNN, params=given)
    given["n_neighbors"] = 3
    assert key.n_neighbors == 15
    with pytest.raises(TypeError):
        key.params["n_neighbors"] = 3  # type: ignore[index]
    with pytest.raises(ValidationError, match="frozen"):
        key.params = given  # type: ignore[misc]


def test_equal_candidates_have_equal_hashes_whatever_the_order_of_their_parameters() -> None:
    turned = CandidateKey(head=KNN, params=dict(reversed(list(KEY.params.items()))))
    assert turned == KEY
    assert len({turned, KEY, OTHER}) == 2


def test_parameters_survive_pickling_and_copying() -> None:
    pickled = pickle.loads(pickle.dumps(KEY))  # noqa: S301  our own
    for again in (pickled, copy.deepcopy(KEY), KEY.model_copy(deep=True)):
        assert again == KEY
        assert isinstance(again.params, Params)
    assert repr(KEY.params) == "{'metric': 'cosine', 'weights': 'distance', 'n_neighbors': 15}"
    assert len(KEY.params) == 3


def test_a_candidate_is_like_another_of_the_same_head_and_parameters() -> None:
    scored = Candidate(head=KEY.head, params=KEY.params, all_scores=(Score.from_values("accuracy", [1.0]),))
    assert scored.is_like(KEY)
    assert not scored.is_like(CandidateKey(head=KNN, params={**KEY.params, "n_neighbors": 3}))
    assert scored.scores["accuracy"].mean == 1.0


def test_the_entry_of_a_candidate_is_that_of_its_variant() -> None:
    entries = [OTHER, CandidateKey(head=KNN, params=knn_params("cosine", "softmax", 3))]
    assert entry_of(entries, KEY) is entries[1]
    assert entry_of(entries[:1], KEY) is None
    assert entry_of(entries, CandidateKey(head="ridge", params={})) is OTHER


def test_columns_tell_candidates_apart_whatever_their_heads() -> None:
    names, cells = key_columns([KEY, KEY])
    assert (names, cells(KEY)) == (("metric", "weights", "n_neighbors"), ("cosine", "distance", 15))
    names, cells = key_columns([KEY], ["metric"])
    assert (names, cells(KEY)) == (("metric",), ("cosine",))
    names, cells = key_columns([KEY, OTHER], ["metric"])
    assert names == ("head", "metric", "weights", "n_neighbors", "alpha", "fit_intercept", "solver")
    assert cells(KEY) == (KNN, "cosine", "distance", 15, None, None, None)
    assert key_columns([])[0] == ("metric", "weights", "n_neighbors")


def test_values_are_equal_if_their_types_are() -> None:
    values: list[Scalar] = [1, 1.0, True, "1", None]
    alike = [Params({"a": value}) for value in values]
    assert len(set(alike)) == len(values)
    assert [[one == other for other in alike] for one in alike] == np.eye(5, dtype=bool).tolist()
    assert Params({"a": 1.0}) != {"a": 1}
    assert Params({"a": np.float64(0.1), "b": "x"}) == {"b": "x", "a": 0.1}
    assert Params({}) != "a text"
    keys = [CandidateKey(head="forest", params={"max_features": value}) for value in (1, 1.0)]
    assert keys[0] != keys[1]
    assert not keys[0].is_like(keys[1])
