import pytest

from skknn_syndrome.data.thrift import I32, I64, ThriftReader, Wanted

STOP = b"\x00"


def read(content: bytes, wanted: Wanted) -> object:
    return ThriftReader(content, 0).struct(wanted)


def test_whole_numbers_are_read_as_thrift_writes_them() -> None:
    content = b"\x15\x08" + b"\x16\x01" + b"\x16\xac\x02" + STOP  # 1: 4, 2: -1, 3: 150
    assert read(content, {1: I32, 2: I64, 3: I64}) == {1: 4, 2: -1, 3: 150}


def test_a_field_may_have_its_number_written_out() -> None:
    assert read(b"\x05\x50\x08" + STOP, {40: I32}) == {40: 4}


def test_what_is_not_wanted_is_passed_over() -> None:
    others = (
        b"\x11\x12"  # two bools, in their heads
        b"\x13\x07"  # a byte
        b"\x14\x02"  # a number of 16 bits
        b"\x17" + bytes(8) + b"\x18\x03abc"  # a double, and text
        b"\x19\x21\x01\x02"  # a list of two bools
        b"\x1a\x15\x0a"  # a set with a number
        b"\x1b\x01\x58\x0c\x02xy"  # a map of a number to text
        b"\x1b\x00"  # an empty map
        b"\x1c\x15\x02" + STOP  # a struct
    )
    assert read(others + b"\x15\x08" + STOP, {12: I32}) == {12: 4}


def test_structs_and_lists_of_structs_are_read_as_deep_as_they_are_wanted() -> None:
    one = b"\x15\x02\x15\x04" + STOP
    content = b"\x1c" + one + b"\x19\x2c" + one + one + STOP
    assert read(content, {1: {1: I32}, 2: {2: I32}}) == {1: {1: 1}, 2: [{2: 2}, {2: 2}]}


def test_a_list_may_be_long() -> None:
    content = b"\x19\xfc\x80\x01" + 128 * STOP + STOP
    assert read(content, {1: {1: I32}}) == {1: [{}] * 128}


def test_reading_goes_on_where_it_ended() -> None:
    reader = ThriftReader(b"??\x15\x08\x00\x15\x0a\x00", 2)
    assert [reader.struct({1: I32}), reader.struct({1: I32})] == [{1: 4}, {1: 5}]
    assert reader.at == 8


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x15",
        b"\x15\x08",  # no end
        b"\x16\x08" + STOP,  # another kind of number than is wanted
        b"\x1c\x00" + STOP,  # no number at all
        b"\x15\x80\x80\x80\x80\x10" + STOP,  # more than 32 bits
        b"\x15" + b"\x80" * 11 + b"\x01" + STOP,  # a number without end
        b"\x15\x08\x05\x02\x0a" + STOP,  # a field that comes twice
        b"\x05\x00\x08" + STOP,  # one without a number
        b"\x25\x02" + b"\x1e" + STOP,  # a kind that does not exist
        b"\x28\x05ab",  # text cut short
        b"\x29\xf3\xff\xff\x03",  # a list longer than the file
        b"\x2c" * 100 + STOP * 101,  # nested too deep
        b"\x29" + b"\x19" * 100 + STOP * 101,
    ],
)
def test_what_is_broken_or_can_be_understood_in_two_ways_is_an_error(content: bytes) -> None:
    with pytest.raises((ValueError, IndexError, KeyError)):
        read(content, {1: I32})
