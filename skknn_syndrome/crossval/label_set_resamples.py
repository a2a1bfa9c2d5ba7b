"""Bootstrap of scores of several labels an image: resampled subjects with all of their images."""

from typing import Final

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.crossval.resamples import Resampled, Units
from skknn_syndrome.crossval.tasks import Answer, Task

N_SETS: Final = 500
"""Resamples; each is scored anew, from its images."""

MOST_CELLS: Final = 2 * 10**9
"""Images times labels times resamples: some minutes of scoring."""

FEWEST_SETS: Final = 200
"""Fewer resamples have no tails of 2.5 %."""


def resample_label_sets(
    task: Task,
    truth: LabelArray,
    answer: Answer,
    rows: IndexArray,
    groups: LabelArray | None,
    *,
    n_resamples: int = N_SETS,
    random_state: int = 0,
) -> Resampled:
    """Score predictions of sets of labels in resamples of subjects, or of images where there are none.

    Parameters
    ----------
    task : Task
    truth : array of shape (n_predictions, n_labels)
    answer : Answer
        What was said of the same rows.
    rows : array of shape (n_predictions,)
        The image of each; in repeats an image comes several times.
    groups : array of shape (n_images,) or None
        Subjects.
    n_resamples : int, default=500
        There are fewer of large data, and none where less than 200 would take minutes.
    random_state : int, default=0

    Returns
    -------
    Resampled
        Without a jackknife, so that intervals are quantiles. The first predictions of a resample are those
        of its first unit, and so on: a score does not depend on their order.
    """
    members = rows if groups is None else groups[rows]
    units, numbers = np.unique(members, return_inverse=True)
    order = np.argsort(numbers, kind="stable")
    ends = np.cumsum(np.bincount(numbers))
    parts = np.split(order, ends[:-1])
    possible = min(n_resamples, MOST_CELLS // truth.size)
    n_drawn = possible if possible >= FEWEST_SETS else 0
    whole = task.judge(truth, answer)
    names = [name for name in task.scores if name in whole]
    generator = np.random.default_rng(random_state)
    found = np.empty((len(names), n_drawn))
    for place in range(n_drawn):
        drawn = np.concatenate([parts[unit] for unit in generator.integers(0, len(units), len(units))])
        scores = task.judge(truth[drawn], _rows_of(answer, drawn))
        found[:, place] = [scores[name] for name in names]
    nothing: Float64Array = np.full((len(names), len(units)), np.nan)
    return Resampled(
        Units(
            kind="images" if groups is None else "subjects",
            n_units=len(units),
            of_image=numbers,
            by_class=tuple(len(np.unique(numbers[column > 0])) for column in truth.T),
        ),
        names,
        np.array([whole[name] for name in names]),
        found,
        nothing,
    )


def _rows_of(answer: Answer, rows: IndexArray) -> Answer:
    predicted = None if answer.predicted is None else answer.predicted[rows]
    return Answer(answer.scores[rows], answer.classes, answer.kind, predicted)
