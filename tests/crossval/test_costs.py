"""Stated costs."""

from dataclasses import replace

import pytest

from skknn_syndrome.crossval.costs import Cost, Sizes, Speed, Term

SIZES = Sizes(images=1_000, features=64, classes=10, subjects=800)
SPEED: Speed = {"product": 1e-3, "sort": 1.0, "python": 1e3}


def test_a_cost_adds_up_its_terms_each_at_the_speed_of_its_unit() -> None:
    cost = Cost("why", (Term(2.0, "sort", ("images", "classes")), Term(0.5, "python"), Term(3.0, "product")))
    assert cost.seconds(SIZES, SPEED) == pytest.approx(2 * 1_000 * 10 + 500 + 0.003)


def test_a_size_that_is_named_twice_counts_squared() -> None:
    term = Term(1.0, "sort", ("images", "images"))
    assert term.growth(replace(SIZES, images=3_000)) == 9 * term.growth(SIZES)


def test_a_sample_has_as_many_images_a_subject() -> None:
    assert SIZES.of_sample(500) == replace(SIZES, images=500, subjects=400)
    assert SIZES.of_sample(1_000) is SIZES
    assert SIZES.of_sample(None) is SIZES


def test_what_works_on_a_sample_costs_no_more_on_larger_data() -> None:
    cost = Cost("why", (Term(1.0, "sort", ("images",)),), sampled_above=1_000)
    larger = replace(SIZES, images=50_000, subjects=40_000)
    assert cost.seconds(larger, SPEED) == cost.seconds(SIZES, SPEED)
    assert (cost.sample_of(SIZES), cost.sample_of(larger)) == (None, 1_000)


def test_whether_data_are_too_large_is_asked_of_the_sample() -> None:
    def refuse(sizes: Sizes) -> str | None:
        return "too large" if sizes.images > 500 else None

    terms = (Term(1.0, "sort"),)
    assert Cost("why", terms, withheld=refuse).why_withheld(SIZES) == "too large"
    assert Cost("why", terms, withheld=refuse, sampled_above=500).why_withheld(SIZES) is None
    assert Cost("why", terms).why_withheld(SIZES) is None
