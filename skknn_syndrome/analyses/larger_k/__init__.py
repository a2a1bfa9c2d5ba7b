"""Larger k: are scores better beyond the edge of the grid."""
