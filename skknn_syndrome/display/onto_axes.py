"""A figure of one panel drawn into Axes of the user's own, beside other panels."""

from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator
from matplotlib.transforms import Transform

from skknn_syndrome.errors import ParameterError, quote


def move_onto(figure: Figure, axes: Axes, name: str) -> Axes:
    """Move what is drawn in a figure of one panel into other Axes, whose own content stays.

    Parameters
    ----------
    figure : Figure
        It is empty afterwards.
    axes : Axes
        They take over limits, scales, ticks, labels and title; a legend goes where there is room.
    name : str
        Of the figure, for messages.

    Returns
    -------
    Axes
        Those given.

    Raises
    ------
    ParameterError
        The figure has several panels.

    Examples
    --------
    >>> drawn, mine = Figure(), Figure()
    >>> _ = drawn.subplots().plot([0, 1], [5, 6])
    >>> axes = move_onto(drawn, mine.subplots(), "a")
    >>> axes.lines[0].get_ydata().tolist(), axes.get_ylim() == (4.95, 6.05)
    ([5, 6], True)
    """
    if len(figure.axes) != 1:
        raise ParameterError(
            f"The figure {quote(name)} has {len(figure.axes)} panels and fits into no single Axes: take its "
            "figure(), or frame() for the numbers.",
            code="several_panels",
            parameter="ax",
        )
    source = figure.axes[0]
    handles, labels = source.get_legend_handles_labels()
    legend = [*figure.legends, source.get_legend()][0]
    _set_axis(source.xaxis, axes.xaxis, "x")
    _set_axis(source.yaxis, axes.yaxis, "y")
    axes.set_title(source.get_title(), parse_math=False)
    axes.set_axisbelow(source.get_axisbelow())
    axes.set_facecolor(source.get_facecolor())
    axes.set_aspect(source.get_aspect(), adjustable=source.get_adjustable())
    _move_artists(source, axes)
    axes.set(xlim=source.get_xlim(), ylim=source.get_ylim())
    if legend is not None and handles:
        shown = axes.legend(handles, labels, fontsize="small", title=legend.get_title().get_text())
        for text in shown.get_texts():
            text.set_parse_math(False)
    return axes


def _set_axis(source: Axis, target: Axis, which: str) -> None:
    """Give an axis the scale, ticks and label of another one."""
    axes: Any = target.axes
    getattr(axes, f"set_{which}scale")(source.get_scale())
    target.set_label_text(source.get_label_text(), parse_math=False)
    locator, formatter = source.get_major_locator(), source.get_major_formatter()
    if isinstance(locator, FixedLocator):
        places = list(source.get_majorticklocs())
        drawn = source.get_ticklabels()
        target.set_ticks(places, formatter.format_ticks(places), parse_math=False)
        for old, new in zip(drawn, target.get_ticklabels(), strict=False):
            new.set(
                rotation=old.get_rotation(),
                horizontalalignment=old.get_horizontalalignment(),
                rotation_mode=old.get_rotation_mode(),
            )
    else:
        target.set_major_locator(locator)
        target.set_major_formatter(formatter)
    # `Axis` says so in no other way, and a map without ticks has no grid either.
    target.grid(visible=any(line.get_visible() for line in source.get_gridlines()))


def _move_artists(source: Axes, target: Axes) -> None:
    # Transforms can't be hashed, and equal ones are of several Axes: the object itself counts.
    own = (
        (source.transData, target.transData),
        (source.transAxes, target.transAxes),
        (source.get_xaxis_transform(which="grid"), target.get_xaxis_transform(which="grid")),
        (source.get_yaxis_transform(which="grid"), target.get_yaxis_transform(which="grid")),
    )

    def moved(transform: Transform) -> Transform:
        return next((new for old, new in own if old is transform), transform)

    for artist in (*source.images, *source.collections, *source.patches, *source.lines, *source.texts):
        if isinstance(artist, Collection):
            artist.set_offset_transform(moved(artist.get_offset_transform()))
        # Not the method of patches, which puts their shape before it.
        artist.set_transform(moved(Artist.get_transform(artist)))
        artist.remove()
        target.add_artist(artist)
