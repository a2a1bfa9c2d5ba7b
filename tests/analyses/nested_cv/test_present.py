"""What is shown of choices inside the training parts, and of selection bias."""

from typing import Any

import pytest
from matplotlib.patches import Rectangle
from pydantic import ValidationError

from skknn_syndrome.analyses.nested_cv.present import (
    PRESENTATION,
    SelectionFindings,
    draw_nested_selection,
    nested_choices,
    nested_scores,
    selection_bias,
)
from tests.analysis_builders import make_nested
from tests.builders import make_study, with_parts
from tests.comparison_builders import make_interval, make_pooled
from tests.rendering.full_study import make_sweep


def test_the_candidate_that_most_folds_chose_comes_first() -> None:
    nested = make_nested([("euclidean", 3), ("cosine", 5), ("cosine", 5), ("cosine", 3)])
    assert nested_choices(nested).rows == (
        ("cosine", "distance", 5, 2, 0.5),
        ("cosine", "distance", 3, 1, 0.25),
        ("euclidean", "distance", 3, 1, 0.25),
    )


def test_selection_bias_is_what_the_outer_choice_has_more() -> None:
    (row,) = selection_bias(make_nested(chosen=0.75, values=[0.5, 0.9])).rows
    assert row[0] == "roc_auc_ovr"
    assert row[1:] == pytest.approx((0.75, 0.7, 0.05, -0.25, 0.375, 0.5))


def test_a_score_that_is_nowhere_defined_has_empty_cells() -> None:
    nested = make_nested(chosen=None, values=[float("nan")] * 2, p_value=None)
    assert selection_bias(nested).rows == (("roc_auc_ovr", *[None] * 6),)


def test_nested_scores_have_their_intervals() -> None:
    table = nested_scores(make_nested(pooled=make_pooled(make_interval("accuracy", 0.4, 0.6))))
    assert table.rows == (("accuracy", 0.5, 0.4, 0.6, "bca"),)
    assert "95 % confidence intervals over resampled subjects" in table.caption
    assert not nested_scores(make_nested()).rows


def findings(
    chosen: float | None = 0.75,
    choices: tuple[tuple[str, int], ...] = (("cosine", 5), ("cosine", 3)),
    **options: Any,
) -> SelectionFindings:
    return SelectionFindings(make_nested(choices, chosen=chosen, **options), "roc_auc_ovr")


def test_the_verdict_is_that_of_the_deciding_score() -> None:
    assert findings(p_value=0.04).verdict == "significant"
    assert findings(p_value=0.05).verdict == "not significant"
    assert findings(None).verdict is None


def test_the_nested_searchs_own_interval_is_there_where_there_is_one() -> None:
    defined, empty = make_interval("roc_auc_ovr", 0.4, 0.6), make_interval("roc_auc_ovr", None, None)
    assert findings(pooled=make_pooled(defined)).interval == defined
    assert findings(pooled=make_pooled(empty)).interval is None
    assert findings(pooled=make_pooled()).interval is None
    assert findings().interval is None


def test_what_was_chosen_is_counted_the_most_frequent_first() -> None:
    found = findings(choices=(("euclidean", 3), ("cosine", 5), ("cosine", 5), ("cosine", 1)))
    choice, n_folds = found.counts[0]
    assert (choice.metric, choice.weights, choice.n_neighbors, n_folds) == ("cosine", "distance", 5, 2)
    assert found.metrics == [("cosine", 3), ("euclidean", 1)]
    assert found.ks == (1, 5)


def test_a_nested_search_without_the_deciding_score_is_refused() -> None:
    assert with_parts(make_study(), nested=make_nested()).revised().primary.refit == "roc_auc_ovr"
    with pytest.raises(ValidationError, match="no score 'roc_auc_ovr', only 'f1_macro'"):
        with_parts(make_study(), nested=make_nested(score="f1_macro")).revised()


def test_of_many_choices_a_figure_has_a_panel_a_scheme_and_a_bar_a_k() -> None:
    study = make_study(make_sweep())
    low, high, *_ = sorted({candidate.n_neighbors for candidate in study.primary.candidates})
    nested = make_nested([("euclidean", low), ("cosine", high), ("cosine", high), ("cosine", low)])
    panels = draw_nested_selection(nested, study.primary.candidates).axes
    heights = [[bar.get_height() for bar in axes.patches if isinstance(bar, Rectangle)] for axes in panels]
    assert heights == [[1, 2], [1]]
    (maker,) = PRESENTATION.figures
    shown, few = (with_parts(study, nested=found) for found in (nested, make_nested()))
    assert maker.draw(shown) is not None
    assert maker.draw(few) is None  # of two, a table says as much
    assert "3 configurations were chosen, most often cosine distance" in maker.describe(shown)
    said = maker.message(shown)
    assert said is not None
    assert said.endswith("in 2 of 4 folds")
