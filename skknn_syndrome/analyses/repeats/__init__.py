"""Repeated cross-validation: how much hangs on one split."""
