"""From a file to a data set, whatever its format."""

import hashlib
import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome.data import EmbeddingDataset, delimited, load_embeddings, save_embeddings
from skknn_syndrome.data.loading import Reading, read_embeddings
from skknn_syndrome.errors import ColumnsError, EmbeddingsFileError, RefusedRowsWarning, UnsafePickleError
from tests.data.make import write
from tests.refusing import refused

NESTED = {
    "a": {"s": {"i": np.array([1, 2], np.float32), "j": np.array([3, 4], np.float32)}},
    "b": {7: {8: np.array([5, 6], np.float32)}},
}


def test_a_nested_pickle_becomes_a_data_set(tmp_path: Path) -> None:
    path = write(tmp_path / "faces.p", NESTED)
    dataset = load_embeddings(path)
    assert dataset.embeddings.dtype == np.float32
    assert dataset.embeddings.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert dataset.syndromes.tolist() == ["a", "a", "b"]
    assert dataset.subjects is not None
    assert dataset.subjects.tolist() == ["s", "s", "7"]
    assert dataset.images.tolist() == ["i", "j", "8"]
    assert dataset.name == "faces.p"
    assert dataset.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert not dataset.simulated
    assert dataset.audit.n_rows == 3


def test_tabs_may_be_told_by_the_name(tmp_path: Path) -> None:
    assert load_embeddings(write(tmp_path / "x.tsv", b"syndrome\te0\na\t1\n")).n_images == 1


@pytest.mark.parametrize("suffix", [".p", ".pkl", ".pickle", ".PKL"])
def test_pickles_have_several_names(tmp_path: Path, suffix: str) -> None:
    assert load_embeddings(str(write(tmp_path / f"x{suffix}", NESTED))).n_images == 3


def test_the_same_rows_load_alike_from_every_format(tmp_path: Path) -> None:
    dataset = load_embeddings(write(tmp_path / "x.p", NESTED))
    save_embeddings(dataset, tmp_path / "x.npz")
    save_embeddings(dataset, tmp_path / "x.parquet")
    text = b"syndrome,subject,image,e0,e1\na,s,i,1,2\na,s,j,3,4\nb,7,8,5,6\n"
    for path in (tmp_path / "x.npz", tmp_path / "x.parquet", write(tmp_path / "x.csv", text)):
        loaded = load_embeddings(path)
        assert loaded.subjects is not None
        assert loaded.embeddings.tolist() == dataset.embeddings.tolist()
        assert loaded.subjects.tolist() == ["s", "s", "7"]
        assert loaded.images.tolist() == dataset.images.tolist()


def test_refused_rows_are_warned_of_once_and_accounted_for(tmp_path: Path) -> None:
    path = write(tmp_path / "x.p", {"a": {"s": {"i": [1.0], "j": None, "k": "x", "l": [2.0]}}})
    message = (
        r"x\.p: 2 of 4 rows refused, all listed in audit; the first: Row 2 \(syndrome 'a', "
        r"subject 's', image 'j'\): it has no vector; fill it in or leave the row out\."
    )
    with pytest.warns(RefusedRowsWarning, match=message) as caught:
        dataset = load_embeddings(path)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert [row.reason for row in dataset.audit.refused] == ["missing_vector", "not_numeric"]
    assert dataset.audit.n_accepted == dataset.n_images == 2


def test_what_is_dangerous_is_in_the_audit(tmp_path: Path) -> None:
    path = write(tmp_path / "x.p", {"a": {"s": {"i": [1.0]}}, "A": {"s": {"j": [1.0]}}})
    assert [warning.code for warning in load_embeddings(path).audit.warnings] == [
        "subject_in_two_syndromes",
        "identical_vectors",
        "labels_alike",
    ]


