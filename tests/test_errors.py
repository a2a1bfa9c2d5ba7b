"""How messages show labels."""

from skknn_syndrome.errors import ColumnsError, quote


def test_a_label_is_shown_in_quotes() -> None:
    assert quote("Noonan") == "'Noonan'"
    assert quote(7) == "'7'"


def test_a_long_label_is_shortened() -> None:
    assert len(quote("x" * 5_000_000)) <= 60


def test_marks_that_turn_text_round_or_break_lines_are_spelt_out() -> None:
    assert quote("a\n\u202eb") == r"'a\n\u202eb'"


def test_an_error_on_columns_names_all_and_proposes_arguments() -> None:
    error = ColumnsError({"no_labels": "one", "no_features": "two"}, {"syndrome": "y"}, average_rows=True)
    assert str(error) == "one; two; try columns={'syndrome': 'y'}, average_rows=True."
    assert error.codes == ("no_labels", "no_features")
    assert str(ColumnsError({"no_features": "two"}, {})) == "two."


def test_an_error_on_columns_may_leave_the_choice() -> None:
    error = ColumnsError({"subjects_unread": "one"}, {"syndrome": "y"}, perhaps_subject="who")
    assert str(error) == (
        "one; try columns={'syndrome': 'y', 'subject': 'who'} if 'who' holds people, or "
        "columns={'syndrome': 'y'}, subjects=False if it does not."
    )
    assert str(error.at("x.csv", {})).startswith(
        "x.csv: one; try columns={'syndrome': 'y', 'subject': 'who'}"
    )
    assert error.without_subjects().perhaps_subject is None
    assert ColumnsError({"no_labels": "one"}, {"syndrome": "y"}).columns_with_subject == {"syndrome": "y"}
