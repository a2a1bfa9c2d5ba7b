"""Prediction sets: how often they hold the true class, and how large they are."""
