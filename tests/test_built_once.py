"""The package builds each result once: none is copied without validation, none is written onto."""

import re
from pathlib import Path

import pytest

import skknn_syndrome

SOURCES = sorted(Path(skknn_syndrome.__file__).parent.rglob("*.py"))

UNVALIDATED = re.compile(r"\.model_copy\(|\.model_construct\(")
WRITTEN_ONTO = re.compile(r"^\s*(?!self\b|cls\b)[a-z]\w*\._(?!_)\w+ = ", flags=re.MULTILINE)
"""A private attribute of another object, as after ``study = ...``."""


@pytest.mark.parametrize("pattern", [UNVALIDATED, WRITTEN_ONTO], ids=["copied", "written onto"])
def test_no_file_of_the_package_does_so(pattern: re.Pattern[str]) -> None:
    found = {path.name: pattern.findall(path.read_text("utf-8")) for path in SOURCES}
    assert not {name: lines for name, lines in found.items() if lines}


def test_the_patterns_find_what_they_are_for() -> None:
    assert UNVALIDATED.search('study.model_copy(update={"audit": None})')
    assert WRITTEN_ONTO.search("study = make()\n    study._search = search")
    assert not WRITTEN_ONTO.search("    self._search = search")
