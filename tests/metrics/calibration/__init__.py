"""Calibration, tested."""
