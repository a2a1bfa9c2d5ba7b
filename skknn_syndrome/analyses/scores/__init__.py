"""Scores: how well do the candidates do."""
