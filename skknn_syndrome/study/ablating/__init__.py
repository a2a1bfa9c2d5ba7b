"""What scaling and resampling are worth: every variant honestly, and the way it was once published."""

from skknn_syndrome.study.ablating.comparing import compare_preprocessing

__all__ = ["compare_preprocessing"]
