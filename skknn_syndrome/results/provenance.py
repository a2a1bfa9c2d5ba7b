"""How a study came to be, so that it can be run again."""

from skknn_syndrome.results.base import Result


class Version(Result):
    """One program and its version."""

    name: str
    version: str


class Averaging(Result):
    """How one score is averaged over the syndromes and what it does about ties."""

    score: str
    description: str


class Timing(Result):
    """How long one part of a study took."""

    part: str
    seconds: float
    expected_seconds: float | None = None
    """What it was expected to take beforehand; None where nobody knew, and in files of earlier versions."""


class HeadNote(Result):
    """What a study was told of its head, which candidates are named after."""

    title: str
    """What readers are shown."""
    gives: tuple[str, ...]
    """Of ``"probabilities"``, ``"decision"`` and ``"neighbors"``, sorted."""

    @property
    def ranks_by_decision(self) -> bool:
        """Whether classes are ranked by decision values, for there are no probabilities."""
        return "decision" in self.gives and "probabilities" not in self.gives


class Provenance(Result):
    """Everything a second run needs, and nothing that names a person or a folder."""

    command: str | None
    """The command line, file names without their folders; None where the study was called from Python."""
    settings: str = ""
    """What was set on the command line or in a file, as TOML that `--config` takes; no folders either."""
    estimator: str
    """The estimator as scikit-learn prints it, before the grid sets its parameters."""
    head: HeadNote | None = None
    """The head that was searched; None for k nearest neighbours, and in files of earlier versions."""
    random_state: int | None
    refit: str
    started: str
    """UTC, ISO 8601."""
    elapsed_seconds: float
    timings: tuple[Timing, ...] = ()
    """The parts of it, in the order in which they were done."""
    versions: tuple[Version, ...]
    averaging: tuple[Averaging, ...]
