"""A permutation test of the whole search against chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import effective_n_jobs

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.chance.result import ChanceAnalysis, ChanceTest, Stratum
from skknn_syndrome.crossval.costs import Cost, Sizes, Term
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.graph_scores.batches import Batch, IndexSplit, make_batches
from skknn_syndrome.heads.graph_scores.grid import Voting, look_up, score_lists
from skknn_syndrome.heads.graph_scores.sources import GraphSource
from skknn_syndrome.neighbors.search import Neighbors, on_threads
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.verdicts import CONFIDENCE, ROUNDING

MOVABLE = 0.6
"""Of the labels that permuting all units changes on average, the share that permuting within strata has to:
else permuted labels keep much of what the labels say."""


@dataclass(frozen=True, eq=False)
class ExchangeableUnits:
    """What keeps one label, and among which others it is exchangeable."""

    of_image: IndexArray
    """Shape (n_images,): the unit of each image."""
    labels: IndexArray
    """Shape (n_units,): its class number."""
    strata: IndexArray
    """Shape (n_units,): labels are permuted among units of one number."""
    within: Stratum
    """What the strata are."""

    def permute(self, generator: np.random.Generator) -> IndexArray:
        """Return permuted class numbers, shape (n_images,)."""
        ordered = np.argsort(self.strata, kind="stable")
        shuffled = np.lexsort((generator.random(len(self.strata)), self.strata))
        permuted = np.empty_like(self.labels)
        permuted[ordered] = self.labels[shuffled]
        return permuted[self.of_image]


def find_units(
    truth: IndexArray, subjects: LabelArray | None, splits: Sequence[IndexSplit]
) -> ExchangeableUnits:
    """Return what labels are permuted among.

    Parameters
    ----------
    truth : array of shape (n_images,)
        Class numbers.
    subjects : array of shape (n_images,) or None
        Whom each image shows: all images of one subject and one class are a unit. Without them each image is.
    splits : sequence of (train, test)
        Row numbers. The part of a unit is the set of test parts that its images are in.

    Returns
    -------
    ExchangeableUnits
        Strata are of one part and of equally many images; of one part, where permuting so would change less
        than three fifths of the labels that permuting all units would; all units together, where that is so
        again.

    Examples
    --------
    >>> folds = [(np.array([3, 4, 5]), np.array([0, 1, 2])), (np.array([0, 1, 2]), np.array([3, 4, 5]))]
    >>> units = find_units(np.array([0, 0, 1, 0, 1, 1]), None, folds)
    >>> units.strata, units.within
    (array([1, 1, 1, 0, 0, 0]), 'part_and_size')
    """
    who = np.arange(len(truth)) if subjects is None else np.unique(subjects, return_inverse=True)[1]
    pairs, of_image = np.unique(np.stack([who, truth]), axis=1, return_inverse=True)
    of_image, labels = of_image.reshape(-1), pairs[1]
    tested = np.zeros((len(labels), len(splits)), dtype=np.bool_)
    for place, (_, test) in enumerate(splits):
        tested[of_image[test], place] = True
    _, part = np.unique(tested, axis=0, return_inverse=True)
    size = np.bincount(of_image)
    of_part: dict[Stratum, list[IndexArray]] = {
        "part_and_size": [part.reshape(-1), size],
        "part": [part.reshape(-1)],
    }
    alike = np.zeros_like(labels)
    least = MOVABLE * _changed_share(alike, labels)
    for within, columns in of_part.items():
        _, strata = np.unique(np.stack(columns), axis=1, return_inverse=True)
        strata = strata.reshape(-1)
        if _changed_share(strata, labels) >= least:
            return ExchangeableUnits(of_image, labels, strata, within)
    return ExchangeableUnits(of_image, labels, alike, "all")


def _changed_share(strata: IndexArray, labels: IndexArray) -> float:
    """Return the share of units that get another label on average.

    In a stratum that is 1 minus the sum of the squared shares of its labels.
    """
    held, counts = np.unique(np.stack([strata, labels]), axis=1, return_counts=True)
    sizes = np.bincount(strata)
    return 1 - float(np.sum(counts**2 / sizes[held[0]])) / len(labels)


N_PERMUTATIONS = 199

MAX_CELLS = 4_000_000
"""Probabilities of one search (test images x classes x candidates) up to which it is done again and again:
half a minute on one core."""

BATCH_CELLS = 2**18
"""Probabilities, of one distance and one scheme, for which permutations are put together."""


def compare_with_chance(
    source: GraphSource,
    splits: Sequence[IndexSplit],
    *,
    metrics: Sequence[str],
    weights: Sequence[Weights],
    refit: str,
    observed: float,
    subjects: LabelArray | None,
    n_permutations: int = N_PERMUTATIONS,
    random_state: int | None = 0,
    n_jobs: int | None = None,
) -> ChanceTest:
    r"""Test whether a search finds more than the same search among permuted labels.

    Under the null hypothesis labels have nothing to do with images. Each of B permutations goes through the
    whole grid on the same folds, and its best mean is held against the observed one:

    .. math:: p = \frac{1 + \#\{b : s_b \ge s\}}{1 + B}.

    The observed arrangement is counted as one of the permutations, so that the test is valid with any B [1]_.
    It is the first test of Ojala and Garriga [2]_, of the search instead of one classifier: what the choice
    among candidates adds is in the null distribution.

    A subject keeps one label for all its images, since images of one person are not exchangeable with those
    of another; a subject with images of several syndromes counts as one unit for each. Folds were stratified
    by the labels, so labels are permuted among the units of one test part only. This leaves the folds as
    stratified as they were, and given the folds the test is exact if labels are exchangeable within test
    parts. Where most units allow it, labels are permuted among units of equally many images: the classes then
    keep their numbers of images, and a class whose subjects have more images than others' is no evidence.
    Where that would change less than three fifths of the labels that permuting all units would, images per
    subject are disregarded, and then test parts, as with one test part a subject. With folds that depend on
    the labels the last is no longer exact.

    Under folds by image, images of one person may be in training and test part alike, and so they are in the
    permuted searches: recognising persons is part of chance there.

    Parameters
    ----------
    source : GraphSource
        The graph, the labels and the numbers of neighbours.
    splits : sequence of (train, test)
        The folds of the search.
    metrics, weights : sequence
        The rest of the grid.
    refit : str
        The score that decides.
    observed : float
        The mean of that score over the folds, of the candidate that was taken. Under a rule that does not
        take the highest mean the test is conservative, since the permuted searches do.
    subjects : array of shape (n_images,) or None
        Whom each image shows; without them each image is a unit.
    n_permutations : int
    random_state : int or None
        Seed of the permutations; None means 0.
    n_jobs : int or None
        Threads.

    Returns
    -------
    ChanceTest
        Permutations in which the score is not defined count against the search, and are left out of the null
        distribution's mean and quantile.

    Raises
    ------
    StudySettingsError
        The observed score is not defined, or the search is too large to be done so often.

    References
    ----------
    .. [1] B. Phipson and G. K. Smyth, "Permutation P-values Should Never Be Zero", Stat. Appl. Genet. Mol.
       Biol. 9, 2010. doi:10.2202/1544-6115.1585
    .. [2] M. Ojala and G. C. Garriga, "Permutation Tests for Studying Classifier Performance", JMLR 11, 2010.
       https://jmlr.org/papers/v11/ojala10a.html
    """
    classes, truth = np.unique(source.labels, return_inverse=True)
    n_candidates = len(metrics) * len(weights) * len(source.n_neighbors)
    _check(observed, refit, sum(len(test) for _, test in splits) * len(classes) * n_candidates)
    units = find_units(truth, subjects, splits)
    generator = np.random.default_rng(random_state or 0)
    permuted = [units.permute(generator) for _ in range(n_permutations)]
    again = RepeatedSearch(source, splits, metrics, weights, refit)
    best = again(permuted, n_threads=effective_n_jobs(n_jobs))
    defined = best[~np.isnan(best)]
    n_reaching = n_permutations - np.count_nonzero(defined < observed - ROUNDING)
    return ChanceTest(
        score=refit,
        observed=observed,
        n_permutations=n_permutations,
        p_value=(1 + n_reaching) / (1 + n_permutations),
        null_mean=float(defined.mean()),
        null_high=float(np.quantile(defined, CONFIDENCE)),
        unit="images" if subjects is None else "subjects",
        within=units.within,
    )


def _check(observed: float, refit: str, n_cells: int) -> None:
    if not np.isfinite(observed):
        raise StudySettingsError(
            f"{refit} is not defined on these folds: give larger ones.", code="score_not_defined"
        )
    if n_cells > MAX_CELLS:
        raise StudySettingsError(_too_large(n_cells), code="search_too_large")


def _too_large(n_cells: int) -> str:
    return (
        f"Each search makes {n_cells:,} probabilities (test images x classes x candidates), and beyond "
        f"{MAX_CELLS:,} it is not done {N_PERMUTATIONS} times over: give a smaller grid."
    )


class RepeatedSearch:
    """A search that is done again for other labels of the same images.

    Neighbours and their distances do not hang on labels, and are looked up once.

    Parameters
    ----------
    source, splits, metrics, weights, refit
        As in `compare_with_chance`.
    """

    def __init__(
        self,
        source: GraphSource,
        splits: Sequence[IndexSplit],
        metrics: Sequence[str],
        weights: Sequence[Weights],
        refit: str,
    ) -> None:
        classifier = source.classifier
        self._voting = Voting(source.n_neighbors, weights, classifier.temperature, classifier.class_weight)
        self._classes, self._n_splits, self._refit = np.unique(source.labels), len(splits), refit
        reach = source.n_neighbors[-1]
        self._row_cells = len(self._classes) * len(source.n_neighbors)
        self._batches = list(make_batches(splits, reach, 8 * self._row_cells))
        self._lists = [
            [look_up(source.graph, metric, batch, reach) for metric in metrics] for batch in self._batches
        ]

    def __call__(self, labels: Sequence[IndexArray], *, n_threads: int = 1) -> Float64Array:
        """Return the best mean over the folds for each set of labels, NaN where none is defined.

        Parameters
        ----------
        labels : sequence of arrays of shape (n_images,)
            Class numbers.
        n_threads : int

        Returns
        -------
        ndarray of shape (n_sets,)
        """
        n_rows = max(len(batch.queries) for batch in self._batches)
        step = max(1, BATCH_CELLS // (n_rows * self._row_cells))
        chunks = [np.stack(labels[first : first + step]) for first in range(0, len(labels), step)]
        return np.concatenate(on_threads(self._search, chunks, min(n_threads, len(chunks))))

    def _search(self, labels: IndexArray) -> Float64Array:
        """Return the best means for labels of shape (n_sets, n_images)."""
        n_grid = len(self._lists[0]), len(self._voting.n_neighbors), len(self._voting.weights)
        scores = np.empty((len(labels), *n_grid, self._n_splits))
        for batch, lists in zip(self._batches, self._lists, strict=True):
            copied, tile = _copy(batch, *labels.shape)
            electorate = copied.electorate(labels.ravel(), self._classes, self._voting.class_weight)
            for number, neighbors in enumerate(lists):
                for places, scheme, found in score_lists(
                    tile(neighbors), copied, electorate, self._voting, names=(self._refit,)
                ):
                    values = found[self._refit].reshape(-1, len(labels), len(batch.numbers))
                    scores[:, number, places, scheme, batch.numbers[0] : batch.numbers[-1] + 1] = (
                        values.transpose(1, 0, 2)
                    )
        return _best_means(scores.reshape(len(labels), -1, self._n_splits))


def _copy(batch: Batch, n_sets: int, n_images: int) -> tuple[Batch, Callable[[Neighbors], Neighbors]]:
    """Return a batch of as many copies as there are sets of labels, and what copies its neighbours."""
    offsets = n_images * np.arange(n_sets)
    splits = [(train + offset, test + offset) for offset in offsets for train, test in batch.splits]

    def tile(found: Neighbors) -> Neighbors:
        indices = (found.indices + offsets[:, None, None]).reshape(-1, found.indices.shape[1])
        return Neighbors(np.tile(found.distances, (n_sets, 1)), indices)

    return Batch(range(len(splits)), splits, batch.available), tile


def _best_means(scores: Float64Array) -> Float64Array:
    """Return the highest mean over splits, the last axis, of any candidate, the one before it."""
    defined = ~np.isnan(scores)
    counts = defined.sum(axis=-1)
    means = np.full(counts.shape, np.nan)
    np.divide(np.where(defined, scores, 0.0).sum(axis=-1), counts, out=means, where=counts > 0)
    best: Float64Array = np.fmax.reduce(means, axis=-1)
    return best


def permute_search(run: ProtocolRun) -> ChanceAnalysis | None:
    """Hold the search of a protocol against chance; None without a graph."""
    if not isinstance(run.source, GraphSource):
        return None
    settings, scored = run.settings, run.scored
    found = compare_with_chance(
        run.source,
        run.splits.as_cv(),
        metrics=settings.metrics,
        weights=settings.weights,
        refit=settings.refit,
        observed=scored.refit_mean(scored.winner),
        subjects=run.data.groups,
        random_state=settings.random_state,
        n_jobs=settings.n_jobs,
    )
    return ChanceAnalysis(protocol=run.splits.protocol, chance=found)


def _why_withheld(sizes: Sizes) -> str | None:
    n_cells = sizes.images * sizes.classes * sizes.candidates
    return _too_large(n_cells) if n_cells > MAX_CELLS else None


COST = Cost(
    "the search again for each of 199 permutations of the labels",
    (Term(1300.0, "sort", ("images", "classes", "candidates")),),
    sampled_above=5_000,
    withheld=_why_withheld,
)

COMPUTATION = Computation(question="chance", cost=COST, compute=permute_search, needs="neighbors")
