"""Models compared: scores and intervals of each, paired tests, and ranks under the bootstrap."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.stats import rankdata

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.models.result import (
    Calibration,
    Choice,
    Model,
    ModelDifference,
    ModelRank,
    ModelsAnalysis,
    ModelTimes,
    RepeatedValue,
)
from skknn_syndrome.crossval.bootstrap import certain_scores, intervals_of, pooled_intervals
from skknn_syndrome.crossval.label_set_resamples import resample_label_sets
from skknn_syndrome.crossval.model_records import ModelRun, score_repeats, score_subjects
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.resamples import Resampled, Resamples
from skknn_syndrome.metrics.calibration import (
    expected_calibration_error,
    multiclass_brier_score,
    multiclass_log_loss,
)
from skknn_syndrome.results.protocol import Fold
from skknn_syndrome.results.verdicts import CONFIDENCE
from skknn_syndrome.statistics.paired_tests import corrected_t_test, holm, share_tested

SINGLE_PRECISION = 1e-4
"""How far probabilities in float32 may sum to something else than 1."""


def compare_runs(
    runs: Sequence[ModelRun],
    *,
    reference: str | None,
    refit: str,
    inner_cv: int,
    seeds: Sequence[int | None],
) -> ModelsAnalysis:
    """Score every model, and hold the models against one another.

    Parameters
    ----------
    runs : sequence of ModelRun
        On the same folds.
    reference : str or None
        Name of the model that all others are held against; the first by default.
    refit : str
        The score by which models are ranked.
    inner_cv : int
        Inner folds, by which each was chosen.
    seeds : sequence of int or None
        Of the repeats.

    Returns
    -------
    ModelsAnalysis
    """
    images, splits = runs[0].images, runs[0].splits
    folds = tuple(
        fold.revised(repeat=repeat)
        for repeat, part in enumerate(splits)
        for fold in part.describe(images.target.labels, images.target.classes)
    )
    resamples = Resamples()
    compared = [_compared(run, resamples) for run in runs]
    first = next((each for each in compared if each.name == reference), compared[0])
    return ModelsAnalysis(
        protocol=splits[0].protocol,
        task=images.task.name,
        positive_class=str(images.target.classes[-1]) if images.task.name == "binary" else None,
        splitter=splits[0].description,
        seeds=tuple(seeds),
        n_folds=splits[0].n_folds,
        folds=folds,
        inner_cv=inner_cv,
        refit=refit,
        reference=first.name,
        models=tuple(each.model for each in compared),
        against_reference=_against(compared, first, folds),
        pairwise=_pairs(compared, refit, folds),
        ranks=_ranks(compared, refit),
        not_chosen=tuple(run.name for run in runs if not all(fit.chosen for fit in run.fits)),
    )


@dataclass(frozen=True, eq=False)
class _Compared:
    """A model, and its pooled scores in the resamples that all models share."""

    model: Model
    resampled: Resampled

    @property
    def name(self) -> str:
        return self.model.name


def _compared(run: ModelRun, resamples: Resamples) -> _Compared:
    if run.images.target.labels.ndim > 1:
        rows, truth, answer = run.predictions()
        sets = resample_label_sets(run.images.task, truth, answer, rows, run.images.groups)
        return _Compared(_model(run, None, sets), sets)
    record = run.record
    found = resamples.of_record(record)
    return _Compared(_model(run, record, found), found)


def _model(run: ModelRun, record: OutOfFoldRecord | None, resampled: Resampled) -> Model:
    choose, fit, predict = run.seconds
    n_classes = len(run.images.target.classes)
    return Model(
        name=run.name,
        encoder=run.encoder,
        head=run.contender.head.name,
        title=run.contender.head.title,
        n_features=int(np.shape(run.images.samples)[1]),
        n_candidates=len(run.contender.candidates),
        choices=tuple(
            Choice(head=key.head, params=key.params, n_folds=n_folds) for key, n_folds in run.choices
        ),
        all_scores=tuple(run.scores().values()),
        pooled=pooled_intervals(resampled, certain_scores(n_classes)),
        by_repeat=_repeated(score_repeats(run)),
        by_subject=() if record is None else _repeated(score_subjects(run, record)),
        calibration=None if record is None else _calibration(record),
        times=ModelTimes(choose=choose, fit=fit, predict=predict),
    )


def _repeated(found: dict[str, tuple[float | None, ...]]) -> tuple[RepeatedValue, ...]:
    return tuple(RepeatedValue(score=name, values=values) for name, values in found.items())


def _calibration(record: OutOfFoldRecord) -> Calibration | None:
    totals = record.probabilities.sum(axis=1, keepdims=True)
    if record.kind != "probabilities" or not np.allclose(totals, 1, rtol=0, atol=SINGLE_PRECISION):
        return None
    truth, said, classes = record.classes[record.truth], record.probabilities / totals, record.classes
    return Calibration(
        log_loss=multiclass_log_loss(truth, said, labels=classes),
        expected_calibration_error=expected_calibration_error(truth, said, labels=classes),
        brier_score=multiclass_brier_score(truth, said, labels=classes),
    )


def _against(
    compared: Sequence[_Compared], first: _Compared, folds: tuple[Fold, ...]
) -> tuple[ModelDifference, ...]:
    """Return each other model minus the reference, score by score, each score a family of tests."""
    pooled = {
        (each.name, interval.score): interval
        for each in compared
        if each is not first
        for interval in intervals_of(each.resampled.minus(first.resampled))
    }
    found: list[ModelDifference] = []
    for name in first.model.scores:
        tested = [_test(each.model, first.model, name, folds) for each in compared if each is not first]
        adjusted = _adjust([entry for entry in tested if entry is not None])
        found += [entry.revised(pooled=pooled.get((entry.first, name))) for entry in adjusted]
    return tuple(found)


def _pairs(compared: Sequence[_Compared], refit: str, folds: tuple[Fold, ...]) -> tuple[ModelDifference, ...]:
    tested = [_test(one.model, other.model, refit, folds) for one, other in combinations(compared, 2)]
    return tuple(
        entry if entry.mean_difference >= 0 else entry.turned()
        for entry in _adjust([entry for entry in tested if entry is not None])
    )


def _test(first: Model, second: Model, score: str, folds: tuple[Fold, ...]) -> ModelDifference | None:
    """Test one score of two models on the folds where both have it; None on fewer than two."""
    pairs = zip(first.scores[score].values, second.scores[score].values, strict=True)
    values = np.array([one - other for one, other in pairs if one is not None and other is not None])
    if len(values) < 2:  # noqa: PLR2004  no spread
        return None
    found = corrected_t_test(score, "first", "second", values, share_tested(folds))
    sign = 1 if found.first == "first" else -1  # the test puts the better one first
    low, high = sorted((sign * found.confidence_low, sign * found.confidence_high))
    return ModelDifference(
        score=score,
        first=first.name,
        second=second.name,
        mean_difference=sign * found.mean_difference,
        low=low,
        high=high,
        p_value=found.p_value,
        p_holm=None,
        n_folds=found.n_folds,
    )


def _adjust(family: Sequence[ModelDifference]) -> list[ModelDifference]:
    """Adjust the p-values of tests that were made beside one another, after Holm."""
    tested = [entry for entry in family if entry.p_value is not None]
    p_values = [entry.p_value for entry in tested if entry.p_value is not None]
    adjusted = dict(zip(map(id, tested), holm(p_values), strict=True))
    return [entry.revised(p_holm=adjusted.get(id(entry))) for entry in family]


def _ranks(compared: Sequence[_Compared], refit: str) -> tuple[ModelRank, ...]:
    """Rank the models in each resample by the deciding score."""
    table: Float64Array = np.stack(
        [each.resampled.resampled[each.resampled.names.index(refit)] for each in compared]
    )
    table = table[:, np.isfinite(table).all(axis=0)]
    if len(compared) == 1 or not table.size:
        return ()
    ranks = rankdata(-table, axis=0)
    firsts = table == table.max(axis=0)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(ranks, [tail, 1 - tail], axis=1, method="inverted_cdf")
    return tuple(
        ModelRank(
            model=each.name,
            mean=float(ranks[place].mean()),
            low=float(low[place]),
            high=float(high[place]),
            share_first=float((firsts[place] / firsts.sum(axis=0)).mean()),
        )
        for place, each in enumerate(compared)
    )
