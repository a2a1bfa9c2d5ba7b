"""Pairs of images that may show one person under two ids."""

from skknn_syndrome.results.base import Result


class NearDuplicate(Result):
    """Two images of different subjects whose embeddings point the same way."""

    images: tuple[str, str]
    subjects: tuple[str, str]
    syndromes: tuple[str, str]
    cosine: float
    """Cosine similarity, at most 1."""


class NearDuplicates(Result):
    """All such pairs above a threshold, the most alike first."""

    threshold: float
    pairs: tuple[NearDuplicate, ...]
