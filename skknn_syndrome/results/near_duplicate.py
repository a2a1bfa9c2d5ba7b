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
    """Such pairs above a threshold that are nearer than strangers usually are, the most alike first."""

    threshold: float
    pairs: tuple[NearDuplicate, ...]
    n_not_listed: int = 0
    """Further pairs, all less alike."""
    n_ordinary: int = 0
    """Pairs above the threshold that are no nearer than strangers are in this data set, counted among each
    image's 20 nearest strangers: where there are many, the threshold tells nothing about persons."""

    @property
    def n_pairs(self) -> int:
        """All pairs found, listed or not."""
        return len(self.pairs) + self.n_not_listed
