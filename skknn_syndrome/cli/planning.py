"""What a study is expected to take, said before it begins."""

from typing import TYPE_CHECKING

from skknn_syndrome.cli.console import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skknn_syndrome.study.estimating import Estimate

LONG = 10.0
"""Seconds above which a study says what it expects."""
MOST_NAMED = 4
"""Parts that are named, those that take longest."""
MINUTE, HOUR = 60, 3_600
IN_NEXT_UNIT = 1.5
"""Of a minute or an hour, from which on time is told in these."""


def say_plan(plan: "Estimate", *, quick: bool) -> None:
    """Say what a long study is expected to take, and what scores alone would."""
    from skknn_syndrome.study.estimating import quick_seconds  # noqa: PLC0415  slow to import

    for line in plan_lines(plan, None if quick else quick_seconds(plan.sizes)):
        say(line)


def plan_lines(plan: "Estimate", quick_seconds: float | None) -> "Iterator[str]":
    """Yield how long a study takes and what it does less of, unless it is short.

    Parameters
    ----------
    plan : Estimate
    quick_seconds : float or None
        What scores alone would take; None where nothing else was asked for.

    Yields
    ------
    str
        One line or two.
    """
    if plan.seconds <= LONG:
        return
    parts = sorted(plan.by_part.items(), key=lambda part: -part[1])[:MOST_NAMED]
    named = ", ".join(f"{part_title(name)} {duration(seconds)}" for name, seconds in parts)
    others = " ..." if len(plan.parts) > len(parts) else ""
    quick = "" if quick_seconds is None else f"; --quick takes {duration(quick_seconds)}"
    yield f"About {duration(plan.seconds)}: {named}{others}{quick}."
    samples = [part for part in plan.parts if part.n_images is not None]
    said = [
        f"{part_title(part.name)} takes {part.n_images:,} of {plan.sizes.images:,} images" for part in samples
    ]
    said += [f"{part_title(name)} is left out" for name in plan.left_out]
    if said:
        yield f"So that it takes no longer: {', '.join(said)}."


def duration(seconds: float) -> str:
    """Return a time as people say it, for it is no more exact.

    Examples
    --------
    >>> [duration(seconds) for seconds in (0.2, 7, 43, 89, 180, 5_300, 9_000)]
    ['1 s', '7 s', '40 s', '90 s', '3 min', '90 min', '2.5 h']
    """
    if seconds < IN_NEXT_UNIT * MINUTE:
        return f"{_rounded(max(seconds, 1)):g} s"
    if seconds < IN_NEXT_UNIT * HOUR:
        return f"{_rounded(seconds / MINUTE):g} min"
    return f"{seconds / HOUR:.2g} h"


def _rounded(number: float) -> int:
    return round(number) if number < 10 else 10 * round(number / 10)  # noqa: PLR2004  tens from 10 on


def part_title(part: str) -> str:
    """Return the name of a part of a study as readers see it."""
    return part.replace("_", " ")
