"""The data that a figure shows, as a tidy data frame."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import PathCollection
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator

from skknn_syndrome._typing import Float64Array

COLUMNS = ("panel", "kind", "series", "x", "y", "low", "high", "value")

Row = dict[str, Any]


def plotted_data(figure: Figure) -> pd.DataFrame:
    """Return what is drawn in a figure, a row a point, bar or cell.

    Parameters
    ----------
    figure : Figure
        Lines that only guide the eye, such as a diagonal, are among the lines; those across a whole panel
        (`axhline`) are not.

    Returns
    -------
    pandas.DataFrame
        Columns ``panel`` (counted from 1), ``kind`` ("line", "points", "bar", "error bar" or "cell"),
        ``series`` (what the legend calls it), ``x`` and ``y`` (numbers, or names where an axis has names),
        ``low`` and ``high`` of an error bar, and the ``value`` of a cell. A column without entries is left
        out, but for ``x`` and ``y``.

    Examples
    --------
    >>> figure = Figure()
    >>> _ = figure.subplots().plot([1, 2], [3, 4], label="rising")
    >>> print(plotted_data(figure).to_string(index=False))
     panel kind series   x   y
         1 line rising 1.0 3.0
         1 line rising 2.0 4.0
    """
    panels = [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]
    rows = [
        {"panel": number, **row} for number, axes in enumerate(panels, start=1) for row in _of_panel(axes)
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    kept = [name for name in COLUMNS if name in {"x", "y"} or frame[name].notna().any()]
    return frame[kept]


def _of_panel(axes: Axes) -> Iterator[Row]:
    x_name, y_name = _names(axes.xaxis), _names(axes.yaxis)
    for row in (*_contained(axes), *_lines(axes), *_points(axes), *_cells(axes)):
        yield row | {"x": x_name(row["x"]), "y": y_name(row["y"])}


def _names(axis: Axis) -> Callable[[float], float | str]:
    """Return what stands at a place of an axis: its tick's label, where ticks have names."""
    if not isinstance(axis.get_major_locator(), FixedLocator):
        return float
    places = axis.get_majorticklocs()
    texts = axis.get_major_formatter().format_ticks(list(places))
    named = {float(place): text for place, text in zip(places, texts, strict=True) if not _is_number(text)}
    return lambda place: named.get(float(place), float(place))


def _is_number(text: str) -> bool:
    try:
        float(text.replace("\N{MINUS SIGN}", "-").replace(",", "") or "0")
    except ValueError:
        return False
    return True


def _label(artist: Any) -> str | None:  # noqa: ANN401  containers are no artists, and have labels too
    label = str(artist.get_label())
    return None if label.startswith("_") else label


def _contained(axes: Axes) -> Iterator[Row]:
    for bars in (found for found in axes.containers if isinstance(found, BarContainer)):
        yield from _bars(bars)
    for spread in (found for found in axes.containers if isinstance(found, ErrorbarContainer)):
        yield from _error_bars(spread)


def _bars(container: BarContainer) -> Iterator[Row]:
    lying = container.orientation == "horizontal"
    for bar in container.patches:
        across, along = bar.get_y() + bar.get_height() / 2, bar.get_x() + bar.get_width()
        upright = {"x": bar.get_x() + bar.get_width() / 2, "y": bar.get_y() + bar.get_height()}
        ends = {"x": along, "y": across} if lying else upright
        yield {"kind": "bar", "series": _label(container), **ends}


def _error_bars(container: ErrorbarContainer) -> Iterator[Row]:
    parts: tuple[Any, ...] = container.lines
    line, _, bars = parts
    if line is None or not bars:
        return
    along = 0 if container.has_xerr else 1  # bars along x come before those along y
    xs, ys = _coordinates(line)
    for x, y, segment in zip(xs, ys, bars[0].get_segments(), strict=True):
        ends = np.asarray(segment)[:, along]
        row = {"kind": "error bar", "series": _label(container), "x": x, "y": y}
        # Where there is no interval, there is a segment of no points.
        yield row | ({"low": float(ends.min()), "high": float(ends.max())} if ends.size else {})


def _coordinates(line: Line2D) -> Float64Array:
    """Return x and y of a line, shape (2, n_points)."""
    return np.asarray(line.get_xydata(), dtype=np.float64).T


def _lines(axes: Axes) -> Iterator[Row]:
    held = {id(line) for box in axes.containers for line in _flat(box) if isinstance(line, Line2D)}
    for line in axes.lines:
        if id(line) not in held and line.get_transform() == axes.transData:
            for x, y in _coordinates(line).T:
                yield {"kind": "line", "series": _label(line), "x": x, "y": y}


def _flat(container: Any) -> Iterator[Any]:  # noqa: ANN401  nested tuples of artists
    for part in container:
        if isinstance(part, tuple):
            yield from _flat(part)
        else:
            yield part


def _points(axes: Axes) -> Iterator[Row]:
    for points in axes.collections:
        if isinstance(points, PathCollection):
            for x, y in np.ma.getdata(points.get_offsets()):
                yield {"kind": "points", "series": _label(points), "x": x, "y": y}


def _cells(axes: Axes) -> Iterator[Row]:
    for image in axes.images:
        values = image.get_array()
        if values is not None and values.ndim == 2:  # noqa: PLR2004  colours have a third dimension
            for (row, column), value in np.ndenumerate(values):
                yield {"kind": "cell", "series": None, "x": column, "y": row, "value": float(value)}
