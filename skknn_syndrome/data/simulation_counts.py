"""Who is in the simulated data set: invented names with the counts of a real collection, and no vectors."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import IndexArray, StringArray


@dataclass(frozen=True)
class SimulatedSyndrome:
    """One class of the simulation.

    Parameters
    ----------
    name : str
        Its label.
    distinctness : float
        Distance of its typical face from the average one, in units of the spread within a syndrome.
    subjects : mapping of int to int
        How many subjects (value) have how many images (key).
    """

    name: str
    distinctness: float
    subjects: Mapping[int, int]


SIMULATED_SYNDROMES = (
    SimulatedSyndrome(
        "Simulated syndrome A", 0.39, {1: 119, 2: 7, 3: 2, 5: 3, 8: 2, 9: 1, 10: 2, 11: 1}
    ),  # 210 images of 137 subjects
    SimulatedSyndrome("Simulated syndrome B", 0.37, {1: 169, 2: 8, 4: 2, 5: 1}),  # 198 of 180
    SimulatedSyndrome("Simulated syndrome C", 0.42, {1: 121, 2: 3, 3: 3}),  # 136 of 127
    SimulatedSyndrome("Simulated syndrome D", 0.34, {1: 77, 2: 11, 3: 4, 4: 1}),  # 115 of 93
    SimulatedSyndrome("Simulated syndrome E", 0.50, {1: 74, 2: 7, 3: 1, 7: 1}),  # 98 of 83
    SimulatedSyndrome("Simulated syndrome F", 0.36, {1: 67, 2: 5, 3: 4}),  # 89 of 76
    SimulatedSyndrome("Simulated syndrome G", 0.48, {1: 55, 2: 8, 3: 1}),  # 74 of 64
    SimulatedSyndrome("Simulated syndrome H", 0.31, {1: 58, 2: 3, 3: 1}),  # 67 of 62
    SimulatedSyndrome("Simulated syndrome I", 0.44, {1: 54, 2: 4, 3: 1}),  # 65 of 59
    SimulatedSyndrome("Simulated syndrome J", 0.40, {1: 56, 2: 4}),  # 64 of 60
)


@dataclass(frozen=True, eq=False)
class Roster:
    """The subjects of a simulation, numbered from 0, syndrome by syndrome.

    Parameters
    ----------
    syndrome : ndarray of int of shape (n_subjects,)
        Position of the subject's syndrome in `SIMULATED_SYNDROMES`.
    n_images : ndarray of int of shape (n_subjects,)
        How many images the subject has.
    """

    syndrome: IndexArray
    n_images: IndexArray

    @classmethod
    def draw(cls, random: np.random.RandomState) -> "Roster":
        """Put the subjects of each syndrome in random order."""
        numbers = [
            random.permutation(np.repeat(list(syndrome.subjects), list(syndrome.subjects.values())))
            for syndrome in SIMULATED_SYNDROMES
        ]
        n_subjects = [len(number) for number in numbers]
        syndrome = np.repeat(np.arange(len(numbers)), n_subjects)
        return cls(syndrome.astype(np.intp), np.concatenate(numbers).astype(np.intp))

    @property
    def n_subjects(self) -> int:
        """Number of subjects."""
        return self.n_images.size

    @property
    def subject_of_image(self) -> IndexArray:
        """Number of the subject of each image: its images follow one another."""
        return np.repeat(np.arange(self.n_subjects), self.n_images)

    @property
    def first_image(self) -> IndexArray:
        """Number of each subject's first image."""
        return np.asarray(np.cumsum(self.n_images) - self.n_images)

    def ids(self) -> tuple[StringArray, StringArray, StringArray]:
        """Return the syndrome, subject and image id of each image."""
        names = np.array([syndrome.name for syndrome in SIMULATED_SYNDROMES])
        subject = self.subject_of_image
        subjects = np.array([f"subject-{number:04d}" for number in subject + 1])
        images = np.array([f"image-{number:04d}" for number in range(1, subject.size + 1)])
        return names[self.syndrome[subject]], subjects, images
