"""New cases: vectors and ids from files of any format, with labels or without."""

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from skknn_syndrome.data import EmbeddingDataset, load_new_cases, save_embeddings
from skknn_syndrome.errors import ColumnsError, EmbeddingsFileError, RefusedRowsWarning
from tests.refusing import refused

VECTORS = {"e0": [0.5, 0.25], "e1": [1.0, 2.0]}
IDS: list[dict[str, list[str | None]]] = [
    {},
    {"image": ["a", "b"]},
    {"syndrome": ["x", None], "subject": ["s", "t"], "image": ["a", "b"]},
]


@pytest.mark.parametrize("ids", IDS, ids=["none", "images", "all"])
@pytest.mark.parametrize("suffix", ["csv", "parquet", "lists.parquet", "npz"])
def test_labels_may_be_missing_and_are_not_read(
    ids: dict[str, list[str | None]], suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"new.{suffix}"
    rows = np.array([*VECTORS.values()]).T
    if suffix == "npz":
        arrays = {f"{name}s": ["" if cell is None else cell for cell in cells] for name, cells in ids.items()}
        np.savez(path, embeddings=rows, **arrays)  # type: ignore[arg-type] # lists of text
    elif suffix == "csv":
        pd.DataFrame({**ids, **VECTORS}).to_csv(path, index=False)
    else:
        vectors = {"embedding": rows.tolist()} if suffix.startswith("lists") else VECTORS
        pd.DataFrame({**ids, **vectors}).to_parquet(path)
    found = load_new_cases(path)
    np.testing.assert_array_equal(found.embeddings, rows)
    assert found.images.tolist() == (["a", "b"] if "image" in ids else ["1", "2"])
    assert (None if found.subjects is None else found.subjects.tolist()) == ids.get("subject")
    assert found.embedder is None


def test_a_pickle_may_have_any_key_for_a_label(tmp_path: Path) -> None:
    path = tmp_path / "new.p"
    path.write_bytes(pickle.dumps({"": {"s": {"a": np.ones(3), "b": np.zeros(3)}}}))
    assert load_new_cases(path).images.tolist() == ["a", "b"]
    with refused("no_columns_to_name", "columns"):
        load_new_cases(path, columns={"image": "i"})


def test_a_column_named_for_labels_is_left_unread(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("diagnosis,image,e0,e1\n,a,1,2\n,b,3,4\n")
    assert load_new_cases(path, columns={"syndrome": "diagnosis"}).images.tolist() == ["a", "b"]
    with pytest.raises(ColumnsError) as raised:
        load_new_cases(path)
    assert raised.value.codes == ("unread_columns",)
    assert "syndrome" not in raised.value.columns


@pytest.mark.parametrize("suffix", ["parquet", "npz"])
def test_covariates_of_a_saved_gallery_are_no_hindrance(suffix: str, tmp_path: Path) -> None:
    data = EmbeddingDataset.from_arrays(
        [[0.5, 1.0], [0.25, 2.0]], ["x", "y"], ["s", "t"], ["a", "b"], covariates={"sex": ["f", "m"]}
    )
    save_embeddings(data, tmp_path / f"saved.{suffix}")
    found = load_new_cases(tmp_path / f"saved.{suffix}")
    assert found.images.tolist() == ["a", "b"]
    np.testing.assert_array_equal(found.embeddings, data.embeddings)


def test_rows_that_can_not_be_used_are_told(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("image,e0,e1\na,1,2\nb,,4\nc,1\n")
    with pytest.warns(RefusedRowsWarning):
        found = load_new_cases(path)
    assert [row.row for row in found.audit.refused] == [2, 3]
    assert {row.syndrome for row in found.audit.refused} == {None}


def test_a_file_without_vectors_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("image,subject\na,b\n")
    with pytest.raises(EmbeddingsFileError):
        load_new_cases(path)
