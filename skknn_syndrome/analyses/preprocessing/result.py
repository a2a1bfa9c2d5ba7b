"""What scaling and resampling are worth: every variant within folds and before splitting."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.analyses.preprocessing.effects import (
    JUDGED_BY,
    UNTOUCHED,
    ClassCount,
    DistanceVerdict,
    Gain,
    Inflation,
    LeftOut,
    PreprocessingStep,
    VariantMap,
    VariantResult,
    VariantVerdict,
    Way,
)
from skknn_syndrome.results.analysis import Analysis, of_kept
from skknn_syndrome.results.base import check_known
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.files import load_result, save_result
from skknn_syndrome.results.provenance import Provenance
from skknn_syndrome.results.upgrades import upgrade_comparison_text

if TYPE_CHECKING:
    import pandas as pd


COMPARISON_VERSION = 3
"""Grows by one with every field that is added."""


class PreprocessingComparison(Analysis):
    """Scalers, resamplers and distances compared on shared folds.

    Examples
    --------
    >>> from skknn_syndrome import compare_preprocessing, make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> result = compare_preprocessing(
    ...     data.embeddings,
    ...     data.syndromes,
    ...     scalers=["none"],
    ...     resamplers=["none", "mixup"],
    ...     n_neighbors=[5],
    ...     cv=3,
    ... )
    >>> result.ranking()[0].metric, result.class_counts[-1].after > result.class_counts[-1].before
    ('cosine', True)
    >>> PreprocessingComparison.model_validate_json(result.model_dump_json()) == result
    True
    """

    question: Literal["preprocessing"] = "preprocessing"
    comparison_version: int = COMPARISON_VERSION
    dataset: DatasetSummary
    protocol: ProtocolName
    """What the folds within which variants are fitted keep together."""
    splitters: tuple[str, ...] = Field(min_length=1)
    """Within whose folds variants are fitted, as they would be written in Python: one a split."""
    row_splitters: tuple[str, ...]
    """Of what is prepared before splitting, by row; empty where it was not asked for."""
    seeds: tuple[int, ...]
    """Of splits and samplers."""
    repeat_seeds: tuple[int, ...] = ()
    """Of all splits on which variants that are cheap to repeat were compared, these included; empty where
    none were."""
    n_folds: int
    """Of one split."""
    n_neighbors: tuple[int, ...] = Field(min_length=1)
    """The grid, rising."""
    weights: str
    compared_at: int | None
    """The k of `gains` and `inflations`; None where each variant has its own best."""
    steps: tuple[PreprocessingStep, ...]
    """What the names of scalers and resamplers stand for."""
    variants: tuple[VariantResult, ...]
    gains: tuple[Gain, ...]
    """Of every variant but unprocessed embeddings; empty where these are not among the variants."""
    inflations: tuple[Inflation, ...]
    """Empty where nothing was prepared before splitting."""
    left_out: tuple[LeftOut, ...] = ()
    """What could not be compared, or not before splitting, such as classes cut below the number of folds."""
    class_counts: tuple[ClassCount, ...]
    maps: tuple[VariantMap, ...]
    """Empty where nobody asked for them."""
    provenance: Provenance

    @property
    def metric(self) -> str:
        """The distance under which unprocessed embeddings do best; without them, that of the best variant."""
        ranking = self.ranking()
        unprocessed = [variant for variant in ranking if (variant.scaler, variant.resampler) == UNTOUCHED]
        return (unprocessed or ranking)[0].metric

    @property
    def verdicts(self) -> tuple[DistanceVerdict, ...]:
        """Whether preprocessing helps, for each distance under which any variant differs, the best first."""
        others = (variant.metric for variant in self.ranking())
        found = (self.verdict(metric) for metric in dict.fromkeys([self.metric, *others]))
        return tuple(verdict for verdict in found if verdict.variants)

    def verdict(self, metric: str) -> DistanceVerdict:
        """Return whether preprocessing helps under one distance."""
        judged = (self.judge(variant) for variant in self.ranking() if variant.metric == metric)
        return DistanceVerdict(metric, tuple(entry for entry in judged if entry.differs))

    def judge(self, variant: VariantResult) -> VariantVerdict:
        """Return whether one variant helps; without gains where it was not compared."""
        own = [gain for gain in self.gains if (gain.scaler, gain.resampler, gain.metric) == variant.name]
        judged = tuple(gain for score in JUDGED_BY for gain in own if gain.score == score)
        return VariantVerdict(*variant.name, judged)

    def best_resampled(self, metric: str | None = None) -> VariantResult | None:
        """Return the resampled variant with the highest composite score, by default of the best distance."""
        wanted = self.metric if metric is None else metric
        resampled = (
            variant
            for variant in self.ranking()
            if variant.metric == wanted and variant.resampler != UNTOUCHED[1]
        )
        return next(resampled, None)

    def orders_as_cosine(self, scaler: str, resampler: str, metric: str) -> bool:
        r"""Return whether a variant makes the Euclidean distance order neighbours as the cosine distance.

        Of vectors of length 1, :math:`|x - y|^2 = 2 (1 - \cos(x, y))`.
        """
        unit = PreprocessingStep(kind="scaler", name=scaler, description="Normalizer()")
        return metric == "euclidean" and resampler == UNTOUCHED[1] and unit in self.steps

    def of_classes(self, kept: Collection[str]) -> Self:
        """Return the same for some of the syndromes alone."""
        variants = tuple(entry.revised(syndromes=of_kept(entry.syndromes, kept)) for entry in self.variants)
        return self.revised(variants=variants, maps=tuple(entry.of_classes(kept) for entry in self.maps))

    def __repr__(self) -> str:
        """Say what was compared, and the best: the whole result would fill many screens."""
        best = self.ranking()[0]
        return (
            f"PreprocessingComparison({self.dataset.name!r}, {len(self.variants)} variants of preprocessing, "
            f"best: {best.scaler}, {best.resampler}, {best.metric}, n_neighbors={best.best_n_neighbors})"
        )

    def ranking(self, way: Way = "within_folds") -> tuple[VariantResult, ...]:
        """Return the variants of one way by their composite score, the highest first."""
        chosen = (variant for variant in self.variants if variant.way == way)
        return tuple(sorted(chosen, key=_composite, reverse=True))

    def variant(self, scaler: str, resampler: str, metric: str, way: Way = "within_folds") -> VariantResult:
        """Return one variant.

        Raises
        ------
        KeyError
            It was not run.
        """
        for entry in self.variants:
            if (*entry.name, entry.way) == (scaler, resampler, metric, way):
                return entry
        raise KeyError((scaler, resampler, metric, way))

    def mean(
        self,
        score: str,
        *,
        scaler: str,
        resampler: str,
        metric: str,
        n_neighbors: int,
        way: Way = "within_folds",
    ) -> float | None:
        """Return the mean of a score over all folds of all splits, at any k of the grid.

        Raises
        ------
        KeyError
            The variant, score or k was not run.
        """
        if n_neighbors not in self.n_neighbors:
            raise KeyError(n_neighbors)
        curve = self.variant(scaler, resampler, metric, way).by_score[score]
        return curve.means[self.n_neighbors.index(n_neighbors)]

    def to_frame(self) -> "pd.DataFrame":
        """One row for each variant, k and score.

        Returns
        -------
        pandas.DataFrame
            Columns ``way, scaler, resampler, metric, n_neighbors, score, mean, std``; NaN where a score is
            not defined.
        """
        import pandas as pd  # noqa: PLC0415  a second of import that reading a result does not need

        columns = ["way", "scaler", "resampler", "metric", "n_neighbors", "score", "mean", "std"]
        rows = [
            (variant.way, *variant.name, k, curve.score, mean, std)
            for variant in self.variants
            for curve in variant.curves
            for k, mean, std in zip(self.n_neighbors, curve.means, curve.stds, strict=True)
        ]
        return pd.DataFrame(rows, columns=columns).astype({"mean": "float64", "std": "float64"})

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.comparison_version != COMPARISON_VERSION:
            message = (
                f"comparison_version is {self.comparison_version}, and {COMPARISON_VERSION} is needed: "
                "`PreprocessingComparison.load` reads older files"
            )
            raise ValueError(message)
        check_known("way", ["within_folds"], (variant.way for variant in self.variants))
        n_grid = len(self.n_neighbors)
        for variant in self.variants:
            lengths = {len(curve.means) for curve in variant.curves}
            lengths |= {len(curve.f1) for curve in variant.syndromes}
            if lengths != {n_grid}:
                message = f"the curves of {variant.name} have not one value for each of {n_grid} k"
                raise ValueError(message)
        return self

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the result as JSON, whole or not at all."""
        save_result(self, Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a result that `save` wrote.

        Raises
        ------
        StudyFileError
            If the file can't be read or is no such result.
        """
        return load_result(cls, Path(path), "comparison", upgrade=upgrade_comparison_text)


def _composite(variant: VariantResult) -> float:
    return -1.0 if variant.composite is None else variant.composite
