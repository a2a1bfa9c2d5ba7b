"""Published scores, and what a second run of their protocols gives."""

from typing import Literal, TypeAlias

from pydantic import Field

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.published import PublishedScore

Verdict: TypeAlias = Literal["reproduced", "within_ties", "within_draws", "not_reproducible"]
"""What became of a published figure, the best first."""


class ReproducedScore(Result):
    """One published figure beside what its protocol gives."""

    score: str
    published: float
    reproduced: float
    """Mean over the folds, and over the draws where something is drawn."""
    std: float | None = None
    """Standard deviation (sample form) over the draws, None where nothing is drawn."""
    low: float | None = None
    high: float | None = None
    """Where ties matter: the bounds over all ways to break them. Where something is drawn: between which a
    further draw lies with a probability of 99 %."""
    verdict: Verdict

    @property
    def difference(self) -> float:
        """Reproduced minus published."""
        return self.reproduced - self.published


class ReproducedRow(Result):
    """One published configuration, with its scores."""

    table: str
    dataset: str
    """The source's name for what it did to the embeddings."""
    distance: str
    n_neighbors: int
    """As published."""
    n_draws: int
    """Runs behind each score: 1 where the source says all that is needed."""
    share_choosing_k: float | None
    """In which share of the runs the source's rule chooses `n_neighbors`; None where it states no rule."""
    scores: tuple[ReproducedScore, ...]
    verdict: Verdict
    """The worst of its scores'."""
    repeats: str | None = None
    """The first row of the source with the same distance, k and figures, digit by digit."""
    figures_of: str | None = None
    """The untouched embeddings whose figures these are, where the row's own protocol gives others."""
    reason: str | None = None
    """One sentence: why the row is not reproducible."""


class PublishedScores(Analysis):
    """What others reported on such data, to be set beside this study's scores."""

    question: Literal["published"] = "published"
    published: tuple[PublishedScore, ...] = Field(min_length=1)


class BalancedClass(Result):
    """How many images of a syndrome balancing keeps."""

    syndrome: str
    before: int
    after: int


class Reproduction(Result):
    """All published rows of one source, run again to the letter of its protocol.

    Where a source resampled before it split, so does this: its scores say how well an image's own relatives
    are found again, and nothing about people who are new.
    """

    source: str
    dataset: DatasetSummary
    same_data: bool
    """Whether these are the embeddings that the source had."""
    splitter: str
    """As it would be written in Python."""
    decimals: int
    """As the source prints its figures."""
    balanced: tuple[BalancedClass, ...] = ()
    """Empty where the source balanced nothing."""
    rows: tuple[ReproducedRow, ...]


class TableFinding(Result):
    """What a check says of a data set's figures in a source's tables."""

    check: str
    title: str
    """What the check looks for, in a few words."""
    dataset: str
    outcome: Literal["found", "passed", "unknown"]
    """Unknown where the tables, or what is known of the data set, do not allow to tell."""
    message: str
    figures: tuple[PublishedScore, ...] = ()
    """Those that carry it, where something was found."""


class TableReview(Result):
    """What the figures of a source say by themselves, without its images."""

    source: str
    n_figures: int
    findings: tuple[TableFinding, ...]
    """Of each check on each data set."""

    @property
    def found(self) -> tuple[TableFinding, ...]:
        """The findings that something was found in."""
        return tuple(finding for finding in self.findings if finding.outcome == "found")


class ClaimFinding(Result):
    """What a part of a published correlation is worth on a reference."""

    check: str
    title: str
    """What is looked at, in a few words."""
    published: float
    """Or nominal, of a level."""
    on_reference: float
    """What the reference gives in its place."""
    message: str


class DistanceClaim(Result):
    """A published correlation of visual and genetic distances, taken apart on the reference that it is of."""

    source: str
    reference: str
    """Name of the file."""
    n_classes: int
    findings: tuple[ClaimFinding, ...]
    other_reference: str = ""
    """That the reference is not the one that the figures are of, where its names show it."""
