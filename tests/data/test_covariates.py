"""Covariates: columns that are kept, their levels, and what has none."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from skknn_syndrome.data import EmbeddingDataset, load_embeddings, save_embeddings
from skknn_syndrome.data.covariates import Covariate, as_covariates
from skknn_syndrome.data.multilabel import MultilabelDataset
from skknn_syndrome.data.rows import COVARIATES_KEY
from skknn_syndrome.errors import ColumnsError
from tests.data.make import npz_bytes, parquet_bytes, write
from tests.refusing import refused

TABLE = b"""syndrome,subject,image,e0,sex,age
a,s,i,1,f,0.5
a,t,j,2,,2
b,u,k,3,m,
"""
AGES = "age:0,2"
FEATURES = {".npz": "embeddings", ".parquet": "embedding"}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Give the same rows in every format that has columns."""
    ids = {"syndrome": ["a", "a", "b"], "subject": ["s", "t", "u"], "image": ["i", "j", "k"]}
    sexes, ages = pa.array(["f", None, "m"]), pa.array([0.5, 2.0, None])
    columns = {**ids, "e0": [1.0, 2.0, 3.0], "sex": sexes.dictionary_encode(), "age": ages}
    arrays = {f"{name}s": np.array(values) for name, values in ids.items()}
    arrays |= {"sex": np.array(["f", "", "m"]), "age": np.array([0.5, 2, np.nan])}
    return [
        write(tmp_path / "x.csv", TABLE),
        write(tmp_path / "x.parquet", parquet_bytes(columns)),
        write(tmp_path / "x.npz", npz_bytes(embeddings=np.array([[1.0], [2], [3]]), **arrays)),
    ]


def test_every_format_keeps_the_columns_that_are_asked_for(files: list[Path]) -> None:
    for path in files:
        sex, age = load_embeddings(path, covariates=["sex", AGES]).covariates
        assert (sex.name, age.name) == ("sex", "age")
        assert sex.levels.tolist() == ["f", "missing", "m"]
        assert age.levels.tolist() == ["0 to <2", "2 and over", "missing"]
        assert age.level_names == ("0 to <2", "2 and over", "missing")
        assert sex.known.tolist() == [True, False, True]


def test_what_is_not_asked_for_is_no_covariate(files: list[Path]) -> None:
    with pytest.raises(ColumnsError):
        load_embeddings(files[0])
    assert load_embeddings(files[0], columns={"features": "e"}).covariates == ()


@pytest.mark.parametrize("suffix", [".npz", ".parquet"])
def test_what_is_saved_loads_again_with_its_cut_points(
    files: list[Path], tmp_path: Path, suffix: str
) -> None:
    dataset = load_embeddings(files[0], covariates=["sex", AGES])
    save_embeddings(dataset, tmp_path / f"saved{suffix}")
    again = load_embeddings(tmp_path / f"saved{suffix}")
    for one, other in zip(dataset.covariates, again.covariates, strict=True):
        assert one.column == other.column
        assert one.texts.tolist() == other.texts.tolist()
    banded = load_embeddings(
        tmp_path / f"saved{suffix}", covariates=["age:1"], columns={"features": FEATURES[suffix]}
    )
    assert [covariate.level_names for covariate in banded.covariates] == [
        ("under 1", "1 and over", "missing")
    ]


