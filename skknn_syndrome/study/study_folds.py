"""All folds of a study: those of each protocol, those inside training parts, and repeated splits."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from skknn_syndrome._typing import AnalysisName, ProtocolName
from skknn_syndrome.crossval.folds import Splits
from skknn_syndrome.crossval.repeats import other_splits, split_inside
from skknn_syndrome.crossval.settings import CHEAP_REPEATS, StudySettings
from skknn_syndrome.crossval.study_data import StudyData
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.base import GridScores, IndexSplit
from skknn_syndrome.heads.graph_scores.sources import GraphSource
from skknn_syndrome.study.analysing import INNER_FOLDS
from skknn_syndrome.study.estimating import REPEATED


@dataclass(frozen=True, eq=False)
class StudyFolds:
    """All splits of a study."""

    folds: tuple[Splits, ...]
    """Of each protocol, the primary one first."""
    inner: list[list[IndexSplit]]
    """Inside the training parts of the primary protocol's folds; empty where there are none."""
    analyses: Collection[AnalysisName]

    @property
    def all_splits(self) -> list[IndexSplit]:
        """Whatever will be scored."""
        return [
            *(split for folds in self.folds for split in folds.as_cv()),
            *(split for within in self.inner for split in within),
        ]


def plan_folds(
    data: StudyData,
    settings: StudySettings,
    protocols: tuple[ProtocolName, ...],
    analyses: Collection[AnalysisName],
) -> StudyFolds:
    """Divide the images by each protocol, and the training parts of the primary one again."""
    folds = tuple(
        data.folds(protocol, cv=settings.cv, random_state=settings.random_state) for protocol in protocols
    )
    inner: list[list[IndexSplit]] = []
    if {"nested_cv", "calibration"} & set(analyses):
        # A training part may be too small to be divided again: then nothing is chosen inside it.
        with suppress(StudySettingsError):
            inner = split_inside(
                folds[0].as_cv(),
                data.labels,
                data.groups_of(protocols[0]),
                inner_cv=INNER_FOLDS,
                random_state=settings.random_state,
            )
    return StudyFolds(folds, inner, analyses)


def repeated_splits(
    data: StudyData,
    settings: StudySettings,
    splits: Splits,
    source: GridScores | None,
    analyses: Collection[AnalysisName],
) -> tuple[Splits, ...]:
    """Return the splits that analyses are repeated on: one, where each would have to be fitted anew."""
    if source is None or not REPEATED & set(analyses):
        return (splits,)
    default = CHEAP_REPEATS if isinstance(source, GraphSource) else 1
    return other_splits(data, settings, splits, settings.n_repeats or default)
