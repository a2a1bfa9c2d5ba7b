"""Templates of the report: where they lie, and how they are filled."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from skknn_syndrome.display.extent import MOST_SYNDROMES, ends
from skknn_syndrome.display.markdown import escape_markdown
from skknn_syndrome.display.prose import Markdown
from skknn_syndrome.display.style import FigureFile
from skknn_syndrome.display.table import Table, for_readers
from skknn_syndrome.errors import RenderingError
from skknn_syndrome.languages import gettext, language_code, ngettext
from skknn_syndrome.rendering.filters import FILTERS, as_markdown, reference

FRAME = "report.qmd"
"""The template of a study's main text."""
MOST_ROWS = 200
"""Of a table in the report: about four pages."""

CLASS = "syndrome"
"""Key of the first column of a table with a row a class."""

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (_PACKAGE / "_report", _PACKAGE.parent / "report")
"""An installed package carries the folder inside, a checkout has it beside the package."""


@dataclass(frozen=True)
class Contents:
    """What a report is filled with, whoever gathered it."""

    tables: Mapping[str, Table | None] = field(default_factory=dict)
    """By the names that sections call them; None for one that the study has nothing for."""
    figures: Mapping[str, FigureFile] = field(default_factory=dict)
    """Those that were drawn, by name."""
    names: Mapping[str, object] = field(default_factory=dict)
    """What else sections speak of, such as ``study``."""
    sections: Mapping[str, Path] = field(default_factory=dict)
    """Folders of templates beside the frame's own: ``<% include "calibration/section.qmd" %>`` reads
    `section.qmd` of the folder called ``"calibration"``."""

    @cached_property
    def shown(self) -> Mapping[str, Table | None]:
        """The tables as sections show them, once for all parts of a report."""
        return {
            name: None if table is None else _cut(for_readers(table)) for name, table in self.tables.items()
        }


def assets_folder(places: tuple[Path, ...] = _PLACES) -> Path:
    """Return the folder of the report's frame, bibliography, theme and filters.

    Parameters
    ----------
    places : tuple of Path
        Where to look, in this order.

    Returns
    -------
    Path
        The first of `places` that holds a `report.qmd`.

    Raises
    ------
    RenderingError
        If none does.

    Examples
    --------
    >>> sorted(path.name for path in assets_folder().glob("*.qmd"))
    ['alignment.qmd', 'case.qmd', 'checklists.qmd', 'comparison.qmd', 'report.qmd', 'summary.qmd',
     'supplement.qmd']
    """
    for place in places:
        if (place / FRAME).is_file():
            return place
    raise RenderingError(
        f"The report's template is neither in {places[0]} nor in {places[-1]}: install skknn-syndrome again.",
        code="no_template",
    )


def fill(
    contents: Contents,
    frame: Path,
    name: str = FRAME,
    figures: Mapping[str, FigureFile] = MappingProxyType({}),
) -> str:
    r"""Return the text of a report.

    Whatever a template inserts is escaped, so that a label shows as itself; only what this package wrote as
    Markdown is inserted as Markdown. This holds for both engines: to Quarto nothing else stands in the way.

    Parameters
    ----------
    contents : Contents
        What it says.
    frame : Path
        The folder of the frame, and of the sections that it has itself.
    name : str
        Of the frame.
    figures : mapping of str to FigureFile
        Those that stand in place of figures of `contents`, in the language that is said.

    Returns
    -------
    str
        A static Quarto document.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "report.qmd").write_text("Of << label >>: << figure('roc', 'A curve.') >>none.")
    >>> fill(Contents(names={"label": "<b>"}), folder)
    'Of \\<b\\>: none.'
    """
    drawn = {**contents.figures, **figures}
    template = _environment(frame, tuple(sorted(contents.sections.items()))).get_template(name)
    return template.render(
        **contents.names,
        language=language_code(),
        tables=contents.shown,
        has_figure=lambda name: name in drawn,
        see=lambda *shown: _see(shown, drawn),
        figure=lambda name, caption: _figure(drawn.get(name), name, caption),
    )


class _Pattern(str):
    """A text of ours in the language of the page, which is Markdown; what is put into it is escaped."""

    __slots__ = ()

    def __mod__(self, values: Mapping[str, object]) -> Markdown:
        """Return it with these values."""
        return Markdown(str.__mod__(self, {name: as_markdown(value) for name, value in values.items()}))


def marked_texts(path: Path) -> Iterator[tuple[str | None, object]]:
    """Yield the texts of a template that are to be translated, each with the call that it stands in."""
    extract = _environment(path.parent, ()).extract_translations  # type: ignore[attr-defined]  # of the extension
    for _, call, texts in extract(path.read_text("utf-8")):
        yield call, texts


@cache
def _environment(frame: Path, sections: tuple[tuple[str, Path], ...]) -> Environment:
    """Return the templates of some folders: to compile them takes ten times as long as to fill them."""
    beside = PrefixLoader({name: FileSystemLoader(folder) for name, folder in sections})
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(frame), beside]),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        finalize=as_markdown,
        autoescape=False,  # noqa: S701  this is Markdown: `finalize` escapes it, HTML's escapes would show
    )
    environment.filters.update(FILTERS)
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # which the extension adds
        lambda text: _Pattern(gettext(text)),
        lambda one, other, number: _Pattern(ngettext(one, other, number)),
        newstyle=True,
    )
    return environment


def _cut(table: Table) -> Table:
    """Return a table with no more rows than a report has pages for: of classes, both ends of the order."""
    if table.columns[0].key == CLASS:
        kept, which = ends(table.rows), f"first {MOST_SYNDROMES // 2} and the last {MOST_SYNDROMES // 2}"
    else:
        kept, which = table.rows[:MOST_ROWS], f"first {MOST_ROWS}"
    if len(kept) == len(table.rows):
        return table
    rows = f"the {which} of {len(table.rows):,} rows; the study's result holds all"
    return replace(table, caption=f"{table.caption}, {rows}", rows=kept)


def _see(shown: Sequence[str | Table | None], figures: Collection[str]) -> Markdown:
    """Return what cites figures, by name, and tables, in brackets; nothing where none of them is shown."""
    cited = [f"@fig-{name}" for name in shown if isinstance(name, str) and name in figures]
    cited += [reference(found) for found in shown if isinstance(found, Table) and found.rows]
    return Markdown(f" ({', '.join(cited)})" if cited else "")


def _figure(figure: FigureFile | None, name: str, caption: str) -> Markdown:
    if figure is None:
        return Markdown("")
    alt = escape_markdown(figure.alt_text, longest=1_000)
    text = escape_markdown(caption, longest=400)
    return Markdown(f'![{text}](figures/{figure.file_name}){{#fig-{name} fig-alt="{alt}"}}')
