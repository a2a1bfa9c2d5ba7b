"""Open-set recognition: how well each syndrome is told from the others when training lacks it."""

from skknn_syndrome.results import OpenSet
from skknn_syndrome.tables.table import Column, Table


def unseen_syndromes(found: OpenSet) -> Table:
    """Return AUC and what a threshold catches, a row a syndrome, the worst first."""
    judged = sorted(
        found.syndromes,
        key=lambda entry: (entry.roc_auc_mean is None, entry.roc_auc_mean or 0.0, entry.syndrome),
    )
    return Table(
        name=f"unseen_syndromes_{found.variant}",
        caption=f"Each syndrome left out of training in turn, {found.title}: "
        f"AUC of its images against the known ones, by the distance to the nearest "
        "image and by the mean distance to the neighbours that vote; and the share flagged where at most "
        f"{found.allowed_false_rejections:.0%} of the known images may be rejected",
        columns=(
            Column("syndrome", "Syndrome"),
            Column("n_unseen", "Images"),
            Column("roc_auc_nearest", "AUC, nearest", decimals=3),
            Column("roc_auc_mean", "AUC, mean", decimals=3),
            Column("threshold", "Threshold", decimals=3),
            Column("false_rejection_rate", "Known rejected", decimals=3),
            Column("caught", "Flagged", decimals=3),
            Column("reason", "Why not"),
        ),
        rows=tuple(
            (
                entry.syndrome,
                entry.n_unseen,
                entry.roc_auc_nearest,
                entry.roc_auc_mean,
                entry.threshold,
                entry.false_rejection_rate,
                entry.caught,
                entry.reason,
            )
            for entry in judged
        ),
    )


def rejection(found: OpenSet) -> Table:
    """Return the rejection curves, point by point, known images alone first."""
    curves = (("known", found.known_curve), ("known and unseen", found.open_curve))
    return Table(
        name=f"rejection_{found.variant}",
        caption=f"Error among the accepted images, the most novel rejected first, {found.variant_title}",
        columns=(
            Column("images", "Images"),
            Column("threshold", "Threshold"),
            Column("rejected_share", "Rejected", decimals=3),
            Column("n_accepted", "Accepted"),
            Column("error", "Error", decimals=3),
        ),
        rows=tuple(
            (images, point.threshold, point.rejected_share, point.n_accepted, point.error)
            for images, curve in curves
            if curve is not None
            for point in curve.points
        ),
    )
