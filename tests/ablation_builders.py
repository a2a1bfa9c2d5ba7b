"""Small comparisons of preprocessing for tests: two syndromes, two values of k, invented figures."""

from skknn_syndrome.metrics.registry import SCORE_NAMES
from skknn_syndrome.results import (
    AblatedVariant,
    AblationResult,
    Gain,
    Inflation,
    RocCurve,
    Score,
    VariantMap,
)
from skknn_syndrome.results.ablated_variant import (
    PreprocessingStep,
    ScoreCurve,
    SyndromeCurve,
    VariantRoc,
    Way,
)
from skknn_syndrome.results.clusters import Agreement, Cluster
from skknn_syndrome.results.preprocessing_effects import ClassCount
from tests.builders import make_study

K = (1, 3)
SCORES = tuple(SCORE_NAMES)
ROC = RocCurve(
    false_positive_rate=(0.0, 0.5, 1.0),
    true_positive_rate=(0.0, 0.75, 1.0),
    true_positive_rate_std=(0.0, 0.05, 0.0),
    mean_auc=0.625,
    std_auc=0.02,
    n_folds=2,
)


def make_variant(
    scaler: str = "none",
    resampler: str = "none",
    metric: str = "cosine",
    way: Way = "honest",
    *,
    level: float = 0.7,
) -> AblatedVariant:
    """Return a variant whose scores are `level` at k = 1 and 0.02 more at k = 3."""
    return AblatedVariant(
        scaler=scaler,
        resampler=resampler,
        metric=metric,
        way=way,
        curves=tuple(
            ScoreCurve(score=name, means=(level, level + 0.02), stds=(0.03, 0.03)) for name in SCORES
        ),
        best_n_neighbors=3,
        composite=level + 0.02,
        scores=tuple(Score.from_values(name, [level, level + 0.04]) for name in SCORES),
        syndromes=(
            SyndromeCurve(syndrome="a", precision=(0.8, 0.9), recall=(0.7, 0.75), f1=(0.75, 0.82)),
            SyndromeCurve(syndrome="b", precision=(None, 0.5), recall=(0.0, 0.25), f1=(0.0, 0.33)),
        ),
        rocs=tuple(VariantRoc(n_neighbors=k, curve=ROC) for k in K),
        n_train_rows=4.0,
        share_related=0.0 if way == "honest" else None,
    )


def make_map(scaler: str = "none", resampler: str = "mixup") -> VariantMap:
    """Return five points, the last one synthetic."""
    return VariantMap(
        scaler=scaler,
        resampler=resampler,
        random_state=0,
        perplexity=1.3,
        syndromes=("a", "b"),
        labels=(0, 0, 1, 1, 1),
        n_images=4,
        x=(0.0, 1.0, 5.0, 6.0, 5.5),
        y=(0.0, 1.0, 5.0, 5.0, 5.0),
        clusters=(
            Cluster(x=0.5, y=0.5, radius=0.7, n_points=2, syndrome="a"),
            Cluster(x=5.5, y=5.0, radius=0.5, n_points=3, syndrome="b"),
        ),
        in_plane=Agreement(adjusted_rand=1.0, normalized_mutual_information=1.0),
        in_space=Agreement(adjusted_rand=0.4, normalized_mutual_information=0.5),
    )


def make_gain(
    scaler: str = "none", resampler: str = "mixup", score: str = "f1_macro", *, by: float = -0.02
) -> Gain:
    """Return a gain that is significant where it is 0.02 or more, up or down."""
    p_value = 0.01 if abs(by) >= 0.02 else 0.4
    return Gain(
        scaler=scaler,
        resampler=resampler,
        metric="cosine",
        n_neighbors=3,
        baseline_n_neighbors=3,
        score=score,
        mean_difference=by,
        low=by - 0.015,
        high=by + 0.015,
        p_value=p_value,
        p_holm=min(1.0, 2 * p_value),
    )


def make_inflation(
    scaler: str = "none", resampler: str = "mixup", score: str = "f1_macro", *, by: float = 0.2
) -> Inflation:
    """Return an inflation with an interval of 0.05 to both sides."""
    return Inflation(
        scaler=scaler,
        resampler=resampler,
        metric="cosine",
        n_neighbors=3,
        score=score,
        honest=0.72,
        leaky=0.72 + by,
        difference=by,
        low=by - 0.05,
        high=by + 0.05,
    )


def make_ablation(*, leaky: bool = True, maps: bool = True) -> AblationResult:
    """Return unprocessed and mixed embeddings, each with two distances."""
    study = make_study()
    names = [(resampler, metric) for resampler in ("none", "mixup") for metric in ("euclidean", "cosine")]
    levels = dict(zip(names, (0.66, 0.7, 0.64, 0.68), strict=True))
    honest = [make_variant("none", *name, level=levels[name]) for name in names]
    inflated = [make_variant("none", *name, "leaky", level=0.9) for name in names]
    return AblationResult(
        dataset=study.dataset,
        protocol="subject",
        splitters=("StratifiedGroupKFold(n_splits=2, random_state=42, shuffle=True)",),
        leaky_splitters=("StratifiedKFold(n_splits=2, random_state=42, shuffle=True)",) if leaky else (),
        seeds=(42,),
        n_folds=2,
        n_neighbors=K,
        weights="distance",
        compared_at=None,
        steps=(
            PreprocessingStep(kind="scaler", name="none", description="passthrough"),
            PreprocessingStep(kind="resampler", name="none", description="passthrough"),
            PreprocessingStep(kind="resampler", name="mixup", description="MixupOverSampler()"),
        ),
        variants=(*honest, *(inflated if leaky else ())),
        gains=tuple(make_gain(score=name) for name in SCORES),
        inflations=tuple(
            make_inflation(resampler=resampler, score=name)
            for resampler in (("none", "mixup") if leaky else ())
            for name in SCORES
        ),
        class_counts=tuple(
            ClassCount(scaler="none", resampler=resampler, syndrome=syndrome, before=before, after=after)
            for resampler, counts in (("none", (4, 2)), ("mixup", (4, 4)))
            for syndrome, before, after in zip("ab", (4, 2), counts, strict=True)
        ),
        maps=(make_map("none", "none"), make_map()) if maps else (),
        provenance=study.provenance,
    )


def with_gains(*gains: Gain, **changes: object) -> AblationResult:
    """Return the comparison with these gains, and a variant for each of them behind those that it has."""
    result = make_ablation()
    there = {variant.name for variant in result.variants}
    names = dict.fromkeys((gain.scaler, gain.resampler, gain.metric) for gain in gains)
    more = tuple(make_variant(*name, level=0.6) for name in names if name not in there)
    return result.model_copy(update={"variants": (*result.variants, *more), "gains": gains, **changes})


def no_difference(scaler: str = "l2", resampler: str = "none", score: str = "f1_macro") -> Gain:
    """Return a gain of a variant whose scores are those of unprocessed embeddings in every fold."""
    same = {"mean_difference": 0.0, "low": 0.0, "high": 0.0, "p_value": None, "p_holm": None}
    return make_gain(scaler, resampler, score).model_copy(update=same)
