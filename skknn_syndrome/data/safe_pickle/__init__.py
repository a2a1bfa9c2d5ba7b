"""Safe reading of pickles: as data, never run."""

from skknn_syndrome.data.safe_pickle.machine import PickleLimits
from skknn_syndrome.data.safe_pickle.reading import read_pickle

__all__ = ["PickleLimits", "read_pickle"]
