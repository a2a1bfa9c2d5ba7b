"""Pandoc runs in its sandbox, and what it complains of reaches the user."""

from pathlib import Path

import pytest

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.rendering.pandoc import pandoc_version, read_markdown, write_tree


def test_the_version_is_told() -> None:
    assert int(pandoc_version().split(".")[0]) >= 3


def test_an_image_outside_the_options_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.svg").write_text("<svg/>")
    tree = read_markdown("![A](secret.svg)", folder=tmp_path, timeout=60)
    with pytest.raises(RenderingError, match=r"Could not fetch resource secret\.svg"):
        write_tree(tree, ["--to", "docx"], folder=tmp_path, timeout=60)


def test_a_citation_of_nothing_is_an_error(tmp_path: Path) -> None:
    tree = read_markdown("[@nobody]", folder=tmp_path, timeout=60)
    with pytest.raises(RenderingError, match=r"rendered: \[WARNING\] Citeproc: citation nobody not found$"):
        write_tree(tree, ["--to", "html", "--metadata=title:T", "--citeproc"], folder=tmp_path, timeout=60)


def test_a_filter_that_fails_is_quoted_without_its_traceback(tmp_path: Path) -> None:
    (tmp_path / "fail.lua").write_text("function Pandoc() error('no such thing', 0) end")
    tree = read_markdown("Text.", folder=tmp_path, timeout=60)
    with pytest.raises(RenderingError, match=r"rendered: no such thing$"):
        write_tree(tree, ["--to", "html", "--lua-filter=fail.lua"], folder=tmp_path, timeout=60)


def test_a_failure_without_a_word_tells_its_code(tmp_path: Path) -> None:
    (tmp_path / "leave.lua").write_text("os.exit(9)")
    tree = read_markdown("Text.", folder=tmp_path, timeout=60)
    with pytest.raises(RenderingError, match=r"pandoc ended with code 9\.$"):
        write_tree(tree, ["--to", "html", "--lua-filter=leave.lua"], folder=tmp_path, timeout=60)
