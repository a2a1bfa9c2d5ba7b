"""Typst compiles below its root, and its complaints reach the user."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.rendering import pdf
from skknn_syndrome.rendering.pdf import compile_pdf, typst_version

CREATED = datetime(2025, 3, 4, tzinfo=UTC)


def test_the_version_is_told() -> None:
    assert typst_version().count(".") == 2


def test_a_pdf_tells_the_time_it_was_given(tmp_path: Path) -> None:
    content = compile_pdf(b"Text.", root=tmp_path, created=CREATED, timeout=60)
    assert content.startswith(b"%PDF")
    assert b"D:20250304000000" in content


@pytest.mark.parametrize(
    "source, reason",
    [
        (b'#read("/etc/hostname")', "file not found"),
        (b'#read("../secret")', "would escape the project root; cannot access files outside"),
        (b"#link(<nowhere>)[x]", "label `<nowhere>` does not exist"),
    ],
)
def test_what_typst_refuses_is_told(tmp_path: Path, source: bytes, reason: str) -> None:
    (tmp_path / "secret").touch()
    (tmp_path / "root").mkdir()
    with pytest.raises(RenderingError, match=f"PDF can't be made: .*{reason}"):
        compile_pdf(source, root=tmp_path / "root", created=CREATED, timeout=60)


def test_a_document_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    endless = b"#let n = 0\n#while true { n += 1 }\n#context while true { n += 1 }"
    with pytest.raises(RenderingError, match="Typst did not end within 0 seconds"):
        compile_pdf(endless, root=tmp_path, created=CREATED, timeout=0)


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are Linux's")
@pytest.mark.parametrize(
    "program, said, lacks_memory",
    [
        ("import os; os.abort()", "was ended by SIGABRT", True),
        ("import os; os.kill(os.getpid(), 9)", "was ended by SIGKILL", True),
        ("import os; os.kill(os.getpid(), 15)", "was ended by SIGTERM", False),
        ("import os; os.kill(os.getpid(), 40)", "was ended by signal 40", False),
        ("raise MemoryError", r"ended without a result \(MemoryError\)", True),
        ("raise MemoryError('of pages')", r"ended without a result \(MemoryError: of pages\)", True),
        ("import no_typst", r"ended without a result \(ModuleNotFoundError: No module .*\)", False),
        ("import sys; sys.exit(7)", r"ended without a result \(code 7\)", False),
    ],
)
def test_a_child_that_dies_is_one_sentence_with_a_way_on(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    said: str,
    lacks_memory: bool,  # noqa: FBT001
) -> None:
    child = tmp_path / "child.py"
    child.write_text(program)
    monkeypatch.setattr(pdf, "CHILD", child)
    with pytest.raises(RenderingError, match=rf"The PDF can't be made: Typst {said}.* --to html") as raised:
        compile_pdf(b"Text.", root=tmp_path, created=CREATED, timeout=60)
    assert ("memory" in str(raised.value)) is lacks_memory
    assert "\n" not in str(raised.value)


def test_a_letter_that_typst_lacks_comes_from_the_font_of_the_figures(tmp_path: Path) -> None:
    content = compile_pdf("متلازمة".encode(), root=tmp_path, created=CREATED, timeout=60)
    assert b"DejaVuSans" in content
