"""Taxonomic levels: read from columns and files, in order, and each group inside one of the next."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from skknn_syndrome.data import EmbeddingDataset, load_embeddings, load_levels, save_embeddings
from skknn_syndrome.data.levels import Levels, as_levels
from tests.refusing import refused

SPECIES = ["machaon", "hospiton", "machaon", "apollo"]
GENERA = ["Papilio", "Papilio", "Papilio", "Parnassius"]
TABLE = "species,specimen,genus,tribe,sex,e0\n" + "".join(
    f"{species},{row},{genus},{genus[0]}-tribe,f,{row}\n"
    for row, (species, genus) in enumerate(zip(SPECIES, GENERA, strict=True))
)
COLUMNS = {"syndrome": "species", "subject": "specimen", "features": "e"}


class TestOrder:
    def test_the_finest_level_is_that_of_the_labels_and_others_follow_by_size(self) -> None:
        levels = as_levels({"family": ["P"] * 4, "genus": GENERA, "species": SPECIES}, SPECIES)
        assert levels is not None
        assert levels.names == ("species", "genus", "family")
        assert [level.tolist() for level in levels.of(["apollo", "machaon"])] == [
            ["apollo", "machaon"],
            ["Parnassius", "Papilio"],
            ["P", "P"],
        ]
        assert levels.containing("genus", "family") == {"Papilio": "P", "Parnassius": "P"}

    def test_groups_of_images_of_classes_and_of_frames_are_the_same(self) -> None:
        of_images = as_levels({"genus": GENERA}, SPECIES)
        of_classes = as_levels({"genus": dict(zip(SPECIES, GENERA, strict=True))}, SPECIES)
        of_frame = as_levels(pd.DataFrame({"genus": GENERA}), SPECIES)
        assert of_images is not None
        assert of_images.names == ("class", "genus")
        for other in (of_classes, of_frame, as_levels(of_images, SPECIES)):
            assert other is not None
            assert (other.names, other.paths) == (of_images.names, of_images.paths)

    def test_a_missing_group_is_that_of_the_class(self) -> None:
        levels = as_levels({"genus": ["Papilio", "Papilio", None, "Parnassius"]}, SPECIES)
        assert levels is not None
        assert levels.paths["machaon"] == ("machaon", "Papilio")

    def test_numbers_are_labels_too_and_nothing_has_no_levels(self) -> None:
        levels = as_levels({"genus": {1: "a", 2: "a"}}, np.array([2, 1]))
        assert levels is not None
        assert levels.of([1])[1].tolist() == ["a"]
        assert as_levels(None, SPECIES) is None


@pytest.mark.parametrize(
    "given, code",
    [
        ({"genus": ["Papilio", "Papilio", "Iphiclides", "Parnassius"]}, "not_nested"),
        ({"genus": GENERA, "family": ["P", "Q", "P", "P"]}, "not_nested"),
        ({"genus": ["Papilio", "", "Papilio", "Parnassius"]}, "class_without_group"),
        ({"genus": {"machaon": "P", "hospitom": "P", "apollo": "P"}}, "class_without_group"),
        ({"genus": GENERA[:2]}, "wrong_shape"),
        ({"genus": [["P"], "P", "P", "P"]}, "invalid_id"),
        ({}, "no_levels"),
        (["genus"], "wrong_type"),
        ({"species": SPECIES}, "no_levels"),
        ({"class": GENERA}, "repeated_level"),
    ],
)
def test_levels_that_do_not_fit_are_refused(given: Any, code: str) -> None:
    with refused(code, "levels"):
        as_levels(given, SPECIES)


def test_what_crosses_is_named_and_a_slip_is_guessed() -> None:
    with pytest.raises(
        ValueError, match="'machaon' lies in two of the level 'genus': 'Papilio' and 'Iphiclides'"
    ):
        as_levels({"genus": ["Papilio", "Papilio", "Iphiclides", "Parnassius"]}, SPECIES)
    with pytest.raises(
        ValueError, match="'hospiton' has no group at the level 'genus'; there is one for 'hospitom'"
    ):
        as_levels({"genus": {"machaon": "P", "hospitom": "P", "apollo": "P"}}, SPECIES)


def test_classes_are_told_apart_by_blanks_and_a_near_miss_is_named(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.csv"
    path.write_text("species, genus\n" + "a , A \n" + " , \n" + "b,A\n")
    found = as_levels(load_levels(path), ["a ", "b"])
    assert found is not None
    assert found.names == ("species", "genus")
    assert found.paths == {"a ": ("a ", "A"), "b": ("b", "A")}
    with pytest.raises(ValueError, match="'a' has no group at the level 'species'; there is one for 'a '"):
        as_levels(load_levels(path), ["a", "b"])


class TestDataSets:
    def test_levels_are_columns_of_a_table_and_the_labels_may_be_named_too(self, tmp_path: Path) -> None:
        path = tmp_path / "wings.csv"
        path.write_text(TABLE)
        asked = ["species", "genus", "tribe"]
        dataset = load_embeddings(path, columns=COLUMNS, levels=asked, covariates=["sex"])
        assert dataset.levels is not None
        assert dataset.levels.names == ("species", "genus", "tribe")
        assert [covariate.name for covariate in dataset.covariates] == ["sex"]
        assert dataset.without_subjects().levels is not None

    def test_a_file_of_classes_adds_levels_to_any_format(self, tmp_path: Path) -> None:
        path, taxonomy = tmp_path / "wings.npz", tmp_path / "taxonomy.csv"
        plain = EmbeddingDataset.from_arrays(np.eye(4), SPECIES, covariates={"sex": ["f", "m", "f", "m"]})
        save_embeddings(plain, path)
        taxonomy.write_text(
            "species;genus\n" + ";Unused\n" + "machaon;Papilio\nhospiton;Papilio\napollo;Parnassius\n"
        )
        dataset = load_embeddings(path, level_file=taxonomy)
        assert dataset.levels is not None
        assert dataset.levels.names == ("species", "genus")
        assert [covariate.name for covariate in dataset.covariates] == ["sex"]

    def test_the_labels_are_called_syndrome_unless_their_column_is(self, tmp_path: Path) -> None:
        path = tmp_path / "wings.csv"
        path.write_text(TABLE.replace("species", "syndrome_id").replace("specimen", "subject"))
        levels = load_embeddings(path, columns={"features": "e"}, levels=["genus"]).levels
        assert levels is not None
        assert levels.names == ("syndrome", "genus")

    def test_levels_of_other_classes_do_not_fit_a_data_set(self) -> None:
        levels = Levels(("species", "genus"), {"apollo": ("apollo", "Parnassius")})
        with refused("class_without_group", "levels"):
            EmbeddingDataset.from_arrays(np.eye(4), SPECIES, levels=levels)

    @pytest.mark.parametrize(
        "options, code, parameter",
        [
            ({"levels": ["order"]}, "no_such_level", "levels"),
            ({"levels": ["specimen"]}, "level_with_a_part", "levels"),
            ({"levels": ["sex"], "covariates": ["sex"]}, "level_and_covariate", "levels"),
            ({"levels": "genus"}, "no_list", "levels"),
            ({"levels": ["species"]}, "no_levels", "levels"),
            ({"levels": ["genus"], "covariates": "sex"}, "no_list", "covariates"),
        ],
    )
    def test_columns_that_can_be_no_levels(
        self, tmp_path: Path, options: dict[str, Any], code: str, parameter: str
    ) -> None:
        path = tmp_path / "wings.csv"
        path.write_text(TABLE)
        with refused(code, parameter):
            load_embeddings(path, columns=COLUMNS, **options)

    def test_several_labels_an_image_have_no_levels(self, tmp_path: Path) -> None:
        path = tmp_path / "xrays.csv"
        path.write_text("image,l_a,l_b,genus,e0\n1,1,0,x,0.5\n2,0,1,y,0.5\n")
        with refused("levels_of_label_sets", "levels"):
            load_embeddings(path, columns={"labels": "l_", "features": "e"}, levels=["genus"])


@pytest.mark.parametrize(
    "text, code",
    [
        ("species\nmachaon\n", "one_column"),
        ("", "one_column"),
        ("species,species\na,b\n", "repeated_level"),
        ("species,genus\na,A,x\n", "wrong_length"),
        ("species,genus\na,A\na,B\n", "not_nested"),
        ('species,genus\n"a,A\n', "not_csv"),
        ("species,genus\n\xff,A\n", "not_csv"),
    ],
)
def test_files_of_levels_that_can_not_be_read(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "taxonomy.csv"
    path.write_bytes(text.encode("latin-1"))
    with refused(code, "level_file"):
        load_levels(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with refused("unreadable", "level_file"):
        load_levels(tmp_path / "none.csv")
