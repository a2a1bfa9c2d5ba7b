"""What scaling and resampling are worth: every variant within folds, and prepared before splitting."""

from skknn_syndrome.study.ablating.comparing import compare_preprocessing

__all__ = ["compare_preprocessing"]
