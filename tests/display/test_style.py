"""One look for a syndrome everywhere."""

import matplotlib as mpl
import pytest

from skknn_syndrome.display.style import COLOURS, METRIC_COLOURS, METRIC_LINES, house_style, marks


def luminance(colour: str) -> float:
    """Return relative luminance as WCAG 2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_syndrome_looks_the_same_whatever_the_order() -> None:
    assert marks(["b", "a", "c"]) == marks(["a", "b", "c"])


@pytest.mark.parametrize("n_syndromes", [2, 10, 110])
def test_no_two_syndromes_look_the_same(n_syndromes: int) -> None:
    looks = marks([f"{number:03}" for number in range(n_syndromes)]).values()
    assert len({(look.colour, look.marker) for look in looks}) == n_syndromes


def test_no_colour_fades_into_white_paper() -> None:
    for colour in COLOURS:
        assert 1.05 / (luminance(colour) + 0.05) > 2, colour


def test_distances_differ_in_line_where_colour_is_lost() -> None:
    assert len(set(METRIC_LINES.values())) == len(METRIC_LINES)
    assert set(METRIC_COLOURS) == set(METRIC_LINES)


def test_the_users_own_settings_neither_matter_nor_change() -> None:
    with mpl.rc_context({"font.size": 33}):
        with house_style():
            assert mpl.rcParams["font.size"] == 10
        assert mpl.rcParams["font.size"] == 33
