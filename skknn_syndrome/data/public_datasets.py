"""Class counts of public image data sets that published figures are of, with their sources."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType


@dataclass(frozen=True)
class PublicDataset:
    """How many images of a public data set are of each class.

    Examples
    --------
    >>> found = PublicDataset("moles", "images", {"nv": 3, "mel": 1}, "nowhere")
    >>> found.largest, found.largest_share
    ('nv', 0.75)
    """

    name: str
    unit: str
    """What is counted."""
    counts: Mapping[str, int]
    """By class."""
    source: str
    """Where the counts stand."""

    @property
    def n_units(self) -> int:
        """How many are counted in all."""
        return sum(self.counts.values())

    @property
    def largest(self) -> str:
        """The class of the most, of equals the first."""
        return max(self.counts, key=self.counts.__getitem__)

    @property
    def largest_share(self) -> float:
        """Its share: the accuracy of who predicts it for all."""
        return self.counts[self.largest] / self.n_units


@cache
def public_datasets() -> Mapping[str, PublicDataset]:
    """Return the data sets whose class counts come with the package, by name.

    Examples
    --------
    >>> public_datasets()["HAM10000"].n_units
    10015
    """
    text = (resources.files("skknn_syndrome.data") / "public_datasets.csv").read_text("utf-8")
    counts: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in csv.DictReader(text.splitlines()):
        counts.setdefault((row["dataset"], row["unit"], row["source"]), {})[row["label"]] = int(row["count"])
    return MappingProxyType(
        {
            name: PublicDataset(name, unit, MappingProxyType(found), source)
            for (name, unit, source), found in counts.items()
        }
    )
