"""Fixtures of the rendering tests."""

from pathlib import Path

import pytest

from tests.rendering.quarto_double import Play, QuartoDouble


@pytest.fixture
def no_quarto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Hide any Quarto of this machine: PATH is one empty folder, which is returned."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    return folder


@pytest.fixture
def quarto(no_quarto: Path) -> QuartoDouble:
    """Put a double of Quarto on PATH that renders everything."""
    return QuartoDouble(no_quarto).plays(Play())
