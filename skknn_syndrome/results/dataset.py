"""What a study says of the data it was run on."""

from typing import Self

from pydantic import Field, model_validator

from skknn_syndrome.results.base import Result
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.vocabulary import DEFAULT, Noun, Vocabulary


class SyndromeCount(Result):
    """How often one syndrome occurs."""

    syndrome: str
    n_images: int
    n_subjects: int | None
    """None where the data has no subject ids."""


class DataNouns(Result):
    """What the columns of a file call its classes, subjects and images: a noun in the singular each.

    Examples
    --------
    >>> DataNouns(classes="species", subjects="specimen").vocabulary.subjects.many
    'specimens'
    """

    classes: str | None = None
    """None, as of the others: what the package calls it."""
    subjects: str | None = None
    images: str | None = None

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        _ = self.vocabulary
        return self

    @property
    def vocabulary(self) -> Vocabulary:
        """The nouns in both numbers."""
        default = DEFAULT
        return Vocabulary(
            classes=default.classes if self.classes is None else Noun.of(self.classes),
            subjects=default.subjects if self.subjects is None else Noun.of(self.subjects),
            images=default.images if self.images is None else Noun.of(self.images),
        )


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
    nouns: DataNouns | None = None
    """What its classes, subjects and images are called; None where the file does not say."""
    syndromes: tuple[SyndromeCount, ...] = Field(min_length=1)
    """Sorted as the classifier sorts its classes."""
