"""Embeddings in the plane after each scaler and resampler."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from skknn_syndrome.figures.ablation.maps import describe_preprocessing_maps, draw_preprocessing_maps
from skknn_syndrome.results import AblationResult
from skknn_syndrome.results.clusters import Agreement
from tests.ablation_builders import make_ablation, make_map
from tests.figures.ablation.builders import make_large_ablation


def panels(result: AblationResult) -> list[Axes]:
    return [axes for axes in draw_preprocessing_maps(result).axes if axes.get_visible()]


def legend_of(result: AblationResult) -> list[str]:
    return [text.get_text() for text in draw_preprocessing_maps(result).legends[0].get_texts()]


def points(axes: Axes) -> list[list[list[float]]]:
    """Return the places of synthetic rows and of images, syndrome by syndrome."""
    clouds = [child for child in axes.collections if isinstance(child, PathCollection)]
    return [np.asarray(cloud.get_offsets()).tolist() for cloud in clouds]


def test_each_map_has_a_panel_with_its_agreement_in_the_plane() -> None:
    titles = [axes.get_title() for axes in panels(make_large_ablation())]
    assert len(titles) == 18
    assert titles[:2] == ["unprocessed\nARI 0.61", "balancing\nARI 0.61"]


def test_images_and_synthetic_rows_of_a_syndrome_are_drawn_apart() -> None:
    _, mixed = panels(make_ablation())
    assert points(mixed) == [[], [[0.0, 0.0], [1.0, 1.0]], [[5.5, 5.0]], [[5.0, 5.0], [6.0, 5.0]]]


def test_each_cluster_has_its_centroid_and_circle() -> None:
    axes = panels(make_ablation())[0]
    assert [np.asarray(line.get_xydata()).tolist() for line in axes.lines] == [[[0.5, 0.5]], [[5.5, 5.0]]]
    assert len(axes.patches) == 2


@pytest.mark.parametrize("number", [2, 25])
def test_the_legend_has_each_syndrome_once(number: int) -> None:
    names = [f"S{place:02d}" for place in range(number)]
    assert legend_of(make_large_ablation(names)) == [*names, "synthetic", "centroid, 90 % circle"]


def test_without_synthetic_rows_the_legend_does_not_speak_of_them() -> None:
    images = make_map("none", "none").model_copy(update={"n_images": 5})
    assert legend_of(make_ablation().model_copy(update={"maps": (images,)})) == [
        *("a", "b", "centroid, 90 % circle"),
    ]


def test_the_text_says_the_largest_and_the_smallest_agreement() -> None:
    low = make_map("l2", "smote").model_copy(
        update={"in_plane": Agreement(adjusted_rand=0.2, normalized_mutual_information=0.3)}
    )
    text = describe_preprocessing_maps(make_ablation().model_copy(update={"maps": (make_map(), low)}))
    assert text.endswith("from 0.20 (L2 + SMOTE) to 1.00 (mixup).")
