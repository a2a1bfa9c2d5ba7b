"""ROC curves of all variants."""

from matplotlib.axes import Axes

from skknn_syndrome.figures.ablation.roc import describe_preprocessing_roc, draw_preprocessing_roc, roc_ks
from skknn_syndrome.results import AblationResult
from tests.ablation_builders import make_ablation
from tests.figures.ablation.builders import make_large_ablation


def legend_of(result: AblationResult) -> list[str]:
    return [text.get_text() for text in draw_preprocessing_roc(result).legends[0].get_texts()]


def without_first_k_of_unprocessed(result: AblationResult) -> AblationResult:
    bare = tuple(
        variant.model_copy(update={"rocs": variant.rocs[1:]}) if variant.resampler == "none" else variant
        for variant in result.variants
    )
    return result.model_copy(update={"variants": bare})


def inset(axes: Axes) -> Axes:
    (found,) = axes.child_axes
    assert isinstance(found, Axes)
    return found


def test_each_k_has_a_panel_and_each_variant_of_the_best_distance_a_line() -> None:
    panels = draw_preprocessing_roc(make_large_ablation()).axes
    assert [axes.get_title() for axes in panels] == ["k = 1", "k = 10"]
    assert [len(axes.lines) for axes in panels] == [19, 19]  # and chance
    assert [len(inset(axes).lines) for axes in panels] == [18, 18]


def test_no_two_variants_are_drawn_alike() -> None:
    axes = draw_preprocessing_roc(make_large_ablation()).axes[0]
    assert len({(line.get_color(), line.get_linestyle()) for line in axes.lines}) == 19


def test_the_legend_has_the_areas_at_each_k_scaler_by_scaler() -> None:
    labels = legend_of(make_large_ablation())
    assert [label.partition(":")[0] for label in labels[:7]] == [
        *("unprocessed", "balancing", "SMOTE", "noise", "mixup", "balancing + mixup", "L2"),
    ]
    assert legend_of(make_ablation()) == ["unprocessed: 0.625 | 0.625", "mixup: 0.625 | 0.625"]


def test_the_inset_holds_all_curves_between_its_ends() -> None:
    axes = draw_preprocessing_roc(make_ablation()).axes[0]
    low, high = inset(axes).get_ylim()
    assert low < 0.075  # 0.05 times 0.75 / 0.5
    assert high > 0.3


def test_a_curve_that_is_missing_at_a_k_is_left_out_there() -> None:
    result = without_first_k_of_unprocessed(make_ablation())
    assert [len(axes.lines) for axes in draw_preprocessing_roc(result).axes] == [2, 3]
    assert legend_of(result)[0] == "unprocessed: – | 0.625"  # noqa: RUF001  a dash where none is


def test_the_ks_are_those_that_are_there() -> None:
    assert roc_ks(make_ablation()) == [1, 3]
    assert roc_ks(without_first_k_of_unprocessed(make_ablation())) == [1, 3]


def test_the_text_says_the_largest_and_the_smallest_area_at_each_k() -> None:
    text = describe_preprocessing_roc(make_large_ablation())
    assert "18 variants of preprocessing, cosine distance" in text
    assert "At k = 1, areas from 0.883 (z-scores + balancing) to 0.905 (L2 + SMOTE)." in text
    assert text.endswith("At k = 10, areas from 0.915 (z-scores + balancing) to 0.934 (L2 + SMOTE).")
