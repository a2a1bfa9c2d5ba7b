"""Out-of-fold predictions class by class: scores, ROC curves, errors."""

from collections.abc import Iterable, Sequence
from math import factorial

import numpy as np
from scipy.stats import hypergeom, permutation_test, rankdata

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.analyses.per_class.result import (
    ConfusedPair,
    Evaluation,
    PerClassAnalysis,
    RankCorrelation,
    SyndromeRoc,
    SyndromeScores,
    TopK,
)
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.metrics import (
    confusion_matrix,
    mean_roc_curve,
    micro_average_roc_curve,
    precision_recall_fscore_support,
)
from skknn_syndrome.metrics.registry import top_ks
from skknn_syndrome.metrics.roc import curve_of_two
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.roc_curve import RocCurve
from skknn_syndrome.results.significance import is_significant
from skknn_syndrome.results.verdicts import FEWEST_RANKED
from skknn_syndrome.statistics.clustered import clustered_share, independent_units
from skknn_syndrome.statistics.roc_curves import GRID_POINTS, typed_curve

NONE = -1
"""Number of no syndrome."""


def find_confused_pairs(record: OutOfFoldRecord) -> tuple[ConfusedPair, ...]:
    r"""Test for each ordered pair of syndromes whether the errors of one fall on the other beyond chance.

    A frequent syndrome is predicted often, and so catches many errors of all others. The errors of A are
    therefore held against what is predicted for other syndromes' images: each unit (a subject with one
    syndrome, or an image where there are no subjects) counts once, by the syndrome other than A that is
    predicted most often for its images. Of m units of A that have such a prediction, x are on B; of M others,
    X. If predictions don't depend on the true syndrome, x is hypergeometric given the margins, and

    .. math:: p = P(\text{at least } x \text{ of } m \mid x + X \text{ of } m + M)

    is Fisher's exact test, one-sided, Bonferroni-corrected over the C (C - 1) pairs [1]_. With two syndromes
    all errors fall on the other one, which is no finding.

    Parameters
    ----------
    record : OutOfFoldRecord

    Returns
    -------
    tuple of ConfusedPair
        The significant pairs, the least p-value first.

    References
    ----------
    .. [1] R. A. Fisher, "On the Interpretation of chi-squared from Contingency Tables, and the Calculation of
       P", Journal of the Royal Statistical Society 85(1), 1922. doi:10.2307/2340521
    """
    n_classes = len(record.classes)
    counts = confusion_matrix(record.truth, record.predicted, labels=np.arange(n_classes))
    own, first, second = _unit_votes(record)
    found = []
    for syndrome in range(n_classes):
        votes = np.where(first == syndrome, second, first)
        mine = np.bincount(votes[(own == syndrome) & (votes != NONE)], minlength=n_classes)
        others = np.bincount(votes[(own != syndrome) & (votes != NONE)], minlength=n_classes)
        p_values = np.minimum(n_classes * (n_classes - 1) * _tail(mine, others), 1.0)
        found += [
            ConfusedPair(
                syndrome=str(record.classes[syndrome]),
                misclassified_as=str(record.classes[other]),
                n_images=int(counts[syndrome, other]),
                share=float(counts[syndrome, other] / counts[syndrome].sum()),
                share_of_errors=float(mine[other] / mine.sum()),
                expected_share=float(others[other] / others.sum()),
                p_value=float(p_values[other]),
            )
            for other in np.flatnonzero(mine)
            if is_significant(float(p_values[other]))
        ]
    return tuple(sorted(found, key=lambda pair: (pair.p_value, pair.syndrome, pair.misclassified_as)))


def _tail(mine: IndexArray, others: IndexArray) -> Float64Array:
    """Return for each column the chance of at least as many of mine, given both margins."""
    total, n_mine = mine.sum() + others.sum(), mine.sum()
    return np.asarray(hypergeom.sf(mine - 1, total, mine + others, n_mine))


