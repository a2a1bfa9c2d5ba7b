"""A comparison of preprocessing as large as a full run, its figures invented."""

from collections.abc import Sequence

import numpy as np

from skknn_syndrome.results import (
    AblatedVariant,
    AblationResult,
    Gain,
    Inflation,
    RocCurve,
    Score,
    VariantMap,
)
from skknn_syndrome.results.ablated_variant import ScoreCurve, SyndromeCurve, VariantRoc, Way
from skknn_syndrome.results.clusters import Agreement, Cluster
from tests.ablation_builders import SCORES, make_ablation

SCALERS = ("none", "l2", "zscore")
RESAMPLERS = ("none", "balanced", "smote", "noise", "mixup", "balanced+mixup")
METRICS = ("euclidean", "cosine")
K = tuple(range(1, 16))
NAMES = tuple(f"3000{number:05d}" for number in range(10))

ADDED = dict(zip(RESAMPLERS, (0.0, -0.03, 0.012, 0.002, 0.006, -0.022), strict=True))
LEAKED = dict(zip(RESAMPLERS, (0.004, 0.02, 0.11, 0.13, 0.2, 0.21), strict=True))
MOVED = {"none": 0.0, "l2": 0.004, "zscore": -0.015, "euclidean": -0.04, "cosine": 0.0}


def make_large_ablation(names: Sequence[str] = NAMES, *, n_points: int = 6) -> AblationResult:
    """Return 18 variants by two distances in two ways, with `n_points` images a syndrome in the maps."""
    small = make_ablation()
    pairs = [(scaler, resampler) for scaler in SCALERS for resampler in RESAMPLERS]
    triples = [(*pair, metric) for metric in METRICS for pair in pairs]
    ways: tuple[Way, ...] = ("honest", "leaky")
    return small.model_copy(
        update={
            "n_neighbors": K,
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


def _level(scaler: str, resampler: str, metric: str, way: Way = "honest") -> float:
    level = 0.74 + ADDED[resampler] + MOVED[scaler] + MOVED[metric]
    return level + LEAKED[resampler] if way == "leaky" else level


def _variant(scaler: str, resampler: str, metric: str, way: Way, names: Sequence[str]) -> AblatedVariant:
    level = _level(scaler, resampler, metric, way)
    means = tuple(level - 0.002 * abs(k - 11) for k in K)
    return AblatedVariant(
        scaler=scaler,
        resampler=resampler,
        metric=metric,
        way=way,
        curves=tuple(ScoreCurve(score=name, means=means, stds=(0.03,) * len(K)) for name in SCORES),
        best_n_neighbors=11,
        composite=level,
        scores=tuple(Score.from_values(name, [level - 0.03, level + 0.03]) for name in SCORES),
        syndromes=tuple(
            _syndrome(name, place, level + (resampler != "none") * (place % 3 - 1) * 0.05)
            for place, name in enumerate(names)
        ),
        rocs=tuple(VariantRoc(n_neighbors=k, curve=_roc(level + 0.01 * k)) for k in (1, 10)),
        n_train_rows=1004.4,
        share_related=0.0 if way == "honest" else 1.0,
    )


def _syndrome(name: str, place: int, level: float) -> SyndromeCurve:
    """Return curves that fall with k for rare syndromes; the third is never predicted for k above 9."""
    slope = (place % 4 - 1.5) / 100
    recall = tuple(float(np.clip(level - 0.05 * (place % 5) + slope * k, 0, 1)) for k in K)
    precision = tuple(
        float(np.clip(value + 0.06 - 0.004 * k, 0, 1)) for k, value in zip(K, recall, strict=True)
    )
    gone = [place == 2 and k > 9 for k in K]
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
    honest, by = _level(scaler, resampler, metric), LEAKED[resampler]
    return Inflation(
        scaler=scaler,
        resampler=resampler,
        metric=metric,
        n_neighbors=11,
        score=score,
        honest=honest,
        leaky=honest + by,
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
