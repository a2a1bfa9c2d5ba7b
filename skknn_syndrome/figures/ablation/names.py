"""Variants of preprocessing as figures name them."""

from skknn_syndrome.figures.labels import LONGEST
from skknn_syndrome.figures.lettering import legible
from skknn_syndrome.results import AblatedVariant, AblationResult
from skknn_syndrome.wording import one_line, variant_title


def variant_label(scaler: str, resampler: str) -> str:
    """Return the name of a scaler and a resampler for a tick, title or legend.

    Examples
    --------
    >>> variant_label("none", "none"), variant_label("l2", "none"), variant_label("zscore", "mixup")
    ('unprocessed', 'L2', 'z-scores + mixup')
    """
    return one_line(legible(variant_title(scaler, resampler)), longest=2 * LONGEST)


def shown_variants(result: AblationResult) -> tuple[AblatedVariant, ...]:
    """Return the variants, within folds, of the distance that suits unprocessed embeddings, best first."""
    return tuple(variant for variant in result.ranking() if variant.metric == result.metric)
