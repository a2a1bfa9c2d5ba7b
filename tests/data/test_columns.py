"""Which column of a table, or array of an archive, holds what."""

from collections.abc import Mapping, Sequence

import pytest

from skknn_syndrome.data.column_layout import ARCHIVE, TABLE, Layout, Scheme
from skknn_syndrome.data.columns import find_layout
from skknn_syndrome.errors import ColumnsError
from tests.refusing import refused


def test_ids_are_known_with_and_without_their_ending() -> None:
    assert find_layout(["image", "subject_id", "syndrome", "e0"], None, TABLE) == Layout(
        syndrome="syndrome", subject="subject_id", image="image", features=("e0",)
    )


def test_subjects_and_images_may_be_missing() -> None:
    assert find_layout(["syndrome_id", "0", "1"], None, TABLE) == Layout(
        "syndrome_id", None, None, ("0", "1")
    )


def test_a_column_of_whole_vectors_comes_before_numbered_ones() -> None:
    assert find_layout(["syndrome", "embedding"], None, TABLE, ["embedding"]).features == ("embedding",)


def test_names_can_be_told() -> None:
    names = ["label", "person", "file", "emb_0", "emb_1", "age", "e0"]
    columns = {"syndrome": "label", "subject": "person", "image": "file", "features": "emb_"}
    assert find_layout(names, columns, TABLE) == Layout(
        "label", "person", "file", ("emb_0", "emb_1"), unread=("age", "e0")
    )


def test_one_column_may_name_both_subject_and_image() -> None:
    layout = find_layout(["syndrome", "id", "e0"], {"subject": "id", "image": "id"}, TABLE)
    assert (layout.subject, layout.image) == ("id", "id")


def test_a_column_with_whole_vectors_can_be_told() -> None:
    layout = find_layout(["syndrome", "v", "age"], {"features": "v"}, TABLE, ["v"])
    assert layout.features == ("v",)


def test_arrays_have_names_of_their_own() -> None:
    names = ["embeddings", "syndromes", "images", "subjects"]
    assert find_layout(names, None, ARCHIVE, names) == Layout(
        "syndromes", "subjects", "images", ("embeddings",)
    )


def refusal(
    names: Sequence[str],
    columns: Mapping[str, str] | None = None,
    scheme: Scheme = TABLE,
    vectors: Sequence[str] = (),
    **values: Sequence[object],
) -> ColumnsError:
    with pytest.raises(ColumnsError) as caught:
        find_layout(names, columns, scheme, names if scheme is ARCHIVE else vectors, values.get)
    return caught.value


EMB = [f"emb_{number}" for number in range(12)]


@pytest.mark.parametrize(
    "names,columns,codes,proposal",
    [
        (["label", "e0"], None, ["no_labels"], {"syndrome": "label"}),
        (["genus", "e0"], None, ["no_labels"], {"syndrome": "genus"}),
        (["anything", "e0"], None, ["no_labels"], {"syndrome": "anything"}),
        (
            ["one", "other", "e0"],
            None,
            ["no_labels", "unread_columns"],
            {"syndrome": "...", "features": "e"},
        ),
        (
            ["patient_id", "e0"],
            None,
            ["no_labels", "subjects_unread"],
            {"syndrome": "...", "subject": "patient_id"},
        ),
        (
            ["syndrome", "syndrome_id", "e0"],
            None,
            ["two_columns", "unread_columns"],
            {"syndrome": "syndrome", "features": "e"},
        ),
        (["syndrome", "age", "e0"], None, ["unread_columns"], {"features": "e"}),
        (["syndrome", "pc1", "e0", "e1"], None, ["unread_columns"], {"features": "e"}),
        (["syndrome", "split", "0", "1"], None, ["unread_columns"], {"features": "0"}),
        (["syndrome", "filename", "e0"], None, ["unread_columns"], {"image": "filename"}),
        (["syndrome", "age", "v"], {"features": "v"}, ["no_features"], {}),
        (["syndrome", "age"], None, ["no_features"], {}),
        (["syndrome", "e0"], {"features": "f"}, ["no_features"], {"features": "e"}),
        (["syndrome", *EMB], {"features": "emb"}, ["no_features"], {"features": "emb_"}),
        (
            ["syndrome", "subj", "e0"],
            {"subject": "subjct"},
            ["no_such_column"],
            {"subject": "subj"},
        ),
        (["syndrome", "e0"], {"subject": "who"}, ["no_such_column"], {}),
        (["syndrome", "e0"], {"syndrome": "lable"}, ["no_such_column"], {}),
        (
            ["syndrome", "syndrome_id", "e0"],
            {"syndrome": "syndrom"},
            ["no_such_column", "unread_columns"],
            {"syndrome": "syndrome", "features": "e"},
        ),
    ],
)
def test_one_error_names_all_that_is_wrong_and_proposes_columns(
    names: Sequence[str], columns: Mapping[str, str] | None, codes: Sequence[str], proposal: Mapping[str, str]
) -> None:
    error = refusal(names, columns)
    assert (error.codes, error.columns) == (tuple(codes), proposal)


