"""The public face of the package."""

import subprocess
import sys
from importlib import import_module

import pytest

import skknn_syndrome


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


def test_importing_the_package_imports_nothing_that_is_slow() -> None:
    slow = "{'matplotlib', 'jinja2', 'typst', 'numpy', 'pandas', 'pydantic', 'scipy', 'sklearn'}"
    assert printed_by(f"import sys, skknn_syndrome; print({slow} & set(sys.modules))") == "set()\n"


def printed_by(program: str) -> str:
    """Return what a fresh interpreter prints."""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return ended.stdout
