"""Scores at every taxonomic level, from classifiers fitted on the folds of the primary protocol."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

import numpy as np
from joblib import Parallel, delayed

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.analyses.levels.fitting import FoldPredictions, LevelCodes, predict_fold
from skknn_syndrome.analyses.levels.hold_out import hold_out_level
from skknn_syndrome.analyses.levels.result import (
    BaselineName,
    BaselineScores,
    Consistency,
    LevelAnalysis,
    LevelScores,
    StoppedAt,
    Stopping,
)
from skknn_syndrome.analyses.levels.scoring import (
    GroupTally,
    report_classes,
    score_by_size,
    with_intervals,
)
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.random_forest import RANDOM_FOREST
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.verdicts import STOPPING_TARGET
from skknn_syndrome.statistics.clustered import clustered_mean, clustered_share, independent_units


def measure_levels(run: ProtocolRun) -> LevelAnalysis:
    """Fit a classifier at each level on the study's folds, and see how their predictions fit together.

    Raises
    ------
    StudySettingsError
        There are no levels, or none above the labels with two groups; or embeddings can't be fitted to as
        they are: values are missing, or they are distances.
    """
    data, settings = run.data, run.data.taxonomy
    if settings is None:
        raise StudySettingsError(
            "the data has no taxonomic levels: name columns such as genus and family.",
            code="no_levels",
            parameter="levels",
        )
    if "precomputed" in run.settings.metrics or not np.isfinite(data.array).all():
        raise StudySettingsError(
            "classifiers of levels take embeddings as they are, and these have missing values or are "
            "distances.",
            code="unfit_for_levels",
            parameter="levels",
        )
    found = _of_several_groups(LevelCodes.of(data, settings))
    folds = Parallel(n_jobs=run.settings.n_jobs)(
        delayed(predict_fold)(data, found, part, STOPPING_TARGET, run.settings.random_state)
        for part in run.splits.parts
    )
    said = _Said(run, found, folds)
    return LevelAnalysis(
        protocol=run.splits.protocol,
        head=(settings.head or RANDOM_FOREST).name,
        head_title=(settings.head or RANDOM_FOREST).title,
        upsampled=settings.head is None,
        scores=tuple(said.scores(place) for place in range(len(found.names))),
        consistency=tuple(said.consistency(place) for place in range(len(found.names) - 1)),
        stopping=said.stopping(),
        held_out=tuple(hold_out_level(run, found, level, said.seen) for level in settings.held_out),
    )


def _of_several_groups(found: LevelCodes) -> LevelCodes:
    """Leave out levels of a single group, at which there is nothing to tell apart."""
    kept = [place for place, groups in enumerate(found.groups) if len(groups) > 1]
    if len(kept) < 2:  # noqa: PLR2004  the labels and one above
        raise StudySettingsError(
            f"at the level {found.names[-1]!r} all images are of one group: there is nothing to tell apart.",
            code="single_group",
            parameter="levels",
        )
    return replace(
        found,
        names=tuple(found.names[place] for place in kept),
        groups=tuple(found.groups[place] for place in kept),
        codes=tuple(found.codes[place] for place in kept),
    )


class _Said:
    """The predictions of all folds, pooled: of images that several folds test, each prediction counts."""

    def __init__(self, run: ProtocolRun, found: LevelCodes, folds: Sequence[FoldPredictions]) -> None:
        self._found, self._folds = found, folds
        self.rows: IndexArray = np.concatenate([fold.test for fold in folds])
        self.truth = [codes[self.rows] for codes in found.codes]
        self.predicted: IndexArray = np.concatenate([fold.predicted for fold in folds], axis=1)
        self.right: BoolArray = self.predicted == np.array(self.truth)
        names, self.kind = independent_units(self.rows, run.data.groups)
        self.unit: IndexArray = np.unique(names, return_inverse=True)[1]

    def seen(self, place: int) -> IndexArray:
        """Return what is predicted of each image at each level where others of its group are trained on.

        It is -1 where none of the group that the image has at this place are, or the image is not tested.
        """
        found = np.full((len(self.truth), len(self._found.codes[0])), -1)
        trained = np.concatenate([fold.trained[place] for fold in self._folds])
        found[:, self.rows] = np.where(trained, self.predicted, -1)
        return found

    def scores(self, place: int) -> LevelScores:
        """Return scores, baselines and reports of one level."""
        groups, truth, predicted = self._found.groups[place], self.truth[place], self.predicted[place]
        sizes = [len(fold.test) for fold in self._folds]
        others: dict[BaselineName, IndexArray] = {
            "majority": np.repeat([fold.majority[place] for fold in self._folds], sizes),
            "random": np.concatenate([fold.random[place] for fold in self._folds], axis=1),
        }
        own, *baselines = (
            GroupTally(truth, said, self.unit, len(groups)) for said in (predicted, *others.values())
        )
        confidence: Float64Array = np.concatenate([fold.confidence[place] for fold in self._folds])
        return LevelScores(
            scores=with_intervals(own.all, own.without_each, self.kind),
            level=self._found.names[place],
            n_classes=len(groups),
            n_untrained=int(sum((~fold.trained[place]).sum() for fold in self._folds)),
            temperature=median(float(fold.temperatures[place]) for fold in self._folds),
            mean_confidence=float(confidence.mean()),
            baselines=tuple(
                self._baseline(name, own, other) for name, other in zip(others, baselines, strict=True)
            ),
            classes=report_classes(truth, predicted, self.unit, groups),
            by_size=score_by_size(truth, self.right[place], self.unit, len(groups), self.kind),
        )

    def _baseline(self, name: BaselineName, own: GroupTally, other: GroupTally) -> BaselineScores:
        change, without = own.all - other.all, own.without_each - other.without_each
        return BaselineScores(
            name=name,
            scores=with_intervals(other.all, other.without_each, self.kind),
            differences=with_intervals(change, without, self.kind, least=-1.0),
        )

    def consistency(self, place: int) -> Consistency:
        """Compare a level with the next one."""
        lower, upper = self.predicted[place], self.predicted[place + 1]
        agree = self._found.parents[place][lower] == upper
        right, right_above = self.right[place], self.right[place + 1]
        top_down = np.concatenate([fold.top_down[place] for fold in self._folds]) == self.truth[place]
        bottom_up = np.concatenate([fold.bottom_up[place] for fold in self._folds]) == self.truth[place + 1]
        return Consistency(
            lower=self._found.names[place],
            upper=self._found.names[place + 1],
            agreement=self._share(agree),
            accuracy_if_consistent=float(right[agree].mean()) if agree.any() else None,
            accuracy_if_not=None if agree.all() else float(right[~agree].mean()),
            top_down=self._share(top_down),
            top_down_gain=self._change(top_down, right),
            bottom_up=self._share(bottom_up),
            bottom_up_gain=self._change(bottom_up, right_above),
        )

    def stopping(self) -> Stopping:
        """Score predictions at the level at which they stop."""
        stopped: IndexArray = np.concatenate([fold.stopped for fold in self._folds])
        answered = stopped < len(self.truth)
        right = np.append(self.right, np.zeros((1, len(self.rows)), dtype=np.bool_), axis=0)
        hits = right[stopped, np.arange(len(self.rows))]
        return Stopping(
            target=STOPPING_TARGET,
            levels=tuple(self._stopped_at(place, stopped == place, hits) for place in range(len(self.truth))),
            unanswered=self._share(~answered),
            accuracy=self._accuracy_of(answered, hits),
        )

    def _stopped_at(self, place: int, here: BoolArray, hits: BoolArray) -> StoppedAt:
        found = [fold.thresholds[place] for fold in self._folds]
        thresholds = [threshold for threshold in found if threshold is not None]
        return StoppedAt(
            level=self._found.names[place],
            threshold=median(thresholds) if thresholds else None,
            n_images=int(here.sum()),
            share=self._share(here),
            accuracy=self._accuracy_of(here, hits),
        )

    def _accuracy_of(self, chosen: BoolArray, hits: BoolArray) -> MeanInterval | None:
        if not chosen.any():
            return None
        return clustered_share(hits[chosen], self.unit[chosen], self.kind)

    def _share(self, hits: BoolArray) -> MeanInterval:
        return clustered_share(hits, self.unit, self.kind)

    def _change(self, hits: BoolArray, before: BoolArray) -> MeanInterval:
        return clustered_mean(hits.astype(np.float64) - before, self.unit, self.kind)


COST = Cost(
    "forests of each level in each fold and in the inner folds that calibrate",
    (
        Term(1.2e6, "sort", ("images", "folds", "levels")),
        Term(4_000.0, "sort", ("images", "folds", "classes")),
    ),
)

COMPUTATION = Computation(question="levels", cost=COST, compute=measure_levels, of_levels=True)
