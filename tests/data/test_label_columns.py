"""Several labels an image in files: columns, arrays, texts with a separator, and entries in doubt."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome.data import (
    EmbeddingDataset,
    MultilabelDataset,
    load_embeddings,
    make_multilabel_embeddings,
    pseudonymise,
    save_embeddings,
)
from skknn_syndrome.errors import ColumnsError, EmbeddingsFileError, RefusedRowsWarning
from tests.data.make import npz_bytes, parquet_bytes, write
from tests.refusing import refused

COLUMNS = {"labels": "finding_"}
TABLE = pd.DataFrame(
    {
        "subject": ["s", "s", "t"],
        "image": ["i", "j", "k"],
        "finding_edema": [1, 0, 0],
        "finding_effusion": [1, 1, 0],
        "e0": [0.5, 1.0, 2.0],
        "e1": [1.0, 2.0, 3.0],
    }
)
LABELS = [[1, 1], [0, 1], [0, 0]]


def written(folder: Path, table: pd.DataFrame, suffix: str) -> Path:
    path = folder / f"faces{suffix}"
    if suffix == ".parquet":
        table.to_parquet(path)
    else:
        table.to_csv(path, index=False, sep="\t" if suffix == ".tsv" else ",")
    return path


def loaded(path: Path, **options: Any) -> MultilabelDataset:
    dataset = load_embeddings(path, **options)
    assert isinstance(dataset, MultilabelDataset)
    return dataset


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
@pytest.mark.parametrize("kind", ["int64", "float64", "bool"])
def test_columns_with_a_prefix_are_labels(tmp_path: Path, suffix: str, kind: Any) -> None:
    table = TABLE.astype({"finding_edema": kind, "finding_effusion": kind})
    dataset = loaded(written(tmp_path, table, suffix), columns=COLUMNS)
    assert dataset.labels.tolist() == LABELS
    assert dataset.label_names == ("edema", "effusion")
    assert dataset.embeddings.tolist() == [[0.5, 1.0], [1.0, 2.0], [2.0, 3.0]]
    assert dataset.subjects is not None
    assert dataset.subjects.tolist() == ["s", "s", "t"]
    assert dataset.audit.unread_columns == ()


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_column_of_texts_is_parted_and_nothing_in_it_is_no_label(tmp_path: Path, suffix: str) -> None:
    table = TABLE[["subject", "image", "e0", "e1"]].assign(findings=["effusion; edema;", "edema;edema", ""])
    path = written(tmp_path, table, suffix)
    dataset = loaded(path, columns={"syndrome": "findings"}, label_separator=";")
    assert dataset.label_names == ("edema", "effusion")
    assert dataset.labels.tolist() == [[1, 1], [1, 0], [0, 0]]


def test_a_pickle_has_them_in_its_keys(tmp_path: Path) -> None:
    write(tmp_path / "x.p", {"a|b": {"s": {"i": [1.0]}}, "b": {"t": {"j": [2.0]}}})
    dataset = loaded(tmp_path / "x.p", label_separator="|")
    assert (dataset.label_names, dataset.labels.tolist()) == (("a", "b"), [[1, 1], [0, 1]])


@pytest.mark.parametrize("suffix", [".npz", ".parquet"])
@pytest.mark.parametrize("rarest", [0.1, 0.3])
def test_what_is_saved_loads_again(tmp_path: Path, suffix: str, rarest: float) -> None:
    dataset = make_multilabel_embeddings(n_subjects=20, n_labels=4, n_features=3, rarest=rarest)
    subjects = rarest > 0.2
    dataset = dataset if subjects else dataset.without_subjects()
    path = tmp_path / f"saved{suffix}"
    save_embeddings(dataset, path)
    again = loaded(path)
    assert again.label_names == dataset.label_names
    assert again.simulated
    for name in ("embeddings", "labels", "images"):
        assert getattr(again, name).tobytes() == getattr(dataset, name).tobytes()
    assert (again.subjects is None) == (not subjects)
    assert repr(again) == repr(dataset)


def test_a_real_set_is_saved_without_the_mark_of_a_simulated_one(tmp_path: Path) -> None:
    dataset = MultilabelDataset.from_indicators([[1.0], [2.0]], [[1, 0], [0, 1]], ["a", "b"])
    save_embeddings(dataset, tmp_path / "x.parquet")
    assert not loaded(tmp_path / "x.parquet").simulated


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_any_labels_come_back_from_texts(rows: list[list[bool]]) -> None:
    names = np.array(["a", "b", "c"])
    rows = [[True, True, True], *rows]
    table = {"e0": np.arange(len(rows)), "syndrome": [";".join(names[row]) for row in rows]}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.parquet"
        path.write_bytes(parquet_bytes(table))
        found = loaded(path, label_separator=";").labels
    np.testing.assert_array_equal(found, rows)


def test_an_archive_names_its_labels_or_numbers_them(tmp_path: Path) -> None:
    vectors, labels = np.eye(2), np.array([[1.0, 0.0], [1.0, 1.0]])
    path = tmp_path / "x.npz"
    path.write_bytes(npz_bytes(embeddings=vectors, Y=labels))
    assert loaded(path, columns={"labels": "Y"}).label_names == ("0", "1")
    path.write_bytes(npz_bytes(embeddings=vectors, labels=labels.astype(int), label_names=["a", "b"]))
    assert loaded(path).label_names == ("a", "b")
    path.write_bytes(npz_bytes(embeddings=vectors, labels=labels, label_names=["a", "b", "c"]))
    with refused("wrong_shape"):
        load_embeddings(path)
    path.write_bytes(npz_bytes(embeddings=vectors, labels=[1, 0], label_names=["a", "b"]))
    with refused("wrong_shape"):
        load_embeddings(path)


def test_an_archive_with_syndromes_is_read_by_them_if_these_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    arrays: dict[str, Any] = {
        "embeddings": np.eye(2),
        "labels": np.eye(2),
        "label_names": ["a", "b"],
        "dx": ["u", "v"],
    }
    path.write_bytes(npz_bytes(**arrays))
    named = {"syndrome": "dx", "features": "embeddings"}
    assert type(load_embeddings(path, columns=named)) is EmbeddingDataset
    dataset = make_multilabel_embeddings(n_subjects=5, n_labels=2, n_features=2)
    save_embeddings(dataset, tmp_path / "x.parquet")
    single = load_embeddings(
        tmp_path / "x.parquet", columns={"syndrome": "label_Simulated finding 1", "features": "embedding"}
    )
    assert {*single.syndromes} == {"0", "1"}


def in_doubt(folder: Path, suffix: str = ".csv") -> Path:
    table = TABLE.assign(finding_edema=[1, -1, 0], finding_effusion=[np.nan, 1, -1])
    return written(folder, table, suffix)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_an_entry_in_doubt_is_refused_with_its_row_and_column(tmp_path: Path, suffix: str) -> None:
    path = in_doubt(tmp_path, suffix)
    line = " (line 2)" if suffix == ".csv" else ""
    with refused("missing_labels", "missing_labels") as caught:
        load_embeddings(path, columns=COLUMNS)
    assert str(caught.value) == (
        f"{path}: the label 'effusion' is missing in row 1{line} (in all there are 1 missing and 2 uncertain "
        "entries): say with missing_labels whether they are 0, 1, or their rows left out."
    )
    with refused("uncertain_labels", "uncertain_labels"):
        load_embeddings(path, columns=COLUMNS, missing_labels="0")


def test_entries_in_doubt_are_taken_as_asked_and_counted(tmp_path: Path) -> None:
    dataset = loaded(in_doubt(tmp_path), columns=COLUMNS, uncertain_labels="1", missing_labels="0")
    assert dataset.labels.tolist() == [[1, 0], [1, 1], [0, 1]]
    assert [entry.message for entry in dataset.audit.mapped_labels] == [
        "1 missing entries of the label 'effusion' were taken for 0.",
        "1 uncertain entries of the label 'edema' were taken for 1.",
        "1 uncertain entries of the label 'effusion' were taken for 1.",
    ]


def test_rows_in_doubt_are_left_out_and_listed(tmp_path: Path) -> None:
    path = in_doubt(tmp_path)
    with pytest.warns(RefusedRowsWarning, match="2 of 3 rows refused"):
        dataset = loaded(path, columns=COLUMNS, uncertain_labels="drop", missing_labels="1")
    assert dataset.labels.tolist() == [[1, 1]]
    assert [row.message for row in dataset.audit.refused] == [
        "Row 2 (line 3, subject 's', image 'j'): the label 'edema' is uncertain; write 0 or 1.",
        "Row 3 (line 4, subject 't', image 'k'): the label 'effusion' is uncertain; write 0 or 1.",
    ]
    counted = [entry for entry in dataset.audit.mapped_labels if entry.taken_as == "drop"]
    assert [entry.message for entry in counted] == [
        "1 uncertain entries of the label 'edema' were left out with their rows.",
        "1 uncertain entries of the label 'effusion' were left out with their rows.",
    ]
    hidden = pseudonymise(dataset, b"sixteen bytes at least")
    assert hidden.audit.mapped_labels == dataset.audit.mapped_labels


def test_a_row_refused_for_something_else_shows_its_labels(tmp_path: Path) -> None:
    table = pd.concat([TABLE, TABLE.assign(image=["l", "m", "i"], finding_edema=1, finding_effusion=0)])
    path = written(tmp_path, table, ".csv")
    with pytest.warns(RefusedRowsWarning, match="syndrome 'edema'"):
        loaded(path, columns=COLUMNS)
    path.write_text("syndrome,image,e0\na;b,i,1\n,j,1,9\n\0;b,k,2\nb,l,3\n")
    with pytest.warns(RefusedRowsWarning, match="2 of 4 rows"):
        dataset = loaded(path, label_separator=";")
    assert [row.reason for row in dataset.audit.refused] == ["wrong_length", "invalid_id"]


def test_image_ids_that_start_anew_are_made_unique_by_their_subject_alone(tmp_path: Path) -> None:
    table = pd.DataFrame({"subject": [*"sstt"], "image": [1, 2, 1, 2], "e0": range(4)})
    table = table.assign(finding_a=[1, 0, 1, 0], finding_b=1)
    dataset = loaded(written(tmp_path, table, ".csv"), columns=COLUMNS)
    assert dataset.images.tolist() == ["s/1", "s/2", "t/1", "t/2"]
    path = written(tmp_path, table.assign(subject="s", finding_a=[1, 0, 0, 1]), ".csv")
    with pytest.raises(ColumnsError, match="rows are of 2 images"):
        load_embeddings(path, columns=COLUMNS)


@pytest.mark.parametrize("cell", ["2", "0.5", "yes", "[1]"])
def test_an_entry_that_is_no_label_is_refused(tmp_path: Path, cell: str) -> None:
    path = written(tmp_path, TABLE.astype(object).assign(finding_edema=[1, cell, 0]), ".csv")
    with refused("not_an_indicator") as caught:
        load_embeddings(path, columns=COLUMNS)
    assert f"the label 'edema' is '{cell}' in row 2 (line 3), and labels are 0 or 1" in str(caught.value)


def test_lists_are_no_labels_and_words_of_truth_and_absence_are_known(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    table = {"e0": [1.0, 2.0], "finding_a": ["TRUE", "nan"], "finding_b": [" 1.0", "False"]}
    path.write_bytes(parquet_bytes(table))
    assert loaded(path, columns=COLUMNS, missing_labels="1").labels.tolist() == [[1, 1], [1, 0]]
    path.write_bytes(parquet_bytes({**table, "finding_a": [[1], [0]]}))
    with refused("unsupported_type"):
        load_embeddings(path, columns={**COLUMNS, "features": "e"})


@pytest.mark.parametrize(
    "options, code, parameter",
    [
        ({"columns": {"labels": "diagnosis_"}}, "no_label_columns", "columns"),
        ({"columns": {"labels": "finding_edema"}}, "too_few_labels", None),
        ({"columns": {"labels": "finding_", "syndrome": "subject"}}, "labels_and_syndrome", "columns"),
        ({"columns": {"labels": "s", "features": "e"}}, "labels_of_another_part", "columns"),
        ({"columns": {"labels": "e"}}, "labels_leave_no_features", "columns"),
        ({"columns": COLUMNS, "covariates": ["finding_edema"]}, "covariate_with_a_part", "covariates"),
        ({"columns": COLUMNS, "label_separator": ";"}, "labels_and_separator", "label_separator"),
        (
            {"columns": {"syndrome": "subject", "features": "e"}, "label_separator": ";", "subjects": False},
            None,
            None,
        ),
    ],
)
def test_what_can_not_be_meant_is_refused(
    tmp_path: Path, options: dict[str, Any], code: str | None, parameter: str | None
) -> None:
    table = TABLE if code != "too_few_labels" else TABLE.drop(columns="finding_effusion")
    path = written(tmp_path, table, ".csv")
    if code is None:
        assert loaded(path, **options).label_names == ("s", "t")
        return
    with refused(code, parameter, error=EmbeddingsFileError):
        load_embeddings(path, **options)


def test_labels_that_are_nowhere_are_too_few(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("syndrome,image,e0\n,i,1\n,j,2\n")
    with refused("too_few_labels") as caught:
        load_embeddings(path, label_separator=";")
    assert "there are none" in str(caught.value)


def test_a_proposal_for_columns_keeps_the_labels(tmp_path: Path) -> None:
    path = written(tmp_path, TABLE.drop(columns="subject").assign(patient=[*"stu"]), ".csv")
    with pytest.raises(ColumnsError) as caught:
        load_embeddings(path, columns=COLUMNS)
    assert caught.value.columns == {"labels": "finding_", "subject": "patient"}
    assert loaded(path, columns=caught.value.columns).labels.tolist() == LABELS


def test_labels_without_vectors_are_told_with_the_columns_of_labels(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("image,finding_a,finding_b\ni,1,0\nj,0,1\n")
    with pytest.raises(ColumnsError) as raised:
        load_embeddings(path, columns={"labels": "finding_"})
    assert "finding_a" not in str(raised.value.columns)
