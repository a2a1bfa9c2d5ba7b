"""How messages show labels."""

from skknn_syndrome.errors import quote


def test_a_label_is_shown_in_quotes() -> None:
    assert quote("Noonan") == "'Noonan'"
    assert quote(7) == "'7'"


def test_a_long_label_is_shortened() -> None:
    assert len(quote("x" * 5_000_000)) <= 60


def test_marks_that_turn_text_round_or_break_lines_are_spelt_out() -> None:
    assert quote("a\n\u202eb") == r"'a\n\u202eb'"
