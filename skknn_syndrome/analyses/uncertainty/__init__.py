"""Uncertainty: how far do pooled scores vary between subjects."""
