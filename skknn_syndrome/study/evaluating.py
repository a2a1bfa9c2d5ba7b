"""Out-of-fold predictions of the best candidates, syndrome by syndrome."""

from collections.abc import Iterable, Sequence

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array
from skknn_syndrome.metrics import (
    confusion_matrix,
    mean_roc_curve,
    micro_average_roc_curve,
    precision_recall_fscore_support,
    roc_curve,
)
from skknn_syndrome.metrics.micro_average import MeanRocCurve
from skknn_syndrome.results import Evaluation, RocCurve, SyndromeRoc, SyndromeScores
from skknn_syndrome.results.evaluation import TopK
from skknn_syndrome.study.confused_pairs import find_confused_pairs
from skknn_syndrome.study.out_of_fold import OutOfFoldRecord
from skknn_syndrome.study.size_recall import correlate_size_and_recall

GRID_POINTS = 101
"""False positive rates at which curves are averaged."""

TOP_K = (1, 3, 5)
"""How many syndromes may be named."""


def evaluate_records(records: Iterable[OutOfFoldRecord]) -> tuple[Evaluation, ...]:
    """Look at out-of-fold predictions syndrome by syndrome.

    Top-k accuracy is given for each syndrome, and as the mean over syndromes, as GestaltMatcher is
    reported [1]_: in the plain share of all images, frequent syndromes speak for the rare ones.

    Parameters
    ----------
    records : iterable of OutOfFoldRecord

    Returns
    -------
    tuple of Evaluation
        One a record.

    References
    ----------
    .. [1] T.-C. Hsieh et al., "GestaltMatcher facilitates rare disease matching using facial phenotype
       descriptors", Nature Genetics 54, 2022. doi:10.1038/s41588-021-01010-x
    """
    return tuple(_evaluate(record) for record in records)


def _evaluate(record: OutOfFoldRecord) -> Evaluation:
    rocs = tuple(_class_roc(record, column) for column in range(len(record.classes)))
    rows = _per_syndrome(record, rocs)
    columns = np.arange(len(record.classes))
    return Evaluation(
        head=record.candidate.head,
        params=record.candidate.params,
        syndromes=tuple(row.syndrome for row in rows),
        confusion=tuple(
            tuple(int(count) for count in row)
            for row in confusion_matrix(record.truth, record.predicted, labels=columns)
        ),
        per_syndrome=rows,
        micro_roc=_micro_curve(record),
        syndrome_rocs=rocs,
        mean_top_k=_mean_top_k(rows),
        size_recall=correlate_size_and_recall([row.n_images for row in rows], [row.recall for row in rows]),
        confused_pairs=find_confused_pairs(record),
    )


def _per_syndrome(record: OutOfFoldRecord, rocs: Sequence[SyndromeRoc]) -> tuple[SyndromeScores, ...]:
    precision, recall, f1, _ = precision_recall_fscore_support(
        record.truth, record.predicted, labels=np.arange(len(rocs)), zero_division=0
    )
    subjects = record.subjects
    members = [record.labels == label for label in record.classes]
    return tuple(
        SyndromeScores(
            syndrome=roc.syndrome,
            n_images=int(member.sum()),
            n_subjects=None if subjects is None else len(np.unique(subjects[member])),
            precision=float(precision[column]) if (record.predicted == column).any() else None,
            recall=float(recall[column]),
            f1=float(f1[column]),
            roc_auc=None if roc.curve is None else roc.curve.mean_auc,
            top_k=_top_k(record, record.truth == column),
        )
        for column, (member, roc) in enumerate(zip(members, rocs, strict=True))
    )


def _top_k(record: OutOfFoldRecord, tested: BoolArray) -> tuple[TopK, ...]:
    """Return the top-k accuracy over some predictions, nothing where there are none."""
    if not tested.any():
        return ()
    best, by_rule, worst = (ranks[tested] for ranks in record.ranks)
    return tuple(
        TopK(
            k=k,
            accuracy=float((by_rule <= k).mean()),
            lower=float((worst <= k).mean()),
            upper=float((best <= k).mean()),
        )
        for k in TOP_K
    )


def _mean_top_k(rows: Sequence[SyndromeScores]) -> tuple[TopK, ...]:
    """Return the mean over the syndromes that were tested."""
    by_k = zip(*(row.top_k for row in rows if row.top_k), strict=True)
    return tuple(
        TopK(
            k=entries[0].k,
            accuracy=float(np.mean([entry.accuracy for entry in entries])),
            lower=float(np.mean([entry.lower for entry in entries])),
            upper=float(np.mean([entry.upper for entry in entries])),
        )
        for entries in by_k
    )


def _class_roc(record: OutOfFoldRecord, column: int) -> SyndromeRoc:
    """Return one class against the rest, over the folds that have both and can name the class."""
    curves = []
    for fold, known in enumerate(record.trained[:, column]):
        part = record.folds == fold
        positive = record.truth[part] == column
        if known and positive.any() and not positive.all():
            curves.append(roc_curve(positive, record.probabilities[part, column]))
    mean = typed_curve(mean_roc_curve(curves, n_points=GRID_POINTS)) if curves else None
    return SyndromeRoc(syndrome=str(record.classes[column]), curve=mean)


def _micro_curve(record: OutOfFoldRecord) -> RocCurve:
    columns = np.arange(len(record.classes))
    curves = [
        micro_average_roc_curve(record.truth[part], record.probabilities[part], labels=columns)
        for part in (record.folds == fold for fold in range(len(record.trained)))
    ]
    return typed_curve(mean_roc_curve(curves, n_points=GRID_POINTS))


def typed_curve(curve: MeanRocCurve) -> RocCurve:
    """Return a mean curve as typed results keep it."""

    # Four decimals are a hundredth of what a plot can show, and keep the file small.
    def rounded(rates: Float64Array) -> tuple[float, ...]:
        return tuple(round(float(rate), 4) for rate in rates)

    return RocCurve(
        false_positive_rate=rounded(curve.fpr),
        true_positive_rate=rounded(curve.tpr),
        true_positive_rate_std=rounded(curve.tpr_std),
        mean_auc=curve.auc,
        std_auc=curve.auc_std,
        n_folds=curve.n_curves,
    )
