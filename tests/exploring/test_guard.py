"""Attacks on the server, each of which fails."""

import asyncio
import io
import pickle
import zipfile
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import httpx
import numpy as np
import pytest

from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.exploring.app import PAGE, SHEET_POLICY, create_app
from skknn_syndrome.exploring.guard import HEADERS, Guard, told
from skknn_syndrome.exploring.model_cases import ModelCases
from skknn_syndrome.model import SyndromeModel
from tests.exploring.builders import HOST, MAX_BYTES, TOKEN, app, csv_of, send, upload
from tests.model.builders import gallery

TYPE = {"content-type": "application/octet-stream"}


def refused(answer: httpx.Response) -> tuple[int, str]:
    said = answer.json()
    assert set(said) == {"code", "message", "parameter"}
    return answer.status_code, said["code"]


@pytest.mark.parametrize(
    "path",
    ["", "api/overview", f"{TOKEN}", f"{TOKEN[:-1]}/", f"{TOKEN}x/api/overview", "x/openapi.json", "é/"],
)
def test_nothing_is_answered_without_the_token(path: str) -> None:
    answer = send(path, base=f"http://{HOST}/")
    assert refused(answer) == (403, "wrong_token")
    assert "small.csv" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example:8123", "127.0.0.1", "127.0.0.1:9999", "", f"{HOST}.evil.example"]
)
def test_a_name_that_was_bound_to_this_machine_is_refused(host: str) -> None:
    assert refused(send("api/overview", headers={"host": host})) == (403, "wrong_host")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": f"https://{HOST}"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": f"http://{HOST}"},
    ],
)
def test_another_site_can_send_no_form(headers: dict[str, str]) -> None:
    answer = send("predict?format=csv", "POST", content=csv_of(), headers=TYPE | headers)
    assert refused(answer) == (403, "wrong_origin")


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]
)
def test_no_type_that_a_form_can_have_is_read(kind: str) -> None:
    answer = send("predict?format=csv", "POST", content=csv_of(), headers={"content-type": kind})
    assert refused(answer) == (415, "wrong_type")


def test_the_page_itself_may_send() -> None:
    headers = TYPE | {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
    assert send("predict?format=csv", "POST", content=csv_of(), headers=headers).status_code == 200


def test_an_upload_that_is_told_to_be_large_is_not_read() -> None:
    assert refused(upload(b"x" * (MAX_BYTES + 1), "csv")) == (413, "too_large")
    answer = send("predict?format=csv", "POST", content=b"1", headers=TYPE | {"content-length": "-1"})
    assert refused(answer) == (413, "too_large")


def test_an_upload_without_a_length_is_counted_as_it_comes() -> None:
    sent = 0

    async def gigabyte() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1024):
            sent += 2**20
            yield b"x" * 2**20

    assert refused(upload(gigabyte(), "csv")) == (413, "too_large")
    assert sent == 2**20


class Ran:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise AssertionError('a pickle was run')",)


def test_a_pickle_by_another_name_is_not_run() -> None:
    assert refused(upload(pickle.dumps(Ran()), "npz")) == (400, "wrong_format")
    assert refused(upload(pickle.dumps(Ran()), "npy")) == (400, "broken_array")
    answer = upload(pickle.dumps(Ran()), "p")
    assert answer.status_code == 400
    assert "a pickle was run" not in answer.text


def test_objects_in_an_archive_are_not_unpickled() -> None:
    stream = io.BytesIO()
    np.savez(stream, embeddings=np.array([[Ran()]], dtype=object))
    assert refused(upload(stream.getvalue(), "npz")) == (400, "unsupported_type")


