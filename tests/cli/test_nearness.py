"""What somebody may have meant."""

from pathlib import Path

from skknn_syndrome.cli.nearness import nearest_file
from skknn_syndrome.errors import nearest_name


def test_the_name_most_alike_is_found() -> None:
    assert nearest_name("studdy", ["audit", "study", "steady"]) == "study"


def test_where_nothing_is_alike_nothing_is_named() -> None:
    assert nearest_name("xylophone", ["audit", "study"]) is None
    assert nearest_name("study", []) is None


def test_a_file_of_the_same_folder_is_found(tmp_path: Path) -> None:
    for name in ("faces.csv", "shells.npz"):
        (tmp_path / name).touch()
    assert nearest_file(tmp_path / "face.csv") == tmp_path / "faces.csv"
    assert nearest_file(tmp_path / "xylophone") is None


def test_in_a_folder_that_is_none_there_is_no_file(tmp_path: Path) -> None:
    assert nearest_file(tmp_path / "nowhere" / "faces.csv") is None
