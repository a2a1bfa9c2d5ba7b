"""New cases: vectors whose class nobody knows yet."""

from dataclasses import dataclass

from skknn_syndrome._typing import FloatArray, StringArray
from skknn_syndrome.results.audit import Audit
from skknn_syndrome.results.embedder import EmbedderNote


@dataclass(frozen=True, eq=False)
class NewCases:
    """Vectors to be asked about."""

    embeddings: FloatArray
    """Shape (n_images, n_features)."""
    images: StringArray
    subjects: StringArray | None
    embedder: EmbedderNote | None
    """What made the vectors, where the file says it."""
    audit: Audit
    """Which rows can't be used, and why."""
    name: str
