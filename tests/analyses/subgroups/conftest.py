"""A study of subgroups, made once."""

import pytest

from skknn_syndrome import study_dataset
from skknn_syndrome.analyses.subgroups.result import SubgroupAnalysis
from skknn_syndrome.results.study import StudyResult
from tests.analyses.subgroups.studies import OPTIONS, make_dataset
from tests.builders import analysis_of


@pytest.fixture(scope="session")
def study() -> StudyResult:
    return study_dataset(make_dataset(), with_map=False, leave_out=["site", "view"], **OPTIONS)


@pytest.fixture(scope="session")
def found(study: StudyResult) -> SubgroupAnalysis:
    return analysis_of(study, SubgroupAnalysis)
