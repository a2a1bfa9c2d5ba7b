"""The published way, which leaks: scaling and resampling of all embeddings, before the split."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from skknn_syndrome._typing import Estimator, FloatArray, IndexArray, LabelArray


class Prepared(NamedTuple):
    """What is split afterwards."""

    samples: FloatArray
    """Shape (n_rows, n_features)."""
    labels: LabelArray
    """Shape (n_rows,)."""
    parents: IndexArray | None
    """Shape (n_rows, n_parents): the images that each row is or was made of, the same one several times where
    it has fewer; None where a sampler does not say."""


def prepare_before_split_and_leak(
    samples: FloatArray, labels: LabelArray, steps: Sequence[Estimator]
) -> Prepared:
    """Prepare all rows at once, so that test rows have a say in what is trained on.

    This is here to show what it does to the scores: synthetic rows and their parents end up on both sides of
    a split, and rows that are hard to classify are dropped from the test parts. Nothing but the
    reproduction of published figures, and `compare_preprocessing` where ``ways`` names it, may
    call it; everything else resamples in a pipeline, inside the folds.

    Parameters
    ----------
    samples : ndarray of shape (n_samples, n_features)
        All embeddings.
    labels : ndarray of shape (n_samples,)
        Their classes.
    steps : sequence of transformer, sampler or "passthrough"
        What is done, in this order; they are fitted.

    Returns
    -------
    Prepared
        Rows that were kept, in their order, then synthetic ones.

    Examples
    --------
    >>> from skknn_syndrome.preprocessing import MixupOverSampler, MoreRows
    >>> rows, labels = np.arange(8.0)[:, None], np.repeat(["a", "b"], 4)
    >>> mixup = MixupOverSampler(sampling_strategy=MoreRows(4), random_state=0)
    >>> prepare_before_split_and_leak(rows, labels, [mixup]).labels.tolist()
    ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'a', 'a', 'b', 'b']
    """
    rows, classes = samples, labels
    parents: IndexArray | None = np.arange(len(labels))[:, None]
    for step in steps:
        if hasattr(step, "fit_resample"):
            rows, classes = step.fit_resample(rows, classes)
            made_of = getattr(step, "sample_indices_", None)
            if parents is not None:
                parents = None if made_of is None else parents[made_of].reshape(len(made_of), -1)
        elif step != "passthrough":
            rows = step.fit_transform(rows)
    # A step may have made a data frame of them.
    prepared: Any = np.array(rows, order="C")
    return Prepared(prepared, classes, parents)
