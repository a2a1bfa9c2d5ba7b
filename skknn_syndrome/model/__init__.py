"""A fitted model in use: answers about new cases, how sure they are, and the evidence for them."""

from skknn_syndrome.model.syndrome_model import SyndromeModel

__all__ = ["SyndromeModel"]
