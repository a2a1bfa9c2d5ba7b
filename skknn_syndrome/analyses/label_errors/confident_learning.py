"""Confident learning: likely label errors from out-of-fold probabilities."""

from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray


@dataclass(frozen=True, eq=False)
class ConfidentLearning:
    """What probabilities tell of labels."""

    thresholds: Float64Array
    """Shape (n_classes,): the mean self-confidence of each class; infinite for one without images."""
    sizes: IndexArray
    """Shape (n_classes,): images of each label."""
    joint: IndexArray
    """Shape (n_classes, n_classes): images by given label and by the label that they are confidently of."""
    suspected: BoolArray
    """Shape (n_images,): confidently of another class, which is also the most probable one."""
    self_confidence: Float64Array
    """Shape (n_images,): the probability of the given label."""
    margin: Float64Array
    """Shape (n_images,): normalised, from 0 (all for another class) to 1."""

    @property
    def noise_rate(self) -> float:
        """The share of wrong labels: off the diagonal of the joint, its rows brought to the class sizes."""
        sizes, totals = self.sizes, self.joint.sum(axis=1)
        known = totals > 0
        wrong = 1 - self.joint.diagonal()[known] / totals[known]
        return float(wrong @ sizes[known] / sizes.sum())


def find_label_errors(labels: IndexArray, probabilities: Float64Array) -> ConfidentLearning:
    r"""Find likely label errors by confident learning [1]_.

    An image counts as confidently of class j where its probability of j reaches the class's threshold, the
    mean probability of j of images that are labelled so; of several classes, as of the most probable one. So
    classes that get low probabilities throughout are not suspected for that.

    Parameters
    ----------
    labels : array of shape (n_images,)
        The column of each given label.
    probabilities : array of shape (n_images, n_classes)
        Out-of-fold: no image's own label is in what predicts it.

    Returns
    -------
    ConfidentLearning

    References
    ----------
    .. [1] C. G. Northcutt, L. Jiang and I. L. Chuang, "Confident Learning: Estimating Uncertainty in Dataset
       Labels", Journal of Artificial Intelligence Research 70, 2021. doi:10.1613/jair.1.12125

    Examples
    --------
    >>> sure, unsure = [0.9, 0.1], [0.2, 0.8]
    >>> found = find_label_errors(np.array([0, 0, 0, 1, 1]), np.array([sure, sure, unsure, unsure, unsure]))
    >>> found.joint.tolist(), found.suspected.tolist()
    ([[2, 1], [0, 2]], [False, False, True, False, False])
    """
    n_classes, rows = probabilities.shape[1], np.arange(len(labels))
    sizes = np.bincount(labels, minlength=n_classes)
    own = probabilities[rows, labels]
    sums = np.bincount(labels, own, n_classes)
    thresholds = np.divide(sums, sizes, out=np.full(n_classes, np.inf), where=sizes > 0)
    # A mean of equal numbers may lie a bit above them.
    reached = np.where(probabilities >= thresholds * (1 - 1e-9), probabilities, -1.0)
    confident, told = reached.argmax(axis=1), reached.max(axis=1) >= 0
    joint = np.zeros((n_classes, n_classes), dtype=np.intp)
    np.add.at(joint, (labels[told], confident[told]), 1)
    others = probabilities.copy()
    others[rows, labels] = -1.0
    highest = others.max(axis=1)
    return ConfidentLearning(
        thresholds=thresholds,
        sizes=sizes,
        joint=joint,
        suspected=told & (confident != labels) & (confident == probabilities.argmax(axis=1)),
        self_confidence=own,
        margin=(own - highest + 1) / 2,
    )
