"""Open-set recognition and rejection: tables."""

from skknn_syndrome.analyses.open_set.result import ClassMeanNovelty, OpenSet
from skknn_syndrome.display.table import Column, Table


def open_set_classes(found: OpenSet) -> Table:
    """Return AUC and what a threshold catches, a row a syndrome, the worst first."""
    judged = sorted(
        found.syndromes,
        key=lambda entry: (entry.roc_auc_mean is None, entry.roc_auc_mean or 0.0, entry.syndrome),
    )
    return Table(
        name=f"open_set_classes_{found.variant}",
        caption=f"Each syndrome left out of training in turn, {found.title}: "
        f"AUC of its images against the known ones, by the distance to the nearest "
        "image and by the mean distance to the neighbours that vote; and the share flagged where at most "
        f"{100 * found.allowed_false_rejections:.0f} % of the known images may be rejected",
        columns=(
            Column("syndrome", "Syndrome"),
            Column("n_unknown", "Images"),
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
                entry.n_unknown,
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
    curves = (("known", found.known_curve), ("known and unknown", found.open_curve))
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


def open_set_class_means(found: ClassMeanNovelty) -> Table:
    """Return AUC and what is flagged by class means, a row a syndrome, the least detected first."""
    left = [entry for entry in found.syndromes if entry.detected is None]
    return Table(
        name="open_set_class_means",
        caption="Each syndrome left out of training in turn, by the cosine similarity to the class means: "
        "AUC of its images against the known ones; share of the known images that are flagged where at most "
        f"{100 * found.allowed_false_rejections:.0f} % of the known {found.false_rejection_rate.unit} may be "
        "rejected; share of its images that are, with its 95 % confidence interval; and share of its "
        "images that are while it is known (the allowed share is one of all syndromes together)"
        f"{'; each subject counts once' if found.false_rejection_rate.unit == 'subjects' else ''}",
        columns=(
            Column("syndrome", "Syndrome"),
            Column("n_unknown", "Images"),
            Column("roc_auc", "AUC", decimals=3),
            Column("false_rejection_rate", "Known flagged", decimals=3),
            Column("detected", "Flagged", decimals=3),
            Column("low", "Low", decimals=3),
            Column("high", "High", decimals=3),
            Column("rejected", "Flagged while known", decimals=3),
            Column("reason", "Why not"),
        ),
        rows=tuple(
            (
                entry.syndrome,
                entry.n_unknown,
                entry.roc_auc,
                entry.false_rejection_rate,
                entry.detected_share,
                None if entry.detected is None else entry.detected.low,
                None if entry.detected is None else entry.detected.high,
                None if entry.rejected is None else entry.rejected.estimate,
                entry.reason,
            )
            for entry in (*found.judged, *left)
        ),
    )
