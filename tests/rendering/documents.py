"""A small document with all that a report is written with, the files beside it, and pictures for figures."""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import pytest
from matplotlib.figure import Figure

from skknn_syndrome._files import write_bytes
from skknn_syndrome.display.style import KINDS, FigureFile, Kind, figure_file
from skknn_syndrome.rendering import figures as collection

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100"/></svg>'
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NAMING_CLASSES = frozenset(
    {
        *("images-per-syndrome", "syndrome-roc", "confusion", "embedding-map", "centroid-similarity"),
        *("novelty", "preprocessing-syndromes", "preprocessing-maps"),
    }
)
"""Figures that write the names of classes."""
PICTURES = MappingProxyType({"png": PNG, "svg": SVG.encode()})
"""What figures are saved as, where nobody looks at them."""

BIBLIOGRAPHY = "@book{known, author = {Known, Ada}, title = {A book}, publisher = {Press}, year = {1999}}\n"

HEADER = """---
title: "A *small* report"
subtitle: "With everything"
author: "Ada Known"
date: "2025-03-04"
lang: en
bibliography: references.bib
link-citations: true
---
"""

BODY = r"""
::: {.callout-important}
## Simulated data

These data were made by a program.
:::

::: {.callout-tip title="By attribute"}
A title of another kind.
:::

::: {.callout-warning}
A warning without a title.
:::

## Data

See @fig-first, [see @tbl-scores; @known], [-@fig-second] and [@known]; $k^2$ and `code`.

![The first figure.](figures/first.svg){#fig-first fig-alt="A black \"box\"."}

| Syndrome | F1 |
|:---|---:|
| one | 0\.5 |

: Scores. {#tbl-scores}

### Tabs

::: {.panel-tabset}
#### By image

Tab one.

#### By subject

Tab two.
:::

![The second figure.](figures/second.png){#fig-second}

## References {.unnumbered}

::: {#refs}
:::
"""


def write_document(folder: Path, body: str = BODY, *, header: str = HEADER) -> Path:
    """Write a document, two figures and a bibliography into a folder; return the document's path."""
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    (folder / "figures" / "first.svg").write_text(SVG)
    (folder / "figures" / "second.png").write_bytes(PNG)
    (folder / "references.bib").write_text(BIBLIOGRAPHY)
    document = folder / "report.qmd"
    document.write_text(header + body, "utf-8")
    return document


def _save_pictures(
    pictures: Mapping[str, bytes],
    _: Figure,
    name: str,
    folder: Path,
    *,
    alt_text: str,
    kinds: Sequence[Kind] = KINDS,
) -> FigureFile:
    for kind in kinds:
        write_bytes(folder / f"{name}.{kind}", pictures[kind])
    return figure_file(name, folder, alt_text)


@contextmanager
def drawn_as(pictures: Mapping[str, bytes]) -> Iterator[None]:
    """Let figures be made, described and saved as ever, but as these pictures: drawing takes longest.

    With a picture for each kind of file, nothing is laid out either.
    """
    draw = Figure.savefig

    def savefig(figure: Figure, stream: BinaryIO, *, format: str, **options: Any) -> None:  # noqa: A002
        if format in pictures:
            stream.write(pictures[format])
        else:
            draw(figure, stream, format=format, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Figure, "savefig", savefig)
        if pictures.keys() >= PICTURES.keys():
            patch.setattr(collection, "save_figure", partial(_save_pictures, pictures))
        yield


def drawn_files(names: Iterable[str]) -> tuple[FigureFile, ...]:
    """Return figures of these names as if they had been drawn."""
    return tuple(
        FigureFile(name, Path(f"{name}.png"), Path(f"{name}.svg"), alt_text="Drawn.") for name in names
    )


def only_by_class(patch: pytest.MonkeyPatch) -> set[str]:
    """Let those figures alone be drawn that name the classes; return their names."""
    draw = collection._drawn  # noqa: SLF001
    patch.setattr(
        collection, "_drawn", lambda maker, of: draw(maker, of) if maker.name in NAMING_CLASSES else None
    )
    return set(NAMING_CLASSES)
