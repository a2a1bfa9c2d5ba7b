"""Figures of what scaling and resampling are worth."""
