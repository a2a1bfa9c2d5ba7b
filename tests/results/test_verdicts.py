"""Thresholds of verdicts stand in one place: code compares with names, templates with what facts tell."""

import ast
import re
from collections.abc import Iterator
from inspect import signature
from pathlib import Path

import pytest

import skknn_syndrome
from skknn_syndrome.cli import audit
from skknn_syndrome.rendering.templates import assets_folder
from skknn_syndrome.results import verdicts
from skknn_syndrome.study import find_near_duplicates

PACKAGE = Path(skknn_syndrome.__file__).parent
ROOMS = ("study", "results", "rendering", "tables", "figures")

NUMBER = r"\d+(?:\.\d+)?(?:e-?\d+)?"
CONDITION = re.compile(r"<%-?\s*(?:el)?if\b.*?%>|<<[^>]*?\bif\b.*?>>", flags=re.DOTALL)
COMPARED = re.compile(rf"(?:[<>]=?|[=!]=)\s*-?({NUMBER})\b|\b({NUMBER})\s*(?:[<>]=?|[=!]=)")
SIGNS_AND_PLURALS = {"0", "1"}


def thresholds(template: str) -> list[str]:
    """Return the numbers that a template's conditions compare with, but those of signs and plurals."""
    conditions = CONDITION.findall(template)
    found = (left or right for text in conditions for left, right in COMPARED.findall(text))
    return [number for number in found if number not in SIGNS_AND_PLURALS]


@pytest.mark.parametrize(
    "path", sorted(assets_folder().rglob("*.qmd")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_no_template_decides_by_a_number_of_its_own(path: Path) -> None:
    assert thresholds(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "template, numbers",
    [
        ("<% if p_value < 0.05 %>", ["0.05"]),
        ("<%- elif 3.0 <= skewness %>", ["3.0"]),
        ("<% if facts.imbalance >= 2 %>", ["2"]),
        ("<<\n'and others' if spelled | length > 20 else '' >>", ["20"]),
        ("<% if own.zero_share > 0 and schemes | length > 1 %> p < 0.05", []),
        ("<% if found.verdict == 'small_harder' %>", []),
    ],
)
def test_numbers_are_found_in_conditions(template: str, numbers: list[str]) -> None:
    assert thresholds(template) == numbers


def fractions_compared(path: Path) -> Iterator[str]:
    """Yield the comparisons of a module with a fraction that has no name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Compare):
            for side in (node.left, *node.comparators):
                if any(_is_fraction(part) for part in ast.walk(side)):
                    yield f"{path.name}: {ast.unparse(node)}"


def _is_fraction(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float) and not node.value.is_integer()


@pytest.mark.parametrize("room", ROOMS)
def test_no_code_decides_by_a_fraction_without_a_name(room: str) -> None:
    assert [
        text for path in sorted((PACKAGE / room).rglob("*.py")) for text in fractions_compared(path)
    ] == []


def test_each_threshold_has_one_definition() -> None:
    names = {name for name in vars(verdicts) if name.isupper()}
    assert names >= {"SIGNIFICANCE_LEVEL", "CONFIDENCE", "NEAR_DUPLICATE_COSINE", "SKEWED"}
    defined = re.compile(rf"^({'|'.join(names)})\b.* = ", flags=re.MULTILINE)
    elsewhere = {
        path.name: defined.findall(path.read_text("utf-8"))
        for room in ROOMS
        for path in (PACKAGE / room).rglob("*.py")
        if path.name != "verdicts.py"
    }
    assert not {name: found for name, found in elsewhere.items() if found}


def test_the_level_and_the_confidence_belong_together() -> None:
    assert verdicts.CONFIDENCE == 1 - verdicts.SIGNIFICANCE_LEVEL
    assert f"{verdicts.PRINTED_AS_ZERO:.{verdicts.DECIMALS + 1}f}" == "0.0005"


def test_the_audit_asks_for_the_near_duplicates_that_a_study_asks_for() -> None:
    asked = signature(audit.Options).parameters["threshold"].default
    assert asked == signature(find_near_duplicates).parameters["threshold"].default
    assert asked == verdicts.NEAR_DUPLICATE_COSINE
