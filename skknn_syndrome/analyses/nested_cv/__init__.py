"""Nested cross-validation: what is choosing on the reporting folds worth."""
