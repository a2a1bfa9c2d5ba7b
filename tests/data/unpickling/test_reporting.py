"""How a refusal reads."""

import pytest

from skknn_syndrome.data.unpickling import read_pickle
from skknn_syndrome.data.unpickling.reporting import looks_like_text
from skknn_syndrome.errors import UnsafePickleError


@pytest.mark.parametrize(
    "text",
    [
        "image_id,syndrome_id\n1,2\n",
        "syndrome,0.5\n",
        "[1, 2]",
        '{"a": [1]}',
        "# Notes\n",
        "\ufeffid;é\r\n",
        "Zahl,ä" * 400,
        "class,subject\n",
    ],
)
def test_a_text_file_is_called_one(text: str) -> None:
    with pytest.raises(
        UnsafePickleError, match=r"^This is a text file and not a pickle, .* at byte \d+, opcode \w+ "
    ):
        read_pickle(text.encode())


def test_only_printable_text_without_the_marks_of_a_pickle_looks_like_text() -> None:
    assert looks_like_text("a,b\té\n".encode())
    assert looks_like_text(b"a" * 999 + "é".encode())  # cut in two by the sample's end
    assert not looks_like_text(b"\x80\x04")
    assert not looks_like_text(b"cposix\nsystem\n(S'ls'\ntR.\n")
    assert not looks_like_text(b"a\x00b")
    assert not looks_like_text(b"caf\xe9,b")


def test_the_byte_of_an_unknown_opcode_is_shown() -> None:
    with pytest.raises(
        UnsafePickleError, match=r"refused at byte 1: opcode 0xff is not an opcode of any protocol"
    ):
        read_pickle(b"N\xff.")
