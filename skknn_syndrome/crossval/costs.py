"""Stated costs: how the time that a part of a study takes grows with its data, and where it steps back."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["product", "sort", "python"]
"""An operation whose time a machine is asked for: a multiply-add of a matrix product, an entry of an array
that is partially sorted, an object that Python handles."""

Size: TypeAlias = Literal[
    "images",
    "features",
    "classes",
    "subjects",
    "candidates",
    "distances",
    "folds",
    "protocols",
    "repeats",
    "further_repeats",
    "fitted_repeats",
    "levels",
    "curve_heads",
]
"""What a cost may grow with: a field or a property of `Sizes`."""

Speed: TypeAlias = Mapping[Unit, float]
"""Seconds that an operation of each unit takes on a machine."""

MAX_REPEATED_CELLS = 1_000_000
"""Images times features up to which what is fitted anew in each fold is repeated, as baselines have it."""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How large a study is."""

    images: int
    features: int
    classes: int
    subjects: int
    """As many as images where nobody knows."""
    candidates: int = 30
    distances: int = 2
    folds: int = 10
    protocols: int = 2
    repeats: int = 10
    """Splits on which the grid is repeated; 1 where no analysis asks for others."""
    levels: int = 0
    """Taxonomic levels, that of the labels included; 0 where there are none."""
    curve_heads: int = 0
    """Heads beside nearest neighbours whose learning curves are asked for."""

    @property
    def further_repeats(self) -> int:
        """Splits beside the study's own."""
        return self.repeats - 1

    @property
    def fitted_repeats(self) -> int:
        """Splits on which rules are repeated that are fitted anew in each fold: one for large data."""
        return self.repeats if self.images * self.features <= MAX_REPEATED_CELLS else 1

    def of_sample(self, n_images: int | None) -> "Sizes":
        """Return the sizes of a sample of so many images at most.

        Examples
        --------
        >>> Sizes(images=9_000, features=2, classes=3, subjects=6_000).of_sample(3_000).subjects
        2000
        """
        if n_images is None or self.images <= n_images:
            return self
        return replace(self, images=n_images, subjects=max(1, self.subjects * n_images // self.images))


@dataclass(frozen=True)
class Term:
    """Operations that grow with a product of sizes."""

    factor: float
    """Operations for sizes of 1; fitted by ``python -m benchmarks.costs``."""
    unit: Unit
    sizes: tuple[Size, ...] = ()
    """A size that is named twice counts squared."""

    def operations(self, sizes: Sizes) -> float:
        """Return how many operations data of these sizes take."""
        return self.factor * self.growth(sizes)

    def growth(self, sizes: Sizes) -> float:
        """Return the product of the sizes."""
        return float(prod(getattr(sizes, name) for name in self.sizes))


@dataclass(frozen=True)
class Cost:
    """What a part of a study is stated to cost, and how it steps back where that is too much.

    Examples
    --------
    >>> cost = Cost("all pairs of images", (Term(1.0, "product", ("images", "images", "features")),))
    >>> sizes = Sizes(images=1_000, features=100, classes=10, subjects=800)
    >>> cost.seconds(sizes, {"product": 1e-9, "sort": 1e-9, "python": 1e-7})
    0.1
    """

    why: str
    """What it does so often, in half a sentence."""
    terms: tuple[Term, ...]
    sampled_above: int | None = None
    """Images above which it works on a sample of this many; None where it always takes all."""
    withheld: Callable[[Sizes], str | None] | None = None
    """Why it is left out of data of some sizes, in a sentence; returns None where it is not."""

    def seconds(self, sizes: Sizes, speed: Speed) -> float:
        """Return the seconds that it takes on a machine of some speed, on a sample where it takes one."""
        taken = sizes.of_sample(self.sampled_above)
        return sum(term.operations(taken) * speed[term.unit] for term in self.terms)

    @property
    def grows_with(self) -> str:
        """The sizes of its terms, in words.

        Examples
        --------
        >>> Cost("", (Term(1.0, "product", ("images", "images", "classes")), Term(1.0, "python"))).grows_with
        'images² x classes + 1'
        """
        return " + ".join(
            " x ".join(_power(name, count) for name, count in Counter(term.sizes).items()) or "1"
            for term in self.terms
        )

    def sample_of(self, sizes: Sizes) -> int | None:
        """Return of how many images the sample is; None where all are taken."""
        return (
            None if self.sampled_above is None or sizes.images <= self.sampled_above else self.sampled_above
        )

    def why_withheld(self, sizes: Sizes) -> str | None:
        """Return why data of these sizes are too large for it, None where they are not."""
        return self.withheld(sizes.of_sample(self.sampled_above)) if self.withheld else None


def _power(name: str, exponent: int) -> str:
    shown = name.replace("_", " ")
    return shown + {1: "", 2: "\N{SUPERSCRIPT TWO}", 3: "\N{SUPERSCRIPT THREE}"}[exponent]
