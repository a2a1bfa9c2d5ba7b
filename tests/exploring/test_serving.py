"""The server: whom it listens to, and how it ends."""

import json
import re
import threading
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
import uvicorn

from skknn_syndrome.data import save_embeddings
from skknn_syndrome.errors import StudyFileError
from skknn_syndrome.exploring import serving
from skknn_syndrome.exploring.model_cases import ModelCases
from skknn_syndrome.exploring.serving import bound, open_explored, serve
from skknn_syndrome.exploring.study_cases import StudyCases
from tests.cli.conftest import Run, run  # noqa: F401  a fixture
from tests.exploring.builders import mapped_study, model_cases
from tests.model.builders import gallery, knn_model
from tests.refusing import refused


def test_a_file_is_a_model_or_a_study(tmp_path: Path) -> None:
    knn_model().save(tmp_path / "a.model")
    mapped_study().save(tmp_path / "study.json")
    assert isinstance(open_explored(tmp_path / "a.model"), ModelCases)
    assert isinstance(open_explored(tmp_path / "study.json"), StudyCases)
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(StudyFileError):
        open_explored(tmp_path / "x.json")


def test_a_port_that_is_taken_is_told() -> None:
    with bound(0) as taken:
        assert taken.getsockname()[0] == "127.0.0.1"
        taken.listen()
        with refused("port_unusable", "port"):
            bound(taken.getsockname()[1])


def test_the_address_works_while_it_is_served(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    servers: list[uvicorn.Server] = []
    made = uvicorn.Server.__init__

    def keep(self: uvicorn.Server, config: uvicorn.Config) -> None:
        made(self, config)
        servers.append(self)

    monkeypatch.setattr(uvicorn.Server, "__init__", keep)
    told: list[str] = []
    options = {"port": 0, "max_bytes": 1000, "tell": told.append}
    thread = threading.Thread(target=lambda: serve(model_cases(), **options))  # type: ignore[arg-type] # by name
    thread.start()
    while not told:
        time.sleep(0.01)
    (address,) = told
    with urlopen(f"{address}api/overview", timeout=10) as answer:  # noqa: S310  of this test
        assert json.load(answer)["kind"] == "model"
        assert "server" not in answer.headers
    servers[0].should_exit = True
    thread.join(10)
    assert not thread.is_alive()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{43}/", address)
    assert not caplog.records


def test_an_interrupt_is_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(uvicorn.Server, "run", interrupt)
    serve(model_cases(), port=0, max_bytes=1, tell=lambda _: None)


def test_the_verb_serves_and_says_where(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # noqa: F811
    opened: list[str] = []
    given: dict[str, object] = {}

    def stand_in(explored: object, *, tell: object, **options: object) -> None:
        given.update(options, kind=type(explored).__name__)
        tell("http://127.0.0.1:1/x/")  # type: ignore[operator] # a function

    monkeypatch.setattr(serving, "serve", stand_in)
    monkeypatch.setattr("webbrowser.open", opened.append)
    knn_model().save(tmp_path / "a.model")
    outcome = run("explore", "a.model", "--port", "8080", "--max-upload", "1", "--open")
    assert outcome.exit_code == 0, outcome.stderr
    assert "http://127.0.0.1:1/x/" in outcome.stdout
    assert given == {"port": 8080, "max_bytes": 2**20, "kind": "ModelCases"}
    assert opened == ["http://127.0.0.1:1/x/"]
    save_embeddings(gallery(), tmp_path / "a.npz")
    assert run("explore", "a.model", "--data", "a.npz").exit_code == 0
    other = run("explore", "a.model", "--data", "a.npz", "--no-subjects")
    assert other.exit_code == 2
    assert run("explore", "no.model").exit_code == 1
    monkeypatch.setattr("skknn_syndrome.cli.explore.find_spec", lambda _: None)
    missing = run("explore", "a.model")
    assert missing.exit_code == 1
    assert "skknn-syndrome[explore]" in missing.stderr
