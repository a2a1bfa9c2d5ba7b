"""Classes of a data set matched with those of a reference, and the distances between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, FloatArray, StringArray
from skknn_syndrome.analyses.alignment.result import Leftovers
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.data.reference import ReferenceDistances, ReferenceMatch
from skknn_syndrome.errors import Argument, ReferenceDistancesError, quote
from skknn_syndrome.preprocessing.prototypes import PrototypeMethod
from skknn_syndrome.statistics.class_distances import ClassDistances, DistanceName
from skknn_syndrome.wording import counted, sentence_list

FEWEST_CLASSES: Final = 4
"""Three classes have six permutations, none of which is rare."""
MOST_NAMED: Final = 10
"""Names of the reference without images that a result keeps."""
MOST_REFUSED: Final = 5
"""Classes without reference distances that an error names."""


@dataclass(frozen=True, eq=False)
class Visual:
    """Distances between classes in the embeddings."""

    names: tuple[str, ...]
    distances: Float64Array
    images: ClassDistances | None = None
    """What they were computed from; None where they were given."""
    n_images: tuple[int, ...] | None = None
    """Of each class."""
    unit: Literal["subjects", "images"] = "subjects"
    """Images where subjects are not known."""
    n_units: int = 0
    """How many there are of these."""

    @property
    def n_subjects(self) -> tuple[int, ...] | None:
        """Of each class; None where distances were given."""
        return None if self.images is None else tuple(self.images.n_subjects.tolist())


def match_classes(
    names: Sequence[str], reference: ReferenceDistances, *, shared_only: bool | None = None
) -> ReferenceMatch:
    """Tell which classes a reference has.

    Parameters
    ----------
    names : sequence of str
    reference : ReferenceDistances
    shared_only : bool, optional
        Whether classes that it lacks may be left out; None where nobody can ask for that.

    Raises
    ------
    ReferenceDistancesError
        It lacks one, and classes may not be left out; or it has fewer than four.
    """
    match = reference.match(names)
    if match.only_data and not shared_only:
        raise _lacking(match, may_be_asked=shared_only is not None)
    if len(match.shared) < FEWEST_CLASSES:
        raise ReferenceDistancesError(
            f"{counted(len(match.shared), 'class')} of {len(names)} in the data "
            f"{'has' if len(match.shared) == 1 else 'have'} distances in the reference, which has "
            f"{counted(len(reference.names), 'name')}; {FEWEST_CLASSES} are needed.",
            code="too_few_classes",
            parameter="reference",
        )
    return match


def _lacking(match: ReferenceMatch, *, may_be_asked: bool) -> ReferenceDistancesError:
    near = dict(match.near_misses)
    named = [
        f"{quote(name)} (is it {quote(near[name])}?)" if name in near else quote(name)
        for name in sorted(match.only_data, key=lambda name: name not in near)
    ]
    others = len(named) - MOST_REFUSED
    told = [*named[:MOST_REFUSED], *([counted(others, "other class")] if others > 0 else [])]
    return ReferenceDistancesError(
        "The reference has no distances of {names}: add them, or leave such classes out"
        f"{' with {shared_only}' if may_be_asked else ' of the data'}.",
        code="class_not_in_reference",
        parameter="reference",
        names=sentence_list(told),
        shared_only=Argument("shared_only", value=True),
    )


@dataclass(frozen=True, eq=False)
class ImagesOf:
    """The images of some classes."""

    dataset: EmbeddingDataset
    kept: BoolArray

    @classmethod
    def classes(cls, dataset: EmbeddingDataset, names: Sequence[str]) -> "ImagesOf":
        """Return those of a data set."""
        return cls(dataset, np.isin(dataset.syndromes, list(names)))

    @property
    def embeddings(self) -> FloatArray:
        """Shape (n_images, n_features)."""
        return self.dataset.embeddings[self.kept]

    @property
    def labels(self) -> StringArray:
        """Shape (n_images,)."""
        return self.dataset.syndromes[self.kept]

    @property
    def subjects(self) -> StringArray | None:
        """Shape (n_images,); None where nobody knows."""
        return None if self.dataset.subjects is None else self.dataset.subjects[self.kept]

    def see(self, distance: DistanceName, prototype: PrototypeMethod) -> Visual:
        """Return the distances between the classes."""
        found = ClassDistances.of(
            self.embeddings, self.labels, self.subjects, prototype=prototype, distance=distance
        )
        classes, counts = np.unique(self.labels, return_counts=True)
        unit: Literal["subjects", "images"] = "images" if self.subjects is None else "subjects"
        n_units = len(self.labels) if self.subjects is None else len(np.unique(self.subjects))
        return Visual(tuple(map(str, classes)), found.distances, found, tuple(counts.tolist()), unit, n_units)


def leftovers_of(match: ReferenceMatch) -> Leftovers:
    """Return what a result says of classes that one side lacks."""
    return Leftovers(
        only_data=match.only_data,
        only_reference=match.only_reference[:MOST_NAMED],
        n_only_reference=len(match.only_reference),
        near_misses=match.near_misses,
    )
