"""Output folders whose runs were killed, or that somebody tampered with."""

import hashlib
import json
import shutil
import signal
import threading
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from skknn_syndrome import _output
from skknn_syndrome._files import write_text
from skknn_syndrome._output import (
    LOCK,
    MANIFEST,
    WORK,
    is_there,
    open_output,
    read_whole,
)
from skknn_syndrome.errors import SkknnSyndromeError
from tests.output_builders import NEW, OLD, content, write


def reopen(folder: Path) -> None:
    """Begin a run of another kind, and leave it without a result."""
    with open_output(folder, kind="other", last="other.json"):
        pass


class TestKilled:
    """A killed run leaves what the next one puts right, and what readers can read."""

    def kill(self, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
        """Stop a run at a call of `step`, without any of its cleaning up."""

        def stop(*_: object) -> None:
            shutil.copytree(folder, folder.with_name("killed"))
            raise RuntimeError

        write(folder, OLD)
        with monkeypatch.context() as patch:
            patch.setattr(_output, step, stop)
            with pytest.raises(RuntimeError):
                write(folder, NEW)
        shutil.rmtree(folder)
        folder.with_name("killed").rename(folder)

    def test_before_the_swap_the_old_result_is_whole(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "study"
        self.kill(folder, monkeypatch, "_sync")
        assert content(folder).items() >= OLD.items()
        assert any(name.startswith(WORK) for name in content(folder))
        assert read_whole(folder / "study.json") == b"old"
        reopen(folder)
        assert content(folder) == OLD

    def test_a_swap_that_was_due_is_finished(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = tmp_path / "study"
        self.kill(folder, monkeypatch, "_swap")
        reopen(folder)
        assert content(folder) == NEW

    def test_what_is_gone_already_need_not_be_removed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "study"
        self.kill(folder, monkeypatch, "_swap")
        (folder / "tables" / "b.csv").unlink()
        reopen(folder)
        assert content(folder) == NEW

    def test_a_result_that_comes_back_while_it_is_read_is_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "study.json"

        def come_back(_: str) -> None:
            path.write_text("new")
            raise FileNotFoundError

        monkeypatch.setattr(_output, "_in_swap", lambda _: Mock(spec=Path, open=Mock(side_effect=come_back)))
        assert read_whole(path) == b"new"

    def test_in_the_midst_of_the_swap_the_new_result_is_read_and_nothing_changed_by_that(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "study"
        self.kill(folder, monkeypatch, "_put")
        before = content(folder)
        assert not (folder / "study.json").exists()
        assert is_there(folder / "study.json")
        assert read_whole(folder / "study.json") == b"new"
        assert content(folder) == before
        reopen(folder)
        assert content(folder) == NEW

    def test_after_the_last_file_there_is_only_clearing_up(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "study"
        self.kill(folder, monkeypatch, "_swap")
        ready = folder / WORK / "ready"
        for name in (*NEW, MANIFEST):
            (ready / name).replace(folder / name)
        reopen(folder)
        assert content(folder) == NEW

    @pytest.mark.parametrize(
        "handler, outcome",
        [(signal.default_int_handler, pytest.raises(KeyboardInterrupt)), (signal.SIG_IGN, nullcontext())],
    )
    def test_ctrl_c_waits_for_the_end_of_the_swap(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        handler: Any,
        outcome: AbstractContextManager[object],
    ) -> None:
        put = _output._put  # noqa: SLF001

        def press(*arguments: Any) -> None:
            signal.raise_signal(signal.SIGINT)
            put(*arguments)

        write(tmp_path, OLD)
        monkeypatch.setattr(_output, "_put", press)
        usual = signal.signal(signal.SIGINT, handler)
        try:
            with outcome:
                write(tmp_path, NEW)
            assert signal.getsignal(signal.SIGINT) is handler
        finally:
            signal.signal(signal.SIGINT, usual)
        assert content(tmp_path) == NEW

    def test_other_threads_leave_signals_alone(self, tmp_path: Path) -> None:
        thread = threading.Thread(target=write, args=(tmp_path, NEW))
        thread.start()
        thread.join()
        assert content(tmp_path) == NEW

    @pytest.mark.parametrize(
        "plan", [None, "{", '{"last": "study.json"}', '{"last": "x", "stale": ["../y"]}']
    )
    def test_what_can_not_be_finished_is_said_and_nothing_changed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plan: str | None
    ) -> None:
        folder = tmp_path / "study"
        self.kill(folder, monkeypatch, "_swap")
        (folder / WORK / "plan.json").unlink()
        if plan is not None:
            (folder / WORK / "plan.json").write_text(plan)
        (folder / LOCK).unlink()
        before = content(folder)
        with pytest.raises(SkknnSyndromeError, match="remove this folder"):
            reopen(folder)
        assert content(folder) == before

    def test_a_link_in_place_of_the_hidden_folder_is_not_followed(self, tmp_path: Path) -> None:
        write_text(tmp_path / "theirs" / "a.txt", "theirs")
        folder = tmp_path / "study"
        folder.mkdir()
        (folder / WORK).symlink_to(tmp_path / "theirs")
        with pytest.raises(SkknnSyndromeError, match="remove this folder"):
            reopen(folder)
        assert content(tmp_path / "theirs") == {"a.txt": "theirs"}


class TestHostileFolders:
    """What lies in somebody else's folder has no say on files outside of it."""

    @pytest.mark.parametrize("name", ["../victim.txt", "{}/victim.txt", "a/../../victim.txt"])
    def test_a_manifest_can_not_name_them(self, tmp_path: Path, name: str) -> None:
        victim = tmp_path / "victim.txt"
        victim.write_text("theirs")
        sha = hashlib.sha256(b"theirs").hexdigest()
        folder = tmp_path / "study"
        write_text(folder / MANIFEST, json.dumps({"study": {name.format(tmp_path): sha}}))
        write(folder, NEW)
        assert victim.read_text() == "theirs"

    def test_a_plan_can_not_name_them(self, tmp_path: Path) -> None:
        victim = tmp_path / "victim.txt"
        victim.write_text("theirs")
        folder = tmp_path / "study"
        write_text(folder / WORK / "ready" / "study.json", "new")
        write_text(folder / WORK / "plan.json", json.dumps({"last": str(victim), "stale": [str(victim)]}))
        with pytest.raises(SkknnSyndromeError, match="is no name of a file in it"):
            reopen(folder)
        assert victim.read_text() == "theirs"
