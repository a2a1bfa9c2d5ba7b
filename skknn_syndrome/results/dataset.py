"""What a study says of the data it was run on."""

from pydantic import Field

from skknn_syndrome.results.base import Result
from skknn_syndrome.results.embedder import EmbedderNote


class SyndromeCount(Result):
    """How often one syndrome occurs."""

    syndrome: str
    n_images: int
    n_subjects: int | None
    """None where the data has no subject ids."""


class DatasetSummary(Result):
    """Shape, counts and identity of the data; no embeddings, no subject or image ids."""

    name: str
    """The file's name without its folder, or a word for what is no file."""
    simulated: bool
    """Whether the embeddings were made by a program instead of an encoder."""
    file_sha256: str | None
    """Of the file's bytes, None where there was no file."""
    data_sha256: str
    """Of embeddings, labels and subjects as they went into the study."""
    dtype: str
    n_images: int
    n_features: int
    n_subjects: int | None
    """None where the data has no subject ids, or they were set aside."""
    embedder: EmbedderNote | None = None
    """What made the vectors of images; None where the file does not say, and in files of earlier versions."""
    syndromes: tuple[SyndromeCount, ...] = Field(min_length=1)
    """Sorted as the classifier sorts its classes."""
