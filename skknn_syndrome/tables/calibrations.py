"""Calibration of the out-of-fold probabilities, and temperatures of softmax weights."""

from collections import Counter
from collections.abc import Sequence

from skknn_syndrome.results import Calibration, TemperatureSelection
from skknn_syndrome.tables.table import Column, Table, key_columns


def calibrations(entries: Sequence[Calibration]) -> Table:
    """Return confidence, accuracy and errors of calibration, a row a distance and weighting scheme."""
    columns, cells = key_columns(entries)
    return Table(
        name="calibrations",
        caption="Calibration of the out-of-fold probabilities, all folds pooled: mean probability of the "
        "predicted syndrome, accuracy, and the gap between them with its 95 % confidence interval; expected "
        "calibration error (ECE) over adaptive bins; Brier score (0 to 2); log loss (in nats) of the images "
        "whose true syndrome has a probability above 0, and the share of the others",
        columns=(
            *columns,
            Column("mean_confidence", "Confidence", decimals=3),
            Column("accuracy", "Accuracy", decimals=3),
            Column("overconfidence", "Gap", decimals=3),
            Column("gap_low", "Gap, low", decimals=3),
            Column("gap_high", "Gap, high", decimals=3),
            Column("expected_error_adaptive", "ECE", decimals=3),
            Column("expected_error_equal_width", "ECE, equal width", decimals=3),
            Column("brier", "Brier", decimals=3),
            Column("log_loss_of_possible", "Log loss above 0", decimals=3),
            Column("zero_share", "At 0", decimals=3),
        ),
        rows=tuple(
            (
                *cells(entry),
                entry.mean_confidence,
                entry.accuracy,
                entry.overconfidence,
                None if entry.gap is None else entry.gap.low,
                None if entry.gap is None else entry.gap.high,
                entry.equal_mass.expected_error,
                entry.equal_width.expected_error,
                entry.brier,
                entry.log_loss_of_possible,
                entry.zero_share,
            )
            for entry in entries
        ),
    )


def temperatures(entries: Sequence[TemperatureSelection]) -> Table:
    """Return in how many folds each temperature was chosen, each distance in turn, rising."""
    columns, cells = key_columns(entries, "metric", "n_neighbors")
    return Table(
        name="temperatures",
        caption="Temperatures of softmax weights, in the unit of the distance: chosen by log loss inside the "
        "training parts, and in how many folds",
        columns=(
            *columns,
            Column("temperature", "Temperature", decimals=3),
            Column("n_folds", "Folds"),
            Column("at_edge", "At the edge of those tried"),
        ),
        rows=tuple(
            (*cells(entry), temperature, count, "yes" if at_edge else "no")
            for entry in entries
            for (temperature, at_edge), count in sorted(
                Counter((choice.temperature, choice.at_edge) for choice in entry.choices).items()
            )
        ),
    )
