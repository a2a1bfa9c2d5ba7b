"""Syndromes against k."""

import numpy as np
import pytest
from matplotlib.axes import Axes

from skknn_syndrome.figures.ablation.syndromes import (
    describe_preprocessing_syndromes,
    draw_preprocessing_syndromes,
)
from skknn_syndrome.results import AblationResult
from tests.ablation_builders import make_ablation, make_variant
from tests.figures.ablation.builders import make_large_ablation


def legend_of(result: AblationResult) -> list[str]:
    return [text.get_text() for text in draw_preprocessing_syndromes(result).legends[0].get_texts()]


def shown(result: AblationResult) -> list[Axes]:
    return [axes for axes in draw_preprocessing_syndromes(result).axes if axes.get_visible()]


@pytest.mark.parametrize("number", [2, 10, 25])
def test_each_syndrome_has_a_panel_with_six_lines(number: int) -> None:
    panels = shown(make_large_ablation([f"S{place:02d}" for place in range(number)]))
    assert [axes.get_title() for axes in panels] == [f"S{place:02d}" for place in range(number)]
    assert {len(axes.lines) for axes in panels} == {6}


def test_panels_above_an_empty_place_carry_the_values_of_k() -> None:
    figure = draw_preprocessing_syndromes(make_large_ablation([f"S{place}" for place in range(7)]))
    assert [axes.get_xlabel() for axes in figure.axes] == ["", "", "k", "k", "k", "k", "k", "", "", ""]
    assert [axes.get_visible() for axes in figure.axes] == [True] * 7 + [False] * 3


def test_untouched_embeddings_are_held_against_the_best_resampled_variant() -> None:
    assert legend_of(make_large_ablation()) == [
        *("F1, unprocessed", "F1, L2 + SMOTE"),
        *("precision, unprocessed", "precision, L2 + SMOTE"),
        *("recall, unprocessed", "recall, L2 + SMOTE"),
    ]


def test_what_was_not_run_is_left_out() -> None:
    result = make_ablation()
    untouched = tuple(entry for entry in result.variants if entry.resampler == "none")
    assert legend_of(result.model_copy(update={"variants": untouched})) == [
        *("F1, unprocessed", "precision, unprocessed", "recall, unprocessed"),
    ]
    scaled = result.model_copy(update={"variants": (make_variant("l2"), make_variant("zscore", level=0.8))})
    assert legend_of(scaled) == ["F1, z-scores", "precision, z-scores", "recall, z-scores"]


def test_where_a_syndrome_is_never_predicted_precision_has_a_gap() -> None:
    _, axes = shown(make_ablation())
    _, precision, recall = axes.lines[:3]
    np.testing.assert_array_equal(precision.get_ydata(), [np.nan, 0.5])
    np.testing.assert_array_equal(recall.get_ydata(), [0.0, 0.25])


def test_the_text_says_the_best_and_the_worst_syndrome_of_each_variant() -> None:
    assert describe_preprocessing_syndromes(make_ablation()) == (
        "F1, precision and recall of 2 syndromes against k, cosine distance. "
        "Best resampled variant: mixup. F1 at k = 3 (unprocessed) from 0.330 (b) to 0.820 (a). "
        "F1 at k = 3 (mixup) from 0.330 (b) to 0.820 (a)."
    )


def test_the_text_says_where_no_f1_is_defined() -> None:
    variant = make_variant()
    nowhere = tuple(curve.model_copy(update={"f1": (None, None)}) for curve in variant.syndromes)
    bare = make_ablation().model_copy(
        update={"variants": (variant.model_copy(update={"syndromes": nowhere}),)}
    )
    assert describe_preprocessing_syndromes(bare).endswith("No F1 is defined at k = 3 (unprocessed).")
