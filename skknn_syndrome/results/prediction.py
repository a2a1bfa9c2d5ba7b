"""What a model in use says of new cases."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import Field

from skknn_syndrome.results.base import Result
from skknn_syndrome.wording import counted, percent_of

if TYPE_CHECKING:
    import pandas as pd

InputFlag: TypeAlias = Literal["in_gallery", "zero_vector", "norm_below_gallery", "norm_above_gallery"]
"""Why an answer about a vector is worth less than that about a new case."""

FLAGS: dict[InputFlag, str] = {
    "in_gallery": "the vector is in the gallery, and the model was fitted to it",
    "zero_vector": "the vector is all zeros: no image was read",
    "norm_below_gallery": "the vector is shorter than any of the gallery's",
    "norm_above_gallery": "the vector is longer than any of the gallery's",
}
"""The same as sentences."""
MOST_SHOWN = 10
"""Images of which `repr` tells."""


class RankedClass(Result):
    """A class, and how well it fits."""

    name: str
    """The label of the class in the gallery."""
    display_name: str | None = None
    """What readers know it by, where the model has been told."""
    id: str | None = None
    """Of a catalogue, such as "OMIM 194050"."""
    probability: float = Field(ge=0, le=1)
    p_value: float = Field(ge=0, le=1)
    """How usual the case would be among those of the class: small where it would be one of the oddest."""
    in_set: bool


class Prediction(Result):
    """The answer about one image, or about one subject with all of its images."""

    kind: Literal["image", "subject"]
    image: str | None
    """None of a subject."""
    subject: str | None
    """None where nobody said whose image it is."""
    n_images: int = 1
    ranking: tuple[RankedClass, ...]
    """The most probable classes first."""
    n_classes: int
    """That the model knows; the ranking may be cut."""
    coverage: float
    prediction_set: tuple[str, ...]
    """Classes that can't be excluded at this coverage; the most probable first. It may be empty."""
    novelty: float
    """1 - the largest cosine to a class mean; of a subject the mean over its images."""
    novelty_threshold: float | None
    possibly_none: bool
    """Whether it may be of none of the model's classes."""
    flags: tuple[InputFlag, ...] = ()
    """What is odd about the vector; of a subject, about any of its images."""

    @property
    def name(self) -> str:
        """The most probable class."""
        return self.ranking[0].name

    @property
    def display_name(self) -> str:
        """What readers know it by."""
        return self.ranking[0].display_name or self.name

    @property
    def probability(self) -> float:
        """That of the most probable class."""
        return self.ranking[0].probability

    def rows(self) -> Iterator[dict[str, str | int | float | None]]:
        """Yield a row for each class of the ranking, for tables."""
        for rank, entry in enumerate(self.ranking, start=1):
            yield {
                "kind": self.kind,
                "image": self.image,
                "subject": self.subject,
                "n_images": self.n_images,
                "rank": rank,
                "syndrome": entry.name,
                "name": entry.display_name or entry.name,
                "id": entry.id,
                "probability": entry.probability,
                "p_value": entry.p_value,
                "in_set": entry.in_set,
                "coverage": self.coverage,
                "set_size": len(self.prediction_set),
                "novelty": self.novelty,
                "novelty_threshold": self.novelty_threshold,
                "possibly_none_of_these": self.possibly_none,
                "flags": " ".join(self.flags),
            }


class Predictions(Result):
    """Answers about several cases, with what they are worth."""

    images: tuple[Prediction, ...]
    subjects: tuple[Prediction, ...] = ()
    """Of those that were named, in the order in which they first come."""
    head: str
    data_sha256: str
    """Of the gallery that the model was fitted to."""
    novelty: str
    """What a flag of novelty is worth."""
    scores_are_stale: bool
    """Whether the model's expected scores are of an earlier gallery."""

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.images)

    def __getitem__(self, place: int) -> Prediction:
        """Return the answer about one image."""
        return self.images[place]

    def __repr__(self) -> str:
        """Return a line for each of the first images."""
        lines = [
            f"{each.image}: {each.display_name} ({percent_of(each.probability)}), set: "
            f"{', '.join(each.prediction_set) or 'none'}" + "; possibly none of these" * each.possibly_none
            for each in self.images[:MOST_SHOWN]
        ]
        return "\n".join([self.summary, *lines, *["..."] * (len(self.images) > MOST_SHOWN)])

    def rows(self) -> Iterator[dict[str, str | int | float | None]]:
        """Yield a row for each class of each ranking, images first."""
        for each in (*self.images, *self.subjects):
            yield from each.rows()

    def to_frame(self) -> "pd.DataFrame":
        """Return the same as a data frame."""
        import pandas as pd  # noqa: PLC0415  slow to import, and answers need no table

        return pd.DataFrame(list(self.rows()))

    @property
    def summary(self) -> str:
        """What came out, in one sentence."""
        flagged = sum(each.possibly_none for each in self.images)
        odd = sum(bool(set(each.flags) - {"in_gallery"}) for each in self.images)
        said = f"{counted(len(self.images), 'image')}: {flagged:,} possibly of none of the syndromes"
        return said + (f", {odd:,} out of the gallery's range." if odd else ".")
