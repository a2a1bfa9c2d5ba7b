"""Import contracts, public names, and results that are built once."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import skknn_syndrome

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "skknn_syndrome"

LAYERS = "Data goes one way"

PLANTED = {
    LAYERS: ("data.vectors", "skknn_syndrome.neighbors.graph"),
    "Analyses know nothing of one another": (
        "analyses.calibration.compute",
        "skknn_syndrome.analyses.open_set.compute",
    ),
    "What presents a result computes nothing": ("analyses.embedding_space.present", "sklearn"),
    "Scores have names and titles without NumPy and scikit-learn": ("metrics.registry", "numpy"),
}
"""A module of the package and what it may not import, by the contract's name."""


def test_every_contract_has_a_planted_import() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    assert [contract["name"] for contract in contracts] == list(PLANTED)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with the package and its settings."""
    shutil.copytree(ROOT / PACKAGE, tmp_path / PACKAGE, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(checkout: Path) -> str:
    # Without coverage: what runs there is import-linter, and the copy is only read.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    program = "import sys; from importlinter.cli import lint_imports_command as command; sys.exit(command())"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=checkout,
        env=environment | {"PYTHONPATH": str(checkout), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def verdicts(said: str) -> dict[str, str]:
    return dict(re.findall(r"^(\S.*) (KEPT|BROKEN)\b", said, re.MULTILINE))


def complaints(said: str) -> dict[str, list[str]]:
    """Return the modules and imports that each broken contract names."""
    _, *parts = re.split(r"^(.+)\n-+$", said.partition("Broken contracts")[2], flags=re.MULTILINE)
    named = [re.findall(r"^- +(.*?)(?: \(l\.\d+\))?$", part, re.MULTILINE) for part in parts[1::2]]
    return dict(zip(parts[::2], named, strict=True))


def test_the_package_keeps_all_of_them(checkout: Path) -> None:
    assert verdicts(lint(checkout)) == dict.fromkeys(PLANTED, "KEPT")


def test_each_contract_finds_its_planted_import_and_that_alone(checkout: Path) -> None:
    for module, imported in PLANTED.values():
        with (checkout / PACKAGE / f"{module.replace('.', '/')}.py").open("a", encoding="utf-8") as file:
            file.write(f"\nimport {imported}\n")
    (checkout / PACKAGE / "new_room").mkdir()
    (checkout / PACKAGE / "new_room" / "__init__.py").write_text('"""A room that no layer names."""\n')
    expected = {
        contract: [f"{PACKAGE}.{module} -> {imported}"] for contract, (module, imported) in PLANTED.items()
    }
    expected[LAYERS].append(f"{PACKAGE}.new_room")
    said = lint(checkout)
    assert complaints(said) == expected
    assert "not listed as layers" in said


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


@pytest.mark.parametrize("name", skknn_syndrome.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(skknn_syndrome, name) is not None


def test_every_public_name_is_listed_before_it_is_asked_for() -> None:
    program = "import skknn_syndrome as package; print(set(package.__all__) - set(dir(package)))"
    assert printed_by(program) == "set()\n"


def test_the_modules_among_the_names_are_those_of_the_package() -> None:
    assert skknn_syndrome.metrics is import_module("skknn_syndrome.metrics")
    assert skknn_syndrome.scorers is import_module("skknn_syndrome.metrics.scorers")
    assert skknn_syndrome.heads is import_module("skknn_syndrome.heads")


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'render_reports'"):
        getattr(skknn_syndrome, "render_reports")  # noqa: B009  mypy would refuse the attribute itself
    with pytest.raises(AttributeError, match="has no attribute 'NeighborGraphs'"):
        getattr(import_module("skknn_syndrome.neighbors"), "NeighborGraphs")  # noqa: B009  likewise


def printed_by(program: str) -> str:
    """Return what a fresh interpreter prints."""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return ended.stdout
