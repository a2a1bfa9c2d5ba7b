import pickle

import pytest

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
