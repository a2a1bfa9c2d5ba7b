"""Displays: one figure or one table of a result, as data, picture, LaTeX, HTML or Word."""

import base64
import os
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from skknn_syndrome._files import write_bytes, write_text
from skknn_syndrome.display.markdown import escape_markdown, to_markdown
from skknn_syndrome.display.pictures import picture, picture_suffix, save_picture, scale_fonts
from skknn_syndrome.display.plotted import plotted_data
from skknn_syndrome.display.style import house_style
from skknn_syndrome.display.styled import latex_text, to_html, to_latex
from skknn_syndrome.display.table import Table, for_readers
from skknn_syndrome.errors import ParameterError, quote
from skknn_syndrome.rendering.embedded import FILTERS, data_uri
from skknn_syndrome.rendering.pandoc import retarget_images, write_tree
from skknn_syndrome.rendering.source import read_source
from skknn_syndrome.rendering.templates import assets_folder
from skknn_syndrome.results.cards import framed
from skknn_syndrome.results.one_line import cut, short_repr
from skknn_syndrome.vocabulary import DEFAULT, Vocabulary, in_words, speaking

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PathLike: TypeAlias = str | os.PathLike[str]

DPI: Final = 300
"""Of a picture, as journals ask."""
SCREEN_DPI: Final = 110
TIMEOUT: Final = 300
"""Seconds that pandoc may take."""
LONGEST_CAPTION: Final = 2_000


