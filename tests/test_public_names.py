"""The public face of the package."""

import subprocess
import sys

import pytest

import skknn_syndrome


@pytest.mark.parametrize("name", skknn_syndrome.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(skknn_syndrome, name) is not None


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'render_reports'"):
        _ = skknn_syndrome.render_reports


def test_importing_the_package_does_not_import_what_only_reports_need() -> None:
    program = (
        "import sys, skknn_syndrome; print(sorted({'matplotlib', 'jinja2', 'typst'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"
