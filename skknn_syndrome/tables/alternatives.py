"""Baselines and larger k against the best candidate of the grid."""

from collections.abc import Sequence

from skknn_syndrome.results import Alternative, AlternativeDifference, ProtocolResult
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.verdicts import SMALLEST_P
from skknn_syndrome.tables.table import Cell, Column, Table
from skknn_syndrome.wording import head_title, sentence_list

WITHOUT_EMBEDDINGS = frozenset({"majority", "prior"})
"""Baselines that look at labels alone."""


_CAVEAT = ". The AUC of {} compares distances between images, and says little of their decisions"


def ranked_by_distance(entries: Sequence[CandidateKey], sentence: str) -> str:
    """Return a sentence with those of some rules that have no probabilities; nothing where none is of them.

    Examples
    --------
    >>> ranked_by_distance([CandidateKey(head="nearest_image", params={})], "; {} alone")
    '; nearest image alone'
    """
    names = sorted({entry.head for entry in entries} & {"nearest_centroid", "nearest_image"})
    return sentence.format(sentence_list([head_title(name) for name in names])) if names else ""


def alternatives(run: ProtocolResult, scores: Sequence[str] | None = None) -> Table:
    """Return each alternative's difference from the best candidate, a row a score.

    Parameters
    ----------
    run : ProtocolResult
    scores : sequence of str, optional
        Which scores to show, of what looks at embeddings; by default everything.
    """
    larger = " and larger k" if any(entry.kind == "larger_k" for entry in run.alternatives) else ""
    repeated = any(entry.n_splits > 1 for entry in run.alternatives)
    return Table(
        name="alternatives",
        caption=f"Baselines{larger} minus the best candidate, folds by {run.protocol}: mean over "
        f"{'all folds of the repeated splits' if repeated else 'the folds'}, difference with 95 % confidence "
        "interval, p of the corrected resampled t test after Holm's correction for the other scores; "
        f"intervals are not adjusted{ranked_by_distance(run.alternatives, _CAVEAT)}",
        columns=(
            Column("rule", "Method"),
            Column("metric", "Distance"),
            Column("n_neighbors", "k"),
            Column("score", "Score"),
            Column("mean", "Mean", decimals=3),
            Column("mean_difference", "Difference", decimals=3),
            Column("low", "From", decimals=3),
            Column("high", "To", decimals=3),
            Column("p_value", "p", decimals=3, least=SMALLEST_P),
            Column("p_holm", "p (Holm)", decimals=3, least=SMALLEST_P),
            Column("verdict", "Verdict"),
            Column("n_splits", "Splits"),
        ),
        rows=tuple(
            _row(entry, difference)
            for entry in run.alternatives
            for difference in entry.differences
            if scores is None or (difference.score in scores and entry.head not in WITHOUT_EMBEDDINGS)
        ),
    )


def _row(entry: Alternative, difference: AlternativeDifference) -> tuple[Cell, ...]:
    return (
        "nearest images" if entry.kind == "larger_k" else head_title(entry.head),
        entry.metric,
        entry.n_neighbors,
        difference.score,
        difference.mean,
        difference.mean_difference,
        difference.low,
        difference.high,
        difference.p_value,
        difference.p_holm,
        difference.verdict,
        entry.n_splits,
    )
