"""What each variant of preprocessing adds to unprocessed embeddings."""

from skknn_syndrome.results import AblationResult, Gain
from skknn_syndrome.results.verdicts import SMALLEST_P
from skknn_syndrome.tables.ablation.columns import (
    METRIC,
    RESAMPLER,
    SCALER,
    SCORE,
    SPLITS,
    by_score,
    compared_where,
    n_splits,
)
from skknn_syndrome.tables.table import Column, Table


def preprocessing_gains(result: AblationResult) -> Table:
    """Return a row a score, distance and variant: F1, AUC and top-1 first, the largest gain first."""
    ordered = by_score(sorted(result.gains, key=lambda gain: gain.mean_difference, reverse=True))
    return Table(
        name="preprocessing_gains",
        caption="What preprocessing within folds adds to unprocessed embeddings on the same folds, "
        f"{compared_where(result)}: mean difference with 95 % interval and two-sided p of the corrected "
        "t test for repeated cross-validation, and p adjusted for the other variants of the distance (Holm)",
        columns=(
            SCORE,
            METRIC,
            SCALER,
            RESAMPLER,
            Column("n_neighbors", "k"),
            Column("baseline_n_neighbors", "k unprocessed"),
            Column("mean_difference", "Difference"),
            Column("low", "From"),
            Column("high", "To"),
            Column("p_value", "p", decimals=3, least=SMALLEST_P),
            Column("p_holm", "p (Holm)", decimals=3, least=SMALLEST_P),
            Column("verdict", "Verdict"),
            SPLITS,
        ),
        rows=tuple(
            (
                gain.score,
                gain.metric,
                gain.scaler,
                gain.resampler,
                gain.n_neighbors,
                gain.baseline_n_neighbors,
                gain.mean_difference,
                gain.low,
                gain.high,
                gain.p_value,
                gain.p_holm,
                verdict(gain),
                n_splits(result, gain),
            )
            for gain in ordered
        ),
    )


def verdict(gain: Gain) -> str:
    """Return whether a variant is better in one score, in a word or two.

    Scores that are the same in every fold, as those of vectors of length 1 are by cosine, are no difference.
    """
    if not gain.differs:
        return "no difference"
    if not gain.significant:
        return "not significant"
    return "better" if gain.mean_difference > 0 else "worse"
