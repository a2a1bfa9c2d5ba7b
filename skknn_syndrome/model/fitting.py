"""Fit of a model in use: heads compared in nested folds, the best fitted to all, and its sets calibrated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.crossval.bootstrap import pool_predictions
from skknn_syndrome.crossval.class_similarity import means_of_folds, similarity
from skknn_syndrome.crossval.folds import Splits
from skknn_syndrome.crossval.nested_models import Contender, FittedModel, Images
from skknn_syndrome.crossval.out_of_fold import OutOfFold
from skknn_syndrome.crossval.provenance import summarise_arrays, versions
from skknn_syndrome.crossval.tasks import Answer
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.heads.base import Head, last_step
from skknn_syndrome.heads.calibrated import CalibratedClassifier
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.metrics.registry import find_score
from skknn_syndrome.model.ensemble import Ensemble, NeighborModels, SeparateModels, folds_of
from skknn_syndrome.model.fusing import average, fuse, units_of
from skknn_syndrome.model.neighbor_votes import NeighborVotes, VotingRule
from skknn_syndrome.model.open_set import describe_novelty
from skknn_syndrome.model.parts import Gallery, Parts
from skknn_syndrome.model.promises import promises_of
from skknn_syndrome.model.tempered import TemperedHead, fit_tempered
from skknn_syndrome.neighbors.distances import row_lengths
from skknn_syndrome.results.intervals import PooledIntervals
from skknn_syndrome.results.model_card import FitSettings, HeadScore, ModelCard, NormRange, Param
from skknn_syndrome.statistics.conformal import Calibration
from skknn_syndrome.statistics.novelty import ClassMeans

Fitted = tuple[TemperedHead, FittedModel]


@dataclass(frozen=True, eq=False)
class Compared:
    """A head, and its model without each fold."""

    contender: Contender
    parts: tuple[Fitted, ...]
    out_of_fold: Float64Array
    """Shape (n_images, n_classes): of each image by the model that has not seen it."""
    score: float | None


@dataclass(frozen=True, eq=False)
class Fit:
    """A fit under way: data, folds and settings."""

    dataset: EmbeddingDataset
    images: Images
    splits: Splits
    settings: FitSettings
    expected: Mapping[str, PooledIntervals] | None
    """Of a study of the same data, by head."""
    n_jobs: int | None

    def compare(self, heads: Sequence[Head], params: Mapping[str, Any]) -> list[Compared]:
        """Fit each head in the training part of each fold, its parameters chosen inside."""
        return [self._compared(contender(head.for_task(self.images.task.name), params)) for head in heads]

    def _compared(self, asked: Contender) -> Compared:
        tests = [part.test for part in self.splits.parts]
        parts = self._fitted(asked, [part.train for part in self.splits.parts])
        said = np.empty((len(self.images.samples), len(self.images.target.classes)))
        for test, (model, _) in zip(tests, parts, strict=True):
            said[test] = model.probabilities(self.images.samples[test])
        judged = [self._judge(said[test], test) for test in tests]
        defined = [score for score in judged if np.isfinite(score)]
        return Compared(asked, tuple(parts), said, float(np.mean(defined)) if defined else None)

    def _fitted(self, asked: Contender, trains: Sequence[IndexArray]) -> list[Fitted]:
        settings = self.settings
        options = {
            "inner_cv": settings.inner_cv,
            "refit": settings.refit,
            "random_state": settings.random_state,
        }
        found: list[Fitted] = Parallel(n_jobs=self.n_jobs)(
            delayed(fit_tempered)(asked, self.images, train, **options) for train in trains
        )
        return found

    def _judge(self, said: Float64Array, rows: IndexArray) -> float:
        refit = self.settings.refit
        answer = Answer(said, self.images.target.classes, "probabilities")
        score = find_score(refit).score
        return self.images.task.judge(self.images.target.labels[rows], answer, [score])[refit]

    def finish(self, compared: Sequence[Compared]) -> Parts:
        """Fit the best of the heads to all images, and calibrate its sets.

        The head is chosen by the out-of-fold predictions that become the calibration scores.
        """
        best = max(compared, key=lambda each: -np.inf if each.score is None else each.score)
        (whole,) = self._fitted(best.contender, [np.arange(len(self.images.samples))])
        folds = folds_of([part.test for part in self.splits.parts], len(self.images.samples))
        codes = np.searchsorted(self.images.target.classes, self.images.target.labels)
        gallery = Gallery(self.dataset.embeddings, codes, folds, self.dataset.images, self.dataset.subjects)
        n_classes = len(self.images.target.classes)
        means = means_of_folds(gallery.rows, codes, gallery.subjects, self.splits.parts, n_classes)
        similarities = np.empty_like(best.out_of_fold)
        for part, of_fold in zip(self.splits.parts, means, strict=True):
            similarities[part.test] = similarity(of_fold, gallery.rows[part.test])
        of_images = Calibration.of(best.out_of_fold, codes, folds, gallery.subjects, similarity=similarities)
        return Parts(
            card=self._card(best, whole[1], compared, of_images),
            gallery=gallery,
            ensemble=_ensemble(whole, best, gallery),
            of_images=of_images,
            of_subjects=_fused(of_images, best.out_of_fold, similarities, gallery),
            means=ClassMeans.of(gallery.rows, codes, gallery.subjects),
            means_of_folds=means,
            head=best.contender.head,
        )

    def _card(
        self, best: Compared, whole: FittedModel, compared: Sequence[Compared], calibration: Calibration
    ) -> ModelCard:
        data, target, head = self.dataset, self.images.target, best.contender.head
        names = [str(name) for name in target.classes]
        codes, norms = calibration.labels, row_lengths(data.embeddings)
        novelty = describe_novelty(
            data.embeddings, codes, data.subjects, self.splits.parts, names, self.settings.false_rejection
        )
        return ModelCard(
            dataset=summarise_arrays(
                data.embeddings,
                data.syndromes,
                data.subjects,
                name=data.name,
                simulated=data.simulated,
                file_sha256=data.sha256,
                embedder=data.embedder,
                nouns=data.nouns,
            ),
            classes=tuple(names),
            settings=self.settings,
            head=head.name,
            title=head.title,
            params=written(whole.params),
            chosen_from=tuple(
                HeadScore(head=each.contender.head.name, title=each.contender.head.title, score=each.score)
                for each in compared
            ),
            has_own_calibration=isinstance(last_step(whole.model), CalibratedClassifier),
            promises=promises_of(calibration, names, self.settings.coverage),
            novelty=novelty,
            norms=NormRange(low=float(norms.min()), high=float(norms.max())),
            expected=self._expected(best, calibration.folds),
            expected_of="fit" if self.expected is None else "study",
            fitted=datetime.now(tz=UTC).isoformat(timespec="seconds"),
            versions=versions(),
        )

    def _expected(self, best: Compared, folds: IndexArray) -> PooledIntervals:
        if self.expected is not None:
            given = self.expected[best.contender.head.name]
            return PooledIntervals(**{name: getattr(given, name) for name in PooledIntervals.model_fields})
        rows = np.arange(len(folds))
        said = OutOfFold(rows, folds, best.out_of_fold)
        return pool_predictions(said, self.images.target.labels, self.images.groups)


def contender(head: Head, params: Mapping[str, Any]) -> Contender:
    """Return a head as it is fitted, with parameters that are given instead of a search."""
    grid = {name: (value,) for name, value in params.items()} if params else head.grid
    return Contender(head, head.estimator(), grid)


def written(params: Mapping[str, Any]) -> tuple[Param, ...]:
    """Write parameters down; what is no number and no text, by its name."""
    plain = (str, int, float, type(None))
    return tuple(
        Param(name=name, value=value if isinstance(value, plain) else str(value))
        for name, value in params.items()
    )


def _ensemble(whole: Fitted, best: Compared, gallery: Gallery) -> Ensemble:
    if best.contender.head is not KNN:
        return SeparateModels(whole[0], tuple(model for model, _ in best.parts))
    votes = NeighborVotes(gallery.rows, gallery.codes, gallery.folds, whole[0].n_classes)
    return NeighborModels(votes, _rule(whole[0]), tuple(_rule(model) for model, _ in best.parts))


def _rule(fitted: TemperedHead) -> VotingRule:
    model = fitted.model
    return VotingRule(
        n_neighbors=int(model.n_neighbors),
        metric=str(model.metric),
        weights=str(model.weights),
        temperature=float(model.temperature),
        calibration=1.0 if fitted.temperature is None else fitted.temperature,
    )


def _fused(
    of_images: Calibration, said: Float64Array, similarities: Float64Array, gallery: Gallery
) -> Calibration:
    """Calibrate predictions that are fused by subject, each of which is then one."""
    if gallery.subjects is None:
        return of_images
    units = units_of(gallery.subjects, gallery.codes)
    first = units.first
    return Calibration.of(
        fuse(said, units),
        gallery.codes[first],
        gallery.folds[first],
        similarity=average(similarities, units),
    )
