"""What to do about each notice of a study."""

from collections.abc import Mapping
from types import MappingProxyType

from skknn_syndrome.results.notice import NoticeCode

REMEDIES: Mapping[NoticeCode, str] = MappingProxyType(
    {
        "simulated_data": "Run the study on embeddings of real images.",
        "no_subjects": (
            "Give subject ids (a column, or groups), so that folds keep each subject's images together."
        ),
        "edge_of_grid": (
            "Look at the scores beyond the grid where they were computed, or extend the grid "
            "(--n-neighbors) in this direction; look at F1 as well as at AUC, since they need not "
            "agree."
        ),
        "more_neighbors_than_images": (
            "Take a smaller largest k (--n-neighbors) or more folds, whose training parts are larger."
        ),
        "too_few_members": (
            "Take no more folds than the smallest syndrome has members, collect more of these "
            "syndromes, or leave them out and say so."
        ),
        "undefined_scores": (
            "Read scores of the pooled out-of-fold predictions instead, or take fewer folds, so "
            "that every test part has every syndrome."
        ),
        "trivial_top_k": "Read top-k accuracy of fewer than all syndromes, or accuracy and macro F1 instead.",
        "class_missing_from_test": (
            "Take fewer folds, or read the scores of the pooled out-of-fold predictions, in which "
            "every syndrome is present."
        ),
        "class_missing_from_train": (
            "Take more folds or collect more subjects of these syndromes: a syndrome without "
            "training images can't be recognised."
        ),
        "analysis_left_out": "Change what the message names, and run the study again.",
        "leak": (
            "Compare the images by eye, and give images of one person one subject id, or run the "
            "study with --group-near-duplicates; ids with several syndromes need their labels "
            "checked."
        ),
        "beyond_grid": (
            "Extend the grid (--n-neighbors) to this k, and choose it inside the folds (nested "
            "cross-validation), not by this curve."
        ),
        "simpler_rule_better": ("Prefer the baseline where this score is what matters."),
        "misleading_probabilities": (
            "Recalibrate on data of its own before probabilities are read as chances; rankings "
            "are not affected."
        ),
        "hubs": (
            "Look at the largest hubs, which may be faulty images, and compare with a distance "
            "that has fewer of them."
        ),
        "resampler_left_out": "Choose a resampler that the sizes of the syndromes allow, or leave it out.",
        "preprocessing_left_out": "Ask for fewer scalers and resamplers, or run the comparison on its own.",
    }
)
"""One sentence for each code."""


def remedy(code: NoticeCode) -> str:
    """Return what to do about a notice.

    Parameters
    ----------
    code : NoticeCode

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> remedy("simulated_data")
    'Run the study on embeddings of real images.'
    """
    return REMEDIES[code]
