"""Frozen, typed results that go to JSON and back."""

from skknn_syndrome.results.ablated_variant import AblatedVariant
from skknn_syndrome.results.ablation import AblationResult
from skknn_syndrome.results.audit import Audit, DataWarning, RefusedRow
from skknn_syndrome.results.baseline import Baseline
from skknn_syndrome.results.calibration import Calibration, TemperatureSelection
from skknn_syndrome.results.candidate import Candidate, CandidateKey
from skknn_syndrome.results.chance import ChanceTest
from skknn_syndrome.results.clusters import VariantMap
from skknn_syndrome.results.comparison import Alternative, AlternativeDifference, DistanceComparison
from skknn_syndrome.results.dataset import DatasetSummary, SyndromeCount
from skknn_syndrome.results.difference import ProtocolDifference, ProtocolInflation
from skknn_syndrome.results.evaluation import Evaluation, RocCurve, SyndromeRoc, SyndromeScores
from skknn_syndrome.results.geometry import CentroidSimilarity, EmbeddingMap, Projection
from skknn_syndrome.results.hubness import Hubness
from skknn_syndrome.results.near_duplicate import NearDuplicate, NearDuplicates
from skknn_syndrome.results.nesting import NestedSelection
from skknn_syndrome.results.notice import Notice
from skknn_syndrome.results.open_set import OpenSet
from skknn_syndrome.results.preprocessing_effects import Gain, Inflation
from skknn_syndrome.results.protocol import Fold, ProtocolResult
from skknn_syndrome.results.provenance import Averaging, Provenance, Timing, Version
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.subject_level import SubjectLevel
from skknn_syndrome.results.upgrades import SCHEMA_VERSION

__all__ = [
    "SCHEMA_VERSION",
    "AblatedVariant",
    "AblationResult",
    "Alternative",
    "AlternativeDifference",
    "Audit",
    "Averaging",
    "Baseline",
    "Calibration",
    "Candidate",
    "CandidateKey",
    "CentroidSimilarity",
    "ChanceTest",
    "DataWarning",
    "DatasetSummary",
    "DistanceComparison",
    "EmbeddingMap",
    "Evaluation",
    "Fold",
    "Gain",
    "Hubness",
    "Inflation",
    "NearDuplicate",
    "NearDuplicates",
    "NestedSelection",
    "Notice",
    "OpenSet",
    "Projection",
    "ProtocolDifference",
    "ProtocolInflation",
    "ProtocolResult",
    "Provenance",
    "PublishedScore",
    "RefusedRow",
    "RocCurve",
    "Score",
    "StudyResult",
    "SubjectLevel",
    "SyndromeCount",
    "SyndromeRoc",
    "SyndromeScores",
    "TemperatureSelection",
    "Timing",
    "VariantMap",
    "Version",
]
