import pickle
from collections import OrderedDict, defaultdict

import numpy as np
import pytest

from skknn_syndrome.data.judging import judge_rows
from skknn_syndrome.data.pickle_file import read_pickle_table
from skknn_syndrome.errors import EmbeddingsFileError, UnsafePickleError


def test_a_nested_dictionary_becomes_rows() -> None:
    table = read_pickle_table(pickle.dumps({"a": {"s": {"i": [1.0, 2.0]}}}), None)
    assert [(row.syndrome, row.subject, row.image, row.vector) for row in table.rows] == [
        ("a", "s", "i", [1.0, 2.0])
    ]


def test_a_pickle_with_code_is_never_run() -> None:
    with pytest.raises(UnsafePickleError, match="print"):
        read_pickle_table(pickle.dumps({"a": {"s": {"i": print}}}), None)


def test_a_pickle_has_no_columns() -> None:
    with pytest.raises(EmbeddingsFileError, match="a pickle has no columns to name; leave columns out"):
        read_pickle_table(pickle.dumps({}), {"syndrome": "label"})


@pytest.mark.parametrize("protocol", range(6))
def test_dictionaries_as_programs_fill_them(protocol: int) -> None:
    """Keys out of a NumPy array of text, OrderedDict, defaultdict, and vectors as a network gives them."""
    keys = np.array(["Noonan", "Kabuki"])
    nested: dict[str, object] = defaultdict(dict)
    subjects: dict[object, object] = {np.int64(7): OrderedDict(i=np.array([[1, 2]], np.float32))}
    nested[keys[0]] = defaultdict(dict, subjects)
    nested[keys[1]] = OrderedDict({np.str_("8"): defaultdict(list, {np.str_("j"): [[3.0, 4.0]]})})
    judged = judge_rows(read_pickle_table(pickle.dumps(nested, protocol), None))
    assert judged.syndromes.tolist() == ["Noonan", "Kabuki"]
    assert judged.subjects is not None
    assert judged.subjects.tolist() == ["7", "8"]
    assert judged.images.tolist() == ["i", "j"]
    assert judged.embeddings.tolist() == [[1, 2], [3, 4]]


def test_several_vectors_of_one_image_are_refused_with_their_number() -> None:
    nested = {"a": {"s": {"i": np.ones((12, 3)), "j": np.ones(3)}}}
    judged = judge_rows(read_pickle_table(pickle.dumps(nested), None))
    message = "it has 12 vectors (shape (12, 3)), not one; write a plain list of numbers."
    assert [row.message for row in judged.refused] == [
        f"Row 1 (syndrome 'a', subject 's', image 'i'): {message}"
    ]


def test_tensors_are_refused_with_the_way_to_convert_them() -> None:
    # What torch 2 writes of a tensor begins so.
    stream = b"\x80\x02}X\x01\x00\x00\x00actorch._utils\n_rebuild_tensor_v2\n."
    with pytest.raises(
        UnsafePickleError, match=r"torch._utils._rebuild_tensor_v2, a PyTorch tensor; .*\.numpy\(\)"
    ):
        read_pickle_table(stream, None)
