"""Image-level beside subject-level folds."""

from skknn_syndrome.study.comparing import compare_protocols
from tests.builders import make_candidate, make_run


def test_both_protocols_are_read_at_the_best_candidate_by_subject() -> None:
    image = make_run(make_candidate([0.9], n_neighbors=1), make_candidate([0.8], n_neighbors=2))
    subject = make_run(
        make_candidate([0.4], n_neighbors=1), make_candidate([0.5], n_neighbors=2), protocol="subject"
    )
    (difference,) = compare_protocols((subject, image))
    assert (difference.n_neighbors, difference.image_mean, difference.subject_mean) == (2, 0.8, 0.5)


def test_one_protocol_alone_has_nothing_to_be_compared_with() -> None:
    assert compare_protocols((make_run(make_candidate([0.5])),)) == ()
