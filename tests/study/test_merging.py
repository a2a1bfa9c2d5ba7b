"""Who may be one person."""

import numpy as np

from skknn_syndrome.study.merging import merge_subjects
from skknn_syndrome.study.near_duplicates import AlikePairs


def linked(*pairs: tuple[int, int]) -> AlikePairs:
    first, second = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    cosine = np.full(len(first), 0.99)
    return AlikePairs(0.95, first, second, cosine, np.zeros(len(first), dtype=np.bool_), 0)


def test_subjects_linked_by_way_of_others_are_one_person() -> None:
    merged = merge_subjects(linked((0, 1), (1, 2)), np.array(["c", "b", "a", "d", "c"]))
    assert merged.tolist() == ["a", "a", "a", "d", "a"]


def test_without_links_everybody_stays() -> None:
    subjects = np.array(["b", "a"])
    assert merge_subjects(linked(), subjects).tolist() == subjects.tolist()
