"""Simulated embeddings of images with several findings each."""

from numbers import Integral, Real

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array
from skknn_syndrome.data.multilabel import MultilabelDataset

IMAGES_OF_SUBJECTS = (1, 1, 1, 2, 2, 3, 5)
"""How many images a subject has, each as likely."""
COMMONEST = 0.3
"""Share of the subjects that have the most frequent finding."""
SHOWN = 0.8
"""How likely an image shows what its subject has."""
KINSHIP = 0.6
"""How strongly findings that a subject has come together."""
OWN = 0.5
"""Standard deviation of what sets subjects apart, that of images being 1."""


def make_multilabel_embeddings(
    *,
    n_subjects: int = 400,
    n_labels: int = 8,
    n_features: int = 64,
    rarest: float = 0.01,
    separation: float = 3.0,
    random_state: int | np.random.RandomState | None = 0,
) -> MultilabelDataset:
    r"""Simulate embeddings of images with any number of findings, frequent and rare, of subjects.

    Parameters
    ----------
    n_subjects : int, default=400
        With one to five images each.
    n_labels : int, default=8
        Findings, 2 or more.
    n_features : int, default=64
        Length of a vector, 2 or more.
    rarest : float, default=0.01
        Share of the subjects that have the rarest finding; the most frequent one is had by 30 %, and the
        others lie between in equal ratios. Each is had by two subjects at least.
    separation : float, default=3.0
        Length of what a finding adds to the vector of an image, whose own deviations are of length
        :math:`\sqrt d` in :math:`d` features. At 0 vectors tell nothing of the labels.
    random_state : int, RandomState instance or None, default=0

    Returns
    -------
    MultilabelDataset
        Of float32, with `simulated` set; rows are in order of the subjects.

    Raises
    ------
    TypeError
        If a number is not of the right kind.
    ValueError
        If a number lies outside its range.

    Notes
    -----
    Image :math:`i` of subject :math:`p` has the vector :math:`x_i = \sum_j y_{ij} s m_j + b_p / 2 + w_i` with
    unit directions :math:`m_j`, and :math:`b_p` and :math:`w_i` standard normal. Who has finding :math:`j`
    are the subjects with the highest :math:`0.6 g_p + 0.8 h_{pj}`, both standard normal: findings come
    together. Each other image of a subject shows a finding with probability 0.8, its first always.

    Examples
    --------
    >>> dataset = make_multilabel_embeddings()
    >>> dataset
    MultilabelDataset('simulated findings': 830 images x 64 float32, 8 labels, 400 subjects, simulated)
    >>> dataset.labels.sum(axis=0)
    array([...], dtype=uint64)
    """
    from sklearn.utils import check_random_state, check_scalar  # noqa: PLC0415  slow to import

    check_scalar(n_subjects, "n_subjects", Integral, min_val=2)
    check_scalar(n_labels, "n_labels", Integral, min_val=2)
    check_scalar(n_features, "n_features", Integral, min_val=2)
    check_scalar(rarest, "rarest", Real, min_val=0, max_val=1, include_boundaries="neither")
    check_scalar(separation, "separation", Real, min_val=0, max_val=1e6)
    random = check_random_state(random_state)
    subject = np.repeat(np.arange(n_subjects), random.choice(IMAGES_OF_SUBJECTS, n_subjects))
    has = _draw_findings(random, n_subjects, np.geomspace(COMMONEST, rarest, n_labels))
    first = np.append(True, subject[1:] != subject[:-1])[:, None]
    labels = has[subject] & (first | (random.random_sample((len(subject), n_labels)) < SHOWN))
    directions = random.standard_normal((n_labels, n_features))
    directions /= np.sqrt((directions**2).sum(axis=1, keepdims=True))
    vectors = random.standard_normal((len(subject), n_features))
    vectors += OWN * random.standard_normal((n_subjects, n_features))[subject]
    for label, direction in zip(labels.T, directions, strict=True):
        vectors[label] += separation * direction
    return MultilabelDataset.from_indicators(
        vectors.astype(np.float32),
        labels,
        [f"Simulated finding {number}" for number in range(1, n_labels + 1)],
        [f"subject-{number:04d}" for number in subject + 1],
        [f"image-{number:04d}" for number in range(1, len(subject) + 1)],
        name="simulated findings",
        simulated=True,
    )


def _draw_findings(random: np.random.RandomState, n_subjects: int, shares: Float64Array) -> BoolArray:
    """Return which findings each subject has."""
    alike = KINSHIP * random.standard_normal((n_subjects, 1))
    proneness = alike + np.sqrt(1 - KINSHIP**2) * random.standard_normal((n_subjects, len(shares)))
    places = np.argsort(np.argsort(-proneness, axis=0, kind="stable"), axis=0, kind="stable")
    found: BoolArray = places < np.maximum(np.round(shares * n_subjects), 2)
    return found
