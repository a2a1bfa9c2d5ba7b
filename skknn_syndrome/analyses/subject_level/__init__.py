"""Scores of subjects, all images of each taken together."""
