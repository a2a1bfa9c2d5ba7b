"""Images of different subjects that look like one person."""

from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome import NeighborGraph, load_embeddings
from skknn_syndrome._typing import FloatArray, LabelArray
from skknn_syndrome.study.copies import Copies, find_copies, merge_subjects

SUBJECTS = np.array([f"s{number:03}" for number in range(300)])


def found(rows: FloatArray, subjects: LabelArray) -> Copies:
    return find_copies(NeighborGraph.from_embeddings(rows, metrics=["cosine"]), rows, subjects)


def pairs(copies: Copies) -> list[tuple[int, int]]:
    return list(zip(copies.first.tolist(), copies.second.tolist(), strict=True))


@pytest.mark.parametrize("n_features", [2, 3, 5, 10, 40])
@pytest.mark.parametrize("spread", [0.0, 3.0])
def test_a_clean_set_has_none_however_few_its_dimensions(n_features: int, spread: float) -> None:
    generator = np.random.default_rng(n_features)
    centres = np.repeat(spread * generator.standard_normal((6, n_features)), 50, axis=0)
    rows = centres + generator.standard_normal((300, n_features))
    assert pairs(found(rows, SUBJECTS)) == []


@pytest.mark.parametrize("noise", [0.0, 0.01, 0.1])
def test_images_copied_under_new_ids_are_found(noise: float) -> None:
    generator = np.random.default_rng(0)
    rows = generator.standard_normal((300, 40))
    rows[290:] = rows[:10] + noise * generator.standard_normal((10, 40))
    copies = found(rows, SUBJECTS)
    assert sorted(pairs(copies)) == [(row, 290 + row) for row in range(10)]
    assert (np.diff(copies.cosines) <= 0).all()


def test_equal_rows_are_copies_in_any_dimension() -> None:
    rows = np.random.default_rng(0).standard_normal((300, 2))
    rows[299] = rows[7]
    assert pairs(found(rows, SUBJECTS)) == [(7, 299)]


def test_images_of_one_subject_are_no_copies() -> None:
    rows = np.random.default_rng(0).standard_normal((300, 40))
    rows[1] = rows[0]
    subjects = SUBJECTS.copy()
    subjects[1] = subjects[0]
    assert pairs(found(rows, subjects)) == []


def test_where_most_are_copies_only_equal_rows_count() -> None:
    rows = np.repeat(np.random.default_rng(0).standard_normal((100, 10)), 3, axis=0)
    copies = found(rows, SUBJECTS)
    assert copies.threshold == 1
    assert len(pairs(copies)) == 300


def test_subjects_linked_by_way_of_others_are_one_person() -> None:
    copies = Copies(0.95, np.array([0, 1]), np.array([1, 2]), np.array([0.99, 0.98]))
    merged = merge_subjects(copies, np.array(["c", "b", "a", "d", "c"]))
    assert merged.tolist() == ["a", "a", "a", "d", "a"]


def test_the_public_file_has_four_pairs_within_a_syndrome(real_file: Path) -> None:
    public_data = load_embeddings(real_file)
    assert public_data.subjects is not None
    copies = found(public_data.embeddings, public_data.subjects)
    assert [round(float(cosine), 3) for cosine in copies.cosines] == [0.974, 0.971, 0.953, 0.951]
    assert {str(public_data.subjects[row]) for row in (copies.first[0], copies.second[0])} == {
        "739510",
        "739908",
    }
    assert (public_data.syndromes[copies.first] == public_data.syndromes[copies.second]).all()
