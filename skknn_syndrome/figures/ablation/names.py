"""Variants of preprocessing as figures name them."""

from skknn_syndrome.figures.labels import LONGEST
from skknn_syndrome.results import AblatedVariant, AblationResult
from skknn_syndrome.wording import one_line

UNTOUCHED = ("none", "none")
"""Scaler and resampler of embeddings as they came."""


def variant_label(scaler: str, resampler: str) -> str:
    """Return the name of a scaler and a resampler for a tick, title or legend.

    Examples
    --------
    >>> variant_label("none", "none"), variant_label("l2", "none"), variant_label("zscore", "mixup")
    ('untouched', 'l2', 'zscore, mixup')
    """
    return (
        ", ".join(one_line(name, longest=LONGEST) for name in (scaler, resampler) if name != "none")
        or "untouched"
    )


def shown_variants(result: AblationResult) -> tuple[AblatedVariant, ...]:
    """Return the honest variants of the distance of the best one, the best first."""
    ranking = result.ranking()
    return tuple(variant for variant in ranking if variant.metric == ranking[0].metric)
