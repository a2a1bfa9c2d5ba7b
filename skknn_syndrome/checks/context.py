"""What checks look at: the results of a study, before it is put together."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from skknn_syndrome._typing import AnalysisName
from skknn_syndrome.results import AblationResult, DatasetSummary, Hubness, ProtocolResult, StudyResult
from skknn_syndrome.results.check import Figure
from skknn_syndrome.results.leak import Leak


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckContext:
    """The results of a study, what was asked for, and what could not be done."""

    dataset: DatasetSummary
    protocols: tuple[ProtocolResult, ...]
    """The primary one first, with what its analyses found."""
    hubness: Hubness | None = None
    """None where nobody looked, or the data is no matrix of embeddings."""
    leaks: tuple[Leak, ...] | None = None
    """None where nobody looked; empty where nothing was found."""
    ablation: AblationResult | None = None
    """None where preprocessing was not compared."""
    analyses: Collection[AnalysisName] = field(default_factory=frozenset)
    """What was asked for."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Why an analysis, "map" or "preprocessing" could not be done, by its name: a sentence each."""
    origin_known: bool = True
    """False of bare arrays: whether a program made them is not known."""

    @classmethod
    def of(cls, study: StudyResult, left_out: Mapping[str, str] | None = None) -> Self:
        """Return what is known of a study that is put together."""
        return cls(
            dataset=study.dataset,
            protocols=study.protocols,
            hubness=study.hubness,
            leaks=study.leaks,
            ablation=study.ablation,
            left_out=left_out or {},
        )

    @property
    def primary(self) -> ProtocolResult:
        """The protocol whose scores are the study's."""
        return self.protocols[0]

    def why_not(self, analysis: AnalysisName) -> str | None:
        """Return why an analysis was not made; None where it was."""
        if analysis not in self.analyses:
            return f"The analysis {analysis!r} was not asked for."
        reason = self.left_out.get(analysis)
        return None if reason is None else f"The analysis {analysis!r} was left out: {reason}"


class OnFolds(NamedTuple):
    """A sentence on the folds of a protocol, which are named between its halves."""

    before: str
    after: str


Drafts = Callable[[ProtocolResult], Iterator[OnFolds]]


def sentences_on_folds(runs: Sequence[ProtocolResult], drafts: Drafts) -> list[str]:
    """Return what is so under each protocol; what is so under several is said once.

    Parameters
    ----------
    runs : sequence of ProtocolResult
    drafts : callable
        From a protocol's result to sentences.

    Returns
    -------
    list of str
        First those of the first protocol.
    """
    protocols: dict[OnFolds, list[str]] = {}
    for run in runs:
        for draft in drafts(run):
            protocols.setdefault(draft, []).append(run.protocol)
    return [f"{draft.before}{_levels(names)} folds{draft.after}" for draft, names in protocols.items()]


def _levels(protocols: Sequence[str]) -> str:
    *others, last = protocols
    return "".join(f"{protocol}- and " for protocol in others) + f"{last}-level"


def figures_of_runs(
    runs: Sequence[ProtocolResult], figures: Callable[[ProtocolResult], Mapping[str, Figure]]
) -> dict[str, Figure]:
    """Return the figures of each protocol under its name: ``subject.n_folds``."""
    return {f"{run.protocol}.{name}": figure for run in runs for name, figure in figures(run).items()}
