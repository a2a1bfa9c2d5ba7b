"""Comparison of heads and encoders on the same folds."""
