"""What the page is told: all cases in columns, one case in full, and what this program says of errors."""

from typing import Literal, Protocol

from skknn_syndrome.results.base import Result
from skknn_syndrome.results.explanation import Explanation
from skknn_syndrome.results.prediction import Prediction, Predictions


class ShownClass(Result):
    """A class, and how its points look."""

    name: str
    colour: str
    marker: str


class ShownPlane(Result):
    """Where the cases lie on one map."""

    title: str
    x: tuple[float, ...]
    y: tuple[float, ...]


class ShownCovariate(Result):
    """What is known of each case beside its class."""

    name: str
    groups: tuple[str, ...]
    codes: tuple[int, ...]
    """For each case its place among the groups."""


class Overview(Result):
    """All cases, a column each question."""

    kind: Literal["model", "study"]
    title: str
    about: str
    """Where predictions come from, in a sentence."""
    classes: tuple[ShownClass, ...]
    labels: tuple[int, ...]
    """For each case the place of its class."""
    predicted: tuple[int, ...] = ()
    """Out of fold; empty where that is unknown."""
    confidence: tuple[float, ...] = ()
    """Probability of the predicted class."""
    novelty: tuple[float, ...] = ()
    novelty_threshold: float | None = None
    images: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    planes: tuple[ShownPlane, ...]
    covariates: tuple[ShownCovariate, ...] = ()
    n_images: int
    """Of the data set, of which the cases may be a sample."""
    answers: bool
    """Whether it can be asked about new cases."""
    max_bytes: int
    """Size of an upload that is still read."""
    nouns: tuple[str, str, str]
    """What the data calls a class, a subject and an image."""


class Share(Result):
    """A class, and the probability that it got out of fold."""

    name: str
    probability: float | None


class Near(Result):
    """A case that is near."""

    row: int | None
    """Its place among the cases shown; None where it is not among them."""
    name: str
    image: str | None
    subject: str | None
    distance: float | None


class CaseDetail(Result):
    """One case in full."""

    row: int
    name: str
    """Its class."""
    image: str | None
    subject: str | None
    ranking: tuple[Share, ...]
    prediction: Prediction | None
    """With set and novelty, of a model."""
    neighbors: tuple[Near, ...]
    neighbors_of: str
    """Which distance, and among whom."""
    has_sheet: bool


class Refusal(Result):
    """Why there is no answer."""

    code: str
    message: str
    parameter: str | None = None


class Explored(Protocol):
    """What can be explored."""

    def overview(self, max_bytes: int) -> Overview:
        """Return all cases."""
        ...

    def case(self, row: int) -> CaseDetail:
        """Return one case.

        Raises
        ------
        ParameterError
            There is no such row.
        """
        ...

    def sheet(self, row: int) -> bytes:
        """Return the case sheet as HTML.

        Raises
        ------
        ParameterError
            There is no such row, or nothing to write a sheet of.
        """
        ...

    def predict(self, content: bytes, suffix: str, top_k: int | None, coverage: float | None) -> Predictions:
        """Answer about new cases in the bytes of a file.

        Raises
        ------
        SkknnSyndromeError
            They can't be read, or nothing can be asked.
        """
        ...

    def explain(self, content: bytes, suffix: str, row: int) -> Explanation:
        """Show what the answer about one of them rests on.

        Raises
        ------
        SkknnSyndromeError
            As `predict`, or there is no such row.
        """
        ...
