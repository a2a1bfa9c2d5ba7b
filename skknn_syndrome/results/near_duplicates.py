"""Pairs of images that may show one person under two ids."""

from skknn_syndrome.results.base import Result


class NearDuplicate(Result):
    """Two images of different subjects whose embeddings point the same way."""

    images: tuple[str, str]
    subjects: tuple[str, str]
    syndromes: tuple[str, str]
    cosine: float
    """Cosine similarity, at most 1."""


class DetectionSensitivity(Result):
    """How many of the pairs that are known to show one subject the detection names.

    Every image is taken as a subject of its own, and the images that do have one id are the truth.
    """

    n_pairs: int
    """Pairs of images with one subject id; 0 where no subject has several images, and nothing can be told."""
    n_pairs_found: int
    n_subjects: int
    """Subjects with several images."""
    n_subjects_found: int
    """Of these, with at least one pair found."""

    @property
    def share(self) -> float | None:
        """Sensitivity by pairs; None where there are none."""
        return self.n_pairs_found / self.n_pairs if self.n_pairs else None


class NearDuplicates(Result):
    """Such pairs above a threshold that are nearer than others usually are, the most alike first."""

    threshold: float
    pairs: tuple[NearDuplicate, ...]
    n_not_listed: int = 0
    """Further pairs, all less alike."""
    n_ordinary: int = 0
    """Pairs above the threshold that are no nearer than others are in this data set, counted among each
    image's 20 nearest others: where there are many, the threshold tells nothing about persons."""
    sensitivity: DetectionSensitivity | None = None
    """Measured on this data set; None in files of earlier versions, and where it was not measured."""

    @property
    def n_pairs(self) -> int:
        """All pairs found, listed or not."""
        return len(self.pairs) + self.n_not_listed
