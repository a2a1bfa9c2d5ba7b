"""Splits that are scored together, and how long the lists of a graph should be."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray
from skknn_syndrome.heads.base import IndexSplit as IndexSplit
from skknn_syndrome.neighbors.voting import ClassWeight, resolve_class_weight

BATCH_BYTES = 2**24
"""Splits are put together while their probabilities stay below this."""


@dataclass(frozen=True, eq=False)
class Electorate:
    """The labels of a batch, with what follows from them."""

    truth: IndexArray
    """Shape (n_samples,): the class number of each row."""
    known: BoolArray
    """Shape (n_splits, n_classes): the classes of the training rows."""
    class_weight: Float64Array
    """Shape (n_classes,), or (n_queries, n_classes) where splits differ."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Some splits, their test rows one after another."""

    numbers: Sequence[int]
    """Which splits."""
    splits: Sequence[IndexSplit]
    """Shape (n_splits,): their training and test rows."""
    available: int
    """Training rows of each split, or more than anyone asks for."""

    @cached_property
    def queries(self) -> IndexArray:
        """Shape (n_queries,): the test rows."""
        return np.concatenate([test for _, test in self.splits])

    @cached_property
    def starts(self) -> IndexArray:
        """Shape (n_splits,): where each split's test rows begin."""
        return np.cumsum([0, *(len(test) for _, test in self.splits[:-1])])

    @cached_property
    def parts(self) -> IndexArray:
        """Shape (n_queries,): the place of each query's split in the batch."""
        return np.repeat(np.arange(len(self.splits)), [len(test) for _, test in self.splits])

    def allowed(self, n_samples: int) -> BoolArray:
        """Return which rows are training rows, shape (n_splits, n_samples)."""
        allowed = np.zeros((len(self.splits), n_samples), dtype=np.bool_)
        for place, (train, _) in enumerate(self.splits):
            allowed[place, train] = True
        return allowed

    def electorate(self, truth: IndexArray, classes: LabelArray, class_weight: ClassWeight) -> Electorate:
        """Return the labels with what the training parts know.

        Parameters
        ----------
        truth : ndarray of shape (n_samples,)
            The class number of each row.
        classes : ndarray of shape (n_classes,)
            The sorted labels.
        class_weight
            As in `SyndromeKNNClassifier`.

        Returns
        -------
        Electorate
        """
        shape = (len(self.splits), len(classes))
        known = np.zeros(shape, dtype=np.bool_)
        for place, (train, _) in enumerate(self.splits):
            known[place, truth[train]] = True
        if class_weight is None:
            return Electorate(truth, known, np.ones(len(classes)))
        factors = np.ones(shape)
        for place, (train, _) in enumerate(self.splits):
            factors[place, known[place]] = resolve_class_weight(
                class_weight, classes[known[place]], classes[truth[train]]
            )
        return Electorate(truth, known, factors[self.parts])


def make_batches(splits: Sequence[IndexSplit], n_neighbors: int, row_bytes: int) -> Iterator[Batch]:
    """Put splits together while their probabilities fit into memory.

    Parameters
    ----------
    splits : sequence of (train, test)
    n_neighbors : int
        The largest number asked for: splits that have so many training rows, or the same fewer, go together.
    row_bytes : int
        What the probabilities of one test row take.

    Yields
    ------
    Batch
    """
    numbers: list[int] = []
    n_rows = 0
    available = n_neighbors
    for number, (train, test) in enumerate(splits):
        reach = min(len(train), n_neighbors)
        if numbers and ((n_rows + len(test)) * row_bytes > BATCH_BYTES or reach != available):
            yield Batch(numbers, [splits[one] for one in numbers], available)
            numbers, n_rows = [], 0
        available = reach
        numbers.append(number)
        n_rows += len(test)
    yield Batch(numbers, [splits[one] for one in numbers], available)


DEVIATIONS = 5
"""Standard deviations above the mean: one list in thousands is short, and asked again."""


def engine_depth(
    n_neighbors_max: int, splits: Sequence[tuple[IndexArray, IndexArray]], n_rows: int | None = None
) -> int:
    r"""Return a list length at which hardly a row lacks neighbours in any training part.

    If each of the rows near a query is left out of the training part with probability :math:`q`, finding
    :math:`k` that are not takes :math:`k / (1 - q)` on average, with a standard deviation of
    :math:`\sqrt{k q} / (1 - q)` (negative binomial distribution).

    Parameters
    ----------
    n_neighbors_max : int
        The largest k.
    splits : sequence of (train, test)
        Row numbers.
    n_rows : int, optional
        Rows of the graph, where splits leave some out altogether.

    Returns
    -------
    int

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.arange(100)
    >>> engine_depth(15, [(rows[10:], rows[:10])])
    25
    """
    used = min(len(train) / (n_rows or len(train) + len(test)) for train, test in splits)
    q = 1 - used
    return math.ceil((n_neighbors_max + 1 + DEVIATIONS * math.sqrt(n_neighbors_max * q)) / used)
