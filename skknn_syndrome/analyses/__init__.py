"""Questions that a report answers, one folder each: result, computation, presentation.

- Data: ``dataset`` and its warnings, ``near_duplicates``.
- Results of a study: ``scores`` of the candidates, those of a ``larger_k``, and ``baselines``;
  ``uncertainty`` of pooled scores over subjects, ``repeats`` with other seeds; ``inflation`` by image-level
  folds and subject ``leakage``; scores at ``subject_level``, ``published`` ones, those ``per_class`` and in
  ``subgroups``.
- Choices: ``nested_cv`` for selection bias, ``chance`` by a permutation test of the search.
- Comparisons of models: ``models`` on the same folds, ``labels`` one by one, ``test_sets``, and
  ``published_models``.
- Analyses: ``preprocessing``, ``calibration``, ``prediction_sets``, ``open_set`` recognition,
  ``embedding_space`` and its ``embedding_map``, the ``learning_curve`` with sample sizes, and
  ``label_errors``.
"""

QUESTIONS = [
    *("dataset", "near_duplicates", "scores", "larger_k", "baselines", "uncertainty", "repeats", "inflation"),
    *(
        "leakage",
        "subject_level",
        "published",
        "per_class",
        "subgroups",
        "levels",
        "nested_cv",
        "chance",
        "models",
        "labels",
    ),
    *("test_sets", "published_models", "preprocessing"),
    *("calibration", "prediction_sets", "open_set", "embedding_space", "embedding_map"),
    *("alignment", "guided_projection"),
    *("learning_curve", "label_errors"),
]
"""Folders of this package, in the order of reading."""