def test_a_mapping_is_left_out_where_the_names_are_understood_without() -> None:
    assert refusal(["syndrome", "e0"], {"syndrome": "lable"}).leave_out
    assert not refusal(["syndrome", "e0"], {"syndrome": "lable", "subject": "who"}).leave_out
    assert not refusal(["syndrome", "e0"], {"subject": "who"}).proposes


def test_all_parts_of_a_messy_table_are_proposed_at_once() -> None:
    error = refusal(["", "filename", "label", "patient_id", "split", *EMB])
    assert error.codes == ("no_labels", "unread_columns", "subjects_unread")
    assert error.columns == {
        "syndrome": "label",
        "subject": "patient_id",
        "image": "filename",
        "features": "emb_",
    }


def test_all_columns_that_are_not_there_are_named() -> None:
    error = refusal(["syndrome", "e0"], {"subject": "who", "image": "picture"})
    assert error.codes == ("no_such_column",)
    assert "'who'" in error.sentence
    assert "'picture'" in error.sentence


def test_a_column_without_a_name_may_be_named_for_a_part() -> None:
    layout = find_layout(["", "patient_id", "syndrome", "e0"], {"subject": "", "features": "e"}, TABLE)
    assert (layout.subject, layout.indexes, layout.suspect) == ("", (), None)


def test_what_was_given_and_is_right_is_proposed_again() -> None:
    error = refusal(["diagnosis", "label", "split", *EMB], {"syndrome": "diagnosis"})
    assert error.columns == {"syndrome": "diagnosis", "features": "emb_"}


@pytest.mark.parametrize(
    "names,columns,codes,proposal",
    [
        (["syndromes", "X"], None, ["no_features"], {"features": "X"}),
        (
            ["X", "y", "patient"],
            None,
            ["no_features", "no_labels", "subjects_unread"],
            {"syndrome": "y", "subject": "patient", "features": "X"},
        ),
        (["syndromes", "X"], {"features": "Y"}, ["no_features"], {"features": "X"}),
        (["syndromes", "embeddings", "ages"], None, ["unread_columns"], {"features": "embeddings"}),
    ],
)
def test_arrays_are_proposed_too(
    names: Sequence[str], columns: Mapping[str, str] | None, codes: Sequence[str], proposal: Mapping[str, str]
) -> None:
    error = refusal(names, columns, ARCHIVE)
    assert (error.codes, error.columns) == (tuple(codes), proposal)


def test_of_several_columns_of_vectors_the_name_tells() -> None:
    vectors = ["class_conf", "representations"]
    error = refusal(["syndrome", *vectors], vectors=vectors)
    assert error.columns == {"features": "representations"}


def test_columns_with_numbers_come_before_vectors_of_another_name() -> None:
    error = refusal(["syndrome", "bbox", *EMB], {"features": "v"}, vectors=["bbox"])
    assert error.columns == {"features": "emb_"}


def test_what_is_called_id_is_no_image_where_it_comes_again() -> None:
    names = ["syndrome", "id", "split", "e0"]
    assert refusal(names, id=["1", "2"]).columns == {"image": "id", "features": "e"}
    assert refusal(names, id=["1", "1"]).columns == {"features": "e"}


def test_several_rows_of_an_image_are_proposed_to_be_averaged() -> None:
    names = ["syndrome", "img_name", "flip", "e0"]
    error = refusal(names, img_name=["i", "i", "j", "j"], syndrome=["a", "a", "b", "b"])
    assert error.average_rows
    assert error.columns == {"image": "img_name", "features": "e"}
    assert not refusal(names, img_name=["i", "j", "i", "j"], syndrome=["a", "a", "b", "b"]).average_rows


