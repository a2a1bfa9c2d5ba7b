"""A protocol restricted to a sample of its images, for analyses that would take too long on all."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from skknn_syndrome._typing import IndexArray
from skknn_syndrome.crossval.collecting import typed_scores
from skknn_syndrome.crossval.folds import Split, Splits
from skknn_syndrome.crossval.protocol_run import ProtocolRun, answer
from skknn_syndrome.crossval.sampling import describe_sample, draw_sample
from skknn_syndrome.crossval.study_data import StudyData
from skknn_syndrome.heads.base import GridScores
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.sample import Sample


def sampled_run(run: ProtocolRun, n_images: int) -> tuple[ProtocolRun, Sample]:
    """Restrict a protocol that one graph answers to a sample of whole subjects.

    Parameters
    ----------
    run : ProtocolRun
    n_images : int
        About how many images are wanted.

    Returns
    -------
    ProtocolRun
        The study's folds as far as they hold images of the sample, and a graph of these. All candidates are
        scored anew; the best ones stay those of the whole study. It has no out-of-fold predictions, no inner
        folds and no repeats.
    Sample
        What was drawn.
    """
    data, seed = run.data, run.settings.random_state
    rows = draw_sample(data.labels, data.groups, n_images=n_images, random_state=seed)
    part = data.part(rows)
    splits = replace(run.splits, parts=_within(run.splits, rows, len(data.labels)))
    source = answer(run.settings, part, splits.as_cv())
    restricted = replace(
        run,
        data=part,
        splits=splits,
        scored=_scored(run, source, splits, part),
        records=(),
        source=source,
        repeated=(splits,),
        inner=(),
    )
    sample = describe_sample(rows, data.groups, n_images=len(data.labels), random_state=seed)
    return restricted, sample


def _within(splits: Splits, rows: IndexArray, n_images: int) -> tuple[Split, ...]:
    """Return the folds among the rows that were drawn, by their places there."""
    places = np.full(n_images, -1)
    places[rows] = np.arange(len(rows))

    def drawn(part: IndexArray) -> IndexArray:
        found: IndexArray = places[part]
        return found[found >= 0]

    parts = [Split(drawn(part.train), drawn(part.test)) for part in splits.parts]
    # Of as many folds as subjects, most have none of the sample to test.
    return tuple(part for part in parts if len(part.train) and len(part.test))


def _scored(run: ProtocolRun, source: GridScores | None, splits: Splits, data: StudyData) -> ProtocolResult:
    """Score the candidates on the sample, and take those that the whole study takes."""
    assert source is not None  # noqa: S101  the whole data had one
    tables = source.score_grid(run.settings.grid, splits.as_cv())
    candidates = [
        candidate.revised(
            all_scores=tuple(typed_scores({name: table[place] for name, table in tables.items()}).values())
        )
        for place, candidate in enumerate(run.scored.candidates)
    ]
    return run.scored.revised(
        folds=splits.describe(data.labels),
        candidates=tuple(candidates),
        chosen=_places(run.scored),
    )


def _places(scored: ProtocolResult) -> Sequence[int]:
    places = {id(candidate): place for place, candidate in enumerate(scored.candidates)}
    return tuple(places[id(taken)] for taken in (*scored.best.values(), scored.winner))


class Samples:
    """A protocol on samples of its images, each drawn once.

    Parameters
    ----------
    run : ProtocolRun
        On all images.
    """

    def __init__(self, run: ProtocolRun) -> None:
        self._run = run
        self._drawn: dict[int, tuple[ProtocolRun, Sample]] = {}

    def of(self, n_images: int | None) -> tuple[ProtocolRun, Sample | None]:
        """Return the protocol on about so many images, and what was drawn; on all where these are no more.

        Without a graph of all rows there is nothing to draw for: what is sampled reads off one.
        """
        if n_images is None or len(self._run.data.labels) <= n_images or self._run.graph is None:
            return self._run, None
        if n_images not in self._drawn:
            self._drawn[n_images] = sampled_run(self._run, n_images)
        return self._drawn[n_images]
