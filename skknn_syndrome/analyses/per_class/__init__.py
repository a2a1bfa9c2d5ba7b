"""Scores, ROC curves and confusions class by class."""
