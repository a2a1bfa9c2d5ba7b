"""Test sets of a comparison: images held out before any choice, or those of another source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from skknn_syndrome._typing import IndexArray, MatrixLike, VectorLike
from skknn_syndrome.analyses.test_sets.compute import ALL_MATCHED, Matched, Tested, judge_test_set
from skknn_syndrome.analyses.test_sets.result import SetKind, TestSet
from skknn_syndrome.crossval.folds import MIN_FOLDS, Split, Splits
from skknn_syndrome.crossval.model_records import LabelSetRecord, ModelRun, label_sets_of
from skknn_syndrome.crossval.nested_models import Contender, Images
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.errors import Argument, StudySettingsError
from skknn_syndrome.study.matching_sources import match_classes, stack_sources
from skknn_syndrome.study.model_fits import ModelFits
from skknn_syndrome.study.model_settings import ComparisonSettings
from skknn_syndrome.study.progress import Progress
from skknn_syndrome.study.resuming import KeptParts

MOST_PARTS = 20
"""Into which images are divided to hold some of these parts out: a share is one of so many at most."""


@dataclass(frozen=True, eq=False)
class TestData:
    """Images of another source.

    Parameters
    ----------
    X : array-like of shape (n_images, n_features), or mapping of str to such
        As in `compare_models`, of the same encoders.
    y : array-like of shape (n_images,)
        Class labels. Images of classes that no model knows are counted, named and left out.
    groups : array-like of shape (n_images,), optional
        Subject ids.
    name : str
        What results call the source.
    """

    __test__ = False  # no test of pytest's

    X: MatrixLike | Mapping[str, MatrixLike]
    y: VectorLike
    groups: VectorLike | None = None
    name: str = "external"


@dataclass(frozen=True, eq=False)
class Judged:
    """A test set, with the images that models are chosen and fitted by, as each encoder has them."""

    kind: SetKind
    name: str
    sets: Mapping[str, Images]
    split: Split
    matched: Matched = ALL_MATCHED

    @property
    def developed(self) -> dict[str, Images]:
        """The images that models are chosen and fitted by."""
        return {name: _alone(images.part(self.split.train)) for name, images in self.sets.items()}

    def judge(
        self,
        contenders: Sequence[Contender],
        settings: ComparisonSettings,
        runs: Sequence[ModelRun],
        on_progress: Callable[[Progress], object] | None,
        keep: KeptParts | None = None,
    ) -> TestSet:
        """Choose and fit each model on the one part, and score it on the other.

        Parameters
        ----------
        contenders : sequence of Contender
        settings : ComparisonSettings
        runs : sequence of ModelRun
            Of cross-validation on the development images.
        on_progress : callable, optional
        keep : KeptParts, optional
        """
        protocol = runs[0].splits[0].protocol
        whole = Splits(protocol, self.kind, (self.split,), n_folds=1)
        title = "hold-out" if self.kind == "holdout" else "external test set"
        fits = ModelFits(self.sets, contenders, [whole], settings, on_progress, title=title, keep=keep)
        names = {(run.encoder, run.contender.head.name): run.name for run in runs}
        return judge_test_set(
            [Tested(tested, run) for tested, run in zip(fits.run(names), runs, strict=True)],
            kind=self.kind,
            name=self.name,
            matched=self.matched,
        )


def _alone(images: Images) -> Images:
    """Return images whose classes are those that one of them has."""
    if images.target.labels.ndim > 1:
        return images
    return replace(images, target=replace(images.target, classes=np.unique(images.target.labels)))


def of_whole(run: ModelRun, whole: Images, rows: IndexArray) -> OutOfFoldRecord | LabelSetRecord:
    """Return a model's predictions of some of the images as predictions of these among all.

    Parameters
    ----------
    run : ModelRun
        Of the images that models are developed by.
    whole : Images
    rows : array of shape (n_developed,)
        Which of all images they are.
    """
    if whole.target.labels.ndim > 1:
        return label_sets_of(run, whole, rows)
    record = run.record
    places = np.searchsorted(whole.target.classes, record.classes)

    def widened(columns: Any) -> Any:  # noqa: ANN401  an array of any type
        wide = np.zeros((len(columns), len(whole.target.classes)), dtype=columns.dtype)
        wide[:, places] = columns
        return wide

    return replace(
        record,
        rows=rows[record.rows],
        probabilities=widened(record.probabilities),
        trained=widened(record.trained),
        said=None if record.said is None else places[record.said],
        labels=whole.target.labels,
        subjects=whole.groups,
    )


def hold_out(sets: Mapping[str, Images], share: Any, random_state: int | None) -> Judged:  # noqa: ANN401  checked here
    """Divide images into those that models are developed by, and a part that is held out.

    Parameters
    ----------
    sets : mapping of str to Images
        By encoder.
    share : float
        Of the images; the nearest that parts of equal size make.
    random_state : int or None

    Returns
    -------
    Judged

    Raises
    ------
    StudySettingsError
        The share is none, or the images can't be divided so.
    """
    if not isinstance(share, float | np.floating) or not 0 < share < 1:
        raise StudySettingsError(
            "{holdout} is no share of the images: give a number between 0 and 1, such as {example}.",
            code="invalid_holdout",
            parameter="holdout",
            holdout=Argument("holdout", share),
            example=Argument("holdout", 0.2),
        )
    first = next(iter(sets.values()))
    held = _held(first, float(share), random_state)
    kept = np.setdiff1d(np.arange(len(first.target.labels)), held)
    tested, matched = match_classes(first.part(kept), first.part(held))
    return Judged("holdout", "hold-out", sets, Split(kept, held[tested]), matched)


def _held(images: Images, share: float, random_state: int | None) -> IndexArray:
    """Return the rows that are held out: of equal parts, the share nearest to that asked for."""
    labels = images.target.labels
    n_units = len(labels) if images.groups is None else len(np.unique(images.groups))
    largest = int(np.unique(labels, return_counts=True)[1].max()) if labels.ndim == 1 else n_units
    most = max(MIN_FOLDS, min(MOST_PARTS, n_units, largest))
    nearest = max(Fraction(share).limit_denominator(most), Fraction(1, most))
    nearest = min(nearest, Fraction(most - 1, most))
    try:
        parts = images.task.folds(
            images.target, images.groups, cv=nearest.denominator, random_state=random_state
        ).parts
    except StudySettingsError as error:
        raise StudySettingsError(
            f"The images can't be divided to hold some out: {error}",
            code="not_divisible",
            parameter="holdout",
        ) from error
    return np.sort(np.concatenate([part.test for part in parts[: nearest.numerator]]))


def on_other_source(
    sets: Mapping[str, Images], test: TestData, settings: ComparisonSettings, *, fuse: bool
) -> Judged:
    """Have models that are developed by some images judged on those of another source.

    Parameters
    ----------
    sets : mapping of str to Images
        By encoder.
    test : TestData
    settings : ComparisonSettings
    fuse : bool
        Whether one of the encoders is the others side by side.

    Raises
    ------
    StudySettingsError
        As `stack_sources`.
    """
    stacked, rows, matched = stack_sources(sets, test.X, test.y, test.groups, settings, fuse=fuse)
    own = np.arange(len(next(iter(sets.values())).target.labels))
    return Judged("external", test.name, stacked, Split(own, rows), matched)