def _unit_votes(record: OutOfFoldRecord) -> tuple[IndexArray, IndexArray, IndexArray]:
    """Return for each unit its syndrome, and the two predicted most often: of equals the first, or none."""
    n_classes = len(record.classes)
    _, units = np.unique(independent_units(record.rows, record.subjects)[0], return_inverse=True)
    keys, members = np.unique(units * n_classes + record.truth, return_inverse=True)
    # Sorted by unit and then by count, falling, the first two of each unit are at its beginning.
    cells, counts = np.unique(members * n_classes + record.predicted, return_counts=True)
    order = np.lexsort((cells % n_classes, -counts, cells // n_classes))
    owners, predicted = cells[order] // n_classes, cells[order] % n_classes
    begins = np.searchsorted(owners, np.arange(len(keys)))
    has_second = np.searchsorted(owners, np.arange(len(keys)), side="right") - begins > 1
    second = np.full(len(keys), NONE)
    second[has_second] = predicted[begins[has_second] + 1]
    return keys % n_classes, predicted[begins], second


N_RESAMPLES = 9_999
"""Permutations drawn from eight syndromes on; up to seven, all 5,040 are counted."""

SEED = 0


def correlate_size_and_recall(n_images: Sequence[int], recalls: Sequence[float]) -> RankCorrelation | None:
    r"""Correlate the syndromes' numbers of images and recalls by rank, and test that by permutation.

    Spearman's :math:`\rho` [1]_ is Pearson's correlation of the ranks, equal values having their mean rank.
    The p-value is two-sided: twice the smaller share of the permutations of the recalls whose :math:`\rho` is
    at least as far to one side [2]_.

    Parameters
    ----------
    n_images : sequence of int
        A number for each syndrome.
    recalls : sequence of float

    Returns
    -------
    RankCorrelation or None
        None where either is constant, or there are fewer than five syndromes.

    References
    ----------
    .. [1] C. Spearman, "The Proof and Measurement of Association between Two Things", American Journal of
       Psychology 15(1), 1904. doi:10.2307/1412159
    .. [2] B. Phipson and G. K. Smyth, "Permutation P-values Should Never Be Zero", Statistical Applications
       in Genetics and Molecular Biology 9(1), 2010. doi:10.2202/1544-6115.1585

    Examples
    --------
    >>> found = correlate_size_and_recall([10, 20, 30, 40, 50], [0.5, 0.6, 0.7, 0.8, 0.9])
    >>> found.rho, round(found.p_value, 4), found.verdict  # two of 120 orders are so
    (1.0, 0.0167, 'small_harder')
    """
    if len(n_images) < FEWEST_RANKED or min(len(set(n_images)), len(set(recalls))) == 1:
        return None
    sizes, ranks = (_standardised(values) for values in (n_images, recalls))

    def correlation(permuted: Float64Array, axis: int = -1) -> Float64Array:
        return np.asarray((sizes * permuted).sum(axis=axis))

    tested = permutation_test(
        (ranks,),
        correlation,
        permutation_type="pairings",
        vectorized=True,
        n_resamples=N_RESAMPLES,
        rng=np.random.default_rng(SEED),
    )
    return RankCorrelation(
        rho=float(np.clip(tested.statistic, -1, 1)),
        p_value=float(tested.pvalue),
        n_syndromes=len(n_images),
        exact=factorial(len(n_images)) <= N_RESAMPLES,
    )


def _standardised(values: Sequence[float]) -> Float64Array:
    """Return the ranks, centred and of length 1: their product with others is the correlation."""
    ranks = rankdata(values) - (len(values) + 1) / 2
    scaled: Float64Array = ranks / np.sqrt((ranks**2).sum())
    return scaled


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
            sensitivity=_share(record, record.truth == column),
            ppv=_share(record, record.predicted == column),
        )
        for column, (member, roc) in enumerate(zip(members, rocs, strict=True))
    )


def _share(record: OutOfFoldRecord, chosen: BoolArray) -> MeanInterval | None:
    """Return the share of right ones of some predictions, nothing where there are none."""
    if not chosen.any():
        return None
    units, unit = independent_units(record.rows, record.subjects)
    return clustered_share((record.truth == record.predicted)[chosen], units[chosen], unit)


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
        for k in top_ks()
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
            curves.append(curve_of_two(positive, record.probabilities[part, column]))
    mean = typed_curve(mean_roc_curve(curves, n_points=GRID_POINTS)) if curves else None
    return SyndromeRoc(syndrome=str(record.classes[column]), curve=mean)


def _micro_curve(record: OutOfFoldRecord) -> RocCurve:
    columns = np.arange(len(record.classes))
    curves = [
        micro_average_roc_curve(record.truth[part], record.probabilities[part], labels=columns)
        for part in (record.folds == fold for fold in range(len(record.trained)))
    ]
    return typed_curve(mean_roc_curve(curves, n_points=GRID_POINTS))


def evaluate_run(run: ProtocolRun) -> PerClassAnalysis:
    """Look at the best candidate of each distance syndrome by syndrome."""
    return PerClassAnalysis(protocol=run.splits.protocol, evaluations=evaluate_records(run.records))


COST = Cost(
    "a ROC curve of each class, from each image",
    (
        Term(120.0, "sort", ("images", "classes", "distances", "protocols")),
        Term(59_000.0, "python", ("classes", "distances", "protocols")),
    ),
)

COMPUTATION = Computation(question="per_class", cost=COST, compute=evaluate_run, of_every_protocol=True)
