"""Gap in accuracy between subgroups within classes, with interval and permutation test."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy.stats import t as student_t

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.subgroups.result import Gap
from skknn_syndrome.results.intervals import Unit
from skknn_syndrome.results.verdicts import CONFIDENCE, FEWEST_IN_SUBGROUP, ROUNDING
from skknn_syndrome.statistics.paired_tests import holm

N_PERMUTATIONS: Final = 2000


@dataclass(frozen=True, eq=False)
class Images:
    """Images of the levels that are compared, sorted by block: the images of one unit in one class."""

    right: Float64Array
    """Shape (n_images,): whether each is classified correctly, or in what share of its predictions."""
    classes: IndexArray
    """Numbers of classes, from 0 on without a gap."""
    levels: IndexArray
    """Likewise of levels."""
    units: IndexArray
    """Subjects, or images where nobody knows whose they are."""
    unit: Unit

    @cached_property
    def blocks(self) -> IndexArray:
        """Numbers of blocks, from 0 on."""
        pairs = np.stack([self.units, self.classes])
        return np.unique(pairs, axis=1, return_inverse=True)[1].ravel()

    @cached_property
    def starts(self) -> IndexArray:
        """The first image of each block."""
        return np.flatnonzero(np.diff(self.blocks, prepend=-1))

    @property
    def sizes(self) -> IndexArray:
        """Images of each block."""
        return np.bincount(self.blocks)

    @property
    def constant(self) -> bool:
        """Whether all images of each block have one level."""
        return bool((self.levels == self.levels[self.starts][self.blocks]).all())

    @cached_property
    def pairs(self) -> IndexArray:
        """Pairs of levels that have enough units each in the classes that they share; shape (n_pairs, 2)."""
        units = self.counted(self.levels[self._firsts], self.classes[self._firsts])
        pairs: IndexArray = np.column_stack(np.triu_indices(len(units), k=1))
        first, second = units[pairs[:, 0]], units[pairs[:, 1]]
        shared = np.minimum(np.where(second, first, 0).sum(axis=1), np.where(first, second, 0).sum(axis=1))
        return np.asarray(pairs[shared >= FEWEST_IN_SUBGROUP])

    @property
    def _firsts(self) -> IndexArray:
        """One image of each unit at each level in each class."""
        triples = np.stack([self.units, self.levels, self.classes])
        return np.asarray(np.unique(triples, axis=1, return_index=True)[1])

    def counted(
        self, levels: IndexArray, classes: IndexArray, weights: Float64Array | None = None
    ) -> Float64Array:
        """Return how many, or the sum of what weights, each level has in each class."""
        shape = int(self.levels.max()) + 1, int(self.classes.max()) + 1
        cells = np.bincount(levels * shape[1] + classes, weights, minlength=shape[0] * shape[1])
        return cells.reshape(shape).astype(np.float64)

    def differences(self, levels: IndexArray) -> Float64Array:
        """Return the difference in accuracy within classes of each pair, the first level minus the second."""
        counts, sums = (self.counted(levels, self.classes, weights) for weights in (None, self.right))
        ahead, weights = np.zeros((2, len(counts), len(counts)))
        # A level at a time: arrays of all pairs and classes are too large for a processor's cache.
        for first in set(self.pairs[:, 0].tolist()):
            share = counts[first] / np.maximum(counts[first] + counts, 1)
            ahead[first] = (sums[first] - share * (sums[first] + sums)).sum(axis=1)
            weights[first] = (share * counts).sum(axis=1)
        places = tuple(self.pairs.T)
        return np.asarray(ahead[places] / weights[places])

    def spread(self, levels: IndexArray) -> float:
        """Return the largest difference of a pair."""
        return float(np.abs(self.differences(levels)).max())


def images_of(
    right: Float64Array, labels: LabelArray, levels: LabelArray, subjects: LabelArray | None
) -> tuple[Images, list[str]]:
    """Return images of levels that have enough subjects, and the names of these levels.

    Parameters
    ----------
    right : array of shape (n_images,)
    labels, levels : arrays of shape (n_images,)
        Of images whose level is known.
    subjects : array of shape (n_images,) or None

    Returns
    -------
    Images
    list of str
        By the numbers that their images have.
    """
    units = np.arange(len(labels)) if subjects is None else np.unique(subjects, return_inverse=True)[1]
    names = [str(level) for level in np.unique(levels) if _has_enough(units, levels == level)]
    rows = np.flatnonzero(np.isin(levels, names))
    numbers = np.unique(labels[rows], return_inverse=True)[1]
    order = np.lexsort((numbers, units[rows]))
    rows, numbers = rows[order], numbers[order]
    unit: Unit = "images" if subjects is None else "subjects"
    return Images(right[rows], numbers, np.searchsorted(names, levels[rows]), units[rows], unit), names


def _has_enough(units: IndexArray, chosen: BoolArray) -> bool:
    return len(np.unique(units[chosen])) >= FEWEST_IN_SUBGROUP


def find_gap(images: Images, names: Sequence[str], *, seed: int | None) -> Gap | None:
    r"""Return the largest gap between levels with its interval and p-value, not yet adjusted for others.

    Parameters
    ----------
    images : Images
    names : sequence of str
        Of the levels.
    seed : int or None
        Of the permutations.

    Returns
    -------
    Gap or None
        None where no two levels have enough units in the classes that they share.

    Notes
    -----
    Of levels f and m with :math:`n_{cf}` and :math:`n_{cm}` images in class c, and accuracies
    :math:`p_{cf}` and :math:`p_{cm}` there, the difference is that of Mantel and Haenszel [1]_, [2]_:

    .. math:: D = \frac{\sum_c w_c (p_{cf} - p_{cm})}{\sum_c w_c}, \quad
        w_c = \frac{n_{cf} n_{cm}}{n_{cf} + n_{cm}}

    Images are compared with those of the same class alone, so that it does not matter which level has more of
    an easy class; a class that one of the two lacks has the weight 0. D is also the least-squares coefficient
    of the level beside an effect of each class. Its variance is that of a coefficient, with influences
    summed by subject and divided by the share of their variance that the fit leaves [3]_: with one image
    a level and class, half of it goes to the class. Of more than two levels, the pair with the largest
    difference was chosen by the data: the confidence is raised by Bonferroni for the number of pairs.

    References
    ----------
    .. [1] N. Mantel and W. Haenszel, "Statistical Aspects of the Analysis of Data From Retrospective Studies
       of Disease", Journal of the National Cancer Institute 22(4), 1959. doi:10.1093/jnci/22.4.719
    .. [2] S. Greenland and J. M. Robins, "Estimation of a Common Effect Parameter from Sparse Follow-Up
       Data", Biometrics 41(1), 1985. doi:10.2307/2530643
    .. [3] R. M. Bell and D. F. McCaffrey, "Bias Reduction in Standard Errors for Linear Regression with
       Multi-Stage Samples", Survey Methodology 28(2), 2002.
    """
    pairs = images.pairs
    if not len(pairs):
        return None
    differences = images.differences(images.levels)
    largest = int(np.abs(differences).argmax())
    first, second = pairs[largest].tolist()
    high, low = (first, second) if differences[largest] >= 0 else (second, first)
    pair = _pair(images, high, low)
    difference, half = abs(float(differences[largest])), _half_width(pair, len(pairs))
    p_value, _ = permutation_test(images, seed=seed)
    return Gap(
        higher=names[high],
        lower=names[low],
        difference=difference,
        low=None if half is None else difference - half,
        high=None if half is None else difference + half,
        n_levels=len(names),
        unit=images.unit,
        n_units=len(np.unique(pair.units)),
        n_images_alone=int(np.isin(images.levels, [high, low]).sum()) - len(pair.right),
        n_permutations=N_PERMUTATIONS,
        p_value=p_value,
        p_holm=p_value,
        exchange="units" if images.constant else "images_and_units",
    )


def _pair(images: Images, high: int, low: int) -> Images:
    """Return the images of two levels in the classes that both have, the level 1 being the higher."""
    counts = images.counted(images.levels, images.classes)
    rows = np.isin(images.levels, [high, low]) & ((counts[high] > 0) & (counts[low] > 0))[images.classes]
    classes = np.unique(images.classes[rows], return_inverse=True)[1]
    levels = (images.levels[rows] == high).astype(np.intp)
    return Images(images.right[rows], classes, levels, images.units[rows], images.unit)


def _half_width(pair: Images, n_pairs: int) -> float | None:
    """Return half the width of the interval of one of so many pairs; None where nothing varies."""
    classes, units = pair.classes, np.unique(pair.units, return_inverse=True)[1]
    centred, right = (_centred(values, classes) for values in (pair.levels.astype(np.float64), pair.right))
    weight = (centred**2).sum()
    residuals = right - centred * (centred @ right) / weight
    influences = np.bincount(units, centred * residuals) / weight
    # What share of the variance of each unit's influence is left after the fit, were images independent.
    own = np.bincount(units, centred**2)
    blocks = np.unique(np.stack([units, classes]), axis=1, return_inverse=True)[1].ravel()
    starts = np.unique(blocks, return_index=True)[1]
    to_classes = np.bincount(blocks, centred) ** 2 / np.bincount(classes)[classes[starts]]
    left = own - np.bincount(units[starts], to_classes) - own**2 / weight
    share = np.divide(left, own, out=np.ones_like(own), where=(own > ROUNDING) & (left > ROUNDING))
    error = float(np.sqrt((influences**2 / share).sum()))
    if error <= ROUNDING:
        return None
    return float(student_t.ppf(1 - (1 - CONFIDENCE) / 2 / n_pairs, len(own) - 1)) * error


def _centred(values: Float64Array, classes: IndexArray) -> Float64Array:
    return values - (np.bincount(classes, values) / np.bincount(classes))[classes]


def permutation_test(
    images: Images, *, seed: int | None, n_permutations: int = N_PERMUTATIONS
) -> tuple[float, Float64Array]:
    r"""Test whether the largest difference between levels is more than chance.

    The null hypothesis is that, given an image's class, its level says nothing of whether it is classified
    correctly. What is exchangeable under it is exchanged, and nothing else:

    - Where all images of a subject have one level (sex), levels are permuted among the subjects of a class,
      each subject whole: images of one person are not independent.
    - Where they differ (view, age at the photograph), levels are permuted among the images of a subject, and
      then, as whole blocks, among subjects of the same class and the same number of images. A design in which
      each subject has each view is tested within subjects, one in which most have a single image mostly
      between them. A subject that alone has so many images of its class keeps its levels among its images.

    Classes stay where they are, so that a different mix of classes is no explanation. The statistic is the
    largest difference within classes of a pair of levels, as in `find_gap`, whatever the number of levels, so
    that no pair of them is chosen without a price. These are the whole-block and within-block exchanges of
    [1]_; p-values count the observed arrangement as one [2]_.

    Parameters
    ----------
    images : Images
    seed : int or None
    n_permutations : int

    Returns
    -------
    float
        The p-value.
    ndarray of shape (n_permutations,)
        The statistic of each permutation.

    References
    ----------
    .. [1] A. M. Winkler et al., "Multi-level block permutation", NeuroImage 123, 2015.
       doi:10.1016/j.neuroimage.2015.05.092
    .. [2] B. Phipson and G. K. Smyth, "Permutation P-values Should Never Be Zero", Statistical Applications
       in Genetics and Molecular Biology 9(1), 2010. doi:10.2202/1544-6115.1585
    """
    draw = _whole_blocks(images) if images.constant else _within_and_whole_blocks(images)
    generator = np.random.default_rng(seed)
    found = np.array([images.spread(draw(generator)) for _ in range(n_permutations)])
    # Equal arrangements may differ in the last bit.
    as_large = np.count_nonzero(found >= images.spread(images.levels) - 1e-12)
    return (1 + as_large) / (1 + n_permutations), found


Draw = Callable[[np.random.Generator], IndexArray]


def _whole_blocks(images: Images) -> Draw:
    """Return what draws levels permuted among the blocks of a class."""
    of_block = images.levels[images.starts]
    exchange = _exchange_within(images.classes[images.starts])
    return lambda generator: of_block[exchange(generator)][images.blocks]


def _within_and_whole_blocks(images: Images) -> Draw:
    """Return what draws levels permuted within blocks, and among blocks of one class and size."""
    shuffle = _exchange_within(images.blocks)
    classes = images.classes[images.starts]
    strata = np.unique(np.stack([classes, images.sizes]), axis=1, return_inverse=True)[1].ravel()
    exchange = _exchange_within(strata)
    place = np.arange(len(images.blocks)) - images.starts[images.blocks]

    def draw(generator: np.random.Generator) -> IndexArray:
        levels = images.levels[shuffle(generator)]
        return levels[images.starts[exchange(generator)][images.blocks] + place]

    return draw


def _exchange_within(strata: IndexArray) -> Draw:
    """Return what draws, for each entry, one of the same stratum that takes its place."""
    places = np.argsort(strata, kind="stable")

    def draw(generator: np.random.Generator) -> IndexArray:
        taken = np.empty(len(strata), dtype=np.intp)
        taken[places] = np.lexsort((generator.random(len(strata)), strata))
        return taken

    return draw


def adjusted_for_each_other(gaps: Sequence[Gap | None]) -> list[Gap | None]:
    """Return gaps of several covariates with their p-values adjusted by Holm's method."""
    found = iter(holm([gap.p_value for gap in gaps if gap is not None]))
    return [None if gap is None else gap.revised(p_holm=next(found)) for gap in gaps]
