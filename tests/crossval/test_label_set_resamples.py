"""Resamples of subjects whose images have several labels each."""

import numpy as np
import pytest

from skknn_syndrome.crossval import label_set_resamples
from skknn_syndrome.crossval.label_set_resamples import resample_label_sets
from skknn_syndrome.crossval.tasks import MULTILABEL, Answer

TRUTH = np.array([[1, 0], [1, 1], [0, 1], [0, 0], [1, 0], [0, 1]])
SCORES = np.array([[0.9, 0.2], [0.6, 0.7], [0.7, 0.8], [0.1, 0.6], [0.2, 0.3], [0.3, 0.9]])
ANSWER = Answer(SCORES, np.arange(2), "probabilities", (SCORES > 0.5).astype(int))
ROWS, GROUPS = np.arange(6), np.array(["a", "a", "b", "b", "c", "c"])


def test_estimates_are_of_all_images() -> None:
    found = resample_label_sets(MULTILABEL, TRUTH, ANSWER, ROWS, None)
    judged = MULTILABEL.judge(TRUTH, ANSWER)
    assert dict(zip(found.names, found.estimates.tolist(), strict=True)) == judged
    assert (found.units.kind, found.units.n_units) == ("images", 6)


def test_a_subject_is_drawn_with_all_of_its_images() -> None:
    found = resample_label_sets(MULTILABEL, TRUTH, ANSWER, ROWS, GROUPS, n_resamples=200, random_state=3)
    assert (found.units.kind, found.units.n_units, found.units.by_class) == ("subjects", 3, (2, 3))
    generator = np.random.default_rng(3)
    place = list(found.names).index("subset_accuracy")
    right = (ANSWER.marks == TRUTH).all(axis=1).reshape(3, 2).mean(axis=1)
    for column in range(200):
        drawn = generator.integers(0, 3, 3)
        assert found.resampled[place, column] == pytest.approx(right[drawn].mean())


def test_large_data_have_fewer_resamples_and_then_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_set_resamples, "MOST_CELLS", 12 * 300)
    assert resample_label_sets(MULTILABEL, TRUTH, ANSWER, ROWS, None).resampled.shape[1] == 300
    monkeypatch.setattr(label_set_resamples, "MOST_CELLS", 12 * 199)
    assert resample_label_sets(MULTILABEL, TRUTH, ANSWER, ROWS, None).resampled.shape[1] == 0


def test_what_is_predicted_may_be_left_to_the_scores() -> None:
    answer = Answer(SCORES, np.arange(2), "probabilities")
    found = resample_label_sets(MULTILABEL, TRUTH, answer, ROWS, None, n_resamples=200)
    assert np.isfinite(found.estimates).all()
