"""Opcodes that build containers."""

import pytest

from skknn_syndrome.data.unpickling import read_pickle
from tests.data.unpickling.streams import assert_refused


@pytest.mark.parametrize("target", [b"}", b")", b"N", b"cnumpy\nndarray\n"])
def test_only_lists_are_appended_to(target: bytes) -> None:
    assert_refused(target + b"Na.", "APPEND", len(target) + 1, "appends to something that is no list")
    assert_refused(target + b"(Ne.", "APPENDS", len(target) + 2, "appends to something that is no list")


@pytest.mark.parametrize("target", [b"]", b")", b"N", b"cnumpy\nndarray\n"])
def test_only_dictionaries_are_given_keys(target: bytes) -> None:
    reason = "does not set pairs of key and value in a dictionary"
    assert_refused(target + b"K\x01Ns.", "SETITEM", len(target) + 3, reason)
    assert_refused(target + b"(K\x01Nu.", "SETITEMS", len(target) + 4, reason)


def test_every_key_has_a_value() -> None:
    assert_refused(b"}(K\x01NK\x02u.", "SETITEMS", 7, "does not set pairs of key and value")
    assert_refused(b"(K\x01d.", "DICT", 3, "does not set pairs of key and value")


def test_containers_are_built_at_once_or_step_by_step() -> None:
    assert read_pickle(b"(K\x01](K\x02K\x03ed.") == {1: [2, 3]}
    assert read_pickle(b"(K\x01K\x02l.") == [1, 2]
    assert read_pickle(b"}(u.") == {}
    assert read_pickle(b"K\x01K\x02\x86.") == (1, 2)
