"""Inflation: what do image-level folds add to the scores."""
