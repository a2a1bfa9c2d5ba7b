"""Guided projection: does it carry over to classes that it was not fitted to."""
