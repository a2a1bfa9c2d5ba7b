"""The published way, which leaks: scaling and resampling of all embeddings, before the split."""

from collections import Counter
from typing import NamedTuple

import numpy as np

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.preprocessing import CentroidBalancer, MixupOverSampler, make_scaler
from skknn_syndrome.study.reproducing.protocols import Recipe


class Prepared(NamedTuple):
    """What is split afterwards."""

    samples: Float64Array
    """Shape (n_rows, n_features)."""
    labels: LabelArray
    """Shape (n_rows,)."""


def prepare_before_split_and_leak(
    samples: Float64Array, labels: LabelArray, recipe: Recipe, *, random_state: int
) -> Prepared:
    """Prepare all rows at once, so that test rows have a say in what is trained on.

    This is here to show what it does to the scores: synthetic rows and their parents end up on both sides of
    a split, and rows that are hard to classify are dropped from the test parts. Nothing but the
    reproduction of published figures may call it; everything else resamples in a pipeline, inside the folds.

    Parameters
    ----------
    samples : ndarray of shape (n_samples, n_features)
        All embeddings.
    labels : ndarray of shape (n_samples,)
        Their classes.
    recipe : Recipe
        What is done, in this order: scaling, balancing, mixing.
    random_state : int
        Seeds the mixing.

    Returns
    -------
    Prepared
        Rows that were kept, in their order, then synthetic ones.

    Examples
    --------
    >>> import numpy as np
    >>> rows, labels = np.arange(8.0)[:, None], np.repeat(["a", "b"], 4)
    >>> prepare_before_split_and_leak(rows, labels, Recipe(n_mixed=4), random_state=0).labels.tolist()
    ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'a', 'a', 'b', 'b']
    """
    scaler = make_scaler(recipe.scaler)
    rows = samples if scaler == "passthrough" else scaler.fit_transform(samples)
    if recipe.balanced:
        rows, labels = CentroidBalancer().fit_resample(rows, labels)
    if recipe.n_mixed:
        counts = Counter(labels.tolist())
        wanted = {label: count + recipe.n_mixed // len(counts) for label, count in counts.items()}
        sampler = MixupOverSampler(sampling_strategy=wanted, random_state=random_state)
        rows, labels = sampler.fit_resample(rows, labels)
    return Prepared(np.ascontiguousarray(rows), labels)
