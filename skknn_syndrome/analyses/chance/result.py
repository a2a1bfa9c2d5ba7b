"""A permutation test of the whole search against chance."""

from typing import Literal, TypeAlias

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.intervals import Unit
from skknn_syndrome.results.significance import is_significant
from skknn_syndrome.results.verdicts import LEAST_ARRANGEMENTS

Stratum: TypeAlias = Literal["part_and_size", "part", "all"]
"""Among which units labels are permuted: those of one test part and of equally many images; those of one test
part; all."""


class ChanceTest(Result):
    """A permutation test of the whole search: labels are permuted, and the best of the grid is taken again.

    The null hypothesis is that labels have nothing to do with the images. It is rejected for the search as a
    whole, so that the p-value needs no correction for the number of candidates.
    """

    score: str
    """By which candidates are judged."""
    observed: float
    """Its mean over the folds, of the candidate that was taken."""
    n_permutations: int
    p_value: float
    """Share of the arrangements, the observed one among them, whose best candidate reaches `observed`
    (doi:10.2202/1544-6115.1585)."""
    null_mean: float
    """Of the best candidates of the permuted searches."""
    null_high: float
    """Their 95 % quantile."""
    unit: Unit
    """What keeps one label: a subject with all its images of one syndrome, or a single image."""
    within: Stratum

    @property
    def significant(self) -> bool:
        """Whether the search is significantly better than chance."""
        return is_significant(self.p_value)

    @property
    def is_least(self) -> bool:
        """Whether so many permutations allow no smaller p-value: none reaches what was observed."""
        return self.p_value * (self.n_permutations + 1) <= LEAST_ARRANGEMENTS


class ChanceAnalysis(Analysis):
    """The search itself, held against searches among permuted labels."""

    question: Literal["chance"] = "chance"
    chance: ChanceTest
