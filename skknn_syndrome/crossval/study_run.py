"""What analyses of a whole study and of a data set work from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sklearn.model_selection import GridSearchCV

from skknn_syndrome._typing import AnalysisName, Estimator
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.provenance import Stopwatch
from skknn_syndrome.crossval.settings import StudySettings
from skknn_syndrome.crossval.study_data import StudyData
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.data.reference import ReferenceDistances
from skknn_syndrome.neighbors.embedding_space import EmbeddingSpace


@dataclass(frozen=True, eq=False)
class StudyRun:
    """A study whose protocols are searched and scored, and whose result is still to be put together."""

    given: Estimator
    """As it was before classes were weighed and the grid set its parameters."""
    data: StudyData
    """With one subject for all that may be one person, where that was asked for."""
    settings: StudySettings
    analyses: Collection[AnalysisName]
    runs: tuple[ProtocolRun, ...]
    """One a protocol, the primary one first."""
    search: GridSearchCV
    """Of the primary one."""
    space: EmbeddingSpace
    """Of the images, with their subjects as they came."""
    grouped: bool
    """Whether near-duplicates were taken for one person."""
    ignore: Collection[str]
    """Codes or names of checks that are not made."""
    stopwatch: Stopwatch
    withheld: Mapping[str, str]
    """Why analyses are left out of data of this size, by name."""

    @property
    def records(self) -> tuple[OutOfFoldRecord, ...]:
        """Out-of-fold predictions of all protocols."""
        return tuple(record for run in self.runs for record in run.records)


@dataclass(frozen=True, eq=False)
class DatasetRun:
    """A data set that is described, whatever the folds of its study."""

    dataset: EmbeddingDataset
    space: EmbeddingSpace
    """Of its images."""
    random_state: int | None
    with_map: bool
    """Whether the embeddings are laid out in the plane, which takes long."""
    reference: ReferenceDistances | None = None
    """Distances that those between classes are compared with."""
    record: OutOfFoldRecord | None = None
    """What the best candidate of the study predicts of its images out of fold, where that is known."""
