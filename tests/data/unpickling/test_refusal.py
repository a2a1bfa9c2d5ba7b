"""Strings of a stream in messages."""

from skknn_syndrome.data.unpickling.refusal import shown


def test_a_short_string_is_quoted() -> None:
    assert shown("posix system") == "'posix system'"


def test_nothing_in_it_reaches_the_terminal() -> None:
    assert shown("\x1b[2J\u202e\n") == r"'\x1b[2J\u202e\n'"


def test_a_long_string_is_shortened_before_and_after_it_is_made_harmless() -> None:
    assert shown("a" * 60) == "'" + "a" * 60 + "'"
    assert shown("a" * 61) == "'" + "a" * 57 + "...'"
    assert shown("\U0001f600" * 60) == "'" + r"\U0001f600" * 5 + r"\U0001f" + "...'"