class FigureDisplay:
    """One figure of a result, drawn when it is asked for.

    Parameters
    ----------
    name : str
        As the report calls it.
    caption : str
        What it shows, in words and numbers.
    draw : callable
        Draws it anew.

    Examples
    --------
    >>> from skknn_syndrome import cross_validate_study, make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> study = cross_validate_study(
    ...     data.embeddings, data.syndromes, n_neighbors=[5], cv=2, metrics="cosine", analyses=()
    ... )
    >>> display = study.plot.confusion()
    >>> display.frame().columns.tolist()
    ['panel', 'kind', 'x', 'y', 'value']
    >>> display.figure(size=(4, 3)).get_size_inches().tolist()
    [4.0, 3.0]
    """

    def __init__(self, name: str, caption: str, draw: Callable[[], "Figure"]) -> None:
        self.name, self.caption, self._draw = name, caption, draw

    def __repr__(self) -> str:
        """Name it, and say what it shows."""
        return cut(f"FigureDisplay({self.name!r}: {short_repr(self.caption)})")

    def _repr_html_(self) -> str:
        data = base64.b64encode(picture(self.figure(), "png", dpi=SCREEN_DPI)).decode()
        image = f'<img src="data:image/png;base64,{data}" alt="{escape(self.caption)}">'
        calls = ".save(path), .frame(), .figure(font_scale=), .plot(ax=), .to_word(path)"
        return framed(f"<p>{escape(self.name)}</p>{image}<p>Next: <code>{calls}</code></p>")

    def figure(self, font_scale: float = 1.0, size: tuple[float, float] | None = None) -> "Figure":
        """Return the figure, drawn in the report's style whatever matplotlib's settings are.

        Parameters
        ----------
        font_scale : float
            By which all text is multiplied: 1.5 for a poster.
        size : tuple of float, optional
            Width and height in inches.

        Returns
        -------
        matplotlib.figure.Figure
            A new one at each call, which is yours to change.

        Raises
        ------
        ParameterError
            A size or the factor is not above 0.
        """
        if size is not None and not min(size) > 0:
            raise ParameterError(
                f"size must be a width and a height above 0, in inches, not {size!r}.",
                code="not_positive",
                parameter="size",
            )
        with house_style():
            drawn = self._draw()
            if size is not None:
                drawn.set_size_inches(size)
            if font_scale != 1:
                scale_fonts(drawn, font_scale)
        return drawn

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw it into one Axes, beside other panels of yours.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            By default that of a new figure.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        ParameterError
            The figure has several panels: `figure` gives them all.
        """
        from skknn_syndrome.display.onto_axes import move_onto  # noqa: PLC0415

        drawn = self.figure()
        if ax is None:
            from matplotlib.figure import Figure  # noqa: PLC0415

            width, height = drawn.get_size_inches()
            ax = Figure(figsize=(width, height), layout="constrained").subplots()
        return move_onto(drawn, ax, self.name)

    def frame(self) -> "pd.DataFrame":
        """Return the data that is drawn, a row a point, bar or cell: see `plotted_data` for the columns."""
        return plotted_data(self.figure())

    def save(
        self,
        path: PathLike,
        dpi: float = DPI,
        *,
        font_scale: float = 1.0,
        size: tuple[float, float] | None = None,
    ) -> Path:
        """Write it as a picture, whole or not at all.

        Parameters
        ----------
        path : path
            Its suffix says what: ``.png``, ``.svg`` or ``.pdf``. Text stays text in SVG and PDF.
        dpi : float
            Dots per inch of a PNG.
        font_scale, size
            As in `figure`. With a size the picture has it; else empty edges are cut.

        Returns
        -------
        Path
            Of the picture.

        Raises
        ------
        ParameterError
            The suffix is another, or a number is out of range.
        """
        target = Path(path)
        picture_suffix(target)  # before anything is drawn
        save_picture(self.figure(font_scale, size), target, dpi=dpi, tight=size is None)
        return target

    def to_latex(self, path: PathLike | None = None) -> str:
        r"""Return a LaTeX float that shows the picture at `path`, with caption and label.

        Parameters
        ----------
        path : path, optional
            As LaTeX is to find it; by default the name with ``.pdf``, which ``save`` writes.
        """
        file = Path(path or f"{self.name}.pdf").as_posix()
        if not file.isprintable() or set(file) & set('\\{}%#~^&$" '):
            raise ParameterError(
                f"LaTeX can't read a picture at {quote(file)}: take letters, digits, dots and hyphens.",
                code="unfit_for_latex",
                parameter="path",
            )
        return (
            "\\begin{figure}\n\\centering\n"
            f"\\includegraphics[width=\\linewidth]{{{file}}}\n"
            f"\\caption{{{latex_text(self.caption)}}}\n\\label{{fig:{self.name}}}\n\\end{{figure}}\n"
        )

    def to_word(self, path: PathLike) -> Path:
        """Write a Word document with the figure, its caption and its alternative text.

        Raises
        ------
        ParameterError
            The path does not end with ``.docx``.
        RenderingError
            It can't be made.
        """
        with tempfile.TemporaryDirectory() as folder:
            drawn = Path(folder, "figure.png")
            save_picture(self.figure(), drawn, dpi=DPI)
            said = escape_markdown(self.caption, longest=LONGEST_CAPTION)
            return _write_word(
                Path(path), f'![{said}](figure.png){{#fig-{self.name} fig-alt="{said}"}}', Path(folder)
            )


class TableDisplay:
    r"""One table of a result.

    Parameters
    ----------
    table : Table
        With its rounding and headings.
    spoken : Vocabulary
        The nouns in which it is shown; data frames and CSV files have the columns' keys.

    Examples
    --------
    >>> from skknn_syndrome import cross_validate_study, make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> study = cross_validate_study(
    ...     data.embeddings, data.syndromes, n_neighbors=[5], cv=2, metrics="cosine", analyses=()
    ... )
    >>> display = study.table("syndrome_counts")
    >>> display.frame().shape
    (10, 4)
    >>> print(display.to_latex().splitlines()[0])
    \begin{table}
    """

    def __init__(self, table: Table, spoken: Vocabulary = DEFAULT) -> None:
        self.table, self._spoken = table, spoken

    @property
    def name(self) -> str:
        """What it is called; its CSV file is called the same."""
        return self.table.name

    @property
    def caption(self) -> str:
        """What stands above it."""
        with speaking(self._spoken):
            return in_words(self.table.caption)

    def __repr__(self) -> str:
        """Name it, and count its rows and columns."""
        return f"TableDisplay({repr(self.table).removeprefix('Table(')}"

    def _repr_html_(self) -> str:
        return framed(f'<div class="skknn-wide" tabindex="0">{self.to_html()}</div>')

    def frame(self) -> "pd.DataFrame":
        """Return it as a data frame, numbers in full."""
        return self.table.to_frame()

    def to_html(self) -> str:
        """Return it as HTML, rounded as in the report; all text is escaped."""
        with speaking(self._spoken):
            return to_html(self.table)

    def to_latex(self, label: str | None = None) -> str:
        """Return it as LaTeX for the package booktabs, rounded as in the report; all text is escaped."""
        with speaking(self._spoken):
            return to_latex(self.table, label=label)

    def to_word(self, path: PathLike) -> Path:
        """Write a Word document with the table and its caption.

        Raises
        ------
        ParameterError
            The path does not end with ``.docx``.
        RenderingError
            It can't be made.
        """
        with tempfile.TemporaryDirectory() as folder, speaking(self._spoken):
            return _write_word(Path(path), to_markdown(for_readers(self.table)), Path(folder))

    def save(self, path: PathLike) -> Path:
        """Write it as ``.csv``, ``.tex``, ``.html`` or ``.docx``, by the suffix, whole or not at all.

        Raises
        ------
        ParameterError
            The suffix is another.
        """
        target = Path(path)
        match target.suffix.lower():
            case ".csv":
                write_text(target, self.table.to_csv())
            case ".tex":
                write_text(target, self.to_latex())
            case ".html":
                write_text(target, self.to_html())
            case ".docx":
                self.to_word(target)
            case _:
                raise ParameterError(
                    f"A table is written as .csv, .tex, .html or .docx, not as {target.name!r}.",
                    code="unknown_table_file",
                    parameter="path",
                )
        return target


def _write_word(path: Path, markdown: str, folder: Path) -> Path:
    """Render Markdown as the report is rendered: pandoc in its sandbox, numbered captions."""
    if path.suffix.lower() != ".docx":
        raise ParameterError(
            f"A Word document ends with .docx, not as {path.name!r} does.",
            code="no_word_file",
            parameter="path",
        )
    document = folder / "display.qmd"
    write_text(document, f"---\nlang: en\n---\n\n{markdown}\n")
    tree = read_source(document, timeout=TIMEOUT).tree
    retarget_images(tree, lambda name: data_uri(folder / name))
    options: list[str | Path] = ["--to", "docx"]
    for name in FILTERS:
        options += ["--lua-filter", assets_folder() / "filters" / name]
    write_bytes(path, write_tree(tree, options, folder=folder, timeout=TIMEOUT))
    return path
