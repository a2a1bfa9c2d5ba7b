"""Scores of a study, each a kernel and an entry: AUC, F1, accuracy, precision, recall, top-k, MCC, kappa.

Kernels get sums of weights by class, (..., n_classes), and return (...): one test part, all folds of all
candidates, and all resamples of a bootstrap differ in that shape alone. They run with NumPy's warnings of
division off; 0 / 0 is NaN and means "not defined".
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from skknn_syndrome.metrics.definition import (
    ALL_TASKS,
    LabelScore,
    Ranking,
    RankingScore,
    ScoreDefinition,
    TaskName,
)

if TYPE_CHECKING:
    from skknn_syndrome._typing import Float64Array
    from skknn_syndrome.metrics.counting import CountArray, Tally


def _sum(counts: CountArray) -> Float64Array:
    """Return the sum over the classes."""
    total: Float64Array = counts.sum(axis=-1)
    return total


def mean_area(ranking: Ranking) -> Float64Array:
    """Mean one-vs-rest area under the ROC curve: the share of pairs won, over the classes with any pair."""
    won, pairs = ranking.pairs()
    defined = pairs > 0
    return _sum(defined * won / (pairs + ~defined)) / _sum(defined)


def f1_macro(tally: Tally) -> Float64Array:
    """Mean of ``2 hits / (true + predicted)`` over the classes that are true or predicted somewhere."""
    return _sum(tally.ratio(2 * tally.hits, tally.true + tally.predicted)) / tally.n_present


def accuracy(tally: Tally) -> Float64Array:
    """Share of the samples that are hits."""
    return _sum(tally.hits) / tally.total


def precision_macro(tally: Tally) -> Float64Array:
    """Mean of ``hits / predicted``, 0 where nothing is predicted, over the same classes."""
    return _sum(tally.ratio(tally.hits, tally.predicted)) / tally.n_present


def recall_macro(tally: Tally) -> Float64Array:
    """Mean of ``hits / true``, 0 where nothing is true, over the same classes."""
    return _sum(tally.recalls) / tally.n_present


def f1_micro(tally: Tally) -> Float64Array:
    """``2 hits / (true + predicted)`` of all labels together, 0 where nothing is true or predicted."""
    return tally.ratio(2 * tally.hits.sum(axis=-1), (tally.true + tally.predicted).sum(axis=-1))


def f1_weighted(tally: Tally) -> Float64Array:
    """Mean of ``2 hits / (true + predicted)`` over the labels, weighted by how often each is true."""
    each = tally.ratio(2 * tally.hits, tally.true + tally.predicted)
    return tally.ratio(tally.products(each, tally.true), _sum(tally.true))


def f1_samples(tally: Tally) -> Float64Array:
    """Mean F1 of a sample's labels, 0 for a sample of which nothing is true or predicted."""
    return tally.f1_by_sample


def hamming_loss(tally: Tally) -> Float64Array:
    """Share of the decisions that are wrong, each label of each sample being one."""
    return tally.wrong


def average_precision_macro(ranking: Ranking) -> Float64Array:
    """Mean average precision of the labels that some sample has."""
    each = ranking.average_precisions()
    defined = each == each  # noqa: PLR0124  NaN is not itself; NumPy is not at hand here
    return _sum(each[defined]) / _sum(defined)


def label_ranking_average_precision(ranking: Ranking) -> Float64Array:
    """Mean over the samples of the precision at the ranks of their true labels; 1 with all labels or none."""
    each = ranking.label_rankings()
    return _sum(each) / len(each)


def subset_accuracy(tally: Tally) -> Float64Array:
    """Share of the samples whose labels are all right, and no others predicted."""
    return tally.ratio(tally.exact, tally.total)


def balanced_accuracy(tally: Tally) -> Float64Array:
    """Mean of ``hits / true`` over the classes that are true somewhere."""
    return _sum(tally.recalls) / tally.n_true


def matthews_corrcoef(tally: Tally) -> Float64Array:
    """Matthews' correlation coefficient in Gorodkin's form for several classes (see the public function)."""
    # Whole numbers would overflow: the spread grows with the fourth power of the number of samples.
    total = 1.0 * tally.total
    covariance = total * _sum(tally.hits) - tally.products(tally.true, tally.predicted)
    of_true, of_predicted = (tally.products(part, part) for part in (tally.true, tally.predicted))
    spread = (total * total - of_true) * (total * total - of_predicted)
    # Counted, not computed: sums of weights in two orders may leave a spread of 1e-16 where there is none.
    varies = (tally.n_true > 1) & (tally.n_predicted > 1)
    return tally.ratio(covariance * varies, (spread * varies) ** 0.5)


def cohen_kappa(tally: Tally) -> Float64Array:
    """Cohen's kappa: 1 less the ratio of the disagreements to those of chance (see the public function)."""
    total = 1.0 * tally.total
    by_chance = total - tally.products(tally.true, tally.predicted) / total
    several = tally.n_present > 1
    return 1 - several * (total - _sum(tally.hits)) / (several * by_chance)


