"""Scores of many candidates on all folds at once, by the rules of `score_probabilities`."""

from skknn_syndrome.metrics.batch.scoring import batch_scores

__all__ = ["batch_scores"]
