"""Output folders change as a whole: locked, staged, swapped in at the end."""

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from skknn_syndrome import _output
from skknn_syndrome._files import write_text
from skknn_syndrome._output import LOCK, MANIFEST, WORK, OutputFolder, finish_interrupted, open_output
from skknn_syndrome.errors import FileInUseError, ForeignFileError, SkknnSyndromeError

FORCE = "take force=True"


def write(folder: Path, files: dict[str, str], *, kind: str = "study", **options: list[str]) -> None:
    with open_output(folder, kind=kind, last="study.json") as output:
        stage(output, files)
        output.commit(**options)


def stage(output: OutputFolder, files: dict[str, str]) -> None:
    for name, text in files.items():
        write_text(output.staging / name, text)


def content(folder: Path) -> dict[str, str]:
    """All files of a folder but the manifest, hidden ones included."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


OLD = {"study.json": "old", "tables/a.csv": "old a", "tables/b.csv": "old b"}
NEW = {"study.json": "new", "tables/a.csv": "new a"}


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


class TestKilled:
    """A killed run leaves what the next one, or the next reader, puts right."""

    def kill(self, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
        """Stop a run at a call of `step`, without any of its cleaning up."""

        def stop(*_: object) -> None:
            shutil.copytree(folder, folder.with_name("killed"))
            raise KeyboardInterrupt

        write(folder, OLD)
        with monkeypatch.context() as patch:
            patch.setattr(_output, step, stop)
            with pytest.raises(KeyboardInterrupt):
                write(folder, NEW)
        shutil.rmtree(folder)
        folder.with_name("killed").rename(folder)

    def test_before_the_swap_the_old_result_is_whole(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "study"
        self.kill(folder, monkeypatch, "_sync")
        finish_interrupted(folder)
        hidden = {name for name in content(folder) if name.startswith(".")}
        assert content(folder).items() >= OLD.items()
        assert hidden > {LOCK}
        write(folder, NEW)
        assert content(folder) == NEW

    @pytest.mark.parametrize("reader", [finish_interrupted, lambda folder: write(folder, NEW)])
    def test_a_swap_that_was_due_is_finished(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: object
    ) -> None:
        folder = tmp_path / "study"
        self.kill(folder, monkeypatch, "_swap")
        assert callable(reader)
        reader(folder)
        assert content(folder) == NEW

    def test_in_the_midst_of_the_swap_no_result_is_seen_and_the_next_run_finishes_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "study"
        self.kill(folder, monkeypatch, "_put")
        assert not (folder / "study.json").exists()
        finish_interrupted(folder)
        assert content(folder) == NEW

    def test_after_the_last_file_there_is_only_clearing_up(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "study"
        self.kill(folder, monkeypatch, "_swap")
        ready = folder / WORK / "ready"
        for name in (*NEW, MANIFEST):
            (ready / name).replace(folder / name)
        finish_interrupted(folder)
        assert content(folder) == NEW


class TestForeignFiles:
    """What this package did not write is not written over without a word."""

    def check(self, folder: Path, names: list[str]) -> None:
        with open_output(folder, kind="report", last="report.qmd") as output:
            output.refuse_foreign(names, FORCE)

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
        with pytest.raises(ForeignFileError, match=f"{name}.*{FORCE}"):
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
