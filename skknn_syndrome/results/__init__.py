"""Frozen, typed results that go to JSON and back."""

from skknn_syndrome.results.audit import Audit, DataWarning, RefusedRow
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.results.dataset import DatasetSummary, SyndromeCount
from skknn_syndrome.results.difference import ProtocolDifference
from skknn_syndrome.results.evaluation import Evaluation, RocCurve, SyndromeRoc, SyndromeScores
from skknn_syndrome.results.geometry import CentroidSimilarity, EmbeddingMap, Projection
from skknn_syndrome.results.near_duplicate import NearDuplicate, NearDuplicates
from skknn_syndrome.results.notice import Notice
from skknn_syndrome.results.protocol import Candidate, Fold, ProtocolResult
from skknn_syndrome.results.provenance import Averaging, Provenance, Version
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.study import SCHEMA_VERSION, StudyResult

__all__ = [
    "SCHEMA_VERSION",
    "Audit",
    "Averaging",
    "Candidate",
    "CentroidSimilarity",
    "DataWarning",
    "DatasetSummary",
    "DistanceComparison",
    "EmbeddingMap",
    "Evaluation",
    "Fold",
    "NearDuplicate",
    "NearDuplicates",
    "Notice",
    "Projection",
    "ProtocolDifference",
    "ProtocolResult",
    "Provenance",
    "PublishedScore",
    "RefusedRow",
    "RocCurve",
    "Score",
    "StudyResult",
    "SyndromeCount",
    "SyndromeRoc",
    "SyndromeScores",
    "Version",
]
