"""What the report says of label errors."""

import pytest

from skknn_syndrome.analyses.label_errors.present import advise, confident_errors, label_noise
from skknn_syndrome.analyses.label_errors.result import LabelErrorsAnalysis
from tests.builders import make_study, study_of, with_analyses
from tests.learning_builders import make_label_errors
from tests.rendering.full_study import make_sweep
from tests.rendering.studies import prose

SUSPECTED = (
    "1 label is likely wrong: the image reaches the mean probability that another syndrome gives its own "
    "images. The estimated share of wrong labels is 5 %"
)


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize(
    "found, said, unsaid",
    [
        (
            make_label_errors(),
            SUSPECTED,
            "No label is suspected",
        ),
        (
            make_label_errors().revised(informative=False, noise_rate=None, n_suspected=0),
            "the accuracy, 80 %, is not significantly above the share of the largest syndrome",
            "likely wrong:",
        ),
        (
            make_label_errors().revised(n_suspected=0, noise_rate=0.0),
            "By confident learning [@northcutt2021confident], no label is suspected",
            "@tbl-label-noise",
        ),
        (
            make_label_errors().revised(n_errors=0, errors=(), n_suspected=0, noise_rate=0.0),
            "No image is misclassified: no label is suspected.",
            "By confident learning",
        ),
    ],
    ids=["suspects", "uninformative", "no suspect", "no error"],
)
def test_the_prose_follows_what_was_found(found: LabelErrorsAnalysis, said: str, unsaid: str) -> None:
    text = prose(study_of(make_sweep(), found)).partition("### Confident errors")[2].partition("## ")[0]
    assert said in text
    assert unsaid not in text


def test_errors_have_ids_where_there_are_some() -> None:
    found = make_label_errors()
    assert [row[:3] for row in confident_errors(found).rows] == [("i3", "alpha", "beta")]
    bare = found.revised(errors=tuple(error.revised(image=None) for error in found.errors))
    assert [row[:3] for row in confident_errors(bare).rows] == [(3, "alpha", "beta")]


def test_each_class_has_its_suspects() -> None:
    assert label_noise(make_label_errors()).rows[:2] == (
        ("alpha", 5, 0.5, 1, "beta"),
        ("beta", 5, 0.5, 0, None),
    )


def test_suspects_are_to_be_looked_at() -> None:
    (advice,) = advise(with_analyses(make_study(), make_label_errors()))
    assert "likely label errors (1 image)" in advice.sentence
    assert not list(advise(with_analyses(make_study(), make_label_errors().revised(n_suspected=0))))
    assert not list(advise(make_study()))
