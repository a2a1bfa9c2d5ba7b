"""A study made into a report."""

from pathlib import Path
from typing import Any

import pytest

from skknn_syndrome.errors import RenderingError, StudyFileError
from skknn_syndrome.rendering import render_report
from tests.figures.builders import make_full_study


@pytest.mark.parametrize("formats", ["docx", ["docx"]])
def test_one_format_may_stand_alone(tmp_path: Path, formats: Any) -> None:
    (file,) = render_report(make_full_study(), tmp_path, formats, engine="embedded")
    assert file.path == tmp_path / "report.docx"


@pytest.mark.parametrize(
    "options, sentence",
    [
        ({"formats": "odt"}, "There is no format 'odt': choose of html, pdf, docx."),
        ({"formats": ("html", "odt")}, "There is no format 'odt'"),
        ({"engine": "latex"}, "There is no engine 'latex': choose of auto, quarto, embedded."),
    ],
)
def test_what_there_is_not_is_refused_before_the_study_is_read(
    tmp_path: Path, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RenderingError, match=sentence):
        render_report(tmp_path / "missing.json", tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("no_quarto")
def test_a_quarto_that_is_not_there_is_missed_before_the_study_is_read(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match="Quarto is neither at QUARTO_PATH nor on PATH"):
        render_report(tmp_path / "missing.json", tmp_path / "out", engine="quarto")


def test_a_study_that_can_not_be_read_is_missed_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(StudyFileError, match="can't be read"):
        render_report(tmp_path / "missing.json", tmp_path / "out", engine="embedded")
    assert not (tmp_path / "out").exists()
