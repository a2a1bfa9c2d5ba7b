"""Files named on the command line."""

import os
from pathlib import Path

import pytest

from skknn_syndrome.cli.files import check_input_files, check_output_file, check_output_folder, did_you_mean
from tests.refusing import refused


def test_a_folder_that_is_there_or_may_be_made_is_none_too_many(tmp_path: Path) -> None:
    check_output_folder(tmp_path)
    check_output_folder(tmp_path / "deep" / "deeper")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("below", ["", "deep/deeper"])
def test_a_file_is_no_folder(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    with refused("output_folder_unusable"):
        check_output_folder(tmp_path / "file" / below)


def test_a_folder_that_may_not_be_written_into_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Taking the permission away would not stop a test that runs as root.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with refused("output_folder_unusable"):
        check_output_folder(tmp_path)


def test_no_file_needs_no_place() -> None:
    check_output_file(None)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    check_output_file(tmp_path / "result.json")
    with refused("output_file_is_a_folder"):
        check_output_file(tmp_path)


def test_a_file_needs_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with refused("output_folder_unusable"):
        check_output_file(tmp_path / "file" / "result.json")


def test_a_link_that_leads_nowhere_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with refused("output_folder_unusable"):
        check_output_folder(tmp_path / "loop")


def test_a_file_that_is_not_there_is_missed_before_anything_is_imported(tmp_path: Path) -> None:
    check_input_files(None, tmp_path, Path("no file\0's name"))
    with refused("no_such_file"):
        check_input_files(tmp_path / "faces.p")


def test_a_file_of_the_same_folder_may_have_been_meant(tmp_path: Path) -> None:
    for name in ("faces.csv", "shells.npz"):
        (tmp_path / name).touch()
    assert did_you_mean(tmp_path / "face.csv") == f" Did you mean {tmp_path / 'faces.csv'}?"
    assert not did_you_mean(tmp_path / "xylophone")


def test_in_a_folder_that_is_none_there_is_no_file(tmp_path: Path) -> None:
    assert not did_you_mean(tmp_path / "nowhere" / "faces.csv")
