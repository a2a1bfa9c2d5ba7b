"""All rows through a variant at once, as for a classifier in use: counted, and shown in the plane."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import mode
from sklearn.cluster import KMeans
from sklearn.manifold import TSNE
from sklearn.metrics import (  # noqa: TID251  agreement of partitions, none of the scores
    adjusted_rand_score,
    normalized_mutual_info_score,
)
from threadpoolctl import threadpool_limits

from skknn_syndrome._typing import BoolArray, Float64Array, FloatArray, IndexArray, LabelArray
from skknn_syndrome.analyses.preprocessing.effects import Agreement, ClassCount, Cluster, VariantMap
from skknn_syndrome.analyses.preprocessing.folds import prepare_whole
from skknn_syndrome.analyses.preprocessing.plan import Plan
from skknn_syndrome.analyses.preprocessing.variants import Variant
from skknn_syndrome.preprocessing.before_splitting import Prepared
from skknn_syndrome.statistics.projection import FEWEST_IMAGES, LARGEST_PERPLEXITY, coordinates, sample_rows

MOST_POINTS = 1_200
"""Above, a stratified sample is mapped: there are many maps, each is small, and t-SNE takes its time."""
N_STARTS = 10
"""Of K-means; the best of them is taken."""
RADIUS_PERCENTILE = 90


@dataclass(frozen=True, eq=False)
class WholeRows:
    """What a variant makes of all images."""

    variant: Variant
    rows: FloatArray
    labels: LabelArray
    is_image: BoolArray
    """Shape (n_rows,): which rows are images, scaled at most."""


def resample_whole(plan: Plan, variant: Variant, prepared: Prepared | None = None) -> WholeRows:
    """Fit a variant on all images; nothing is tested on what comes out.

    Parameters
    ----------
    plan : Plan
    variant : Variant
    prepared : Prepared, optional
        From `prepare_whole` with the first seed, where that was done.

    Returns
    -------
    WholeRows
    """
    whole = prepare_whole(plan, variant, plan.seeds[0]) if prepared is None else prepared
    is_image = _which_are_images(plan, variant, whole)
    order = np.argsort(~is_image, kind="stable")
    return WholeRows(variant, whole.samples[order], whole.labels[order], is_image[order])


def _which_are_images(plan: Plan, variant: Variant, whole: Prepared) -> BoolArray:
    if whole.parents is None:
        # SMOTE does not say: what it passes on has the bits of an image.
        scaled = prepare_whole(plan, variant.scaling, plan.seeds[0]).samples
        images = {row.tobytes() for row in scaled.astype(whole.samples.dtype, copy=False)}
        return np.array([row.tobytes() in images for row in whole.samples])
    alone = (whole.parents == whole.parents[:, :1]).all(axis=1)
    _, first = np.unique(np.where(alone, whole.parents[:, 0], -1), return_index=True)
    # Samplers that make rows put them behind those that they were given: a later one is a copy, or noise.
    is_first = np.zeros(len(alone), dtype=np.bool_)
    is_first[first] = True
    is_image: BoolArray = alone & is_first
    return is_image


def count_classes(plan: Plan, variant: Variant, labels: LabelArray) -> tuple[ClassCount, ...]:
    """Count each class before and after; `labels` are of all rows after."""
    return tuple(
        ClassCount(
            scaler=variant.scaler,
            resampler=variant.resampler,
            syndrome=str(label),
            before=int(np.count_nonzero(plan.data.labels == label)),
            after=int(np.count_nonzero(labels == label)),
        )
        for label in plan.classes
    )


def map_rows(plan: Plan, whole: WholeRows) -> VariantMap | None:
    """Lay rows out in the plane by t-SNE, and look for as many clusters as there are classes.

    Distances are Euclidean throughout: K-means knows no other, and scaling would not show in cosine's.

    Parameters
    ----------
    plan : Plan
    whole : WholeRows

    Returns
    -------
    VariantMap or None
        None for fewer than 20 rows, or fewer different ones than classes. Of more than 1,200 a stratified
        sample is mapped.
    """
    if len(whole.labels) < FEWEST_IMAGES:
        return None
    seed = plan.seeds[0]
    chosen = sample_rows(whole.labels, seed, MOST_POINTS)
    rows, labels = whole.rows[chosen].astype(np.float64), whole.labels[chosen]
    classes, codes = np.unique(labels, return_inverse=True)
    if len(np.unique(rows, axis=0)) < len(classes):
        return None
    perplexity = min(LARGEST_PERPLEXITY, (len(rows) - 1) / 3)
    # Threads that wait for each other in a spin take longer than one: variants may run beside one another.
    with threadpool_limits(1, user_api="openmp"):
        plane = _lay_out(rows, perplexity, seed)
        in_plane, in_space = (_cluster(points, len(classes), seed) for points in (plane, rows))
    return VariantMap(
        scaler=whole.variant.scaler,
        resampler=whole.variant.resampler,
        random_state=seed,
        perplexity=perplexity,
        syndromes=tuple(str(label) for label in classes),
        labels=tuple(int(code) for code in codes),
        n_images=int(whole.is_image[chosen].sum()),
        clusters=_describe(plane, in_plane, codes, classes),
        in_plane=_agreement(codes, in_plane),
        in_space=_agreement(codes, in_space),
        **coordinates(plane),
    )


def _lay_out(rows: Float64Array, perplexity: float, seed: int) -> Float64Array:
    # Two principal components to begin with take two features.
    init = "pca" if rows.shape[1] > 1 else "random"
    model = TSNE(perplexity=perplexity, init=init, random_state=seed)
    plane: Float64Array = model.fit_transform(rows).astype(np.float64)
    return plane


def _cluster(points: Float64Array, n_clusters: int, seed: int) -> IndexArray:
    model = KMeans(n_clusters=n_clusters, n_init=N_STARTS, random_state=seed)
    found: IndexArray = model.fit_predict(points)
    return found


def _describe(
    plane: Float64Array, clusters: IndexArray, codes: IndexArray, classes: LabelArray
) -> tuple[Cluster, ...]:
    found = []
    for number in np.unique(clusters):
        members = clusters == number
        centre = plane[members].mean(axis=0)
        away = np.linalg.norm(plane[members] - centre, axis=1)
        found.append(
            Cluster(
                x=float(centre[0]),
                y=float(centre[1]),
                radius=float(np.percentile(away, RADIUS_PERCENTILE)),
                n_points=int(members.sum()),
                syndrome=str(classes[int(mode(codes[members]).mode)]),
            )
        )
    return tuple(found)


def _agreement(codes: IndexArray, clusters: IndexArray) -> Agreement:
    return Agreement(
        adjusted_rand=float(adjusted_rand_score(codes, clusters)),
        normalized_mutual_information=float(normalized_mutual_info_score(codes, clusters)),
    )
