"""What a study says of its time before it begins."""

from dataclasses import replace

from skknn_syndrome.cli.planning import plan_lines
from skknn_syndrome.crossval.costs import Sizes
from skknn_syndrome.study.estimating import Estimate, ExpectedPart

SIZES = Sizes(images=50_000, features=64, classes=10, subjects=40_000)
PLAN = Estimate(
    SIZES,
    (
        ExpectedPart("graph", 31.0, None),
        ExpectedPart("open_set", 9.0, 10_000),
        ExpectedPart("uncertainty", 71.0, None),
        ExpectedPart("search", 5.0, None),
        ExpectedPart("larger_k", 64.0, None),
    ),
    {"chance": "It is too much."},
)


def test_a_long_study_says_what_it_takes_what_quick_takes_and_what_it_does_less_of() -> None:
    assert list(plan_lines(PLAN, 40.0)) == [
        "About 3 min: uncertainty 70 s, larger k 60 s, graph 30 s, open set 9 s ...; --quick takes 40 s.",
        "So that it takes no longer: open set takes 10,000 of 50,000 images, chance is left out.",
    ]


def test_a_quick_one_says_its_time_alone() -> None:
    plan = replace(PLAN, parts=(ExpectedPart("graph", 31.0, None),), left_out={})
    assert list(plan_lines(plan, None)) == ["About 30 s: graph 30 s."]


def test_a_short_one_says_nothing() -> None:
    assert not list(plan_lines(replace(PLAN, parts=PLAN.parts[1:2]), 1.0))