def test_a_zip_bomb_is_not_unpacked() -> None:
    header = io.BytesIO()
    claim = {"descr": "<f4", "fortran_order": False, "shape": (10**6, 2**10)}
    np.lib.format.write_array_header_1_0(header, claim)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("embeddings.npy", header.getvalue() + bytes(10**6))
    content = stream.getvalue().replace(
        (10**6 + 128).to_bytes(4, "little"), (2**32 - 2).to_bytes(4, "little")
    )
    assert len(content) < MAX_BYTES
    status, code = refused(upload(content, "npz"))
    assert (status, code) in {(400, "too_much_memory"), (400, "too_many")}


@pytest.mark.parametrize(
    "path",
    [
        "api/cases/..%2f..%2f..%2fetc%2fpasswd",
        "api/cases/%2e%2e%2f%2e%2e%2fetc/sheet",
        "..%2f..%2fpyproject.toml",
        "%2e%2e/app.py",
        "page.css%00.js",
        "api/cases/-1",
        "api/cases/1e3",
    ],
)
def test_no_path_leads_out_of_what_is_named(path: str) -> None:
    assert refused(send(path)) == (404, "not_found")


def hostile(name: str, image: str) -> Guard:
    data = gallery()
    odd = EmbeddingDataset.from_arrays(
        data.embeddings,
        np.where(data.syndromes == "Apert", name, data.syndromes),
        data.subjects,
        [image, *data.images[1:]],
    )
    model = SyndromeModel.fit(odd, head="centroid", cv=2, inner_cv=2)
    return create_app(ModelCases(model), token=TOKEN, hosts=frozenset({HOST}), max_bytes=MAX_BYTES)


def test_names_are_text_wherever_they_go() -> None:
    script, traversal = "<script>alert(1)</script>", "../../../../etc/passwd"
    odd = hostile(script, traversal)
    answer = send("api/overview", to=lambda: odd)
    assert answer.headers["content-type"] == "application/json"
    assert script in {entry["name"] for entry in answer.json()["classes"]}
    assert answer.json()["images"][0] == traversal
    detail = send("api/cases/0", to=lambda: odd)
    assert (detail.status_code, detail.json()["image"]) == (200, traversal)
    for name in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert not [file.name for file in PAGE.glob("*.js") if name in file.read_text("utf-8")], name


@pytest.mark.parametrize("path", ["", "api/overview", "docs", "main.js", "nowhere", "openapi.json"])
def test_every_answer_forbids_what_is_not_the_page_s_own(path: str) -> None:
    headers = send(path).headers
    assert {name: headers[name] for name in HEADERS} == dict(HEADERS)
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "access-control-allow-origin" not in headers


def test_the_page_asks_nobody_else() -> None:
    for file in PAGE.iterdir():
        text = file.read_text("utf-8")
        assert "https://" not in text, file.name
        assert "http://" not in text, file.name
        assert "<style" not in text, file.name
        assert "style=" not in text, file.name
        assert "onclick" not in text, file.name


def test_a_fault_of_the_program_tells_its_kind_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("Ann Smith")

    monkeypatch.setattr(ModelCases, "case", fail)
    answer = send("api/cases/1")
    assert refused(answer) == (500, "program_at_fault")
    assert "Ann Smith" not in answer.text
    assert told(MemoryError()).status_code == 400


def test_other_methods_are_refused() -> None:
    assert refused(send("api/overview", "POST", headers=TYPE)) == (405, "method_not_allowed")


@pytest.mark.parametrize("kind, sent", [("websocket", ["websocket.close"]), ("lifespan", [])])
def test_sockets_are_closed(kind: str, sent: list[str]) -> None:
    found: list[str] = []

    async def receive() -> dict[str, str]:
        raise AssertionError(kind)

    async def hear(message: MutableMapping[str, Any]) -> None:
        found.append(message["type"])

    asyncio.run(app()({"type": kind, "path": f"/{TOKEN}/"}, receive, hear))
    assert found == sent


def test_a_sheet_may_run_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ModelCases, "sheet", lambda *_: b"<p>sheet</p>")
    answer = send("api/cases/0/sheet")
    assert answer.headers["content-security-policy"] == SHEET_POLICY
    assert "script" not in SHEET_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
