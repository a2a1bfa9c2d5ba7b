"""Alignment of distances between classes in embeddings with those of a reference, such as a tree."""
