"""What the answer about one image rests on: neighbours, distances, and what would change it."""

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import Field, model_validator

from skknn_syndrome.results.base import Result
from skknn_syndrome.results.model_card import ModelCard
from skknn_syndrome.results.prediction import Prediction

HIDDEN = "the image"
"""What stands for the id of the case."""


class Neighbor(Result):
    """An image of the gallery that is near."""

    name: str
    """Its class."""
    subject: str | None
    image: str
    cosine: float
    """Distance, 1 - the cosine."""
    euclidean: float
    cosine_rank: int = Field(ge=1)
    """Among all images of the gallery."""
    euclidean_rank: int = Field(ge=1)
    vote_share: float = Field(ge=0, le=1)
    """Of the votes of the nearest neighbours; 0 for one that has no vote."""


class ClassDistances(Result):
    """How far the images of one class lie from the case."""

    name: str
    n_images: int
    nearest: tuple[float, ...] = Field(min_length=1)
    """Cosine distances in rising order; of a large class the first alone."""
    median: float


class Vote(Result):
    """How the nearest neighbours vote of whom shares are shown."""

    n_neighbors: int
    metric: str
    weights: str
    decides: bool
    """Whether it is the model's own vote; else its head weighs all images in another way."""


class WithoutSubject(Result):
    """The answer of a model that was fitted without the subject who is nearest to the case."""

    subject: str | None
    """None where there are no subjects: then the nearest image was left out."""
    n_images: int
    name: str
    """The most probable class then."""
    probability: float
    of_first: float
    """The probability, then, of the class that is the most probable now."""
    changes: bool
    """Whether another class comes first."""


class Odds(Result):
    """The odds of the two most probable classes, and how far the image moves them."""

    first: str
    second: str
    prior: float | None
    """By their numbers of images in the gallery; None of a head that does not start from these."""
    posterior: float | None
    """None where the second has the probability 0."""

    @property
    def factor(self) -> float | None:
        """Posterior over prior odds; None where one of them is."""
        return None if self.posterior is None or self.prior is None else self.posterior / self.prior


class Explanation(Result):
    """What the answer about one image rests on. It shows what is near, and no cause of anything."""

    kind: Literal["explanation"] = "explanation"
    prediction: Prediction
    neighbors: tuple[Neighbor, ...] = Field(min_length=1)
    """The nearest by cosine first."""
    vote: Vote
    distances: tuple[ClassDistances, ...]
    """Of all classes, in the order of the ranking."""
    without_nearest: WithoutSubject | None
    """None where nobody else is left, or the model's head is not known here."""
    odds: Odds
    in_gallery: bool
    """Whether the gallery holds the same vector: then the model was fitted to this image."""
    card: ModelCard

    @property
    def odds_are_beyond_data(self) -> bool:
        """Whether the posterior odds are larger than the gallery: so many images can't calibrate them."""
        return self.odds.posterior is None or self.odds.posterior > self.card.dataset.n_images

    @model_validator(mode="after")
    def _speaks_of_an_image(self) -> Self:
        if self.prediction.kind != "image":
            message = "an explanation is of one image"
            raise ValueError(message)
        return self

    def with_placeholders(self) -> Self:
        """Return the same with "subject 1", "image 1" and so on in place of ids, in the order of nearness."""
        subjects = _numbered("subject", (near.subject for near in self.neighbors))
        neighbors = tuple(
            near.revised(
                subject=None if near.subject is None else subjects[near.subject], image=f"image {number}"
            )
            for number, near in enumerate(self.neighbors, start=1)
        )
        without = self.without_nearest
        if without is not None and without.subject is not None:
            without = without.revised(subject=subjects.get(without.subject, "subject 0"))
        prediction = self.prediction.revised(
            image=HIDDEN, subject=None if self.prediction.subject is None else "the subject"
        )
        return self.revised(neighbors=neighbors, without_nearest=without, prediction=prediction)


def _numbered(noun: str, ids: Iterable[str | None]) -> dict[str, str]:
    known = dict.fromkeys(name for name in ids if name is not None)
    return {name: f"{noun} {number}" for number, name in enumerate(known, start=1)}
