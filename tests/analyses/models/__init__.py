"""Tests of compared models."""
