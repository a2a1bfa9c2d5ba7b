"""Scores of many candidates on all folds at once, by the rules of `score_probabilities`."""

from skknn_syndrome.metrics.batch.scoring import BATCH_NAMES, batch_scores

__all__ = ["BATCH_NAMES", "batch_scores"]
