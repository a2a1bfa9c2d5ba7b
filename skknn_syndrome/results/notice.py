"""What a reader of the study has to know before believing it."""

from typing import Literal

from skknn_syndrome.results.base import Result

NoticeCode = Literal[
    "simulated_data",
    "no_subjects",
    "edge_of_grid",
    "more_neighbors_than_images",
    "too_few_members",
    "undefined_scores",
    "trivial_top_k",
    "class_missing_from_test",
    "class_missing_from_train",
    "analysis_left_out",
    "leak",
    "beyond_grid",
    "simpler_rule_better",
    "misleading_probabilities",
    "hubs",
    "resampler_left_out",
    "preprocessing_left_out",
]


class Notice(Result):
    """One warning of the study about itself."""

    code: NoticeCode
    message: str
    """One sentence: what is so, and what follows from it."""
