"""Subject leakage, and the inflation of scores by it."""

from typing import Literal, TypeAlias

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.candidate import CandidateKey

LeakKind: TypeAlias = Literal["exact_copies", "near_copies", "two_syndromes"]
"""Images alike to the last digit, or nearly, under several subject ids; or a subject under two syndromes."""


class LeakInflation(CandidateKey):
    """What a score loses when training parts no longer hold the subjects concerned.

    Folds and test images are the same: of each training part, the images of those subjects that are in the
    test part are left out.
    """

    score: str
    original: float | None
    """Mean over the folds."""
    purged: float | None
    """None where a fold that has an `original` does not define it, or nothing could be measured."""

    @property
    def inflation(self) -> float | None:
        """`original` minus `purged`."""
        return None if self.original is None or self.purged is None else self.original - self.purged


class Leak(Result):
    """One way in which folds may not keep subjects apart."""

    kind: LeakKind
    protocol: ProtocolName
    """The folds that `inflations` are of."""
    cosine_above: float | None
    """Images of different subjects are called copies from this cosine similarity on."""
    n_pairs: int | None
    """Pairs of such images."""
    n_images: int
    """Images of the subjects concerned."""
    n_subjects: int
    subjects: tuple[tuple[str, ...], ...]
    """Ids that may be one person, or ids with several syndromes: the first twenty, the most alike first."""
    syndromes: tuple[str, ...]
    """Of all subjects concerned."""
    inflations: tuple[LeakInflation, ...]
    """One a distance and score."""
    unmeasured: str | None = None
    """Why nothing is `purged`, in half a sentence; None where it is."""
    grouped: bool = False
    """Whether the study's own folds take such subjects for one person."""
    subject_syndromes: tuple[tuple[str, ...], ...] = ()
    """For each entry of `subjects` its own syndromes; empty in files of earlier versions."""

    @property
    def by_person(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Ids and syndromes of each person; no syndromes where the file does not say whose they are."""
        known = self.subject_syndromes
        if not known:
            known = (self.syndromes if len(self.subjects) == 1 else (),) * len(self.subjects)
        return tuple(zip(self.subjects, known, strict=True))


class LeakageAnalysis(Analysis):
    """Subjects that may be one person, or have several syndromes; there is none where nobody looked."""

    question: Literal["leakage"] = "leakage"
    leaks: tuple[Leak, ...] = ()
    """Empty where nothing was found."""
