"""Test sets: images held out before any choice, or those of another file."""
