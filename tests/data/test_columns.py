from collections.abc import Mapping, Sequence

import pytest

from skknn_syndrome.data.columns import ARCHIVE, TABLE, Layout, Scheme, find_layout
from skknn_syndrome.errors import EmbeddingsFileError


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
    assert find_layout(names, columns, TABLE) == Layout("label", "person", "file", ("emb_0", "emb_1"))


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


@pytest.mark.parametrize(
    "names,columns,scheme,message",
    [
        (
            ["label", "e0"],
            None,
            TABLE,
            "there is no column 'syndrome', only 'label' and 'e0'; say which holds",
        ),
        ([], None, TABLE, "there is no column 'syndrome', only nothing"),
        (["syndrome", "e0", "e0"], None, TABLE, "the column 'e0' comes 2 times; rename the others"),
        (
            ["syndrome", "syndrome_id", "e0"],
            None,
            TABLE,
            "the columns 'syndrome' and 'syndrome_id' mean the same",
        ),
        (["syndrome", "age", "e0"], None, TABLE, "the column 'age' is neither an id nor a feature"),
        (["syndrome", "pc1", "e0", "e1"], None, TABLE, "the column 'pc1' is neither .* 'features': 'e'}"),
        (["syndrome", "", "e0", "e1"], None, TABLE, "the column '' is neither"),
        (["syndrome", "age"], None, TABLE, "there are no feature columns"),
        (["syndrome", "e0"], {"features": "f"}, TABLE, "there are no feature columns"),
        (["syndrome", "e0"], {"subject": "who"}, TABLE, "there is no column 'who', only 'syndrome' and 'e0'"),
        (
            ["syndrome", "e0"],
            {"label": "syndrome"},
            TABLE,
            "columns has the key 'label', but takes 'syndrome'",
        ),
        (["syndromes", "X"], None, ARCHIVE, "there is no array 'embeddings', only 'X'; say which one holds"),
        (["syndromes", "X"], {"features": "Y"}, ARCHIVE, "there is no array 'Y', only 'syndromes' and 'X'"),
        (
            ["syndromes", "embeddings", "subject_ids"],
            None,
            ARCHIVE,
            "the array 'subject_ids' is neither .*'embeddings'}",
        ),
    ],
)
def test_what_is_not_understood_is_an_error(
    names: Sequence[str], columns: Mapping[str, str] | None, scheme: Scheme, message: str
) -> None:
    with pytest.raises(EmbeddingsFileError, match=message):
        find_layout(names, columns, scheme, names if scheme is ARCHIVE else ())
