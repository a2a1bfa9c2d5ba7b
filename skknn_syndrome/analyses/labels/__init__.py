"""Scores of each label, and decisions at a threshold chosen inside the folds."""
