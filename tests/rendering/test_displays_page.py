"""The examples of docs/displays.md."""

import re
from pathlib import Path

import pytest

from tests.rendering.full_study import make_full_study

DRAWN = True
PAGE = Path(__file__).parents[2] / "docs/displays.md"


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_full_study().save("artifacts/study/study.json")
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    exec("\n".join(examples), {})  # noqa: S102  the project's own page
    written = {path.name for path in tmp_path.iterdir()}
    assert {"roc.png", "roc.svg", "poster.png", "both.png", "map.html", "confusion.docx"} <= written
    assert {"per_class.tex", "per_class.docx"} <= written
