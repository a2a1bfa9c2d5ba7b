"""Cross-validation: tasks, folds and the search over a head's grid."""
