"""Output folders change as a whole: locked, staged, swapped in at the end."""

import json
import os
import stat
from pathlib import Path

import pytest

from skknn_syndrome._files import write_text
from skknn_syndrome._output import (
    MANIFEST,
    open_output,
)
from skknn_syndrome.errors import FileInUseError, ForeignFileError, SkknnSyndromeError
from tests.output_builders import NEW, OLD, content, stage, write


def test_a_new_folder_holds_what_was_staged_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path / "deep" / "study", OLD)
    assert content(tmp_path / "deep" / "study") == OLD


def test_the_next_run_replaces_all_and_removes_what_it_lacks(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    write(tmp_path, NEW)
    assert content(tmp_path) == NEW


def test_what_others_put_there_stays(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    write_text(tmp_path / "tables" / "mine.csv", "mine")
    write_text(tmp_path / "tables" / "b.csv", "changed by hand")
    write(tmp_path, NEW)
    assert content(tmp_path) == NEW | {"tables/mine.csv": "mine", "tables/b.csv": "changed by hand"}


def test_runs_of_another_kind_keep_their_files(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    write(tmp_path, {"report.html": "page"}, kind="report")
    write(tmp_path, NEW)
    assert content(tmp_path) == NEW | {"report.html": "page"}


def test_names_known_as_ours_are_removed_without_a_manifest(tmp_path: Path) -> None:
    write_text(tmp_path / "tables" / "b.csv", "of an earlier version")
    write(tmp_path, NEW, ours=["tables/a.csv", "tables/b.csv", "tables/never.csv"])
    assert content(tmp_path) == NEW


def test_kept_files_stay_and_are_remembered(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    write(tmp_path, {"study.json": "new"}, kept=["tables/a.csv", "never.csv"])
    assert content(tmp_path) == {"study.json": "new", "tables/a.csv": "old a"}
    write(tmp_path, {"study.json": "newer"})
    assert content(tmp_path) == {"study.json": "newer"}


def test_without_commit_nothing_changes_and_nothing_is_left(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    with open_output(tmp_path, kind="study", last="study.json") as output:
        stage(output, NEW)
    assert content(tmp_path) == OLD


def test_a_folder_made_for_nothing_is_removed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), open_output(tmp_path / "a" / "b", kind="study", last="x"):
        raise RuntimeError
    assert not list(tmp_path.iterdir())


def test_a_second_run_is_refused_at_once(tmp_path: Path) -> None:
    with open_output(tmp_path, kind="study", last="study.json") as output:
        with pytest.raises(FileInUseError, match="Another run"):
            write(tmp_path, OLD)
        stage(output, NEW)
        output.commit()
    assert content(tmp_path) == NEW


def test_a_manifest_that_was_tampered_with_proves_nothing(tmp_path: Path) -> None:
    for text in ("[]", "{", '{"study": 3}', '{"study": {"tables/b.csv": "0"}}'):
        write(tmp_path, OLD)
        write_text(tmp_path / MANIFEST, text)
        write(tmp_path, NEW)
        assert content(tmp_path) == NEW | {"tables/b.csv": "old b"}


class TestStaleFiles:
    def test_a_file_that_another_kind_wrote_too_stays(self, tmp_path: Path) -> None:
        write(tmp_path, NEW | {"figures/x.svg": "x"})
        write(tmp_path, {"report.html": "page", "figures/x.svg": "x"}, kind="report")
        write(tmp_path, {"report.html": "other"}, kind="report")
        assert content(tmp_path) == NEW | {"figures/x.svg": "x", "report.html": "other"}

    def test_names_known_as_ours_count_without_a_manifest_only(self, tmp_path: Path) -> None:
        write(tmp_path, OLD)
        write_text(tmp_path / "tables" / "mine.csv", "mine")
        write(tmp_path, NEW, ours=["tables/mine.csv"])
        assert content(tmp_path) == NEW | {"tables/mine.csv": "mine"}

    def test_nothing_is_removed_through_a_link_and_no_folder(self, tmp_path: Path) -> None:
        folder = tmp_path / "study"
        write_text(tmp_path / "theirs" / "b.csv", "theirs")
        (folder / "c.csv").mkdir(parents=True)
        (folder / "tables").symlink_to(tmp_path / "theirs")
        write(folder, {"study.json": "new"}, ours=["tables/b.csv", "c.csv"])
        assert content(tmp_path / "theirs") == {"b.csv": "theirs"}
        assert (folder / "c.csv").is_dir()

    def test_one_that_can_not_be_removed_is_named_and_holds_nothing_up(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, OLD)
        unlink = Path.unlink

        def fail(path: Path, **options: bool) -> None:
            if path.name == "b.csv":
                raise PermissionError(13, "Permission denied", str(path))
            unlink(path, **options)

        monkeypatch.setattr(Path, "unlink", fail)
        with pytest.warns(UserWarning, match=r"b\.csv is of an earlier run"):
            write(tmp_path, NEW)
        assert content(tmp_path).items() >= NEW.items()


class TestForeignFiles:
    """What this package did not write is not written over without a word."""

    def check(self, folder: Path, names: list[str]) -> None:
        with open_output(folder, kind="report", last="report.qmd") as output:
            output.refuse_foreign(names)

    def test_own_files_pass_and_so_do_those_that_are_not_there(self, tmp_path: Path) -> None:
        write(tmp_path, OLD)
        self.check(tmp_path, [*OLD, "new.txt"])

    @pytest.mark.parametrize("name", ["references.bib", "folder", "link", "linked/a.csv", "tables/a.csv"])
    def test_others_and_changed_ones_are_named(self, tmp_path: Path, name: str) -> None:
        folder = tmp_path / "out"
        write(folder, OLD)
        write_text(folder / "references.bib", "mine")
        write_text(folder / "tables" / "a.csv", "changed")
        (folder / "folder").mkdir()
        (folder / "link").symlink_to(folder / "study.json")
        (folder / "linked").symlink_to(folder / "tables")
        with pytest.raises(ForeignFileError, match=f"{name}.*force=True"):
            self.check(folder, [name])

    def test_many_are_counted(self, tmp_path: Path) -> None:
        for number in range(5):
            write_text(tmp_path / f"{number}.txt", "mine")
        with pytest.raises(ForeignFileError, match=r"2\.txt and 2 more"):
            self.check(tmp_path, [f"{number}.txt" for number in range(5)])


class TestLinksAndModes:
    def test_a_linked_folder_is_replaced_and_not_written_through(self, tmp_path: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        write_text(elsewhere / "a.csv", "theirs")
        folder = tmp_path / "out"
        folder.mkdir()
        (folder / "tables").symlink_to(elsewhere)
        write(folder, NEW)
        assert content(elsewhere) == {"a.csv": "theirs"}
        assert content(folder) == NEW
        assert not (folder / "tables").is_symlink()

    def test_the_folder_itself_may_be_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "disk").mkdir()
        (tmp_path / "out").symlink_to(tmp_path / "disk")
        write(tmp_path / "out", NEW)
        assert content(tmp_path / "disk") == NEW

    def test_modes_of_files_are_kept(self, tmp_path: Path) -> None:
        write(tmp_path, OLD)
        (tmp_path / "study.json").chmod(0o600)
        write(tmp_path, NEW)
        assert stat.S_IMODE((tmp_path / "study.json").stat().st_mode) == 0o600

    def test_a_folder_where_a_file_has_to_be_is_told_before_anything_changes(self, tmp_path: Path) -> None:
        write(tmp_path, OLD)
        (tmp_path / "x.txt").mkdir()
        with pytest.raises(SkknnSyndromeError, match=r"x\.txt is a folder"):
            write(tmp_path, NEW | {"x.txt": ""})
        assert content(tmp_path) == OLD

    def test_a_file_where_a_folder_has_to_be_is_told_too(self, tmp_path: Path) -> None:
        write_text(tmp_path / "tables", "mine")
        with pytest.raises(SkknnSyndromeError, match="tables is a file"):
            write(tmp_path, NEW)
        assert content(tmp_path) == {"tables": "mine"}

    def test_a_folder_without_permission_is_told_too(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, OLD)
        monkeypatch.setattr(os, "access", lambda place, _: Path(place).name != "tables")
        with pytest.raises(SkknnSyndromeError, match="permission"):
            write(tmp_path, NEW)
        assert content(tmp_path) == OLD


def test_a_full_disk_names_the_file_as_it_would_have_been(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match="No space") as caught,
        open_output(tmp_path, kind="a", last="b") as output,
    ):
        raise OSError(28, "No space left on device", str(output.staging / "tables" / "a.csv"))
    assert caught.value.filename == str(tmp_path / "tables" / "a.csv")


def test_an_error_without_a_name_keeps_its_message(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No pandoc was found"), open_output(tmp_path, kind="a", last="b"):
        raise OSError("No pandoc was found")


def test_a_file_system_that_syncs_no_folders_loses_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def fail(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(22, "Invalid argument")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", fail)
    write(tmp_path, NEW)
    assert content(tmp_path) == NEW


def test_errors_on_other_files_keep_their_names(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught, open_output(tmp_path, kind="a", last="b"):
        (tmp_path / "data.csv").read_bytes()
    assert caught.value.filename == str(tmp_path / "data.csv")


def test_a_last_run_is_known_by_its_files(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    with open_output(tmp_path, kind="study", last="study.json") as output:
        stage(output, {"study.json": "old", "tables/a.csv": "new"})
        assert output.is_unchanged("study.json")
        assert not output.is_unchanged("tables/a.csv")


def test_the_manifest_names_what_was_written(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    assert json.loads((tmp_path / MANIFEST).read_text())["study"].keys() == OLD.keys()
