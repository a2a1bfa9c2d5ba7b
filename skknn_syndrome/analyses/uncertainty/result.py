"""Confidence intervals of the best candidates' pooled scores, and McNemar's test of the two best."""

from typing import Literal

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.intervals import PooledDifference, PooledScores, Unit


class Discordance(Result):
    """McNemar's exact test: which of two candidates is right where they disagree about right and wrong.

    The test takes units as independent. Images of one subject are not, so with subjects each counts once, by
    the mean of its images' probabilities.
    """

    first: str
    second: str
    unit: Unit
    n_units: int
    n_first_alone: int
    """Classified correctly by the first and not by the second."""
    n_second_alone: int
    p_value: float
    """Two-sided, by the binomial distribution."""
    units_independent: bool | None = None
    """Whether no subject is behind two of the units, as the test assumes. None where that is unknown: the
    data has no subject ids, or the file was written by an earlier version."""


class UncertaintyAnalysis(Analysis):
    """How far the scores of the best candidates could have come out otherwise with other people."""

    question: Literal["uncertainty"] = "uncertainty"
    pooled: tuple[PooledScores, ...] = ()
    """Pooled out-of-fold scores of the best candidate of each distance, with intervals."""
    difference: PooledDifference | None = None
    """The best candidates of the two best distances, with intervals."""
    discordance: Discordance | None = None
    """The same two, by McNemar's test."""
