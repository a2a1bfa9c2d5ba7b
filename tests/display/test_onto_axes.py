"""Figures of one panel in Axes of the user's own."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imread

from skknn_syndrome.display.onto_axes import move_onto
from tests.refusing import refused

SIZE = (4.0, 3.0)


def bars(axes: Axes) -> None:
    axes.barh([0, 1], [5, 6], xerr=[0.5, 0.25])
    axes.set_yticks([0, 1], ["$alpha$", "beta"], parse_math=False)
    axes.set(xlabel="Images", title="Counts")
    axes.axvline(5.5, color="red")


def lines(axes: Axes) -> None:
    axes.semilogx([1, 10, 100], [0.5, 0.7, 0.6], marker="o")
    axes.fill_between([1, 10, 100], [0.4, 0.6, 0.5], [0.6, 0.8, 0.7], alpha=0.3)
    axes.text(0.1, 0.9, "note", transform=axes.transAxes)
    axes.grid(visible=True)
    axes.set(ylim=(0, 1), xlabel="k", ylabel="F1")


def points(axes: Axes) -> None:
    axes.scatter([1, 2, 3], [3, 1, 2], c=["red", "green", "blue"])
    axes.set(aspect="equal", xticks=[], yticks=[])


def matrix(axes: Axes) -> None:
    axes.imshow([[1.0, 2.0], [3.0, 4.0]])
    axes.set_xticks([0, 1], ["a", "b"], rotation=45, ha="right", rotation_mode="anchor")


def pixels(figure: Figure) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=60)
    stream.seek(0)
    return np.asarray(imread(stream))


@pytest.mark.parametrize("draw", [bars, lines, points, matrix])
def test_it_looks_as_in_its_own_figure(draw: Callable[[Axes], None]) -> None:
    first, second, mine = Figure(SIZE), Figure(SIZE), Figure(SIZE)
    for figure in (first, second):
        draw(figure.subplots())
    expected = pixels(first)
    axes = mine.subplots()
    assert move_onto(second, axes, "a") is axes
    np.testing.assert_array_equal(pixels(mine), expected)


def test_the_legend_comes_along_and_names_stay_text() -> None:
    drawn, mine = Figure(), Figure()
    panel = drawn.subplots()
    panel.plot([0, 1], [0, 1], label="$cosine$")
    panel.set_xlabel("$x$", parse_math=False)
    drawn.legend(title="Distance", loc="outside lower center")
    axes = move_onto(drawn, mine.subplots(), "a")
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["$cosine$"]
    assert not any(text.get_parse_math() for text in [*legend.get_texts(), axes.xaxis.label])


def test_what_the_user_drew_stays() -> None:
    drawn, mine = Figure(), Figure()
    drawn.subplots().plot([0, 1], [0, 1])
    axes = mine.subplots()
    axes.plot([0, 1], [1, 0])
    assert len(move_onto(drawn, axes, "a").lines) == 2


def test_several_panels_fit_into_no_axes() -> None:
    drawn = Figure()
    drawn.subplots(1, 2)
    with refused("several_panels", "ax"):
        move_onto(drawn, Figure().subplots(), "calibration")
