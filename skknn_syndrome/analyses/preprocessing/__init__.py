"""Preprocessing: what are scaling and resampling worth."""
