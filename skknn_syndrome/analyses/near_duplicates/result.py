"""Near-duplicates of a data set."""

from typing import Literal

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.near_duplicates import NearDuplicates


class NearDuplicatesAnalysis(Analysis):
    """Near-duplicates of a data set with subject ids."""

    question: Literal["near_duplicates"] = "near_duplicates"
    near_duplicates: NearDuplicates
