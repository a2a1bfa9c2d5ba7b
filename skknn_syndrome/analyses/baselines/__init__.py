"""Baselines: does a simpler rule do as well."""
