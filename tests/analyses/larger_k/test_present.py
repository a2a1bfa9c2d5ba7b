"""Scores on and beyond the edge of the grid."""

from pathlib import Path

from skknn_syndrome.analyses.larger_k.present import describe_score_beyond_grid, draw_score_beyond_grid
from skknn_syndrome.analyses.larger_k.result import CurveScore, GridCurve
from skknn_syndrome.display.style import house_style, save_figure
from skknn_syndrome.results.candidate import KNN, knn_params
from tests.rendering.full_study import make_sweep

CURVE = GridCurve(
    head=KNN,
    params=knn_params("cosine", "distance", 5),
    refit="roc_auc_ovr",
    grid=(5, 7, 10),
    all_scores=(
        CurveScore(score="roc_auc_ovr", means=(0.7, 0.8, 0.75), stds=(0.05, 0.05, 0.05)),
        CurveScore(score="f1_macro", means=(None, None, None), stds=(None, None, None)),
    ),
)


def test_the_text_says_where_the_score_is_highest_and_passes_over_what_is_undefined() -> None:
    text = describe_score_beyond_grid([CURVE])
    assert "macro AUC (cosine) is 0.700 at the edge, k = 5, and highest at k = 7 with 0.800" in text
    assert "macro F1" not in text


def test_grid_and_continuation_are_drawn_with_the_edge_between(tmp_path: Path) -> None:
    with house_style():
        figure = draw_score_beyond_grid(make_sweep(), [CURVE])
    auc, f1 = figure.axes
    assert [list(map(float, line.get_xdata())) for line in auc.lines] == [[1, 3, 5], [5, 7, 10], [5, 5]]  # type: ignore[arg-type]
    assert len(f1.lines) == 2
    assert save_figure(figure, "beyond", tmp_path, alt_text="").png.stat().st_size > 0
