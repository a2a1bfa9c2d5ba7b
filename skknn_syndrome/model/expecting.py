"""Expected scores of a study, taken over into the card of a model."""

from collections.abc import Mapping, Sequence
from typing import Any

from skknn_syndrome.crossval.provenance import fingerprint
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.errors import ParameterError, quote
from skknn_syndrome.results.intervals import PooledIntervals
from skknn_syndrome.results.model_comparison import ModelComparison


def expected_by_head(
    expected: object, dataset: EmbeddingDataset, heads: Sequence[str]
) -> Mapping[str, PooledIntervals] | None:
    """Return the expected scores of each head that may be taken; None where they are to be those of the fit.

    Parameters
    ----------
    expected : ModelComparison, PooledIntervals or None
        Bare intervals do not say what they are of, and are believed.
    dataset : EmbeddingDataset
        What the model is fitted to.
    heads : sequence of str

    Returns
    -------
    mapping of str to PooledIntervals, or None

    Raises
    ------
    ParameterError
        It is nothing of the kind, of other data, or lacks one of the heads.
    """
    if expected is None:
        return None
    if isinstance(expected, PooledIntervals):
        return dict.fromkeys(heads, expected)
    if not isinstance(expected, ModelComparison):
        raise ParameterError(
            f"expected is a {type(expected).__name__}: give a comparison of models on the same data, or the "
            "pooled scores of one of them, such as comparison.models.models[0].pooled.",
            code="not_expected_scores",
            parameter="expected",
        )
    found = _of_same_data(expected, dataset)
    for head in heads:
        if head not in found:
            raise ParameterError(
                f"The comparison has no pooled scores of the head {quote(head)}: compare it too, or leave "
                "out expected.",
                code="head_not_compared",
                parameter="expected",
            )
    return found


def _of_same_data(comparison: ModelComparison, dataset: EmbeddingDataset) -> dict[str, PooledIntervals]:
    own = fingerprint(dataset.embeddings, dataset.syndromes, dataset.subjects)
    encoders = [each.name for each in comparison.encoders if each.dataset.data_sha256 == own]
    if not encoders:
        raise ParameterError(
            "The comparison is of other vectors, labels or subjects than the model: compare models on these, "
            "or leave out expected.",
            code="scores_of_other_data",
            parameter="expected",
        )
    models: Sequence[Any] = comparison.models.models
    return {
        each.head: each.pooled for each in models if each.encoder == encoders[0] and each.pooled is not None
    }
