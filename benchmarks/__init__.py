"""How fast the package is, against what others offer. Never run inside the tests."""
