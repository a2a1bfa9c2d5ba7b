"""Figures without pixels, and no Quarto or a double of it."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.rendering.documents import PICTURES, drawn_as
from tests.rendering.quarto_double import Play, QuartoDouble


@pytest.fixture
def no_quarto(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Hide any Quarto of this machine: PATH is one empty folder, which is returned."""
    folder = tmp_path_factory.mktemp("bin")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    return folder


@pytest.fixture
def quarto(no_quarto: Path) -> QuartoDouble:
    """Put a double of Quarto on PATH that renders everything."""
    return QuartoDouble(no_quarto).plays(Play())


@pytest.fixture(autouse=True)
def _figures_are_not_drawn(request: pytest.FixtureRequest) -> Iterator[None]:
    """Begins after fixtures of a module; a module that is about drawing says `DRAWN = True`."""
    with nullcontext() if getattr(request.module, "DRAWN", False) else drawn_as(PICTURES):
        yield
