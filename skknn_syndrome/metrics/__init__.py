"""Scores of classifications, computed by hand in NumPy from counts, rankings and threshold sweeps.

The functions carry scikit-learn's names, signatures and results; scikit-learn's own tests of them pass. What
scikit-learn lacks stands beside them: bounds of the top-k accuracy over ties, a micro-average ROC curve, and
its mean over folds.
"""

from skknn_syndrome.metrics.accuracy import accuracy_score, balanced_accuracy_score
from skknn_syndrome.metrics.class_scores import f1_score, precision_score, recall_score
from skknn_syndrome.metrics.confusion import confusion_matrix
from skknn_syndrome.metrics.micro_average import mean_roc_curve, micro_average_roc_curve
from skknn_syndrome.metrics.precision_recall import precision_recall_fscore_support
from skknn_syndrome.metrics.roc import auc, roc_curve
from skknn_syndrome.metrics.roc_auc import roc_auc_score
from skknn_syndrome.metrics.top_k import top_k_accuracy_bounds, top_k_accuracy_score

__all__ = [
    "accuracy_score",
    "auc",
    "balanced_accuracy_score",
    "confusion_matrix",
    "f1_score",
    "mean_roc_curve",
    "micro_average_roc_curve",
    "precision_recall_fscore_support",
    "precision_score",
    "recall_score",
    "roc_auc_score",
    "roc_curve",
    "top_k_accuracy_bounds",
    "top_k_accuracy_score",
]
