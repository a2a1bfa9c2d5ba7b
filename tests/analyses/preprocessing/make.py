"""Comparisons of preprocessing for tests: a small one, and one as large as a full run; figures invented."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from skknn_syndrome.analyses.preprocessing.effects import (
    Agreement,
    ClassCount,
    Cluster,
    Gain,
    Inflation,
    PreprocessingStep,
    ScoreCurve,
    SyndromeCurve,
    VariantMap,
    VariantResult,
    VariantRoc,
    Way,
)
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.metrics.registry import SCORE_NAMES
from skknn_syndrome.results.roc_curve import RocCurve
from skknn_syndrome.results.score import Score
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
    way: Way = "within_folds",
    *,
    level: float = 0.7,
) -> VariantResult:
    """Return a variant whose scores are `level` at k = 1 and 0.02 more at k = 3."""
    return VariantResult(
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
        share_related=0.0 if way == "within_folds" else None,
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
        within_folds=0.72,
        before_splitting=0.72 + by,
        difference=by,
        low=by - 0.05,
        high=by + 0.05,
    )


def make_comparison(*, before_splitting: bool = True, maps: bool = True) -> PreprocessingComparison:
    """Return unprocessed and mixed embeddings, each with two distances."""
    study = make_study()
    names = [(resampler, metric) for resampler in ("none", "mixup") for metric in ("euclidean", "cosine")]
    levels = dict(zip(names, (0.66, 0.7, 0.64, 0.68), strict=True))
    within_folds = [make_variant("none", *name, level=levels[name]) for name in names]
    inflated = [make_variant("none", *name, "before_splitting", level=0.9) for name in names]
    return PreprocessingComparison(
        dataset=study.dataset,
        protocol="subject",
        splitters=("StratifiedGroupKFold(n_splits=2, random_state=42, shuffle=True)",),
        row_splitters=("StratifiedKFold(n_splits=2, random_state=42, shuffle=True)",)
        if before_splitting
        else (),
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
        variants=(*within_folds, *(inflated if before_splitting else ())),
        gains=tuple(make_gain(score=name) for name in SCORES),
        inflations=tuple(
            make_inflation(resampler=resampler, score=name)
            for resampler in (("none", "mixup") if before_splitting else ())
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


def with_gains(*gains: Gain, **changes: object) -> PreprocessingComparison:
    """Return the comparison with these gains, and a variant for each of them behind those that it has."""
    result = make_comparison()
    there = {variant.name for variant in result.variants}
    names = dict.fromkeys((gain.scaler, gain.resampler, gain.metric) for gain in gains)
    more = tuple(make_variant(*name, level=0.6) for name in names if name not in there)
    return result.model_copy(update={"variants": (*result.variants, *more), "gains": gains, **changes})


def no_difference(scaler: str = "l2", resampler: str = "none", score: str = "f1_macro") -> Gain:
    """Return a gain of a variant whose scores are those of unprocessed embeddings in every fold."""
    same = {"mean_difference": 0.0, "low": 0.0, "high": 0.0, "p_value": None, "p_holm": None}
    return make_gain(scaler, resampler, score).model_copy(update=same)


SCALERS = ("none", "l2", "zscore")
RESAMPLERS = ("none", "balanced", "smote", "noise", "mixup", "balanced+mixup")
METRICS = ("euclidean", "cosine")
K_OF_LARGE = tuple(range(1, 16))
NAMES = tuple(f"3000{number:05d}" for number in range(10))

ADDED = dict(zip(RESAMPLERS, (0.0, -0.03, 0.012, 0.002, 0.006, -0.022), strict=True))
LEAKED = dict(zip(RESAMPLERS, (0.004, 0.02, 0.11, 0.13, 0.2, 0.21), strict=True))
MOVED = {"none": 0.0, "l2": 0.004, "zscore": -0.015, "euclidean": -0.04, "cosine": 0.0}


@cache
def make_large_comparison(names: tuple[str, ...] = NAMES, *, n_points: int = 6) -> PreprocessingComparison:
    """Return 18 variants by two distances in two ways, with `n_points` images a syndrome in the maps."""
    small = make_comparison()
    pairs = [(scaler, resampler) for scaler in SCALERS for resampler in RESAMPLERS]
    triples = [(*pair, metric) for metric in METRICS for pair in pairs]
    ways: tuple[Way, ...] = ("within_folds", "before_splitting")
    return small.model_copy(
        update={
            "n_neighbors": K_OF_LARGE,
            "variants": tuple(_variant(*triple, way, names) for way in ways for triple in triples),
            "gains": tuple(
                _gain(*triple, score)
                for triple in triples
                if triple[:2] != ("none", "none")
                for score in SCORES
            ),
            "inflations": tuple(_inflation(*triple, score) for triple in triples for score in SCORES),
            "maps": tuple(_map(*pair, names, n_points) for pair in pairs),
        }
    )


def _level(scaler: str, resampler: str, metric: str, way: Way = "within_folds") -> float:
    level = 0.74 + ADDED[resampler] + MOVED[scaler] + MOVED[metric]
    return level + LEAKED[resampler] if way == "before_splitting" else level


def _variant(scaler: str, resampler: str, metric: str, way: Way, names: Sequence[str]) -> VariantResult:
    level = _level(scaler, resampler, metric, way)
    means = tuple(level - 0.002 * abs(k - 11) for k in K_OF_LARGE)
    return VariantResult(
        scaler=scaler,
        resampler=resampler,
        metric=metric,
        way=way,
        curves=tuple(ScoreCurve(score=name, means=means, stds=(0.03,) * len(K_OF_LARGE)) for name in SCORES),
        best_n_neighbors=11,
        composite=level,
        scores=tuple(Score.from_values(name, [level - 0.03, level + 0.03]) for name in SCORES),
        syndromes=tuple(
            _syndrome(name, place, level + (resampler != "none") * (place % 3 - 1) * 0.05)
            for place, name in enumerate(names)
        ),
        rocs=tuple(VariantRoc(n_neighbors=k, curve=_roc(level + 0.01 * k)) for k in (1, 10)),
        n_train_rows=1004.4,
        share_related=0.0 if way == "within_folds" else 1.0,
    )


def _syndrome(name: str, place: int, level: float) -> SyndromeCurve:
    """Return curves that fall with k for rare syndromes; the third is never predicted for k above 9."""
    slope = (place % 4 - 1.5) / 100
    recall = tuple(float(np.clip(level - 0.05 * (place % 5) + slope * k, 0, 1)) for k in K_OF_LARGE)
    precision = tuple(
        float(np.clip(value + 0.06 - 0.004 * k, 0, 1)) for k, value in zip(K_OF_LARGE, recall, strict=True)
    )
    gone = [place == 2 and k > 9 for k in K_OF_LARGE]
    return SyndromeCurve(
        syndrome=name,
        precision=tuple(None if none else value for none, value in zip(gone, precision, strict=True)),
        recall=tuple(0.0 if none else value for none, value in zip(gone, recall, strict=True)),
        f1=tuple(
            0.0 if none else 2 * p * r / (p + r) for none, p, r in zip(gone, precision, recall, strict=True)
        ),
    )


def _roc(level: float) -> RocCurve:
    rates = np.linspace(0, 1, 101)
    power = 1 / level - 0.9
    heights = rates ** (power / 4)
    return RocCurve(
        false_positive_rate=tuple(rates.tolist()),
        true_positive_rate=tuple(heights.tolist()),
        true_positive_rate_std=(0.01,) * len(rates),
        mean_auc=float(np.trapezoid(heights, rates)),
        std_auc=0.006,
        n_folds=10,
    )


def _gain(scaler: str, resampler: str, metric: str, score: str) -> Gain:
    by = ADDED[resampler] + MOVED[scaler]
    p_value = 0.001 if abs(by) > 0.02 or by > 0.015 else 0.5
    return Gain(
        scaler=scaler,
        resampler=resampler,
        metric=metric,
        n_neighbors=11,
        baseline_n_neighbors=11,
        score=score,
        mean_difference=by,
        low=by - 0.014,
        high=by + 0.014,
        p_value=p_value,
        p_holm=min(1.0, 17 * p_value),
    )


def _inflation(scaler: str, resampler: str, metric: str, score: str) -> Inflation:
    within_folds, by = _level(scaler, resampler, metric), LEAKED[resampler]
    return Inflation(
        scaler=scaler,
        resampler=resampler,
        metric=metric,
        n_neighbors=11,
        score=score,
        within_folds=within_folds,
        before_splitting=within_folds + by,
        difference=by,
        low=by - 0.03,
        high=by + 0.03,
    )


def _map(scaler: str, resampler: str, names: Sequence[str], n_points: int) -> VariantMap:
    """Return a cloud a syndrome round the rim of a circle, half as many synthetic points after the images."""
    random = np.random.default_rng(0)
    images = np.repeat(np.arange(len(names)), n_points)
    labels = images if resampler in {"none", "balanced"} else np.concatenate([images, images[::2]])
    angles = 2 * np.pi * np.arange(len(names)) / len(names)
    centres = 25 * np.column_stack([np.cos(angles), np.sin(angles)])
    points = centres[labels] + random.normal(scale=6, size=(len(labels), 2))
    return VariantMap(
        scaler=scaler,
        resampler=resampler,
        random_state=0,
        perplexity=30.0,
        syndromes=tuple(names),
        labels=tuple(labels.tolist()),
        n_images=len(images),
        x=tuple(points[:, 0].tolist()),
        y=tuple(points[:, 1].tolist()),
        clusters=tuple(
            Cluster(x=float(x), y=float(y), radius=10.0, n_points=n_points, syndrome=name)
            for (x, y), name in zip(centres, names, strict=True)
        ),
        in_plane=Agreement(adjusted_rand=0.61, normalized_mutual_information=0.72),
        in_space=Agreement(adjusted_rand=0.31, normalized_mutual_information=0.42),
    )


def of_version_2(document: Any) -> Any:
    """Return the JSON of a comparison as it was when the ways were called honest and leaky."""
    words = {"within_folds": "honest", "before_splitting": "leaky"}
    del document["comparison_version"]
    document |= {"ablation_version": 2, "leaky_splitters": document.pop("row_splitters")}
    for entry in (*document["variants"], *document["left_out"]):
        entry["way"] = words[entry["way"]]
    for entry in document["inflations"]:
        entry |= {before: entry.pop(today) for today, before in words.items()}
    return document
