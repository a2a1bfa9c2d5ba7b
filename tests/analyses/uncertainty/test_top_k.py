"""Top-k accuracy as bars."""

import pytest

from skknn_syndrome.analyses.uncertainty.top_k import TopShare, describe_top_k, draw_top_k, find_top_shares
from skknn_syndrome.results.dataset import SyndromeCount
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.study import StudyResult
from tests.builders import make_candidate, make_run, make_study, with_parts
from tests.comparison_builders import make_interval, make_pooled


def study(names: str = "abcd") -> StudyResult:
    """Return a study with top-1 and top-3 accuracy, and that of five, of these classes."""
    scores = [Score.from_values("roc_auc_ovr", [0.5])]
    scores += [
        Score.from_values(f"top_{k}_accuracy", [value]) for k, value in ((1, 0.5), (3, 0.75), (5, 1.0))
    ]
    candidate = make_candidate([0.5], n_neighbors=5).model_copy(update={"all_scores": tuple(scores)})
    found = make_study(make_run(candidate))
    counts = tuple(SyndromeCount(syndrome=name, n_images=3, n_subjects=None) for name in names)
    return found.model_copy(update={"dataset": found.dataset.model_copy(update={"syndromes": counts})})


def test_a_k_that_names_all_classes_is_left_out() -> None:
    assert find_top_shares(study()) == [TopShare(1, 0.5, None, None), TopShare(3, 0.75, None, None)]
    assert [entry.k for entry in find_top_shares(study("ab"))] == [1]


def test_pooled_shares_with_their_intervals_go_before_means() -> None:
    pooled = make_pooled(
        make_interval("top_1_accuracy", 0.4, 0.8), make_interval("top_3_accuracy", None, None)
    )
    first, second = find_top_shares(with_parts(study(), pooled=(pooled,)))
    assert (first.low, first.high) == (0.4, 0.8)
    assert first.share == pytest.approx(0.6, abs=0.11)
    assert (second.name, second.low) == ("top_3_accuracy", None)


def test_each_has_a_bar_with_its_value_and_a_line_for_its_interval() -> None:
    pooled = make_pooled(make_interval("top_1_accuracy", 0.4, 0.8))
    shown = with_parts(study(), pooled=(pooled,))
    figure = draw_top_k(shown)
    assert figure is not None
    (axes,) = figure.axes
    assert (len(axes.patches), len(axes.lines)) == (2, 1)
    assert [text.get_text() for text in axes.get_yticklabels()] == ["Top 1", "Top 3"]
    assert "top 1, " in describe_top_k(shown)
    said = describe_top_k(shown).replace("\N{NO-BREAK SPACE}", " ")
    assert "95 % confidence interval 40 % to 80 %; top 3, 75 %." in said


def test_without_top_k_accuracy_there_is_no_figure() -> None:
    assert draw_top_k(make_study()) is None
