"""Title block of a report: title, authors and colours in the header of its document."""

import re
from collections.abc import Iterator
from pathlib import Path

from skknn_syndrome._files import write_bytes
from skknn_syndrome.languages import gettext
from skknn_syndrome.rendering.filters import yaml
from skknn_syndrome.rendering.meta.logo import read_logo
from skknn_syndrome.rendering.meta.model import ReportMeta

_FRONT = re.compile(r"\A---\n(?P<header>.*?)^---\n", re.DOTALL | re.MULTILINE)
LOGO_HEIGHT = "48px"


def with_title_block(text: str, meta: ReportMeta, logo: str | None = None) -> str:
    r"""Return a document with the title, authors and colours of its metadata in the header.

    Parameters
    ----------
    text : str
        A Quarto document that begins with its header.
    meta : ReportMeta
    logo : str, optional
        The path of the logo beside the document; it stands above everything else.

    Returns
    -------
    str

    Examples
    --------
    >>> meta = ReportMeta(title="Faces", authors=[{"name": "A. Author", "affiliations": ["Somewhere"]}])
    >>> print(with_title_block('---\ntitle: "x.csv"\ndate: "2026-01-01"\n---\nText\n', meta))
    ---
    title: "Faces"
    date: "2026-01-01"
    author:
      - name: "A\\. Author"
        affiliations:
          - name: "Somewhere"
    ---
    Text
    <BLANKLINE>
    """
    found = _FRONT.match(text)
    if found is None:
        return text
    header = found["header"]
    for field in ("title", "subtitle"):
        given = getattr(meta, field)
        header = header if given is None else _with_line(header, field, yaml(given))
    header += "".join(f"{line}\n" for line in _author_lines(meta))
    if meta.accent_colour is not None:
        header = _coloured(header, meta.accent_colour)
    shown = f"---\n{header}---\n"
    alt = gettext("Logo")
    mark = "" if logo is None else f'\n![]({logo}){{.logo fig-alt="{alt}" height="{LOGO_HEIGHT}"}}\n'
    return f"{shown}{mark}{text[found.end() :]}"


def _with_line(header: str, field: str, text: str) -> str:
    """Return a header with a field in place of the same one, or at its end."""
    others = [line for line in header.splitlines() if not line.startswith(f"{field}:")]
    place = next(
        (n for n, line in enumerate(header.splitlines()) if line.startswith(f"{field}:")), len(others)
    )
    others.insert(place, f"{field}: {text}")
    return "".join(f"{line}\n" for line in others)


def copy_logo(meta: ReportMeta | None, folder: Path) -> str | None:
    """Copy the logo beside the figures, under a name of ours, and return where a document finds it.

    Raises
    ------
    RenderingError
        It can't be read, or is no plain picture.
    """
    if meta is None or meta.logo is None:
        return None
    source = Path(meta.logo)
    name = f"figures/logo{source.suffix.lower()}"
    write_bytes(folder / name, read_logo(source))
    return name


def _author_lines(meta: ReportMeta) -> Iterator[str]:
    """Yield the authors as Quarto reads them."""
    if meta.authors:
        yield "author:"
    for author in meta.authors:
        yield f"  - name: {yaml(author.name)}"
        if author.orcid is not None:
            yield f'    orcid: "{author.orcid}"'
        if author.email is not None:
            yield f"    email: {yaml(author.email)}"
        if author.corresponding:
            yield "    corresponding: true"
        if author.affiliations:
            yield "    affiliations:"
        yield from (f"      - name: {yaml(name)}" for name in author.affiliations)


def _coloured(header: str, colour: str) -> str:
    """Return a header with a colour for links: of both engines, of Quarto's by its own means."""
    style = f":root {{ --bs-link-color: {colour}; }} a {{ color: {colour}; }}"
    html = f'  html:\n    include-in-header:\n      - text: "<style>{style}</style>"\n'
    header = re.sub(r"^  html:\n", lambda _: html, header, flags=re.MULTILINE)
    before = "#set par(justify: false)"
    typst = f'{before}\\n#show link: set text(fill: rgb(\\"{colour}\\"))'
    return f'{header.replace(before, typst)}accent-colour: "{colour[1:]}"\n'
