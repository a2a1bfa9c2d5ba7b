"""Typst compiles below its root, and its complaints reach the user."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.rendering.pdf import compile_pdf, typst_version

CREATED = datetime(2025, 3, 4, tzinfo=UTC)


def test_the_version_is_told() -> None:
    assert typst_version().count(".") == 2


def test_a_pdf_tells_the_time_it_was_given(tmp_path: Path) -> None:
    content = compile_pdf(b"Text.", root=tmp_path, created=CREATED)
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
        compile_pdf(source, root=tmp_path / "root", created=CREATED)
