"""State of heads as arrays and JSON: what comes back, and what may not."""

from typing import Any

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier
from sklearn.tree._tree import Tree

from skknn_syndrome.model.state import StateReader, StateWriter, known_types
from skknn_syndrome.model.trees import read_tree, write_tree
from tests.model.builders import gallery
from tests.refusing import refused


def again(value: Any, *trusted: type) -> Any:
    known = known_types(trusted)
    writer = StateWriter(known)
    said = writer.write(value)
    return StateReader(writer.arrays, known).read(said)


@pytest.mark.parametrize(
    "value",
    [None, True, -3, 0.1, "text", [1, [2.5]], (1, "a"), {"a": 1, 2: (None,)}, float("inf"), np.float64(0.7)],
)
def test_plain_values_come_back(value: Any) -> None:
    found = again(value)
    assert found == value
    assert type(found) is type(value)


def test_nan_and_arrays_come_back_each_array_once() -> None:
    assert np.isnan(again(float("nan")))
    writer = StateWriter()
    same = np.arange(4.0)
    said = writer.write([same, same.copy(), same.reshape(2, 2), np.asfortranarray(same.reshape(2, 2))])
    assert len(writer.arrays) == 3
    assert again([same])[0].tolist() == same.tolist()
    assert StateReader(writer.arrays).read(said)[3].flags.f_contiguous


def test_a_class_of_ones_own_has_to_be_named_on_both_sides() -> None:
    model = GaussianNB().fit([[0.0], [1.0]], ["a", "b"])
    with refused("untrusted_type", "trusted"):
        again(model)
    assert again(model, GaussianNB).predict([[0.9]]).tolist() == ["b"]
    writer = StateWriter(known_types((GaussianNB,)))
    said = writer.write(model)
    with refused("untrusted_type", "trusted"):
        StateReader(writer.arrays).read(said)


def test_names_of_trusted_classes_differ() -> None:
    other = type("Gallery", (), {})
    with refused("name_taken", "trusted"):
        known_types((other,))
    with refused("untrusted_type"):
        again(np.array([object()]))


deep: Any = 0
for _ in range(60):
    deep = {"list": [deep]}


@pytest.mark.parametrize(
    "said, code",
    [
        ({"type": "os.system", "state": []}, "untrusted_type"),
        ({"type": ["Gallery"], "state": []}, "untrusted_type"),
        ({"type": "Gallery", "state": [["votes", 1]]}, "damaged"),
        ({"type": "Gallery", "state": [["__class__", 1]]}, "damaged"),
        ({"type": "Gallery", "state": [["a b", 1]]}, "damaged"),
        ({"type": "Gallery", "state": [[7, 1]]}, "damaged"),
        ({"type": "Gallery"}, "damaged"),
        ({"array": 1}, "damaged"),
        ({"array": True}, "damaged"),
        ({"scalar": -1}, "damaged"),
        ({"float": "1e5"}, "damaged"),
        ({"lambda": 1}, "damaged"),
        ({"list": 3}, "damaged"),
        ({"dict": [[{"list": []}, 1]]}, "damaged"),
        ({}, "damaged"),
        ([1], "damaged"),
        (deep, "damaged"),
    ],
)
def test_what_was_never_written(said: Any, code: str) -> None:
    with refused(code):
        StateReader([np.ones(2)]).read(said)


@pytest.fixture(scope="module")
def tree() -> Tree:
    data = gallery()
    return DecisionTreeClassifier(random_state=0).fit(data.embeddings, data.syndromes).tree_


def test_a_tree_comes_back(tree: Tree) -> None:
    rows = gallery(seed=1).embeddings.astype(np.float32)
    np.testing.assert_array_equal(again(tree).predict(rows), tree.predict(rows))


@pytest.mark.parametrize(
    "field, value",
    [("left_child", 0), ("left_child", 10**6), ("right_child", -5), ("feature", 5), ("feature", -3)],
)
def test_a_tree_that_leads_nowhere_is_refused(tree: Tree, field: str, value: int) -> None:
    written = write_tree(tree)
    written["nodes"] = written["nodes"].copy()
    written["nodes"][field][0] = value
    with refused("damaged"):
        read_tree(written)


@pytest.mark.parametrize(
    "changed",
    [
        {"n_outputs": 2},
        {"n_classes": np.array([3.0])},
        {"values": np.ones((1, 1, 3))},
        {"nodes": np.ones(3)},
        {"n_features": 1},
    ],
)
def test_a_tree_of_another_kind_is_refused(tree: Tree, changed: dict[str, Any]) -> None:
    with refused("damaged"):
        read_tree({**write_tree(tree), **changed})
