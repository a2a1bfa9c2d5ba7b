"""Calibration: do probabilities mean what they say."""
