"""Which syndromes fail, in words."""

import pytest

from skknn_syndrome.rendering.findings.failures import FailureFindings, HardSyndrome
from skknn_syndrome.results.evaluation import ConfusedPair, Evaluation
from tests.analysis_builders import make_confusion


def found(*confusion: tuple[int, ...]) -> FailureFindings:
    return FailureFindings(make_confusion(*confusion))


def with_pair(evaluation: Evaluation, syndrome: str, misclassified_as: str) -> FailureFindings:
    pair = ConfusedPair(
        syndrome=syndrome, misclassified_as=misclassified_as, n_images=3, share=0.3, share_of_errors=1.0,
        expected_share=0.2, p_value=0.01,
    )  # fmt: skip
    return FailureFindings(evaluation.model_copy(update={"confused_pairs": (pair,)}))


def test_the_hardest_syndromes_come_with_what_they_are_taken_for() -> None:
    first, second = found((4, 0, 0), (2, 2, 1), (0, 0, 3)).weakest[:2]
    assert first == HardSyndrome("b", 4 / 7, 0.4, 5, "a", 0.4)
    # All of "a" are found, but others are taken for it.
    assert (second.syndrome, second.taken_for) == ("a", None)


def test_a_perfect_syndrome_is_not_among_the_hardest() -> None:
    assert found((4, 0), (0, 4)).weakest == []
    assert [entry.syndrome for entry in found((4, 0, 0), (0, 3, 1), (0, 0, 4)).weakest] == ["b", "c"]


def test_a_syndrome_that_is_never_tested_does_not_fail() -> None:
    assert [entry.syndrome for entry in found((0, 0, 0), (0, 3, 1), (0, 1, 3)).weakest] == ["b", "c"]


def test_of_two_equal_confusions_the_first_syndrome_is_named() -> None:
    assert found((1, 2, 2), (0, 4, 0), (0, 0, 4)).weakest[0].taken_for == "b"


def test_a_confusion_is_beyond_chance_where_the_study_found_it_so() -> None:
    evaluation = make_confusion((4, 3, 0), (0, 4, 0), (1, 1, 4))
    flags = {entry.syndrome: entry.beyond_chance for entry in with_pair(evaluation, "a", "b").weakest}
    assert flags == {"a": True, "b": False, "c": False}
    assert not any(entry.beyond_chance for entry in FailureFindings(evaluation).weakest)


def test_the_only_pair_is_not_called_the_most_confused() -> None:
    assert not found((3, 1), (1, 3)).most_confused("a", "b")


@pytest.mark.parametrize(
    "confusion, most",
    [
        # Both directions count: a/b 4 + 1, b/c 0 + 4.
        (((9, 4, 0), (1, 9, 0), (0, 4, 9)), True),
        # On the real file the largest cell is of one pair, and the largest sum of another.
        (((9, 4, 3), (0, 9, 0), (3, 0, 9)), False),
        # Of equals none is the most confused one.
        (((9, 4, 0), (0, 9, 0), (0, 4, 9)), False),
        (((9, 0, 0), (0, 9, 0), (0, 0, 9)), False),
    ],
)
def test_the_most_confused_pair_is_that_of_both_directions(
    confusion: tuple[tuple[int, ...], ...], *, most: bool
) -> None:
    failures = found(*confusion)
    assert failures.most_confused("a", "b") == failures.most_confused("b", "a") == most
    assert failures.n_confused("a", "b") == confusion[0][1] + confusion[1][0]
