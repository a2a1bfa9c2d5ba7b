"""Questions that a report answers, one folder each: result, computation, presentation."""

QUESTIONS = [
    *("dataset", "near_duplicates", "scores", "larger_k", "baselines", "uncertainty", "repeats", "inflation"),
    *(
        "leakage",
        "subject_level",
        "published",
        "per_class",
        "subgroups",
        "nested_cv",
        "chance",
        "models",
        "labels",
    ),
    *("test_sets", "published_models", "preprocessing"),
    *("calibration", "open_set", "embedding_space", "embedding_map"),
    *("learning_curve", "label_errors"),
]
"""Folders of this package, in the order of reading."""
