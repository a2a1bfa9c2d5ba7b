"""Chance: does the search find more than among permuted labels."""
