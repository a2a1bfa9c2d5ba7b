"""Learning curves: pooled scores at each training size, power laws, and the precision of each class."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.learning_curve.answers import HeadAnswers, ask_best, ask_head
from skknn_syndrome.analyses.learning_curve.extrapolation import Size, Spread, describe_curve
from skknn_syndrome.analyses.learning_curve.result import (
    ClassPrecision,
    HeadCurve,
    LearningCurveAnalysis,
)
from skknn_syndrome.analyses.learning_curve.subsets import SHARES, NestedSubsets
from skknn_syndrome.crossval.bootstrap import quantile_levels
from skknn_syndrome.crossval.costs import Cost, Sizes, Term
from skknn_syndrome.crossval.folds import Splits
from skknn_syndrome.crossval.out_of_fold import OutOfFold, OutOfFoldRecord
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.resamples import Resampled, Resamples
from skknn_syndrome.heads.base import Head
from skknn_syndrome.questions import Computation
from skknn_syndrome.statistics.clustered import clustered_share, independent_units

N_REPEATS: Final = 4
"""Orders in which subjects are taken."""

N_RESAMPLES: Final = 400
"""Each is fitted anew."""

SCORES: Final = ("roc_auc_ovr", "f1_macro", "top_1_accuracy")

MOST_IMAGES: Final = 20_000
"""Above, the lists of small training parts take gigabytes."""


def measure_learning_curve(run: ProtocolRun) -> LearningCurveAnalysis | None:
    """Measure how scores rise with the training subjects of each class.

    Parameters
    ----------
    run : ProtocolRun
        With the heads that are asked for; the best candidate alone where none is.

    Returns
    -------
    LearningCurveAnalysis or None
        None where nobody asked for one, and the best candidate would have to be fitted at each size.
    """
    heads = run.settings.learning_curve
    if not heads and run.graph is None:
        return None
    subsets = NestedSubsets(run.data.labels, run.data.groups, run.splits)
    plan = _plan(subsets, run.settings.random_state or 0)
    resamples = Resamples(N_RESAMPLES, names=SCORES)
    asked = [_ask(run, head, [splits for _, splits in plan]) for head in heads or (run.settings.head,)]
    resampled = [_resample(run, answers, resamples) for answers in asked]
    n_classes = len(np.unique(run.data.labels))
    units = resampled[0][-1][0].units
    sizes = [
        Size(
            share=share,
            n_per_class=subsets.n_units(splits[0]) / n_classes,
            n_images=float(np.mean([subsets.n_images(each) for each in splits])),
        )
        for share, splits in plan
    ]
    return LearningCurveAnalysis(
        protocol=run.splits.protocol,
        unit=units.kind,
        n_units=units.n_units,
        n_classes=n_classes,
        n_folds=len(run.splits.parts),
        n_repeats=N_REPEATS,
        n_resamples=N_RESAMPLES,
        heads=tuple(
            HeadCurve(
                head=answers.key.head,
                params=answers.key.params,
                chosen=answers.chosen,
                scores=tuple(
                    describe_curve(score, sizes, spread, spreads[0])
                    for score, spread in zip(SCORES, spreads, strict=True)
                ),
            )
            for answers, found in zip(asked, resampled, strict=True)
            for spreads in [_spreads(found)]
        ),
        classes=tuple(_precisions(run, asked[0].said[-1][0])),
    )


def _plan(subsets: NestedSubsets, seed: int) -> list[tuple[float, list[Splits]]]:
    """Return the thinned folds of each share in each repeat; shares of as many subjects are there once."""
    found: dict[float, tuple[float, list[Splits]]] = {}
    for share in SHARES:
        repeats = N_REPEATS if share < 1 else 1
        splits = [subsets.thinned(share, (seed, repeat)) for repeat in range(repeats)]
        found[subsets.n_units(splits[0])] = share, splits
    return list(found.values())


def _ask(run: ProtocolRun, head: Head, sizes: Sequence[Sequence[Splits]]) -> HeadAnswers:
    return ask_best(run, sizes) if head.name == run.settings.head.name else ask_head(run, head, sizes)


def _resample(run: ProtocolRun, answers: HeadAnswers, resamples: Resamples) -> list[list[Resampled]]:
    labels, groups = run.data.labels, run.data.groups
    return [[resamples.of(said, labels, groups) for said in repeats] for repeats in answers.said]


def _spreads(found: Sequence[Sequence[Resampled]]) -> list[Spread]:
    """Return each score at each size: in each repeat, and over resampled subjects and repeats."""
    drawn = np.random.default_rng(0).integers(0, N_REPEATS, (N_REPEATS, N_RESAMPLES))
    levels = quantile_levels(found[-1][0])

    def again(repeats: Sequence[Resampled], place: int) -> Float64Array:
        values = np.stack([each.resampled[place] for each in repeats])
        chosen: Float64Array = values[drawn % len(values), np.arange(N_RESAMPLES)]
        means: Float64Array = chosen.mean(axis=0)
        return means

    return [
        Spread(
            estimates=[[float(each.estimates[place]) for each in repeats] for repeats in found],
            resampled=np.stack([again(repeats, place) for repeats in found], axis=1),
            level=level,
        )
        for place, level in enumerate(levels)
    ]


def _precisions(run: ProtocolRun, said: OutOfFold) -> Iterator[ClassPrecision]:
    """Yield the sensitivity of each class with all subjects."""
    classes, truth = np.unique(run.data.labels, return_inverse=True)
    given = said.predicted if isinstance(said, OutOfFoldRecord) else said.probabilities.argmax(axis=1)
    true = truth[said.rows]
    for number, name in enumerate(classes.tolist()):
        own = true == number
        if own.any():
            units, unit = independent_units(said.rows[own], run.data.groups)
            yield ClassPrecision(
                syndrome=str(name),
                n_subjects=len(np.unique(units)),
                sensitivity=clustered_share(given[own] == number, units, unit),
            )


def _why_withheld(sizes: Sizes) -> str | None:
    if sizes.images <= MOST_IMAGES:
        return None
    return (
        f"learning curves of more than {MOST_IMAGES:,} images take too much memory: study a part of the "
        "subjects."
    )


COST = Cost(
    "the best candidate on seven training sizes in four orders of the subjects, each resampled 400 times; "
    "every further head is chosen in inner folds and fitted to each of them",
    (
        Term(13.0, "product", ("images", "images", "features")),
        Term(8700.0, "sort", ("images", "classes")),
        Term(240_000.0, "python", ("folds",)),
        # Of LDA, of two sizes of data.
        Term(2000.0, "product", ("images", "features", "features", "folds", "curve_heads")),
        Term(3_000_000.0, "python", ("folds", "curve_heads")),
    ),
    withheld=_why_withheld,
)

COMPUTATION = Computation(question="learning_curve", cost=COST, compute=measure_learning_curve)