def test_an_unread_column_of_images_with_several_rows_is_no_subject() -> None:
    images = [f"i{row // 2}" for row in range(40)]
    error = refusal(
        ["syndrome", "img_name", "e0"], {"features": "e"}, img_name=images, syndrome=["a"] * 20 + ["b"] * 20
    )
    assert (error.codes, error.columns) == (("repeated_images",), {"image": "img_name", "features": "e"})
    assert error.average_rows


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "__index_level_0__"])
def test_an_index_without_a_name_is_left_unread(name: str) -> None:
    layout = find_layout([name, "syndrome", "e0"], None, TABLE)
    assert (layout.indexes, layout.unread, layout.features) == ((name,), (), ("e0",))


def test_a_column_named_index_is_one_if_it_counts_the_rows() -> None:
    counts = {"index": ["0", "1"]}
    assert find_layout(["index", "syndrome", "e0"], None, TABLE, (), counts.get).indexes == ("index",)
    assert refusal(["index", "syndrome", "e0"], index=["7", "9"]).codes == ("unread_columns",)


def test_columns_left_unread_are_listed() -> None:
    layout = find_layout(["syndrome", "split", "e0", "v0", "v1"], {"features": "v"}, TABLE)
    assert layout.unread == ("split", "e0")
    assert layout.suspect is None


def test_subject_ids_that_would_go_unread_are_a_suspect() -> None:
    layout = find_layout(["syndrome", "patient_id", "e0"], {"features": "e"}, TABLE)
    assert layout.suspect is not None
    assert layout.suspect.name == "patient_id"
    named = find_layout(["syndrome", "patient_id", "who", "e0"], {"features": "e", "subject": "who"}, TABLE)
    assert named.suspect is None


def test_a_proposal_that_was_pasted_with_a_gap_is_made_again() -> None:
    names = ["Bild", "Patient", *EMB]
    first = refusal(names)
    assert first.columns == {"syndrome": "...", "subject": "Patient", "image": "Bild"}
    again = refusal(names, first.columns)
    assert again.codes == ("no_labels",)
    assert again.columns == first.columns


def test_german_headers_are_understood() -> None:
    error = refusal(["Bild", "Diagnose", "Patient", *EMB])
    assert error.columns == {"syndrome": "Diagnose", "subject": "Patient", "image": "Bild"}
    assert find_layout(["Bild", "Diagnose", "Patient", *EMB], error.columns, TABLE).syndrome == "Diagnose"


def test_where_values_alone_tell_the_user_has_to_say_what_a_column_holds() -> None:
    people, labels = [f"p{row // 2}" for row in range(40)], ["a"] * 20 + ["b"] * 20
    error = refusal(["label", "who", "split", *EMB], label=labels, who=people)
    assert error.codes == ("no_labels", "unread_columns", "subjects_unread")
    assert error.columns == {"syndrome": "label", "features": "emb_"}
    assert error.columns_with_subject == {"syndrome": "label", "subject": "who", "features": "emb_"}
    assert error.perhaps_subject == "who"


@pytest.mark.parametrize(
    "names,prefix",
    [(["0", "1", "2"], "0"), (["1", "2", "3"], "1"), (["000", "001", "002"], "000"), (["01", "02"], "01")],
)
def test_columns_without_a_prefix_are_named_by_the_first(names: Sequence[str], prefix: str) -> None:
    layout = find_layout(["split", "syndrome", *names], {"features": prefix}, TABLE)
    assert layout.features == tuple(names)


@pytest.mark.parametrize(
    "names,columns,code",
    [
        (["syndrome", "e0", "e0"], None, "repeated_name"),
        (["syndrome", "e0"], {"label": "syndrome"}, "unknown_key"),
        (["syndrome", "e0", "e2"], None, "missing_feature"),
    ],
)
def test_what_no_other_columns_can_mend_is_an_error(
    names: Sequence[str], columns: Mapping[str, str] | None, code: str
) -> None:
    with refused(code):
        find_layout(names, columns, TABLE)


def test_a_table_without_columns_has_nothing_to_propose() -> None:
    error = refusal([])
    assert (error.codes, error.columns) == (("no_features", "no_labels"), {})
