"""Out-of-fold predictions of a model over repeated folds, and how long they took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from skknn_syndrome._typing import IndexArray, LabelArray, ProtocolName
from skknn_syndrome.crossval.bootstrap import certain_scores
from skknn_syndrome.crossval.collecting import candidate_key, typed_scores
from skknn_syndrome.crossval.folds import Split, Splits
from skknn_syndrome.crossval.fused_subjects import fuse_subjects
from skknn_syndrome.crossval.nested_models import Contender, FoldFit, Images
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.predicting import places_of_scores
from skknn_syndrome.crossval.tasks import Answer
from skknn_syndrome.heads.base import prefix_of
from skknn_syndrome.metrics.registry import definitions, names_among
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.score import Score


@dataclass(frozen=True, eq=False)
class ModelRun:
    """A head on an encoder, fitted and asked in every fold of all repeats."""

    name: str
    """What results call it."""
    encoder: str
    contender: Contender
    images: Images
    splits: Sequence[Splits]
    """Of each repeat."""
    fits: Sequence[FoldFit]
    """Of each fold, repeat after repeat."""

    @property
    def choices(self) -> list[tuple[CandidateKey, int]]:
        """Parameters that were taken and in how many folds, the most frequent first."""
        prefix = prefix_of(self.contender.estimator)
        found: dict[CandidateKey, int] = {}
        for fit in self.fits:
            own = {
                name.removeprefix(prefix).removeprefix("estimator__"): value
                for name, value in fit.params.items()
            }
            key = candidate_key(self.contender.head, own)
            found[key] = found.get(key, 0) + 1
        return sorted(found.items(), key=lambda item: -item[1])

    @property
    def seconds(self) -> tuple[float, float, float]:
        """To choose and to fit in a fold, and to predict an image: means."""
        choose, fit, predict = np.mean([each.seconds for each in self.fits], axis=0).tolist()
        n_tested = float(np.mean([len(part.test) for part in self._parts]))
        return choose, fit, predict / n_tested

    def judge(self, truth: LabelArray, answer: Answer) -> dict[str, float]:
        """Return every score of the task but those that are 1 of so few classes, whatever is predicted."""
        certain = certain_scores(len(self.images.target.classes))
        asked = [each for each in definitions(self.images.task.name) if each.name not in certain]
        return self.images.task.judge(truth, answer, asked)

    def scores(self) -> dict[str, Score]:
        """Return every score in every fold."""
        labels = self.images.target.labels
        judged = [
            self.judge(labels[part.test], fit.answer)
            for part, fit in zip(self._parts, self.fits, strict=True)
        ]
        return typed_scores({name: np.array([each[name] for each in judged]) for name in judged[0]})

    @cached_property
    def record(self) -> OutOfFoldRecord:
        """The predictions of single labels as one table."""
        labels = self.images.target.labels
        folds = [_as_columns(fit.answer, self.images.target.classes) for fit in self.fits]
        said = np.concatenate([fold.marks.argmax(axis=1) for fold in folds])
        probabilities = np.concatenate([fold.scores for fold in folds])
        tests = [part.test for part in self._parts]
        return OutOfFoldRecord(
            rows=np.concatenate(tests),
            folds=np.repeat(np.arange(len(tests)), [len(test) for test in tests]),
            probabilities=probabilities,
            kind=folds[0].kind,
            said=None if np.array_equal(said, probabilities.argmax(axis=1)) else said,
            protocol=self.splits[0].protocol,
            n_folds=self.splits[0].n_folds,
            candidate=self.choices[0][0],
            labels=labels,
            subjects=self.images.groups,
            trained=np.array([np.isin(self.images.target.classes, fit.answer.classes) for fit in self.fits]),
            neighbors=None,
            neighbors_unknown="a comparison of models keeps none",
        )

    def answers(self) -> list[tuple[LabelArray, Answer]]:
        """Return all true labels of each repeat beside what was said of them, its folds pooled."""
        pooled = []
        for repeat, splits in enumerate(self.splits):
            first = sum(len(each.parts) for each in self.splits[:repeat])
            folds = [fit.answer for fit in self.fits[first : first + len(splits.parts)]]
            truth = np.concatenate([self.images.target.labels[part.test] for part in splits.parts])
            pooled.append((truth, _pooled(folds, self.images.target.classes)))
        return pooled

    def predictions(self) -> tuple[IndexArray, LabelArray, Answer]:
        """Return the images of all predictions, what is true of them, and what was said."""
        rows = np.concatenate([part.test for part in self._parts])
        said = _pooled([fit.answer for fit in self.fits], self.images.target.classes)
        return rows, self.images.target.labels[rows], said

    @property
    def _parts(self) -> list[Split]:
        return [part for splits in self.splits for part in splits.parts]


@dataclass(frozen=True, eq=False)
class LabelSetRecord:
    """What a model says of each image in each fold in which it is tested."""

    encoder: str
    head: str
    protocol: ProtocolName
    n_folds: int
    """Of a repeat."""
    folds: IndexArray
    """Shape (n_predictions,): the fold of each, counted on over the repeats."""
    rows: IndexArray
    """Shape (n_predictions,): the image of each."""
    answer: Answer
    """A column a label."""
    labels: LabelArray
    """Shape (n_images, n_labels): what is so of each image of the data set."""
    subjects: LabelArray | None


def label_sets_of(run: ModelRun, whole: Images, kept: IndexArray) -> LabelSetRecord:
    """Return the predictions of a model.

    Parameters
    ----------
    run : ModelRun
        On some of the images.
    whole : Images
    kept : ndarray of shape (n_kept,)
        Which of all images those of the run are.
    """
    rows, _, answer = run.predictions()
    sizes = [len(part.test) for splits in run.splits for part in splits.parts]
    return LabelSetRecord(
        encoder=run.encoder,
        head=run.contender.head.name,
        protocol=run.splits[0].protocol,
        n_folds=run.splits[0].n_folds,
        folds=np.repeat(np.arange(len(sizes)), sizes),
        rows=kept[rows],
        answer=answer,
        labels=whole.target.labels,
        subjects=whole.groups,
    )


def _pooled(folds: Sequence[Answer], classes: LabelArray) -> Answer:
    """Return what was said of several test parts as one answer."""
    columns = [_as_columns(fold, classes) for fold in folds]
    return Answer(
        np.concatenate([fold.scores for fold in columns]),
        classes,
        columns[0].kind,
        np.concatenate([fold.predicted for fold in columns if fold.predicted is not None]),
    )


def _as_columns(answer: Answer, classes: LabelArray) -> Answer:
    """Return an answer with a column for every class of the data set; one that training lacks has 0."""
    predicted = answer.predicted
    if predicted is None:
        predicted = answer.classes[answer.scores.argmax(axis=1)]
    scores = np.zeros((len(answer.scores), len(classes)))
    # Decision values of several folds have no common scale: their places among those of the fold have.
    said = answer.scores if answer.kind != "decision" else places_of_scores(answer.scores)
    scores[:, np.isin(classes, answer.classes)] = said
    return Answer(scores, classes, answer.kind, predicted)


def score_repeats(run: ModelRun) -> dict[str, tuple[float | None, ...]]:
    """Return each score of the pooled predictions of each repeat; None where it is not defined."""
    return _by_repeat([run.judge(truth, answer) for truth, answer in run.answers()])


def score_subjects(run: ModelRun, record: OutOfFoldRecord) -> dict[str, tuple[float | None, ...]]:
    """Return the same where each subject counts once, its images fused by their mean probability.

    Empty without subjects, and without probabilities: places in a fold have no mean over images.
    """
    if record.protocol != "subject" or record.kind != "probabilities":
        return {}
    fused, n_folds = fuse_subjects(record), record.n_folds
    judged = []
    for repeat in range(len(run.splits)):
        own = fused.folds // n_folds == repeat
        predicted = record.classes[fused.predicted[own]]
        answer = Answer(fused.probabilities[own], record.classes, record.kind, predicted)
        judged.append(run.judge(record.classes[fused.truth[own]], answer))
    return _by_repeat(judged)


def _by_repeat(judged: Sequence[Mapping[str, float]]) -> dict[str, tuple[float | None, ...]]:
    return {
        name: tuple(None if np.isnan(each[name]) else float(each[name]) for each in judged)
        for name in names_among(judged[0])
    }
