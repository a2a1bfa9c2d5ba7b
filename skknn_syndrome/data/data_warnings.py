"""Data warnings: what is legal in a set of embeddings, but dangerous for a study of it."""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable
from functools import partial

from skknn_syndrome._typing import FloatArray, StringArray
from skknn_syndrome.results.audit import DataWarning


def find_data_warnings(
    embeddings: FloatArray,
    syndromes: StringArray,
    subjects: StringArray | None,
    images: StringArray,
) -> tuple[DataWarning, ...]:
    """Look for what a study would take at face value.

    Parameters
    ----------
    embeddings : ndarray of shape (n_images, n_features)
        Finite vectors.
    syndromes, images : ndarray of str of shape (n_images,)
        Labels and ids.
    subjects : ndarray of str of shape (n_images,) or None
        Whose images they are, where that is known.

    Returns
    -------
    tuple of DataWarning
        One per case, each kind in order of the rows: subjects under two syndromes, equal vectors under two
        syndromes, labels that are equal after Unicode normalisation (NFKC, case folded, white space
        collapsed), and ids such as "12" beside "12.0". Vectors that are merely close are not looked for here.

    Examples
    --------
    >>> import numpy as np
    >>> found = find_data_warnings(np.eye(2), np.array(["Noonan", "noonan "]), None, np.array(["1", "2"]))
    >>> [warning.code for warning in found]
    ['labels_alike']
    """
    found = _identical_vectors(embeddings, syndromes, images)
    if subjects is not None:
        found = [*_subjects_in_two_syndromes(subjects, syndromes), *found]
    found += [DataWarning(code="labels_alike", syndromes=labels) for labels in _alike(syndromes)]
    if subjects is not None:
        found += [DataWarning(code="labels_alike", subjects=labels) for labels in _alike(subjects)]
    found += [
        *(_beside_float(syndromes=pair) for pair in _integers_beside_floats(syndromes)),
        *(_beside_float(images=pair) for pair in _integers_beside_floats(images)),
    ]
    if subjects is not None:
        found += [_beside_float(subjects=pair) for pair in _integers_beside_floats(subjects)]
    return tuple(found)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _subjects_in_two_syndromes(subjects: StringArray, syndromes: StringArray) -> list[DataWarning]:
    labels: dict[str, list[str]] = defaultdict(list)
    for subject, syndrome in zip(subjects.tolist(), syndromes.tolist(), strict=True):
        labels[subject].append(syndrome)
    return [
        DataWarning(code="subject_in_two_syndromes", subjects=(subject,), syndromes=distinct)
        for subject, distinct in ((subject, _distinct(given)) for subject, given in labels.items())
        if len(distinct) > 1
    ]


def _identical_vectors(
    embeddings: FloatArray, syndromes: StringArray, images: StringArray
) -> list[DataWarning]:
    rows: dict[Hashable, list[int]] = defaultdict(list)
    for number, vector in enumerate(embeddings):
        # Adding 0.0 turns -0.0 into 0.0: equal numbers, but other bytes.
        rows[hashlib.blake2b((vector + 0.0).tobytes(), digest_size=16).digest()].append(number)
    return [
        DataWarning(code="identical_vectors", images=tuple(images[same].tolist()), syndromes=distinct)
        for same, distinct in ((same, _distinct(syndromes[same].tolist())) for same in rows.values())
        if len(distinct) > 1
    ]


def _alike(labels: StringArray) -> list[tuple[str, ...]]:
    spellings: dict[str, list[str]] = defaultdict(list)
    for label in _distinct(labels.tolist()):
        spellings[_plain(label)].append(label)
    return [tuple(alike) for alike in spellings.values() if len(alike) > 1]


_beside_float = partial(DataWarning, code="integer_beside_float")


def _integers_beside_floats(ids: StringArray) -> list[tuple[str, str]]:
    given = {*ids.tolist()}
    integers = _distinct(text for text in ids.tolist() if text.isdecimal())
    return [(text, f"{text}.0") for text in integers if f"{text}.0" in given]


def _plain(label: str) -> str:
    folded = unicodedata.normalize("NFKC", label).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())
