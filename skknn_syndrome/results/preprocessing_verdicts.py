"""Whether preprocessing helps, by macro AUC and macro F1: of each variant, and of each distance."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from skknn_syndrome.results.preprocessing_effects import Gain

JUDGED_BY: Final = ("roc_auc_ovr", "f1_macro")
"""Macro AUC decides; F1 stands beside it, for resampling is meant to raise it where classes are unequal."""

Verdict: TypeAlias = Literal["helps", "hurts", "inconclusive"]
VariantVerdictName: TypeAlias = Verdict | Literal["mixed", "no difference"]


@dataclass(frozen=True)
class VariantVerdict:
    """One variant against unprocessed embeddings, under one distance."""

    scaler: str
    resampler: str
    metric: str
    gains: tuple[Gain, ...]
    """In the scores of `JUDGED_BY`, as far as they are defined."""

    @property
    def name(self) -> tuple[str, str]:
        """Scaler and resampler."""
        return self.scaler, self.resampler

    @property
    def better(self) -> tuple[Gain, ...]:
        """The gains that are significant, and up."""
        return tuple(gain for gain in self.gains if gain.significant and gain.mean_difference > 0)

    @property
    def worse(self) -> tuple[Gain, ...]:
        """The gains that are significant, and down."""
        return tuple(gain for gain in self.gains if gain.significant and gain.mean_difference < 0)

    @property
    def differs(self) -> bool:
        """Whether any score differs in any fold."""
        return any(gain.differs for gain in self.gains)

    @property
    def verdict(self) -> VariantVerdictName:
        """In one word; "mixed" where one score is significantly better and the other worse."""
        if not self.differs:
            return "no difference"
        if self.better and self.worse:
            return "mixed"
        if self.better:
            return "helps"
        return "hurts" if self.worse else "inconclusive"

    def gain(self, score: str) -> Gain | None:
        """Return the gain in one score, where it is defined."""
        return next((gain for gain in self.gains if gain.score == score), None)


@dataclass(frozen=True)
class DistanceVerdict:
    """All variants under one distance.

    Examples
    --------
    >>> from skknn_syndrome import compare_preprocessing, make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> result = compare_preprocessing(
    ...     data.embeddings, data.syndromes, resamplers=["none"], metrics="cosine", n_neighbors=[5], cv=3
    ... )
    >>> result.verdict("cosine").verdict
    'inconclusive'
    """

    metric: str
    variants: tuple[VariantVerdict, ...]
    """Those that differ from unprocessed embeddings in any fold, the highest composite score first."""

    @property
    def verdict(self) -> Verdict:
        """In one word.

        "helps" where a variant is significantly better in macro AUC or macro F1 and significantly worse in
        neither; "hurts" where none is better and one or more are worse; otherwise "inconclusive", for what
        is not significant need not be nothing.
        """
        if self.helping:
            return "helps"
        return "hurts" if self.hurting and not self.mixed else "inconclusive"

    @property
    def helping(self) -> tuple[VariantVerdict, ...]:
        """Variants that are better, the highest composite score first."""
        return self._of("helps")

    @property
    def hurting(self) -> tuple[VariantVerdict, ...]:
        """Variants that are worse."""
        return self._of("hurts")

    @property
    def mixed(self) -> tuple[VariantVerdict, ...]:
        """Variants that are better in one score and worse in the other."""
        return self._of("mixed")

    @property
    def open(self) -> tuple[VariantVerdict, ...]:
        """Variants of which the folds do not tell."""
        return self._of("inconclusive")

    @property
    def widest(self) -> Gain | None:
        """The widest interval of a variant that is inconclusive: what the folds can't exclude."""
        gains = [gain for variant in self.open for gain in variant.gains]
        return max(gains, key=lambda gain: gain.high - gain.low, default=None)

    def _of(self, verdict: VariantVerdictName) -> tuple[VariantVerdict, ...]:
        return tuple(variant for variant in self.variants if variant.verdict == verdict)
