"""ROC curves."""

from skknn_syndrome.figures.roc import draw_syndrome_roc
from tests.figures.builders import make_evaluation


def test_each_syndrome_has_a_panel_with_the_others_behind_it() -> None:
    names = [f"syndrome {number}" for number in range(7)]
    panels = draw_syndrome_roc(make_evaluation(names)).axes
    shown = [axes for axes in panels if axes.get_visible()]
    assert [axes.get_title().splitlines()[0] for axes in shown] == names
    assert {len(axes.lines) for axes in shown} == {9}  # seven behind, its own, and chance
    assert len(panels) == 10
