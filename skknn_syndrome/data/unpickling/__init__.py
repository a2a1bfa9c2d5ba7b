"""Pickles from strangers, read as data and never run."""

from skknn_syndrome.data.unpickling.limits import PickleLimits
from skknn_syndrome.data.unpickling.reading import read_pickle

__all__ = ["PickleLimits", "read_pickle"]
