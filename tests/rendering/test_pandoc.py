"""Pandoc runs in its sandbox, its complaints reach the user, and nothing in its trees runs or reads."""

from pathlib import Path
from typing import Any

import pytest

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.rendering.pandoc import (
    elements,
    harden,
    image_targets,
    pandoc_version,
    read_markdown,
    retarget_images,
    write_tree,
)


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


def tree_of(text: str) -> Any:
    return read_markdown(text, folder=Path(), timeout=60)


def hardened(text: str) -> Any:
    tree = tree_of(text)
    harden(tree)
    return tree


def test_metadata_that_could_name_files_is_dropped() -> None:
    tree = hardened("---\ntitle: T\ncss: x.css\ncsl: /etc/passwd\nheader-includes: x\ntemplate: y\n---\n")
    assert set(tree["meta"]) == {"title"}


@pytest.mark.parametrize(
    "text",
    [
        '# A {onclick="alert(1)"}',
        '[a]{onclick="alert(1)" style="x"}',
        '::: {onload="alert(1)"}\nA\n:::',
        '[a](#b){onclick="alert(1)"}',
        '`a`{onclick="alert(1)"}',
        '```{.x onclick="alert(1)"}\na\n```',
        '![a](b.svg){onerror="alert(1)"}',
        '|a|\n|---|\n|b|\n\n: C {#tbl-c onclick="alert(1)"}',
    ],
)
def test_attributes_that_could_run_are_dropped(text: str) -> None:
    assert "alert" not in str(hardened(text))


def test_alt_texts_sizes_identifiers_and_classes_stay() -> None:
    tree = hardened('![a](b.svg){#fig-b .wide fig-alt="Alt" width=50% onload="x"}')
    image = next(element for element in elements(tree) if element["t"] == "Image")
    assert image["c"][0] == ["", ["wide"], [["fig-alt", "Alt"], ["width", "50%"]]]


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "JavaScript:x", "file:///etc/passwd", "data:,x", "other.html"]
)
def test_links_to_elsewhere_lose_their_target_and_keep_their_text(target: str) -> None:
    tree = hardened(f"[text]({target})")
    assert [element["t"] for element in elements(tree)] == ["Para", "Span", "Str"]
    assert target not in str(tree)


@pytest.mark.parametrize("target", ["https://example.org", "HTTP://example.org", "mailto:a@b.c", "#fig-x"])
def test_links_to_the_web_to_mailboxes_and_into_the_document_stay(target: str) -> None:
    assert target in str(hardened(f"[text]({target})"))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "`<b>`{=html}",
        "```{=html}\n<b>\n```",
        "\\input{x}",
        "\\newcommand{\\x}{y}",
    ],
)
def test_raw_html_and_tex_are_plain_text(text: str) -> None:
    assert not {"RawInline", "RawBlock"} & {element["t"] for element in elements(hardened(text))}


def test_images_are_found_wherever_they_are_and_get_new_targets() -> None:
    tree = tree_of("---\ntitle: '![t](c.svg)'\n---\n![a](a.svg)\n\n- [![b](b.png)](#x) ![a](a.svg)\n")
    assert sorted(image_targets(tree)) == ["a.svg", "b.png", "c.svg"]
    retarget_images(tree, lambda target: f"new-{target}")
    assert sorted(image_targets(tree)) == ["new-a.svg", "new-b.png", "new-c.svg"]
