"""Which classes a score is about."""

import numpy as np
import pytest
from numpy.typing import ArrayLike

from skknn_syndrome.metrics.class_choice import PosLabel, chosen_labels
from skknn_syndrome.metrics.targets import LabelSets, SingleLabels, check_targets

TWO = check_targets(["ant", "bee"], ["ant", "ant"])
ONE = check_targets(["ant", "ant"], ["ant", "ant"])
THREE = check_targets([0, 1, 2], [0, 1, 1])
SETS = check_targets([[0, 1], [1, 1]], [[0, 1], [1, 0]])


def test_binary_is_about_the_positive_class_whatever_the_labels() -> None:
    assert np.array_equal(np.asarray(chosen_labels(TWO, ["ant"], "bee", "binary")), ["bee"])


def test_with_one_class_alone_any_other_may_be_the_positive_one() -> None:
    assert np.array_equal(np.asarray(chosen_labels(ONE, None, 1, "binary")), [1])


@pytest.mark.parametrize("labels", [None, [2, 1]])
def test_averages_are_about_the_labels_asked_for(labels: ArrayLike | None) -> None:
    assert chosen_labels(THREE, labels, 1, "macro") is labels
    assert chosen_labels(SETS, labels, 1, "samples") is labels


@pytest.mark.parametrize("targets", [TWO, ONE])
def test_binary_needs_a_positive_class(targets: SingleLabels | LabelSets) -> None:
    with pytest.raises(ValueError, match="pos_label=None is not a valid label"):
        chosen_labels(targets, None, None, "binary")


def test_the_positive_class_must_be_one_of_the_two() -> None:
    with pytest.raises(ValueError, match=r"pos_label=1 is not a valid label. It should be one of \['ant' 'b"):
        chosen_labels(TWO, None, 1, "binary")


def test_binary_needs_two_classes() -> None:
    message = r"Target is multiclass but average='binary'.*one of \[None, 'micro', 'macro', 'weighted'\]\."
    with pytest.raises(ValueError, match=message):
        chosen_labels(THREE, None, 1, "binary")
    with pytest.raises(ValueError, match=r"Target is multilabel-indicator.*'weighted', 'samples'\]\."):
        chosen_labels(SETS, None, 1, "binary")


def test_samples_needs_sets_of_labels() -> None:
    with pytest.raises(ValueError, match="Samplewise metrics are not available outside of multilabel"):
        chosen_labels(THREE, None, 1, "samples")


@pytest.mark.parametrize("pos_label", [0, "ant"])
def test_a_positive_class_without_effect_is_warned_of(pos_label: PosLabel) -> None:
    with pytest.warns(UserWarning, match=rf"pos_label \(set to {pos_label!r}\) is ignored"):
        chosen_labels(THREE, None, pos_label, "macro")
