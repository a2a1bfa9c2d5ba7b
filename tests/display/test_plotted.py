"""The data behind a figure."""

import pandas as pd
from matplotlib.figure import Figure

from skknn_syndrome.display.plotted import plotted_data


def rows_of(figure: Figure) -> list[dict[str, object]]:
    return [
        {str(name): value for name, value in row.items() if pd.notna(value)}
        for row in plotted_data(figure).to_dict("records")
    ]


def test_lines_and_points_come_panel_by_panel_with_the_legends_names() -> None:
    figure = Figure()
    left, right = figure.subplots(1, 2)
    left.plot([1, 2], [3, 4], label="cosine")
    right.scatter([5], [6])
    left.axhline(0.5)
    assert rows_of(figure) == [
        {"panel": 1, "kind": "line", "series": "cosine", "x": 1.0, "y": 3.0},
        {"panel": 1, "kind": "line", "series": "cosine", "x": 2.0, "y": 4.0},
        {"panel": 2, "kind": "points", "x": 5.0, "y": 6.0},
    ]


def test_bars_end_where_their_value_is_and_have_the_ticks_names() -> None:
    figure = Figure()
    upright, lying = figure.subplots(1, 2)
    upright.bar(["alpha", "beta"], [3, 4])
    lying.barh([0, 1], [5, 6], label="images")
    lying.set_yticks([0, 1], ["alpha", "beta"])
    frame = plotted_data(figure)
    assert frame[frame.panel == 2][["kind", "series", "x", "y"]].to_numpy().tolist() == [
        ["bar", "images", 5.0, "alpha"],
        ["bar", "images", 6.0, "beta"],
    ]
    assert frame[frame.panel == 1]["y"].tolist() == [3.0, 4.0]


def test_error_bars_have_their_ends_once() -> None:
    figure = Figure()
    flat, upright, bare = figure.subplots(1, 3)
    flat.errorbar([0.5], [1], xerr=[[0.1], [0.2]], label="F1")
    upright.errorbar([1], [0.5], yerr=0.25)
    bare.errorbar([1], [2])
    shown = plotted_data(figure)[["panel", "x", "y", "low", "high"]].round(6)
    assert shown.iloc[:2].to_numpy().tolist() == [[1, 0.5, 1.0, 0.4, 0.7], [2, 1.0, 0.5, 0.25, 0.75]]
    assert len(shown) == 2


def test_cells_of_a_matrix_have_values_and_a_colour_bar_is_no_panel() -> None:
    figure = Figure()
    axes = figure.subplots()
    image = axes.imshow([[1.0, 2.0], [3.0, 4.0]])
    axes.set_xticks([0, 1], ["a", "b"])
    figure.colorbar(image)
    frame = plotted_data(figure)
    assert frame[["x", "y", "value"]].to_numpy().tolist()[1] == ["b", 0.0, 2.0]
    assert set(frame.panel) == {1}


def test_a_photograph_has_no_numbers() -> None:
    figure = Figure()
    figure.subplots().imshow([[[0.5, 0.5, 0.5]]])
    assert plotted_data(figure).empty


def test_an_empty_figure_gives_an_empty_frame() -> None:
    assert plotted_data(Figure()).columns.tolist() == ["x", "y"]
