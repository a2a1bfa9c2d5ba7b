"""Promises of coverage: what the sets of each class rest on."""

from collections.abc import Sequence

import numpy as np

from skknn_syndrome.results.model_card import ClassPromise
from skknn_syndrome.statistics.conformal import Calibration, always_in_sets, p_values, prediction_sets


def promises_of(calibration: Calibration, names: Sequence[str], coverage: float) -> tuple[ClassPromise, ...]:
    """Return of each class how many subjects its sets rest on, and from which probability on it is in them.

    Parameters
    ----------
    calibration : Calibration
    names : sequence of str
        Of the classes.
    coverage : float

    Returns
    -------
    tuple of ClassPromise
    """
    subjects = calibration.n_subjects(len(names))
    never_out = always_in_sets(subjects, coverage)
    return tuple(
        ClassPromise(
            name=name,
            n_images=int(np.count_nonzero(calibration.labels == code)),
            n_subjects=round(float(subjects[code])),
            threshold=None if never_out[code] else _threshold(calibration, code, coverage),
        )
        for code, name in enumerate(names)
    )


def _threshold(calibration: Calibration, code: int, coverage: float) -> float:
    """Return the least probability of a class in a set, by the scores of all folds together."""
    own = calibration.labels == code
    scores, zeros = calibration.nonconformity[own], np.zeros(int(own.sum()), dtype=np.intp)
    pooled = Calibration(scores, zeros, calibration.weights[own], zeros)
    inside = prediction_sets(p_values(pooled, scores[None, :, None]), coverage)[:, 0]
    return max(0.0, float(1 - scores[inside].max()))
