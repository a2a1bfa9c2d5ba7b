"""What went into a study: counts and a fingerprint."""

import hashlib

import numpy as np

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.results import DatasetSummary, SyndromeCount


def summarise_arrays(
    embeddings: LabelArray,
    labels: LabelArray,
    groups: LabelArray | None,
    *,
    name: str = "arrays",
    simulated: bool = False,
    file_sha256: str | None = None,
) -> DatasetSummary:
    """Count images and subjects, and take the data's fingerprint.

    Parameters
    ----------
    embeddings : array of shape (n_images, n_features)
        What the study was run on.
    labels : array of shape (n_images,)
        The class of each image.
    groups : array of shape (n_images,) or None
        The subject of each image.
    name : str, default="arrays"
    simulated : bool, default=False
        Whether the images are made up.
    file_sha256 : str, optional
        Of the file that they came from.

    Returns
    -------
    DatasetSummary
    """
    return DatasetSummary(
        name=name,
        simulated=simulated,
        file_sha256=file_sha256,
        data_sha256=_fingerprint(embeddings, labels, groups),
        dtype=str(embeddings.dtype),
        n_images=embeddings.shape[0],
        n_features=embeddings.shape[1],
        n_subjects=None if groups is None else len(np.unique(groups)),
        syndromes=tuple(_count(label, labels, groups) for label in np.unique(labels)),
    )


def _count(label: object, labels: LabelArray, groups: LabelArray | None) -> SyndromeCount:
    chosen = labels == label
    return SyndromeCount(
        syndrome=str(label),
        n_images=int(chosen.sum()),
        n_subjects=None if groups is None else len(np.unique(groups[chosen])),
    )


def _fingerprint(embeddings: LabelArray, labels: LabelArray, groups: LabelArray | None) -> str:
    digest = hashlib.sha256(f"{embeddings.dtype.str} {embeddings.shape}".encode())
    digest.update(np.ascontiguousarray(embeddings).tobytes())
    for names in (labels, groups):
        # The length before each text keeps ("ab", "c") apart from ("a", "bc").
        for name in () if names is None else names.tolist():
            text = str(name).encode("utf-8", "surrogatepass")
            digest.update(len(text).to_bytes(8, "little") + text)
        digest.update(b"|")
    return digest.hexdigest()
