"""The report's template, theme and filters are found."""

from pathlib import Path

import pytest

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.rendering.assets import assets_folder
from skknn_syndrome.rendering.embedded import FILTERS


def test_all_that_the_embedded_renderer_needs_is_there() -> None:
    folder = assets_folder()
    names = [*(f"filters/{name}" for name in FILTERS), "theme/template.html", "theme/template.typ"]
    assert all((folder / name).is_file() for name in names)


def test_the_first_place_that_holds_a_template_is_taken(tmp_path: Path) -> None:
    for name in ("second", "third"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.qmd").touch()
    places = tuple(tmp_path / name for name in ("first", "second", "third"))
    assert assets_folder(places) == tmp_path / "second"


def test_a_broken_installation_is_named(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match=r"template is neither in .*a nor in .*b: install"):
        assets_folder((tmp_path / "a", tmp_path / "b"))
