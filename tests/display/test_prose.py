"""Numbers as prose and tables have them."""

import pytest

from skknn_syndrome.display.prose import (
    NBSP,
    decimals_for,
    interval_text,
    p,
    percent,
    percent_span,
    percent_to_width,
    signed_span,
    signed_to_width,
    span,
    to_width,
    typeset,
    with_ends,
)
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.significance import is_significant
from skknn_syndrome.results.verdicts import SMALLEST_P


def test_an_estimate_has_the_decimals_that_its_interval_is_known_to() -> None:
    assert with_ends(0.7641, 0.7331, 0.7944) == "0.76 (0.73 to 0.79)"
    assert f"{signed_to_width(0.0092, 0.0061, 0.0123)} ({signed_span(0.0061, 0.0123)})" == (
        "+0.009 (+0.006 to +0.012)"
    )
    assert (to_width(0.5, 0.5, 0.5), to_width(0.5, None, 0.6), span(0.1, 0.1)) == (
        *("0.500", "0.500"),
        "0.100 to 0.100",
    )
    assert decimals_for(0.5, 0.50001) == 4
    assert with_ends(None, None, None) == "\N{EN DASH}"
    assert signed_span(-0.02, 0.01) == "\N{MINUS SIGN}0.02 to +0.01"


@pytest.mark.parametrize(
    "estimate, low, high",
    [
        (0.958, 0.94, 0.962),
        (0.012, 0.003, 0.017),
        (0.99, 0.97, 0.996),
        (0.01, 0.002, 0.021),
        (-0.02, -0.03, -0.0042),
    ],
)
def test_an_end_is_told_from_the_estimate_and_from_none_and_all(
    estimate: float, low: float, high: float
) -> None:
    said = with_ends(estimate, low, high).replace("\N{MINUS SIGN}", "-")
    shown = [float(word.strip("()")) for word in said.split() if word != "to"]
    assert len(set(shown)) == 3
    assert {0.0, 1.0}.isdisjoint(shown)
    assert shown[1] < shown[0] < shown[2]
    assert len({len(word.strip("()-").partition(".")[2]) for word in said.split() if word != "to"}) == 1


def test_an_end_that_four_decimals_do_not_tell_from_nothing_costs_no_decimals() -> None:
    assert decimals_for(1e-9, 0.2, 0.1) == 2
    assert decimals_for(0.0, 0.2, 0.1) == 2


def test_an_interval_is_spelled_out_or_said_to_be_none() -> None:
    found = MeanInterval(estimate=0.1, low=0.05, high=0.25, unit="subjects", n_units=9)
    assert interval_text(found).endswith("0.05 to 0.25")
    assert interval_text(found.revised(low=None, high=None)).startswith("without")


@pytest.mark.parametrize(
    "share, said",
    [
        *((0.0, "0 %"), (0.0004, "< 0.1 %"), (0.0123, "1.2 %"), (0.05, "5 %"), (0.0999, "10 %")),
        *((0.624, "62 %"), (0.9904, "99 %"), (0.9951, "99.5 %"), (1.0, "100 %"), (None, "\N{EN DASH}")),
        *((-0.051, "\N{MINUS SIGN}5.1 %"), (0.9996, "> 99.9 %"), (0.99999, "> 99.9 %")),
    ],
)
def test_percentages_have_one_format(share: float | None, said: str) -> None:
    assert percent(share) == said.replace(" ", NBSP)


def test_ranges_of_shares_name_the_sign_once() -> None:
    assert percent_span(0.762, 0.815) == f"76 to 82{NBSP}%"
    assert percent_span(0.9996, 0.9999) == f"99.96 to 99.99{NBSP}%"
    assert percent_span(0.99996, 0.99999) == f">{NBSP}99.99{NBSP}%"
    assert percent_span(0.94, 0.9996) == f"94 to >{NBSP}99.9{NBSP}%"


def test_shares_have_the_decimals_that_tell_them_from_their_ends_and_from_a_threshold() -> None:
    assert percent_to_width(0.958, 0.94, 0.964) == f"95.8{NBSP}%"
    assert percent_span(0.94, 0.964, 0.958) == f"94.0 to 96.4{NBSP}%"
    assert percent_to_width(0.598, None, None, 0.6) == f"59.8{NBSP}%"
    assert percent_to_width(0.6, None, None, 0.6) == f"60{NBSP}%"
    assert percent(0.7, 1) == f"70.0{NBSP}%"


def test_p_values_have_two_decimals_or_three() -> None:
    assert [p(value).replace(NBSP, " ") for value in (0.5, 0.1, 0.0996, 0.001, 0.0009)] == [
        *("p = 0.50", "p = 0.10", "p = 0.100", "p = 0.001", "p < 0.001")
    ]


def test_p_values_are_printed_on_their_side_of_the_level() -> None:
    for value in (0.0498, 0.04996, 0.049999, 0.05, 0.0504):
        shown = float(p(value).replace(NBSP, " ").removeprefix("p = "))
        assert is_significant(shown) == is_significant(value)
        column = Column("p_value", "p", decimals=3, least=SMALLEST_P)
        ((cell,),) = Table("t", "", (column,), ((value,),)).to_text()
        assert float(cell) == shown


def test_what_belongs_to_a_number_is_not_parted_from_it() -> None:
    said = typeset(r"95 % CI, 5 \% of it, k = 15, p < 0.05, r = -0.1; `k = 15`, x = 1, 3 % 2")
    assert (
        said.replace(NBSP, "~") == r"95~% CI, 5~\% of it, k~=~15, p~<~0.05, r~=~-0.1; `k = 15`, x = 1, 3~% 2"
    )
