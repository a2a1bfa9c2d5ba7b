"""What the prediction sets of each class rest on."""

from collections.abc import Sequence

import numpy as np

from skknn_syndrome.results.model_card import ClassPromise
from skknn_syndrome.statistics.conformal import Calibration, always_in_sets


def promises_of(calibration: Calibration, names: Sequence[str], coverage: float) -> tuple[ClassPromise, ...]:
    """Return of each class how many subjects its sets rest on, and whether these let it be left out.

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
            can_be_excluded=not never_out[code],
        )
        for code, name in enumerate(names)
    )
