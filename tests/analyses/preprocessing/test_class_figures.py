"""Figures of a comparison of preprocessing that show single classes."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from skknn_syndrome.analyses.preprocessing.class_figures import (
    MAP_COLUMNS,
    NAMED,
    describe_preprocessing_maps,
    describe_preprocessing_syndromes,
    draw_preprocessing_maps,
    draw_preprocessing_syndromes,
    say_preprocessing_maps,
    say_preprocessing_syndromes,
)
from skknn_syndrome.analyses.preprocessing.effects import Agreement
from skknn_syndrome.analyses.preprocessing.present import PRESENTATION
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from tests.analyses.preprocessing.make import make_comparison, make_large_comparison, make_map, make_variant
from tests.builders import study_of
from tests.rendering.full_study import make_sweep


def panels(result: PreprocessingComparison) -> list[Axes]:
    return [axes for axes in draw_preprocessing_maps(result).axes if axes.get_visible()]


def legend_of_maps(result: PreprocessingComparison) -> list[str]:
    return [text.get_text() for text in draw_preprocessing_maps(result).legends[0].get_texts()]


def points(axes: Axes) -> list[list[list[float]]]:
    """Return the places of synthetic rows and of images, syndrome by syndrome."""
    clouds = [child for child in axes.collections if isinstance(child, PathCollection)]
    return [np.asarray(cloud.get_offsets()).tolist() for cloud in clouds]


def test_each_map_has_a_panel_with_its_agreement_in_the_plane() -> None:
    titles = [axes.get_title() for axes in panels(make_large_comparison())]
    assert len(titles) == 18
    assert titles[:2] == ["unprocessed\nARI 0.61", "balancing\nARI 0.61"]


def test_of_many_syndromes_the_largest_have_colours_and_no_panel_is_left_empty() -> None:
    names = tuple(f"s{place:02}" for place in range(NAMED + 2))
    counts = (*range(NAMED + 2), *range(NAMED))  # two of each but of the last two
    many = make_map().model_copy(
        update={
            "syndromes": names,
            "labels": counts,
            "n_images": len(counts),
            "x": tuple(map(float, counts)),
            "y": tuple(map(float, counts)),
        }
    )
    result = make_comparison().model_copy(update={"maps": (many,) * (MAP_COLUMNS + 1)})
    assert len(panels(result)) == MAP_COLUMNS + 1
    assert legend_of_maps(result)[: NAMED + 1] == [*names[:NAMED], "2 others"]


def test_images_and_synthetic_rows_of_a_syndrome_are_drawn_apart() -> None:
    _, mixed = panels(make_comparison())
    assert points(mixed) == [[], [[0.0, 0.0], [1.0, 1.0]], [[5.5, 5.0]], [[5.0, 5.0], [6.0, 5.0]]]


def test_each_cluster_has_its_centroid_and_circle() -> None:
    axes = panels(make_comparison())[0]
    assert [np.asarray(line.get_xydata()).tolist() for line in axes.lines] == [[[0.5, 0.5]], [[5.5, 5.0]]]
    assert len(axes.patches) == 2


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("number", [2, 12])
def test_the_legend_has_each_syndrome_once_and_few_of_many(number: int) -> None:
    names = [f"S{place:02d}" for place in range(number)]
    result = make_large_comparison(tuple(names))
    few = result.model_copy(update={"maps": result.maps[:3]})  # the last has synthetic rows
    others = ["2 others"] if number > NAMED else []
    assert legend_of_maps(few) == [*names[:NAMED], *others, "synthetic", "centroid, 90 % circle"]


def test_without_synthetic_rows_the_legend_does_not_speak_of_them() -> None:
    images = make_map("none", "none").model_copy(update={"n_images": 5})
    assert legend_of_maps(make_comparison().model_copy(update={"maps": (images,)})) == [
        *("a", "b", "centroid, 90 % circle"),
    ]


def test_the_text_says_the_largest_and_the_smallest_agreement() -> None:
    low = make_map("l2", "smote").model_copy(
        update={"in_plane": Agreement(adjusted_rand=0.2, normalized_mutual_information=0.3)}
    )
    text = describe_preprocessing_maps(make_comparison().model_copy(update={"maps": (make_map(), low)}))
    assert text is not None
    assert text.endswith("from 0.20 (L2 + SMOTE) to 1.00 (mixup).")


def test_without_maps_nothing_is_said_of_them() -> None:
    without = make_comparison().model_copy(update={"maps": ()})
    assert say_preprocessing_maps(without) is None
    assert describe_preprocessing_maps(without) is None
    (maker,) = (entry for entry in PRESENTATION.figures if entry.name == "preprocessing-maps")
    assert maker.describe(study_of(make_sweep(), without)) == ""


def legend_of(result: PreprocessingComparison) -> list[str]:
    return [text.get_text() for text in draw_preprocessing_syndromes(result).legends[0].get_texts()]


def shown(result: PreprocessingComparison) -> list[Axes]:
    return draw_preprocessing_syndromes(result).axes


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("number", [2, 12])
def test_each_syndrome_has_a_panel_with_two_lines(number: int) -> None:
    panels = shown(make_large_comparison(tuple(f"S{place:02d}" for place in range(number))))
    assert [axes.get_title() for axes in panels] == [f"S{place:02d}" for place in range(number)]
    assert {len(axes.lines) for axes in panels} == {2}


def test_panels_above_an_empty_place_carry_the_values_of_k() -> None:
    panels = shown(make_large_comparison(tuple(f"S{place}" for place in range(7))))
    assert [axes.get_xlabel() for axes in panels] == ["", "", "", "k", "k", "k", "k"]
    below = [axes.xaxis.get_tick_params()["labelbottom"] for axes in panels]
    assert below == [False, False, False, True, True, True, True]


def test_panels_have_the_limits_that_show_all_of_them() -> None:
    panels = shown(make_comparison())
    (limits,) = {(*axes.get_xlim(), *axes.get_ylim()) for axes in panels}
    assert limits == pytest.approx((0.9, 3.1, -0.041, 1.02))  # F1 up to 0.82, and a twentieth of that


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_untouched_embeddings_are_held_against_the_best_resampled_variant() -> None:
    assert legend_of(make_large_comparison()) == ["unprocessed", "L2 + SMOTE"]


def test_what_was_not_run_is_left_out() -> None:
    result = make_comparison()
    untouched = tuple(entry for entry in result.variants if entry.resampler == "none")
    alone = result.model_copy(update={"variants": untouched})
    assert legend_of(alone) == ["unprocessed"]
    assert say_preprocessing_syndromes(alone) is None
    scaled = result.model_copy(update={"variants": (make_variant("l2"), make_variant("zscore", level=0.8))})
    assert legend_of(scaled) == ["z-scores"]


def test_where_an_f1_is_not_defined_the_line_has_a_gap() -> None:
    variant = make_variant()
    first, second = variant.syndromes
    gap = first.model_copy(update={"f1": (None, 0.5)})
    bare = make_comparison().model_copy(
        update={"variants": (variant.model_copy(update={"syndromes": (gap, second)}),)}
    )
    axes, _ = shown(bare)
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [np.nan, 0.5])


def test_the_message_counts_the_classes_that_resampling_helps() -> None:
    same = make_comparison()
    assert say_preprocessing_syndromes(same) == "Mixup raises the F1 of 0 of 2 syndromes (each at its best k)"
    variants = tuple(
        variant
        if variant.resampler == "none"
        else variant.model_copy(
            update={
                "syndromes": tuple(curve.model_copy(update={"f1": (0.9, 0.9)}) for curve in variant.syndromes)
            }
        )
        for variant in same.variants
    )
    better = same.model_copy(update={"variants": variants})
    raised = "Mixup raises the F1 of 2 of 2 syndromes (each at its best k)"
    assert say_preprocessing_syndromes(better) == raised


def test_the_message_of_the_maps_is_the_highest_agreement() -> None:
    assert say_preprocessing_maps(make_comparison()) == (
        "Clusters in the plane agree most with the syndromes for unprocessed (adjusted Rand index 1.00)"
    )


def test_the_text_says_the_best_and_the_worst_syndrome_of_each_variant() -> None:
    assert describe_preprocessing_syndromes(make_comparison()) == (
        "F1 of 2 syndromes against k, cosine distance. "
        "Best resampled variant: mixup. F1 at k = 3 (unprocessed) from 0.330 (b) to 0.820 (a). "
        "F1 at k = 3 (mixup) from 0.330 (b) to 0.820 (a)."
    )


def test_the_text_says_where_no_f1_is_defined() -> None:
    variant = make_variant()
    nowhere = tuple(curve.model_copy(update={"f1": (None, None)}) for curve in variant.syndromes)
    bare = make_comparison().model_copy(
        update={"variants": (variant.model_copy(update={"syndromes": nowhere}),)}
    )
    assert describe_preprocessing_syndromes(bare).endswith("No F1 is defined at k = 3 (unprocessed).")
