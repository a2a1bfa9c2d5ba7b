"""Published results run again to the letter, leakage included."""

import numpy as np

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.analyses.published.protocols import (
    N_FOLDS,
    PUBLIC_DATA,
    Protocol,
    Recipe,
    find_protocol,
    packaged_figures,
    rows_of_source,
)
from skknn_syndrome.analyses.published.result import BalancedClass, Reproduction
from skknn_syndrome.analyses.published.runs import DEFAULT_DRAWS, NumberOfDraws, run_recipe
from skknn_syndrome.analyses.published.verdicts import judge_row
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.crossval.provenance import summarise_arrays
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.preprocessing.before_splitting import prepare_before_split_and_leak
from skknn_syndrome.results.dataset import DatasetSummary

MIN_CLASSES = 2


def reproduce(
    source: str, dataset: EmbeddingDataset, *, n_draws: NumberOfDraws = DEFAULT_DRAWS
) -> Reproduction:
    """Run a published protocol to the letter, and hold its figures beside the published ones.

    Where a source prepared all embeddings before it split them, so does this: the scores are inflated by
    that, and shown so that the inflation can be seen. For scores to believe, use `cross_validate_study`.

    Parameters
    ----------
    source : {"monteiro", "apollo"}
        Whose protocol.
    dataset : EmbeddingDataset
        The public embeddings, in file order. With others nothing is expected to come out; the result says so.
    n_draws : NumberOfDraws
        How often chance is asked where the source does not say what it drew.

    Returns
    -------
    Reproduction
        A row for each published configuration, with a verdict.

    Raises
    ------
    StudySettingsError
        There is no such protocol, or a class is too small for ten folds.

    Examples
    --------
    >>> from skknn_syndrome import make_syndrome_embeddings
    >>> result = reproduce("monteiro", make_syndrome_embeddings())
    >>> result.same_data, [row.distance for row in result.rows]
    (False, ['euclidean', 'cosine'])
    """
    protocol = find_protocol(source)
    samples, labels = dataset.embeddings.astype(np.float64), dataset.syndromes
    _refuse_small_classes(labels)
    published = rows_of_source(packaged_figures(), protocol.source)
    runs = {
        name: run_recipe(samples, labels, protocol, recipe, n_draws)
        for name, recipe in protocol.recipes.items()
    }
    return Reproduction(
        source=protocol.source,
        dataset=_summarise(dataset),
        same_data=summarise_arrays(dataset.embeddings, labels, None).data_sha256 == PUBLIC_DATA,
        splitter=make_splits(labels, None, cv=N_FOLDS, random_state=protocol.random_state).description,
        decimals=protocol.decimals,
        balanced=_count_balanced(samples, labels, protocol),
        rows=tuple(judge_row(row, published, runs, protocol) for row in published),
    )


def _refuse_small_classes(labels: LabelArray) -> None:
    classes, counts = np.unique(labels, return_counts=True)
    if len(classes) < MIN_CLASSES:
        raise StudySettingsError(
            f"All images are of {quote(classes[0])}: there is nothing to tell apart.", code="one_class"
        )
    if counts.min() < N_FOLDS:
        raise StudySettingsError(
            f"Syndrome {quote(classes[counts.argmin()])} has {counts.min()} images, and the published "
            f"protocols divide each syndrome into {N_FOLDS} folds: leave it out.",
            code="too_few_images",
        )


def _summarise(dataset: EmbeddingDataset) -> DatasetSummary:
    return summarise_arrays(
        dataset.embeddings,
        dataset.syndromes,
        dataset.subjects,
        name=dataset.name,
        simulated=dataset.simulated,
        file_sha256=dataset.sha256,
    )


def _count_balanced(
    samples: Float64Array, labels: LabelArray, protocol: Protocol
) -> tuple[BalancedClass, ...]:
    if not any(recipe.balanced for recipe in protocol.recipes.values()):
        return ()
    kept = prepare_before_split_and_leak(samples, labels, Recipe(balanced=True).steps(0)).labels
    return tuple(
        BalancedClass(
            syndrome=str(label),
            before=int(np.count_nonzero(labels == label)),
            after=int(np.count_nonzero(kept == label)),
        )
        for label in np.unique(labels)
    )


__all__ = ["reproduce"]
