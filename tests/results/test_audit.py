import pytest

from skknn_syndrome.results.audit import Audit, DataWarning, RefusedRow, listed

ROW = RefusedRow(
    row=3,
    line=4,
    syndrome="Noonan",
    subject="7",
    image=None,
    reason="not_finite",
    detail="value 5 of its vector is NaN or infinite",
)
TWO = DataWarning(code="subject_in_two_syndromes", subjects=("7",), syndromes=("Noonan", "Kabuki"))


def test_a_refused_row_says_where_what_and_what_to_do() -> None:
    assert ROW.message == (
        "Row 3 (line 4, syndrome 'Noonan', subject '7'): value 5 of its vector is NaN or infinite; "
        "recompute the embedding or leave the row out."
    )


def test_a_row_of_which_nothing_is_known_has_its_number() -> None:
    bare = RefusedRow(
        row=1, syndrome=None, subject=None, image=None, reason="empty_id", detail="its id is empty"
    )
    assert bare.message == "Row 1: its id is empty; fill it in."


def test_a_sentence_follows_the_fields() -> None:
    assert "subject 'subject-0'" in ROW.model_copy(update={"subject": "subject-0"}).message


def test_a_subject_in_two_syndromes_is_one_mistake_or_another() -> None:
    assert TWO.message == (
        "Subject '7' has images under 'Noonan' and 'Kabuki': "
        "either a label is wrong, or two people share an id."
    )


def test_of_two_labels_for_one_vector_one_is_wrong() -> None:
    same = DataWarning(code="identical_vectors", images=("i", "j"), syndromes=("Noonan", "Kabuki"))
    assert same.message == (
        "The images 'i' and 'j' have the same vector, but the syndromes 'Noonan' and 'Kabuki': "
        "at most one of these labels is right."
    )


def test_labels_that_look_alike_are_counted_apart() -> None:
    assert DataWarning(code="labels_alike", syndromes=("Noonan", "noonan ")).message == (
        "The syndromes 'Noonan' and 'noonan ' differ only in case, white space or Unicode form, "
        "and are counted as 2 different syndromes."
    )
    assert DataWarning(code="labels_alike", subjects=("A", "a")).message.endswith("2 different subjects.")


@pytest.mark.parametrize(
    "texts,sentence",
    [
        ([], "nothing"),
        (["a"], "'a'"),
        (["a", "b"], "'a' and 'b'"),
        (["a", "b", "c", "d", "e"], "'a', 'b', 'c', 'd' and 'e'"),
        (["a", "b", "c", "d", "e", "f", "g"], "'a', 'b', 'c', 'd', 'e' and 2 more"),
    ],
)
def test_long_lists_are_cut(texts: list[str], sentence: str) -> None:
    assert listed(texts) == sentence


def test_an_audit_counts_the_rows_taken() -> None:
    assert Audit(n_rows=5, refused=(ROW,)).n_accepted == 4


def test_an_audit_goes_to_json_and_back() -> None:
    audit = Audit(n_rows=5, refused=(ROW,), warnings=(TWO,))
    assert Audit.model_validate_json(audit.model_dump_json()) == audit


@pytest.mark.parametrize(
    "warning,fragment",
    [
        (
            DataWarning(code="subjects_unread", columns=("patient_id",)),
            "The column 'patient_id' is left unread",
        ),
        (DataWarning(code="columns_not_examined", columns=("who", "split")), "'who' and 'split'"),
        (DataWarning(code="images_numbered_anew"), "'subject/image'"),
        (
            DataWarning(code="integer_beside_float", images=("1", "1.0")),
            "The images '1' and '1.0' are the same",
        ),
    ],
)
def test_each_danger_has_its_sentence(warning: DataWarning, fragment: str) -> None:
    assert fragment in warning.message


def test_columns_left_unread_are_one_sentence() -> None:
    assert Audit(n_rows=1).unread == ""
    assert Audit(n_rows=1, unread_columns=("split",)).unread == "Left unread: 'split'."
    both = Audit(n_rows=1, unread_columns=tuple("abcdefg"), index_columns=("",))
    assert both.unread == "Left unread: 'a', 'b', 'c', 'd', 'e' and 3 more ('' is an index)."


def test_rows_that_went_into_an_average_are_accounted_for() -> None:
    assert Audit(n_rows=5, n_merged=3, refused=(ROW,)).n_accepted == 1
