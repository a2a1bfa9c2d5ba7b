"""A study of levels, made once."""

import pytest

from skknn_syndrome.analyses.levels.result import LevelAnalysis
from skknn_syndrome.results.study import StudyResult
from tests.analyses.levels.studies import make_dataset, study_of
from tests.builders import analysis_of


@pytest.fixture(scope="session")
def study() -> StudyResult:
    return study_of(make_dataset(), hold_out=["genus", "species"])


@pytest.fixture(scope="session")
def found(study: StudyResult) -> LevelAnalysis:
    return analysis_of(study, LevelAnalysis)
