"""Image ids that come again."""

from skknn_syndrome.data.ids import MAX_ID_LENGTH
from skknn_syndrome.data.image_ids import ids_by_place, mostly_repeated


def test_no_ids_repeat_nothing() -> None:
    assert not mostly_repeated([])


def test_ids_that_come_once_need_no_place() -> None:
    assert ids_by_place(["1", "2"], ["s", "t"], ["a", "a"]) is None


def test_one_slip_among_many_numbers_does_not_hide_the_habit() -> None:
    images = [str(number) for number in range(20)] * 2 + ["0"]
    names = ids_by_place(images, ["s"] * 20 + ["t"] * 21, ["a"] * 41)
    assert names is not None
    assert (names[0], names[20], names[40]) == ("s/0", "t/0", "t/0")


def test_a_place_that_makes_an_id_too_long_is_not_taken() -> None:
    long = "x" * MAX_ID_LENGTH
    assert ids_by_place(["1", "1"], [long, "t"], ["a", "a"]) is None


def test_a_slash_in_an_id_may_not_make_two_places_one() -> None:
    assert ids_by_place(["1", "b/1", "1", "b/1"], ["a/b", "a", "c", "d"], ["x"] * 4) != [
        "a/b/1",
        "a/b/1",
        "c/1",
        "d/b/1",
    ]
