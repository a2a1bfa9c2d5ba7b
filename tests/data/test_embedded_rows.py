"""Tables of embedded images: what made them, what could not be read, and views set aside."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from skknn_syndrome.data import load_embeddings, pseudonymise, save_embeddings
from skknn_syndrome.errors import RefusedRowsWarning
from skknn_syndrome.results.embedder import EmbedderNote
from tests.refusing import refused

NOTE = EmbedderNote(model="a.onnx", architecture="ONNX", weights_sha256="00", preprocessing="{}")


def write(path: Path, note: str | None = None, **columns: Any) -> Path:
    """Write four images of two subjects, with further columns."""
    table = pa.table(
        {
            "syndrome": ["a", "a", "b", "b"],
            "subject": ["s1", "s1", "s2", "s2"],
            "image": ["i1", "i2", "i3", "i4"],
            "embedding": [[1.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, 2.0]],
            **columns,
        }
    )
    note = NOTE.model_dump_json() if note is None else note
    parquet.write_table(table.replace_schema_metadata({"embedder": note}), path)
    return path


def test_a_data_set_knows_what_made_it(tmp_path: Path) -> None:
    dataset = load_embeddings(write(tmp_path / "x.parquet"))
    assert dataset.embedder == NOTE
    save_embeddings(dataset, tmp_path / "again.parquet")
    assert load_embeddings(tmp_path / "again.parquet").embedder == NOTE


@pytest.mark.parametrize("note", ["", "{}", json.dumps({"model": 7})])
def test_a_broken_note_is_refused(tmp_path: Path, note: str) -> None:
    with refused("broken_mark"):
        load_embeddings(write(tmp_path / "x.parquet", note or "no JSON"))


def test_views_are_set_aside_wherever_they_stand(tmp_path: Path) -> None:
    path = write(tmp_path / "x.parquet", augmented_from=["i4", None, "gone", None])
    dataset = load_embeddings(path)
    assert dataset.images.tolist() == ["i2", "i4"]
    assert (dataset.audit.n_accepted, dataset.audit.n_augmented) == (2, 2)
    assert dataset.views is not None
    assert (dataset.views.sources.tolist(), dataset.views.embeddings.tolist()) == (["i4"], [[1.0, 0.0]])
    hidden = pseudonymise(dataset, bytes(16))
    assert hidden.views is not None
    assert hidden.views.sources.tolist() == [hidden.images[1]]
    assert pseudonymise(load_embeddings(write(tmp_path / "y.parquet")), bytes(16)).views is None


def test_why_an_image_was_not_read_is_told_by_its_code_alone(tmp_path: Path) -> None:
    vectors = [None, [2.0, 0.0], None, None]
    faults = ["missing_file", None, "Secret Name!", None]
    with pytest.warns(RefusedRowsWarning):
        dataset = load_embeddings(write(tmp_path / "x.parquet", embedding=vectors, image_fault=faults))
    assert [(row.reason, row.detail) for row in dataset.audit.refused] == [
        ("unreadable_image", "its image could not be read (missing_file)"),
        ("unreadable_image", "its image could not be read (unknown reason)"),
        ("missing_vector", "it has no vector"),
    ]


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
@pytest.mark.parametrize("columns", [None, {"features": "embedding"}], ids=["unnamed", "named"])
def test_views_stay_views_where_another_program_wrote_the_table_again(
    tmp_path: Path, suffix: str, columns: dict[str, str] | None
) -> None:
    path = tmp_path / f"x.{suffix}"
    frame = pd.read_parquet(write(tmp_path / "first.parquet", augmented_from=["i4", None, None, None]))
    frame["embedding"] = [json.dumps(vector.tolist()) for vector in frame["embedding"]]
    frame.to_parquet(path) if suffix == "parquet" else frame.to_csv(path, index=False)
    dataset = load_embeddings(path, columns=columns)
    assert (dataset.n_images, dataset.audit.n_augmented, dataset.audit.unread_columns) == (3, 1, ())
    assert dataset.views is not None
    assert dataset.views.sources.tolist() == ["i4"]
    assert dataset.embedder is None


def test_numbers_name_images_too(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"syndrome": ["a", "b"], "image": [1, 2], "e0": [1.0, 2.0], "augmented_from": [None, 1]}
    )
    frame.astype({"augmented_from": float}).to_parquet(tmp_path / "x.parquet")
    dataset = load_embeddings(tmp_path / "x.parquet")
    assert dataset.views is not None
    assert (dataset.images.tolist(), dataset.views.sources.tolist()) == (["1"], ["1"])


def test_a_column_of_no_views_changes_nothing_and_one_of_views_alone_is_refused(tmp_path: Path) -> None:
    dataset = load_embeddings(write(tmp_path / "x.parquet", augmented_from=[None] * 4))
    assert (dataset.n_images, dataset.audit.n_augmented, dataset.views) == (4, 0, None)
    with refused("no_usable_rows"):
        load_embeddings(write(tmp_path / "x.parquet", augmented_from=["gone"] * 4))


def test_an_archive_holds_no_views(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", embeddings=np.eye(2), syndromes=["a", "b"], augmented_from=["", "i"])
    with refused("views_in_archive"):
        load_embeddings(tmp_path / "x.npz", columns={"features": "embeddings"})


def test_without_known_weights_nothing_tells_encoders_apart() -> None:
    assert NOTE.revised(weights_sha256=None).fingerprint is None
    assert NOTE.fingerprint == NOTE.revised(seconds_per_image=1.0, versions=()).fingerprint
    assert np.unique([NOTE.fingerprint, NOTE.revised(preprocessing="x").fingerprint]).size == 2
