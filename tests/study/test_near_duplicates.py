"""Images of different subjects that look like one person."""

import numpy as np
import pytest

from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.study import find_near_duplicates, near_duplicates

# Unit vectors at 0, 10, 12 and 90 degrees: cosines 0.985 (0-10), 0.978 (0-12), 0.999 (10-12).
ANGLES = np.deg2rad([0.0, 10.0, 12.0, 90.0])
VECTORS = np.column_stack([np.cos(ANGLES), np.sin(ANGLES)])


def dataset(subjects: list[str] | None) -> EmbeddingDataset:
    return EmbeddingDataset.from_arrays(VECTORS, ["a", "a", "b", "b"], subjects, ["i", "j", "k", "l"])


def test_the_most_alike_pair_comes_first_and_each_pair_once() -> None:
    found = find_near_duplicates(dataset(["s", "t", "u", "v"]))
    assert found is not None
    assert [pair.images for pair in found.pairs] == [("j", "k"), ("i", "j"), ("i", "k")]
    assert found.pairs[0].cosine == pytest.approx(np.cos(np.deg2rad(2)))
    assert found.pairs[0].syndromes == ("a", "b")


def test_images_of_one_subject_are_no_finding() -> None:
    found = find_near_duplicates(dataset(["s", "s", "s", "v"]))
    assert found is not None
    assert found.pairs == ()


def test_a_pair_has_to_exceed_the_threshold() -> None:
    found = find_near_duplicates(dataset(["s", "t", "u", "v"]), threshold=0.98)
    assert found is not None
    assert len(found.pairs) == 2


def test_without_subjects_nobody_can_tell() -> None:
    assert find_near_duplicates(dataset(None)) is None


def test_batches_do_not_change_what_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = find_near_duplicates(dataset(["s", "t", "u", "v"]))
    monkeypatch.setattr(near_duplicates, "BATCH_ROWS", 1)
    assert find_near_duplicates(dataset(["s", "t", "u", "v"])) == whole
