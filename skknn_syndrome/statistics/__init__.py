"""Tests and confidence intervals that several analyses use."""
