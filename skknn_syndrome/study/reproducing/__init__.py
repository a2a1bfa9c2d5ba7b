"""What others published, run again to the letter, leaks included."""

from skknn_syndrome.study.reproducing.running import reproduce

__all__ = ["reproduce"]
