"""One report that is drawn and rendered whole; elsewhere figures without pixels, no Quarto or a double."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from skknn_syndrome.rendering import render_report
from tests.rendering.documents import PICTURES, PNG, drawn_as
from tests.rendering.quarto_double import Play, QuartoDouble
from tests.rendering.studies import everything


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


@pytest.fixture(scope="module")
def whole_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a report in all formats, made of a file, whose figures are drawn as SVG."""
    folder = tmp_path_factory.mktemp("whole")
    everything().save(folder / "study.json")
    with drawn_as({"png": PNG}):
        render_report(folder / "study.json", folder / "report", ("html", "pdf", "docx"), engine="embedded")
    return folder / "report"


@pytest.fixture(autouse=True)
def _figures_are_not_drawn(request: pytest.FixtureRequest) -> Iterator[None]:
    """Begins after fixtures of a module; a module that is about drawing says `DRAWN = True`."""
    with nullcontext() if getattr(request.module, "DRAWN", False) else drawn_as(PICTURES):
        yield
