"""Progress of a study, or of the embedding of images."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a study is when one of its parts begins, or when all are done.

    Examples
    --------
    >>> from skknn_syndrome import make_syndrome_embeddings, study_dataset
    >>> told = []
    >>> study = study_dataset(
    ...     make_syndrome_embeddings(n_features=8), protocols="subject", n_neighbors=[5], cv=3, analyses=(),
    ...     metrics="cosine", with_map=False, on_progress=told.append,
    ... )
    >>> [(event.part, event.done, event.of) for event in told][:2], told[-1].left
    ([('folds', 0, 9), ('graph', 1, 9)], 0.0)
    """

    part: str
    """What begins, as `provenance.timings` calls it; in the last event the part that was last."""
    done: int
    """How many parts are done, or were left out or taken up from an earlier run."""
    of: int
    """How many there are."""
    seconds: float
    """Since the study began."""
    left: float | None
    """Seconds that the others are expected to take; None as long as nothing is known of that."""
