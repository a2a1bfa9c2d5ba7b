"""Leakage: are subjects in training and test part under several ids."""