def test_the_dimension_can_be_told(tmp_path: Path) -> None:
    path = write(tmp_path / "x.p", {"a": {"s": {"i": [1.0], "j": [1.0, 2.0]}}})
    with pytest.warns(RefusedRowsWarning, match="1 of 2 rows"):
        assert load_embeddings(path, n_features=2).images.tolist() == ["j"]
    with refused("two_lengths", "n_features"):
        load_embeddings(path)
    with refused("too_few_features", "n_features"):
        load_embeddings(path, n_features=0)


def test_columns_can_be_told(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", b"label,v0\na,1\n")
    assert load_embeddings(path, columns={"syndrome": "label"}).syndromes.tolist() == ["a"]


@pytest.mark.parametrize("first", [0, np.int64(0)])
def test_columns_may_be_numbers_as_in_pandas(tmp_path: Path, first: int) -> None:
    path = tmp_path / "x.parquet"
    frame = pd.DataFrame({"label": ["a"], 0: [1.0], 1: [2.0]})
    frame.columns = frame.columns.astype(str)
    frame.to_parquet(path)
    columns: dict[str, str | int] = {"syndrome": "label", "features": first}
    assert load_embeddings(path, columns=columns).embeddings.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize("columns", [{"features": None}, {"features": True}, {"syndrome": ("a", "b")}, ["e"]])
def test_columns_that_are_no_names_are_told(tmp_path: Path, columns: Any) -> None:
    with pytest.raises(TypeError, match=r"columns.* must"):
        load_embeddings(tmp_path / "x.csv", columns=columns)


@pytest.mark.parametrize("data", [None, pd.DataFrame({"e0": [1.0]}), np.ones((2, 2)), b"x.csv"])
def test_what_is_in_memory_is_sent_to_where_it_can_be_used(data: Any) -> None:
    with pytest.raises(TypeError, match=r"from_arrays\(.*cross_validate_study\("):
        load_embeddings(data)


@pytest.mark.parametrize("name", ["x.csv", "x.parquet"])
def test_a_missing_id_is_empty_in_every_format(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    frame = pd.DataFrame({"syndrome": [*"abc"], "subject": [7, None, 8], "e0": [1.0, 2.0, 3.0]})
    frame.to_csv(path, index=False) if name.endswith("csv") else frame.to_parquet(path)
    with pytest.warns(RefusedRowsWarning, match="its subject id is empty; fill it in"):
        refused = load_embeddings(path).audit.refused
    assert [(row.row, row.reason) for row in refused] == [(2, "empty_id")]


@pytest.mark.parametrize(
    "name,content,code",
    [
        ("x.txt", b"x", "unknown_suffix"),
        ("x", b"x", "unknown_suffix"),
        ("x.p", b"", "empty_file"),
        ("x.p", b"Dear reader,\n", "wrong_format"),
        ("x.p", pickle.dumps(NESTED)[:-10], "unsafe_pickle"),
        ("x.p", print, "unsafe_pickle"),
        ("x.p", {"a": {"s": {"i": None}}}, "no_usable_rows"),
        ("x.p", {"a": [1.0]}, "not_nested"),
        ("x.npz", b"PK\x03\x04", "broken_archive"),
        ("x.parquet", b"PAR1", "broken_parquet"),
        ("{n}.csv", b"syndrome,e0\na,1,2\n,1\n", "no_usable_rows"),
        ("{n_features}.csv", b"syndrome,embedding\na,[1]\nb,[1 2]\n", "two_lengths"),
    ],
)
def test_a_file_that_can_not_be_used_is_one_sentence_with_its_name(
    tmp_path: Path, name: str, content: object, code: str
) -> None:
    path = write(tmp_path / name, content)
    with refused(code) as caught:
        load_embeddings(path)
    sentence = str(caught.value)
    assert isinstance(caught.value, UnsafePickleError if code == "unsafe_pickle" else EmbeddingsFileError)
    assert sentence.startswith(f"{path}: ")
    assert sentence.endswith(".")
    assert not sentence.endswith("..")
    assert "\n" not in sentence


def test_columns_that_are_missing_are_one_sentence_with_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", b"a,b\n")
    with pytest.raises(ColumnsError) as caught:
        load_embeddings(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "no_labels" in caught.value.codes


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with refused("no_such_file", "path"):
        load_embeddings(tmp_path / "x.p")
    with refused("not_a_file", "path"):
        load_embeddings(tmp_path)


def test_a_name_that_is_no_text_can_still_be_written_down(tmp_path: Path) -> None:
    path = write(tmp_path / "caf\udce9.p", NESTED)
    load_embeddings(path).name.encode("utf-8")


@pytest.fixture(scope="module", params=[".npz", ".parquet", ".csv"])
def sound_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / f"x{request.param}"
    if request.param == ".csv":
        return write(path, b"syndrome,subject,image,e0,e1\na,s,i,1,2\na,s,j,3,4\nb,7,8,5,6\n")
    save_embeddings(EmbeddingDataset.from_arrays([[1.0, 2.0], [3.0, 4.0]], ["a", "b"], ["s", "t"]), path)
    return path


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=80)
def test_a_damaged_file_is_refused_or_still_valid(sound_file: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    content = bytearray(sound_file.read_bytes())
    for position in random.integers(len(content), size=random.integers(1, 4)):
        content[position] = random.integers(256)
    path = write(sound_file.with_stem("damaged"), bytes(content))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RefusedRowsWarning)
        try:
            dataset = load_embeddings(path)
        except EmbeddingsFileError:
            return
    assert dataset.audit.n_accepted == dataset.n_images


def test_the_real_file(real_file: Path) -> None:
    dataset = load_embeddings(real_file)
    assert repr(dataset) == (
        "EmbeddingDataset('mini_gm_public_v0.1.p': 1,116 images x 320 float32, 10 syndromes, 941 subjects)"
    )
    assert dataset.sha256 == "b9f8fe2d65a3856e98c03da7ee91f223bb114e7b5a06d860904b6a63a4d562a6"
    assert dataset.audit.n_rows == 1116
    assert dataset.audit.refused == ()
    assert dataset.audit.warnings == ()


def table_of(n_subjects: int = 20, *, header: str = "label,patient_id,split,emb_0,emb_1") -> bytes:
    rows = "".join(
        f"{'ab'[row // n_subjects]},P{row // 2},{'train' if row % 3 else 'test'},{row},{row * row}\n"
        for row in range(2 * n_subjects)
    )
    return f"{header}\n{rows}".encode()


MAPPED = {"syndrome": "label", "features": "emb_"}


def test_a_file_whose_subject_ids_would_go_unread_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", table_of())
    with pytest.raises(ColumnsError) as caught:
        load_embeddings(path, columns=MAPPED)
    assert caught.value.codes == ("subjects_unread",)
    assert caught.value.columns == {**MAPPED, "subject": "patient_id"}
    assert str(caught.value).endswith("or subjects=False to do without.")
    subjects = load_embeddings(path, columns=caught.value.columns).subjects
    assert subjects is not None
    assert len(set(subjects.tolist())) == 20


def test_values_that_come_as_subject_ids_do_are_the_users_to_judge(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", table_of(header="label,who,split,emb_0,emb_1"))
    with pytest.raises(ColumnsError) as caught:
        load_embeddings(path, columns=MAPPED)
    assert "P1" not in str(caught.value)
    assert caught.value.columns == MAPPED
    assert caught.value.columns_with_subject == {**MAPPED, "subject": "who"}
    assert str(caught.value).endswith("subjects=False if it does not.")
    assert load_embeddings(path, columns=caught.value.columns_with_subject).subjects is not None
    assert load_embeddings(path, columns=caught.value.columns, subjects=False).subjects is None


def test_columns_too_large_to_look_at_are_in_the_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "MAX_VALUES_OF_IDS", 10)
    path = write(tmp_path / "x.csv", table_of(header="label,who,split,emb_0,emb_1"))
    found = load_embeddings(path, columns=MAPPED).audit.warnings
    assert [(warning.code, warning.columns) for warning in found] == [
        ("columns_not_examined", ("who", "split"))
    ]
    assert load_embeddings(path, columns={**MAPPED, "subject": "who"}).audit.warnings == ()
    assert load_embeddings(path, columns=MAPPED, subjects=False).audit.warnings == ()


def test_subjects_can_be_done_without(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", table_of())
    dataset = load_embeddings(path, columns=MAPPED, subjects=False)
    assert dataset.subjects is None
    assert dataset.audit.unread_columns == ("patient_id", "split")
    assert dataset.audit.warnings == ()
    with pytest.raises(ColumnsError) as caught:
        load_embeddings(path, subjects=False)
    assert caught.value.codes == ("no_labels", "unread_columns")
    assert caught.value.columns == MAPPED


def test_subjects_that_were_named_are_set_aside(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", table_of())
    assert load_embeddings(path, columns={**MAPPED, "subject": "patient_id"}, subjects=False).subjects is None


def test_an_audit_is_told_of_subject_ids_that_go_unread(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", table_of())
    audit = read_embeddings(path, Reading(MAPPED, suspects_are_told=True)).audit
    assert [(warning.code, warning.columns) for warning in audit.warnings] == [
        ("subjects_unread", ("patient_id",))
    ]


def test_the_columns_proposed_for_a_messy_table_read_it(tmp_path: Path) -> None:
    text = table_of().decode().splitlines()
    messy = [f"{',filename' if row < 0 else f'{row},i{row}.jpg'},{line}" for row, line in enumerate(text, -1)]
    path = write(tmp_path / "x.csv", "\n".join(messy).encode())
    with pytest.raises(ColumnsError) as caught:
        load_embeddings(path)
    dataset = load_embeddings(path, columns=caught.value.columns)
    assert dataset.embeddings.shape == (40, 2)
    assert dataset.images[1] == "i1.jpg"
    assert (dataset.audit.unread_columns, dataset.audit.index_columns) == (("split",), ("",))


def test_rows_of_one_image_are_averaged_if_that_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", b"label,image,e0\na,i,1\na,i,2\nb,j,3\nb,j,5\n")
    with pytest.raises(ColumnsError) as caught:
        load_embeddings(path, columns={"syndrome": "label"})
    assert (caught.value.columns, caught.value.average_rows) == ({"syndrome": "label"}, True)
    assert "try columns={'syndrome': 'label'}, average_rows=True" in str(caught.value)
    dataset = load_embeddings(path, columns=caught.value.columns, average_rows=True)
    assert dataset.embeddings.tolist() == [[1.5], [4.0]]
    assert (dataset.audit.n_rows, dataset.audit.n_merged, dataset.audit.n_accepted) == (4, 2, 2)


def test_rows_of_one_image_in_a_file_with_our_names(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", b"syndrome,image,e0\na,i,1\na,i,2\nb,j,3\nb,j,5\n")
    with pytest.raises(ColumnsError, match=r"; try average_rows=True\.$"):
        load_embeddings(path)
    with pytest.raises(ColumnsError, match=r"; try average_rows=True\.$"):
        load_embeddings(path, subjects=False)


def test_images_numbered_anew_are_in_the_audit(tmp_path: Path) -> None:
    path = write(tmp_path / "x.p", {"a": {"s": {1: [1.0], 2: [2.0]}, "t": {1: [3.0], 2: [4.0]}}})
    dataset = load_embeddings(path)
    assert dataset.images.tolist() == ["s/1", "s/2", "t/1", "t/2"]
    assert [warning.code for warning in dataset.audit.warnings] == ["images_numbered_anew"]


def test_one_number_written_two_ways_is_in_the_audit(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", b"syndrome,subject,image,e0\na,12,i,1\na,12.0,j,2\nb,13,k,3\n")
    warnings_of = load_embeddings(path).audit.warnings
    assert [(found.code, found.subjects) for found in warnings_of] == [
        ("integer_beside_float", ("12", "12.0"))
    ]
