"""`possible_folds`: as many folds as were asked for, or as the data allow."""

import re

import numpy as np
import pytest

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.crossval.folds import make_splits, possible_folds
from skknn_syndrome.errors import FewerFoldsWarning, StudySettingsError

LABELS = np.array(["a"] * 6 + ["b"] * 2)


@pytest.mark.parametrize("groups", [None, np.arange(8)])
def test_what_can_be_made_is_made_without_a_word(groups: LabelArray | None) -> None:
    assert possible_folds(6, LABELS, groups) == 6


@pytest.mark.parametrize(
    "groups, wanted, made, message",
    [
        (None, 10, 6, "cv is 10, but the number of rows in the largest class is 6: 6 folds are made."),
        (np.arange(8) // 2, 10, 4, "cv is 10, but the number of groups is 4: 4 folds are made."),
    ],
)
def test_fewer_are_made_with_a_warning(
    groups: LabelArray | None, wanted: int, made: int, message: str
) -> None:
    with pytest.warns(FewerFoldsWarning, match=re.escape(message)) as caught:
        assert possible_folds(wanted, LABELS, groups) == made
    assert caught[0].filename == __file__


@pytest.mark.parametrize("labels, groups", [(np.array(["a", "b"]), None), (LABELS, np.zeros(8))])
def test_where_not_even_2_can_be_made_it_is_left_to_who_makes_them(
    labels: LabelArray, groups: LabelArray | None
) -> None:
    assert possible_folds(3, labels, groups) == 3
    with pytest.raises(StudySettingsError, match=r"can't be made|one image"):
        make_splits(labels, groups, cv=3, random_state=0)
