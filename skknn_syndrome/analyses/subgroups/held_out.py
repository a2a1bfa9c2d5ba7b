"""Leave-one-group-out cross-validation over the levels of a covariate, such as sites or cameras."""

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.base import clone

from skknn_syndrome._typing import BoolArray
from skknn_syndrome.analyses.subgroups.result import HeldOutLevel, LeaveOneGroupOut
from skknn_syndrome.analyses.subgroups.scoring import of_subgroups, only, pooled
from skknn_syndrome.crossval.bootstrap import intervals_of
from skknn_syndrome.crossval.folds import Split, Splits
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.predicting import record_candidate
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.resamples import Resamples
from skknn_syndrome.data.covariates import Covariate


def hold_out_levels(run: ProtocolRun, primary: OutOfFoldRecord, covariate: Covariate) -> LeaveOneGroupOut:
    """Predict the images of each level by a classifier that was trained on those of all others.

    This is scikit-learn's `LeaveOneGroupOut`, known in clinical prediction as internal-external validation
    [1]_, with subjects never on both sides: of a subject that is tested, images at other levels do not train.
    Where subjects have images at several levels, as where each is photographed from two sides, the level is
    therefore tested in the subject folds of the primary protocol, and each fold leaves out its own subjects
    alone: leaving out all of them at once would leave next to nothing to train on. The candidate is the best
    one of the primary protocol. Images whose value is missing neither train nor test.

    Parameters
    ----------
    run : ProtocolRun
        The primary protocol.
    primary : OutOfFoldRecord
        Its predictions of the best candidate.
    covariate : Covariate

    References
    ----------
    .. [1] E. W. Steyerberg and F. E. Harrell, "Prediction models need appropriate internal,
       internal-external, and external validation", Journal of Clinical Epidemiology 69, 2016.
       doi:10.1016/j.jclinepi.2015.04.005
    """
    known = [level for level in covariate.level_names if level in {*covariate.levels[covariate.known]}]
    return LeaveOneGroupOut(
        covariate=covariate.name,
        levels=tuple(_held_out(run, primary, covariate, level) for level in known),
    )


def _held_out(run: ProtocolRun, primary: OutOfFoldRecord, covariate: Covariate, level: str) -> HeldOutLevel:
    groups, labels = run.data.groups, run.data.labels
    test = (covariate.levels == level) & np.isin(np.arange(len(labels)), primary.rows)
    others = covariate.known & (covariate.levels != level)
    shared = 0 if groups is None else len(np.intersect1d(groups[test], groups[others]))
    parts = [*_parts(run, test, others, in_folds=shared > 0)]
    record, resamples = _predict(run, primary, parts), Resamples()
    scored = np.zeros(len(labels), dtype=np.bool_)
    if record is not None:
        scored[record.rows] = True
    before = only(primary, scored)
    return HeldOutLevel(
        level=level,
        n_images=int(scored.sum()),
        n_train=min((len(part.train) for part in parts), default=0),
        n_subjects_shared=shared,
        n_without_class=int((test & ~scored).sum()),
        held_out=None if record is None else pooled(record, resamples),
        difference=()
        if record is None or before is None
        else of_subgroups(intervals_of(resamples.of_record(record).minus(resamples.of_record(before)))),
    )


def _parts(run: ProtocolRun, test: BoolArray, others: BoolArray, *, in_folds: bool) -> Iterator[Split]:
    """Yield what trains and what is tested, without images of classes that are not trained on."""
    groups, labels = run.data.groups, run.data.labels
    for tested in [part.test for part in run.splits.parts] if in_folds else [np.arange(len(labels))]:
        rows = tested[test[tested]]
        train = others if groups is None else others & ~np.isin(groups, groups[rows])
        rows = rows[np.isin(labels[rows], labels[train])]
        # A classifier needs two classes at least.
        if len(rows) and len(np.unique(labels[train])) > 1:
            yield Split(np.flatnonzero(train), rows)


def _predict(run: ProtocolRun, primary: OutOfFoldRecord, parts: Sequence[Split]) -> OutOfFoldRecord | None:
    """Return the predictions of a level; None where nothing could be trained on."""
    if not parts:
        return None
    data, protocol = run.data, run.splits.protocol
    return record_candidate(
        clone(run.settings.estimator).set_params(**run.parameters_of(run.scored.winner)),
        data.samples,
        data.labels,
        data.groups,
        Splits(protocol, "LeaveOneGroupOut()", tuple(parts), n_folds=len(parts)),
        primary.candidate,
        graph=run.graph,
    )


def adjusted_for_levels(found: Sequence[LeaveOneGroupOut]) -> tuple[LeaveOneGroupOut, ...]:
    """Return the levels with the number of those that are compared, which widens each interval."""
    n_compared = max(1, sum(bool(level.difference) for entry in found for level in entry.levels))
    return tuple(
        entry.revised(levels=tuple(level.revised(n_compared=n_compared) for level in entry.levels))
        for entry in found
    )
