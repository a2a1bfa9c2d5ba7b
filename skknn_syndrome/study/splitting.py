"""Where folds stood before `skknn_syndrome.crossval.folds`."""

from skknn_syndrome.crossval.folds import CrossValidation, Split, Splits, check_folds, make_splits

__all__ = ["CrossValidation", "Split", "Splits", "check_folds", "make_splits"]