def _within(ranking: Ranking, *, k: int) -> Float64Array:
    return ranking.within(k)


def top_k_accuracy(k: int) -> RankingScore:
    """Return the top-k accuracy for any k, of the study's or not.

    Examples
    --------
    >>> top_k_accuracy(9).title
    'top-9 accuracy'
    """
    return RankingScore(
        name=f"top_{k}_accuracy",
        title=f"top-{k} accuracy",
        averaging=f"share of images whose syndrome is among the {k} most probable; of equally probable ones "
        "the later class comes first, as in scikit-learn; its bounds over ties are in the result",
        kernel=partial(_within, k=k),
        k=k,
        proportion=True,
    )


SETS_OF_LABELS: frozenset[TaskName] = frozenset({"multilabel"})

SCORES: tuple[ScoreDefinition, ...] = (
    RankingScore(
        name="roc_auc_ovr",
        title="macro AUC",
        averaging="area under the ROC curve, one against the rest, mean over the syndromes of the fold",
        kernel=mean_area,
        tasks=ALL_TASKS,
        undefined="no syndrome that the classifier knows has both images of its own and images of others in "
        "the test part",
    ),
    LabelScore(
        name="f1_macro",
        title="macro F1",
        averaging="F1, mean over the syndromes of the fold",
        kernel=f1_macro,
        tasks=ALL_TASKS,
    ),
    LabelScore(
        name="accuracy",
        title="accuracy",
        averaging="share of images classified correctly",
        kernel=accuracy,
        proportion=True,
    ),
    LabelScore(
        name="precision_macro",
        title="macro precision",
        averaging="precision, mean over the syndromes of the fold; 0 where none was predicted",
        kernel=precision_macro,
        tasks=ALL_TASKS,
    ),
    LabelScore(
        name="recall_macro",
        title="macro recall",
        averaging="recall, mean over the syndromes of the fold",
        kernel=recall_macro,
        tasks=ALL_TASKS,
    ),
    LabelScore(
        name="balanced_accuracy",
        title="balanced accuracy",
        averaging="recall, mean over the syndromes that are in the test part",
        kernel=balanced_accuracy,
    ),
    *(top_k_accuracy(k) for k in (1, 3, 5)),
    LabelScore(
        name="matthews_corrcoef",
        title="Matthews' correlation coefficient",
        averaging="correlation of true and predicted syndromes over the images of the fold, from -1 to 1; 0 "
        "where all are of one syndrome, or predicted to be",
        kernel=matthews_corrcoef,
        lowest=-1.0,
        in_family=False,
    ),
    LabelScore(
        name="cohen_kappa",
        title="Cohen's kappa",
        averaging="accuracy beyond that of chance, as a share of what is beyond it at most, from -1 to 1",
        kernel=cohen_kappa,
        lowest=-1.0,
        in_family=False,
        undefined="all images of the test part are of one syndrome and predicted to be of it, so that chance "
        "agrees as well",
    ),
    LabelScore(
        name="f1_micro",
        title="micro F1",
        averaging="F1 of the entries of all labels together",
        kernel=f1_micro,
        tasks=SETS_OF_LABELS,
    ),
    LabelScore(
        name="f1_weighted",
        title="weighted F1",
        averaging="F1, mean over the labels, weighted by how many images have each",
        kernel=f1_weighted,
        tasks=SETS_OF_LABELS,
    ),
    LabelScore(
        name="f1_samples",
        title="F1 by image",
        averaging="F1 of an image's labels, mean over the images; 0 where none is true or predicted",
        kernel=f1_samples,
        tasks=SETS_OF_LABELS,
    ),
    RankingScore(
        name="average_precision_macro",
        title="macro average precision",
        averaging="average precision, mean over the labels that some image of the fold has",
        kernel=average_precision_macro,
        tasks=SETS_OF_LABELS,
        undefined="no image of the test part has a label",
    ),
    RankingScore(
        name="label_ranking_average_precision",
        title="label-ranking average precision",
        averaging="share of true labels among those ranked as high as a true one, mean over the true labels "
        "of an image and over the images; 1 for an image with all labels or none",
        kernel=label_ranking_average_precision,
        tasks=SETS_OF_LABELS,
    ),
    LabelScore(
        name="hamming_loss",
        title="Hamming loss",
        averaging="share of wrong decisions, each label of each image being one; lower is better",
        kernel=hamming_loss,
        tasks=SETS_OF_LABELS,
        higher_is_better=False,
        in_family=False,
        proportion=True,
    ),
    LabelScore(
        name="subset_accuracy",
        title="subset accuracy",
        averaging="share of images for which exactly the true labels are predicted",
        kernel=subset_accuracy,
        tasks=SETS_OF_LABELS,
        proportion=True,
    ),
)
"""In the order in which tables show them."""
