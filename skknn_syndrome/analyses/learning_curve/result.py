"""Learning curves over subjects per class, power laws fitted to them, and sample sizes that follow."""

import math
from collections.abc import Collection
from typing import Final, Literal, Self, TypeAlias

from pydantic import Field

from skknn_syndrome.results.analysis import Analysis, of_kept
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.intervals import MeanInterval, Unit
from skknn_syndrome.results.verdicts import CONFIDENCE

FEWEST_SIZES: Final = 4
"""Training sizes that a law of three parameters has to be fitted to: with three it meets every curve."""

FACTORS: Final = (2, 4)
"""Times the subjects that scores are expected at; beyond twice, that is called extrapolation."""

PLANNED_WIDTHS: Final = (0.1, 0.05, 0.02)
"""Widths of intervals that sample sizes are given for: a convention of this report."""

PLANNED_WIDTHS_OF_A_CLASS: Final = (0.2, 0.1)
"""The same of the sensitivity of a single class."""

NoFit: TypeAlias = Literal["few_sizes", "undefined", "chance", "flat", "spread"]
"""Why nothing is extrapolated: fewer than four sizes; a score that some resample leaves undefined; a macro
AUC that is not significantly above 0.5; no significant rise from the smallest to the largest size; scores
that vary more with more subjects."""


def subjects_needed(n_subjects: float, width: float, wanted: float) -> int:
    r"""Return how many subjects an interval of a wanted width takes.

    The width of an interval falls with the square root of the number of subjects [1]_, [2]_, so

    .. math:: n' = n \left(\frac{w}{w'}\right)^2.

    The width :math:`w` of the present interval has in it what the subjects vary, how the classes are
    distributed, and that images of one subject are alike: a planned study is taken to be of that kind.

    References
    ----------
    .. [1] N. M. F. Buderer, "Statistical methodology: I. Incorporating the prevalence of disease into the
       sample size calculation for sensitivity and specificity", Academic Emergency Medicine 3(9), 1996.
       doi:10.1111/j.1553-2712.1996.tb03538.x
    .. [2] R. D. Riley et al., "Minimum sample size for external validation of a clinical prediction model
       with a binary outcome", Statistics in Medicine 40(19), 2021. doi:10.1002/sim.9025

    Examples
    --------
    >>> subjects_needed(100, width=0.1, wanted=0.05)
    400
    """
    # What is a whole number up to rounding is not rounded up.
    return math.ceil(round(n_subjects * (width / wanted) ** 2, 6))


class CurvePoint(Result):
    """A score of pooled out-of-fold predictions at one training size."""

    share: float
    """Of the training subjects of each class."""
    n_per_class: float
    """Training subjects of a class: mean over classes and folds."""
    n_images: float
    """Training images, mean over the folds."""
    estimate: float | None
    """Mean over the repeats; None where it is not defined."""
    low: float | None
    """Of the interval over resampled subjects and repeats; None where there is none."""
    high: float | None
    std: float | None
    """Over the repeats; None of all subjects, which have no order."""


class PowerLaw(Result):
    """A law a - b n^-c of the training subjects per class."""

    asymptote: float = Field(le=1)
    """a: what no number of subjects exceeds, if the law holds."""
    scale: float = Field(ge=0)
    """b: what is missing to it with one subject per class."""
    exponent: float = Field(ge=0)
    """c."""
    rmse: float
    """Root mean squared error of the fit."""

    def at(self, n_per_class: float) -> float:
        """Return the score that the law gives.

        Examples
        --------
        >>> PowerLaw(asymptote=0.9, scale=0.4, exponent=0.5, rmse=0.0).at(16)
        0.8
        """
        return float(self.asymptote - self.scale * n_per_class**-self.exponent)


class Expectation(Result):
    """What to expect of some times the subjects, if the law holds."""

    factor: int
    """Times the training subjects of the study's folds."""
    n_per_class: float
    estimate: float
    low: float
    """Of the prediction interval: for the score that a study with so many subjects would find."""
    high: float
    gain: float
    """Of the law over its value at the present size."""
    gain_low: float
    """Of the confidence interval of the gain, each resample fitted anew."""
    gain_high: float
    width: float
    """That the confidence interval of the score would have."""


class ScoreCurve(Result):
    """One score at all sizes, and what follows."""

    score: str
    points: tuple[CurvePoint, ...] = Field(min_length=1)
    """By size, the whole training parts last."""
    law: PowerLaw | None = None
    no_fit: NoFit | None = None
    """Why there is no law."""
    expected: tuple[Expectation, ...] = ()
    """None without a law."""

    @property
    def now(self) -> CurvePoint:
        """With all subjects."""
        return self.points[-1]

    @property
    def fitted(self) -> float | None:
        """What the law gives of all subjects, beside the score measured there; None without a law."""
        return None if self.law is None else self.law.at(self.now.n_per_class)

    @property
    def width(self) -> float | None:
        """Of the interval with all subjects; None where there is none."""
        return None if self.now.low is None or self.now.high is None else self.now.high - self.now.low

    def at_factor(self, factor: int) -> Expectation | None:
        """Return what to expect of some times the subjects; None where nothing is."""
        return next((entry for entry in self.expected if entry.factor == factor), None)


class HeadCurve(CandidateKey):
    """The learning curve of one head."""

    chosen: Literal["study", "inside"]
    """Whether the study's best candidate is taken at all sizes, or each fold has its own parameters, chosen
    by inner folds of its whole training part and kept at smaller sizes; `params` are then the most common."""
    scores: tuple[ScoreCurve, ...] = Field(min_length=1)

    def curve(self, score: str) -> ScoreCurve:
        """Return the curve of a score."""
        return next(entry for entry in self.scores if entry.score == score)


class ClassPrecision(Result):
    """The sensitivity of a class with all subjects, and how precisely it is known."""

    syndrome: str
    n_subjects: int
    sensitivity: MeanInterval

    def subjects_for(self, width: float) -> int | None:
        """Return how many subjects of the class an interval of some width takes; None without an interval."""
        low, high = self.sensitivity.low, self.sensitivity.high
        return None if low is None or high is None else subjects_needed(self.n_subjects, high - low, width)


class LearningCurveAnalysis(Analysis):
    """How scores rise with the number of training subjects, and how many a planned study needs.

    In each fold, the classifier is fitted on nested subsets of the training subjects of each class; the test
    part stays the same. Intervals are over resampled subjects of the test parts and resampled repeats.
    """

    question: Literal["learning_curve"] = "learning_curve"
    unit: Unit
    """What training parts are thinned by, and what is drawn again."""
    n_units: int = Field(ge=1)
    """Tested in all."""
    n_classes: int
    n_folds: int
    n_repeats: int
    """Orders in which subjects are taken."""
    n_resamples: int
    confidence: float = CONFIDENCE
    heads: tuple[HeadCurve, ...] = Field(min_length=1)
    classes: tuple[ClassPrecision, ...]
    """Of the first head."""

    def subjects_for(self, curve: ScoreCurve, width: float) -> int | None:
        """Return how many tested subjects an interval of some width takes; None without an interval."""
        return None if curve.width is None else subjects_needed(self.n_units, curve.width, width)

    def of_classes(self, kept: Collection[str]) -> Self:
        """Return the same for some of the classes alone."""
        return self.revised(classes=of_kept(self.classes, kept))
