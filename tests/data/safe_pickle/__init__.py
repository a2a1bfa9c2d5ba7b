"""Tests of the safe reading of pickles."""
