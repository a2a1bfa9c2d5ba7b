"""Fits of a comparison: heads on encoders in all outer folds, several at a time, with the time left."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from time import perf_counter

import numpy as np
from joblib import Parallel, delayed

from skknn_syndrome.crossval.folds import Split, Splits
from skknn_syndrome.crossval.model_records import ModelRun
from skknn_syndrome.crossval.nested_models import (
    Contender,
    FoldFit,
    Images,
    SharedScores,
    fit_fold,
    has_classes,
    inner_splits,
    shared_source,
)
from skknn_syndrome.errors import Argument, StudySettingsError, quote
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.study.kept_fits import keep_fits, take_fits
from skknn_syndrome.study.model_settings import ComparisonSettings
from skknn_syndrome.study.progress import Progress
from skknn_syndrome.study.resuming import KeptParts


@dataclass(frozen=True)
class _Job:
    """One fit: a model in an outer fold."""

    encoder: str
    number: int
    """Of the contender."""
    fold: int
    """Among those of all repeats."""


class ModelFits:
    """All fits of a comparison.

    The first fold of every model comes first, and tells what its others take; then those of the quickest
    model, and so on.

    Parameters
    ----------
    sets : mapping of str to Images
        By encoder.
    contenders : sequence of Contender
    splits : sequence of Splits
        Of each repeat.
    settings : ComparisonSettings
    on_progress : callable, optional
    title : str
        What the test part is called where there is a single one; else folds are numbered.
    keep : KeptParts, optional
        Keeps the fits of each model that is finished, and has those of an earlier run.
    """

    def __init__(
        self,
        sets: Mapping[str, Images],
        contenders: Sequence[Contender],
        splits: Sequence[Splits],
        settings: ComparisonSettings,
        on_progress: Callable[[Progress], object] | None = None,
        *,
        title: str = "",
        keep: KeptParts | None = None,
    ) -> None:
        self._title, self._keep = title, keep
        self._sets, self._contenders, self._splits, self._settings = sets, contenders, splits, settings
        self._on_progress, self._began = on_progress, perf_counter()
        self._parts: list[Split] = [part for each in splits for part in each.parts]
        first = next(iter(sets.values()))
        self._inner = self._divide(first)
        self._shared: dict[tuple[str, int], SharedScores | None] = {}
        self._check_parts(first)
        self._done: dict[_Job, FoldFit] = {}

    def _divide(self, images: Images) -> list[list[IndexSplit]]:
        """Return the inner folds of each training part; to divide so many takes seconds."""
        settings = self._settings
        bare = replace(images, samples=np.empty((len(images.target.labels), 0)))
        divide = delayed(inner_splits)
        found: list[list[IndexSplit]] = Parallel(n_jobs=settings.n_jobs)(
            divide(bare, part.train, cv=settings.inner_cv, random_state=settings.random_state)
            for part in self._parts
        )
        return found

    def _check_parts(self, images: Images) -> None:
        """Refuse training parts of one class, and more principal components than can be fitted."""
        for fold, part in enumerate(self._parts):
            if not has_classes(images.target.labels[part.train]):
                repeat, split = divmod(fold, len(self._splits[0].parts))
                raise StudySettingsError(
                    f"The training part of repeat {repeat + 1}, fold {split + 1} has images of one class "
                    "alone: take fewer folds, or collect more subjects of the rare classes.",
                    code="one_class_in_training",
                    parameter="cv",
                )
        pca, n_rows = self._settings.pca, self._fewest_rows()
        for name, each in self._sets.items():
            most = min(np.shape(each.samples)[1], n_rows)
            if pca is not None and pca > most:
                raise StudySettingsError(
                    "{pca} is too many principal components: {name} has {n_features} features, and the "
                    "smallest training part {n_rows} images; take {most} at most.",
                    code="too_many_components",
                    parameter="pca",
                    pca=Argument("pca", pca),
                    name=quote(name),
                    n_features=np.shape(each.samples)[1],
                    n_rows=n_rows,
                    most=Argument("pca", most),
                )

    def _fewest_rows(self) -> int:
        """Return the images of the smallest training part, inner ones included."""
        inner = (len(train) for splits in self._inner for train, _ in splits)
        return min([*(len(part.train) for part in self._parts), *inner])

    def run(self, names: Mapping[tuple[str, str], str]) -> list[ModelRun]:
        """Fit all models in all folds.

        Parameters
        ----------
        names : mapping
            What each model is called, by encoder and head.

        Returns
        -------
        list of ModelRun
            Encoder after encoder.
        """
        self._names = names
        models = [(encoder, number) for encoder in self._sets for number in range(len(self._contenders))]
        ahead = [model for model in models if not self._take(*model)]
        with Parallel(n_jobs=self._settings.n_jobs, return_as="generator") as parallel:
            self._do(parallel, [_Job(*model, fold=0) for model in ahead])
            for model in sorted(ahead, key=lambda model: self._took(*model)):
                self._do(parallel, [_Job(*model, fold=fold) for fold in range(1, len(self._parts))])
                self._keep_fits(*model)
        self._tell(None)
        return [
            ModelRun(
                name=names[encoder, self._contenders[number].head.name],
                encoder=encoder,
                contender=self._contenders[number],
                images=self._sets[encoder],
                splits=self._splits,
                fits=[self._done[_Job(encoder, number, fold)] for fold in range(len(self._parts))],
            )
            for encoder, number in models
        ]

    def _take(self, encoder: str, number: int) -> bool:
        """Take up the fits of a model, if an earlier run left them."""
        if self._keep is None:
            return False
        candidates = self._contenders[number].candidates
        classes = self._sets[encoder].target.classes
        fits = take_fits(self._keep, self._kept_name(encoder, number), candidates, classes) or []
        self._done |= {_Job(encoder, number, fold): fit for fold, fit in enumerate(fits)}
        return bool(fits)

    def _keep_fits(self, encoder: str, number: int) -> None:
        if self._keep is not None:
            fits = [self._done[_Job(encoder, number, fold)] for fold in range(len(self._parts))]
            seconds = sum(sum(fit.seconds) for fit in fits)
            classes = self._sets[encoder].target.classes
            keep_fits(self._keep, self._kept_name(encoder, number), fits, classes, seconds)

    def _kept_name(self, encoder: str, number: int) -> str:
        contender = self._contenders[number]
        # A head of the same name may have another grid.
        params = sorted(contender.estimator.get_params().items())
        made = f"{type(contender.estimator)} {params} {dict(contender.grid)}"
        return f"{encoder} + {contender.head.name} {self._title} {sha256(made.encode()).hexdigest()[:16]}"

    def _do(self, parallel: Parallel, jobs: Sequence[_Job]) -> None:
        if jobs:
            self._tell(jobs[0])
        for place, (job, fit) in enumerate(zip(jobs, parallel(self._calls(jobs)), strict=True)):
            self._done[job] = fit
            if place + 1 < len(jobs):
                self._tell(jobs[place + 1])

    def _calls(self, jobs: Iterable[_Job]) -> Iterator[object]:
        for job in jobs:
            contender, images = self._contenders[job.number], self._sets[job.encoder]
            inner, refit = self._inner[job.fold], self._settings.refit
            shared = self._shared_scores(job)
            yield delayed(fit_fold)(contender, images, self._parts[job.fold], inner, refit, shared)

    def _shared_scores(self, job: _Job) -> SharedScores | None:
        """Return what scores the candidates of a model in the inner folds of all folds, if anything does."""
        key = job.encoder, job.number
        if key not in self._shared:
            started = perf_counter()
            every = [split for inner in self._inner for split in inner]
            contender, images = self._contenders[job.number], self._sets[job.encoder]
            source = shared_source(contender, images, every, n_jobs=self._settings.n_jobs)
            seconds = (perf_counter() - started) / len(self._parts)
            self._shared[key] = None if source is None else SharedScores(source, seconds)
        return self._shared[key]

    def _took(self, encoder: str, number: int) -> float:
        """Return the seconds of a model's fits so far, a fold."""
        done = [fit for job, fit in self._done.items() if (job.encoder, job.number) == (encoder, number)]
        return sum(sum(fit.seconds) for fit in done) / len(done)

    def _tell(self, job: _Job | None) -> None:
        if self._on_progress is None:
            return
        of = len(self._sets) * len(self._contenders) * len(self._parts)
        seconds = perf_counter() - self._began
        part = "models" if job is None else self._described(job)
        self._on_progress(Progress(part, len(self._done), of, seconds, self._left(seconds)))

    def _described(self, job: _Job) -> str:
        repeat, fold = divmod(job.fold, len(self._splits[0].parts))
        model = self._names[job.encoder, self._contenders[job.number].head.name]
        return f"{model}, {self._title or f'repeat {repeat + 1}, fold {fold + 1}'}"

    def _left(self, seconds: float) -> float | None:
        """Return the seconds that are left: what each model's fits took so far, at the pace so far."""
        models = {(job.encoder, job.number) for job in self._done}
        if len(models) < len(self._sets) * len(self._contenders):
            return None
        spent = sum(sum(fit.seconds) for fit in self._done.values())
        total = sum(self._took(*model) for model in models) * len(self._parts)
        # In the end the two sums are the same up to rounding.
        left = total - spent if len(self._done) < len(models) * len(self._parts) else 0.0
        return max(0.0, seconds / spent * left) if spent else None
