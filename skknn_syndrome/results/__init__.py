"""Frozen, typed results that go to JSON and back: what all of them share."""
