"""Groups of one level held out whole, such as new species to be placed in their genus."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from joblib import Parallel, delayed

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.analyses.levels.fitting import LevelCodes, fit_scores
from skknn_syndrome.analyses.levels.result import (
    GroupInterval,
    HeldOutGroup,
    HeldOutLevel,
    LeftOut,
    Placement,
)
from skknn_syndrome.crossval.folds import Split
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.statistics.clustered import clustered_mean, clustered_share

N_FOLDS = 10
"""At most; leaving out each group by itself would take as many fits as there are species."""


class _Placed(NamedTuple):
    """What is said of the images of held-out groups."""

    rows: IndexArray
    predicted: IndexArray
    random: Float64Array
    """The share that the training part has of the group of each image."""


def hold_out_level(
    run: ProtocolRun, found: LevelCodes, level: str, seen: Callable[[int], IndexArray]
) -> HeldOutLevel:
    """Place the groups of one level in those of each level above, none of their images being trained on.

    Groups are dealt out to ten folds so that those of one group above lie in different ones: others of it are
    trained on. Images of a tested subject do not train either. Nothing is placed where no level above has two
    groups.

    Parameters
    ----------
    run : ProtocolRun
        The primary protocol, whose data have a taxonomy.
    found : LevelCodes
    level : str
        Which is held out.
    seen : callable
        Given the place of a level, returns what is predicted of each image at each level in cross-validation
        with other images of its group at that level in the training part, else -1.
    """
    if level not in found.names[:-1]:
        return HeldOutLevel(level=level, n_folds=0, placements=(), unplaced=())
    place = found.names.index(level)
    uppers, before = range(place + 1, len(found.names)), seen(place)
    _, firsts, groups = np.unique(found.codes[place], return_index=True, return_inverse=True)
    above = np.array([found.codes[upper][firsts] for upper in uppers])
    numbers = deal_out(above, run.settings.random_state)[groups]
    parts = {upper: _parts(run, numbers, found.codes[upper]) for upper in uppers}
    return HeldOutLevel(
        level=level,
        n_folds=int(numbers.max()) + 1,
        placements=tuple(
            _placement(found, place, upper, _place(run, found.codes[upper], parts[upper]), before[upper])
            for upper in uppers
            if parts[upper]
        ),
        unplaced=tuple(
            _left_out(found, place, upper, found.codes[place][:0]) for upper in uppers if not parts[upper]
        ),
    )


def deal_out(above: IndexArray, random_state: int | None) -> IndexArray:
    """Deal groups out to folds, those of one group above to different ones as far as there are folds.

    Parameters
    ----------
    above : ndarray of shape (n_levels, n_groups)
        The group of each in every level above, the finest first.
    random_state : int or None

    Returns
    -------
    ndarray of shape (n_groups,)

    Examples
    --------
    >>> sorted(deal_out(np.array([[0, 0, 1, 1, 1]]), 0).tolist())
    [0, 1, 2, 3, 4]
    """
    n_groups = above.shape[1]
    shuffled = np.random.default_rng(random_state).permutation(n_groups)
    order = np.lexsort((shuffled, *above))
    folds = np.empty(n_groups, dtype=np.intp)
    folds[order] = np.arange(n_groups) % min(N_FOLDS, n_groups)
    return folds


def _parts(run: ProtocolRun, numbers: IndexArray, upper: IndexArray) -> list[Split]:
    """Return what trains and what is tested of each fold, if anything of its group above is trained on."""
    subjects, found = run.data.groups, []
    for fold in range(int(numbers.max()) + 1):
        tested = numbers == fold
        train = ~tested if subjects is None else ~tested & ~np.isin(subjects, subjects[tested])
        rows = np.flatnonzero(tested & np.isin(upper, upper[train]))
        if len(rows):
            found.append(Split(np.flatnonzero(train), rows))
    return found


def _place(run: ProtocolRun, upper: IndexArray, parts: Sequence[Split]) -> _Placed:
    data, seed = run.data, run.settings.random_state
    samples = np.asarray(data.array, dtype=np.float64)
    said = Parallel(n_jobs=run.settings.n_jobs)(
        delayed(fit_scores)(data.taxonomy, samples, upper, part.train, part.test, seed) for part in parts
    )
    shares = [np.bincount(upper[part.train], minlength=upper.max() + 1) / len(part.train) for part in parts]
    return _Placed(
        np.concatenate([part.test for part in parts]),
        np.concatenate([scores.argmax(axis=1) for scores in said]),
        np.concatenate([each[upper[part.test]] for each, part in zip(shares, parts, strict=True)]),
    )


def _placement(found: LevelCodes, place: int, upper: int, placed: _Placed, seen: IndexArray) -> Placement:
    truth, groups = found.codes[upper][placed.rows], found.codes[place][placed.rows]
    right = placed.predicted == truth
    # Of all images: without a species, its genus is seldom the most frequent one of the training part.
    most = np.bincount(found.codes[upper]).argmax()
    by_majority, before = truth == most, seen[placed.rows]
    known = before >= 0
    below = right[known].astype(np.float64) - (before == truth)[known]
    return Placement(
        **_left_out(found, place, upper, groups).model_dump(),
        n_images=len(truth),
        groups=tuple(
            _group(found, place, upper, group, right[groups == group], placed.predicted[groups == group])
            for group in np.unique(groups)
        ),
        accuracy=_interval(clustered_share(right, groups)),
        majority=float(by_majority.mean()),
        random=float(placed.random.mean()),
        above_majority=_interval(clustered_mean(right.astype(np.float64) - by_majority, groups)),
        n_seen=int(known.sum()),
        seen=float((before == truth)[known].mean()) if known.any() else None,
        below_seen=_interval(clustered_mean(below, groups[known])) if known.any() else None,
    )


def _left_out(found: LevelCodes, place: int, upper: int, placed: IndexArray) -> LeftOut:
    """Count the groups that are not placed: alone in theirs, or with others of tested subjects alone."""
    pairs = np.unique(np.stack([found.codes[place], found.codes[upper]]), axis=1)
    alone = int((np.bincount(pairs[1])[pairs[1]] == 1).sum())
    return LeftOut(
        upper=found.names[upper],
        n_alone=alone,
        n_shared=pairs.shape[1] - alone - len(np.unique(placed)),
    )


def _group(
    found: LevelCodes, place: int, upper: int, group: int, right: BoolArray, predicted: IndexArray
) -> HeldOutGroup:
    lies_in = found.codes[upper][(found.codes[place] == group).argmax()]
    return HeldOutGroup(
        label=str(found.groups[place][group]),
        lies_in=str(found.groups[upper][lies_in]),
        n_images=len(right),
        share_right=float(right.mean()),
        mostly=str(found.groups[upper][np.bincount(predicted).argmax()]),
    )


def _interval(mean: MeanInterval) -> GroupInterval:
    """Return an interval over held-out groups, which ends at what is possible."""
    low, high = mean.low, mean.high
    return GroupInterval(
        estimate=mean.estimate,
        low=None if low is None else max(-1.0, low),
        high=None if high is None else min(1.0, high),
    )
