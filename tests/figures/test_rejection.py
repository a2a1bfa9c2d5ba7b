"""What rejecting novel images does to the error."""

from skknn_syndrome.figures.rejection import draw_rejection
from tests.analysis_builders import make_open_set


def test_where_no_syndrome_can_be_left_out_known_images_alone_have_a_curve() -> None:
    known, both = draw_rejection([make_open_set(("a",), areas=(None,))]).axes
    assert len(known.lines) == 1
    assert not both.lines
