"""Fusion of images: means in log-probability, one image as it is."""

import numpy as np
import pytest

from skknn_syndrome.model.fusing import average, fuse, units_of


def test_subjects_keep_the_order_in_which_they_come() -> None:
    units = units_of(np.array(["z", "a", "z"]))
    assert (units.members.tolist(), units.first.tolist(), units.sizes.tolist()) == ([0, 1, 0], [0, 1], [2, 1])


def test_a_subject_of_two_classes_is_two_units() -> None:
    units = units_of(np.array(["z", "z", "a"]), np.array([0, 1, 1]))
    assert units.members.tolist() == [0, 1, 2]


def test_no_image_alone_can_rule_a_class_out() -> None:
    sure = np.array([[1.0, 0.0], [0.01, 0.99]])
    (said,) = fuse(sure, units_of(np.array(["a", "a"])))
    assert said[1] > 1e-6
    assert said.sum() == pytest.approx(1)


def test_one_image_is_left_as_it_is_and_models_side_by_side() -> None:
    rng = np.random.default_rng(0)
    stacked = rng.dirichlet(np.ones(3), size=(4, 5))
    units = units_of(np.array(["a", "b", "a", "c", "d"]))
    found = fuse(stacked, units)
    assert found.shape == (4, 4, 3)
    np.testing.assert_array_equal(found[:, 1], stacked[:, 1])
    wanted = np.sqrt(stacked[2, 0] * stacked[2, 2])
    np.testing.assert_allclose(found[2, 0], wanted / wanted.sum())
    np.testing.assert_allclose(average(stacked, units)[1, 0], stacked[1, [0, 2]].mean(axis=0))