def test_several_labels_an_image_have_covariates_too(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", b"label_a,label_b,e0,sex\n1,0,1,f\n1,1,2,m\n")
    dataset = load_embeddings(path, columns={"labels": "label_"}, covariates=["sex"])
    assert isinstance(dataset, MultilabelDataset)
    assert dataset.of_label("label_b"[-1]).covariates[0].levels.tolist() == ["f", "m"]


class TestFilesThatAreRefused:
    @pytest.mark.parametrize(
        "asked, code",
        [
            (["height"], "no_such_covariate"),
            (["age:2,0"], "invalid_cuts"),
            (["age:x"], "invalid_cuts"),
            (["height:0,2"], "no_such_covariate"),
            (["height:x"], "no_such_covariate"),
            (["sex", "sex"], "repeated_covariate"),
            ("sex", "no_list"),
            (["subject", "sex", AGES], "covariate_with_a_part"),
            (["sex:0,2", "age"], "no_number"),
        ],
    )
    def test_columns_that_can_be_no_covariates(self, files: list[Path], asked: list[str], code: str) -> None:
        with refused(code, "covariates"):
            load_embeddings(files[0], covariates=asked)

    def test_a_pickle_has_no_columns(self, tmp_path: Path) -> None:
        with refused("no_columns_to_name", "covariates"):
            load_embeddings(write(tmp_path / "x.p", {"a": {"s": {"i": [1.0]}}}), covariates=["sex"])

    def test_lists_in_parquet(self, tmp_path: Path) -> None:
        content = parquet_bytes({"syndrome": ["a"], "e0": [1.0], "boxes": [[1, 2]]})
        with refused("unsupported_type"):
            load_embeddings(write(tmp_path / "x.parquet", content), covariates=["boxes"])

    def test_arrays_of_another_length(self, tmp_path: Path) -> None:
        content = npz_bytes(embeddings=[[1.0]], syndromes=["a"], sex=["f", "m"])
        with refused("wrong_shape"):
            load_embeddings(write(tmp_path / "x.npz", content), covariates=["sex"])

    @pytest.mark.parametrize("note", ["{", "1"])
    def test_a_broken_note_of_covariates(self, tmp_path: Path, note: str) -> None:
        table = pa.table({"syndrome": ["a"], "e0": [1.0]})
        content = parquet_bytes(table.replace_schema_metadata({COVARIATES_KEY: note}))
        with refused("broken_mark"):
            load_embeddings(write(tmp_path / "x.parquet", content))

    @pytest.mark.parametrize("suffix", [".npz", ".parquet"])
    def test_a_covariate_with_the_name_of_a_part_is_not_saved(self, tmp_path: Path, suffix: str) -> None:
        name = {".npz": "embeddings", ".parquet": "embedding"}[suffix]
        dataset = EmbeddingDataset.from_arrays([[1.0]], ["a"], covariates={name: ["f"]})
        with refused("covariate_with_a_part"):
            save_embeddings(dataset, tmp_path / f"x{suffix}")


class TestLevels:
    def test_whole_numbers_that_became_floats_are_whole_again(self) -> None:
        ward = Covariate.of("ward", [2.0, None, 10.0, np.float32(2)])
        assert ward.level_names == ("2", "10", "missing")
        assert ward.numbers is not None
        assert np.isnan(ward.numbers[1])

    def test_of_nothing_known_all_is_missing(self) -> None:
        nothing = Covariate.of("site", [None, ""])
        assert (nothing.level_names, nothing.numbers) == (("missing",), None)

    def test_a_part_of_the_images_keeps_their_levels(self) -> None:
        assert Covariate.of("sex", ["f", "m", "x"]).part(np.array([2, 0])).levels.tolist() == ["x", "f"]

    def test_subjects_whose_images_differ_are_counted(self) -> None:
        view = Covariate.of("view", ["front", "side", "front", "front", None])
        assert view.n_varying(np.array(["s", "s", "t", "t", "t"])) == 1
        assert view.n_varying(None) == 0

    def test_many_numbers_need_cut_points_and_some_are_proposed(self) -> None:
        ages = [str(age) for age in range(1, 41)]
        with refused("no_cut_points", "covariates") as caught:
            Covariate.of("age", ages)
        assert "give cut points, as in covariates=['age:11,20,30']" in str(caught.value)
        banded = Covariate.of("age", ages, cuts=(11, 20, 30))
        assert repr(banded).startswith("Covariate('age:11,20,30': 'under 11', ")

    def test_ids_are_no_levels(self) -> None:
        with refused("too_many_levels", "covariates"):
            Covariate.of("name", [f"n{number}" for number in range(51)])


class TestInMemory:
    def test_a_data_set_is_made_with_them(self) -> None:
        dataset = EmbeddingDataset.from_arrays([[1.0], [2.0]], ["a", "b"], covariates={"age:0,2": [1, None]})
        assert "by age" in repr(dataset)
        assert dataset.covariates[0].levels.tolist() == ["0 to <2", "missing"]

    @pytest.mark.parametrize(
        "given, code",
        [
            ({"sex": ["f"]}, "wrong_shape"),
            ({"sex": ["f", ["m"]]}, "invalid_id"),
            ({"sex": ["f", "m\0"]}, "invalid_id"),
            ({" ": ["f", "m"]}, "wrong_type"),
            (["sex"], "wrong_type"),
            ({"age:0,2": [1, 2], "age:0,3": [1, 2]}, "repeated_covariate"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, given: Any, code: str) -> None:
        with refused(code, "covariates"):
            as_covariates(given, 2)

    def test_a_data_frame_has_a_covariate_a_column(self) -> None:
        given = {"sex": ["f", "m"], "age:0,2": [1, 3]}
        framed, mapped = (as_covariates(each, 2) for each in (pd.DataFrame(given), given))
        assert [*map(repr, framed)] == [*map(repr, mapped)]
