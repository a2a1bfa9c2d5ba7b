"""Data warnings, and published figures."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome.data import load_published
from skknn_syndrome.data.data_warnings import find_data_warnings
from skknn_syndrome.errors import PublishedFileError
from skknn_syndrome.results.audit import DataWarning
from tests.data.make import write
from tests.refusing import refused


def warnings_of(
    vectors: Sequence[Sequence[float]], syndromes: Sequence[str], subjects: Sequence[str] | None = None
) -> tuple[DataWarning, ...]:
    images = [f"i{row}" for row in range(len(syndromes))]
    people = None if subjects is None else np.array(subjects)
    return find_data_warnings(np.array(vectors), np.array(syndromes), people, np.array(images))


def test_a_sound_set_has_none() -> None:
    assert warnings_of([[1], [2], [2]], ["a", "b", "b"], ["s", "t", "t"]) == ()


def test_a_subject_under_two_syndromes() -> None:
    found = warnings_of([[1], [2], [3], [4]], ["b", "a", "b", "a"], ["s", "s", "s", "t"])
    assert found == (DataWarning(code="subject_in_two_syndromes", subjects=("s",), syndromes=("b", "a")),)


def test_without_subjects_none_is_under_two_syndromes() -> None:
    assert warnings_of([[1], [2]], ["a", "b"]) == ()


def test_identical_vectors_under_two_syndromes() -> None:
    found = warnings_of([[1, 2], [1, 3], [1, 2], [1, 2]], ["a", "a", "b", "a"])
    assert found == (DataWarning(code="identical_vectors", syndromes=("a", "b"), images=("i0", "i2", "i3")),)


def test_negative_zero_is_zero() -> None:
    assert [found.code for found in warnings_of([[0.0, 1], [-0.0, 1]], ["a", "b"])] == ["identical_vectors"]


def test_one_syndrome_may_hold_a_vector_twice() -> None:
    assert warnings_of([[1], [1]], ["a", "a"]) == ()


def test_one_bit_makes_vectors_differ() -> None:
    assert warnings_of([[1.0], [np.nextafter(1.0, 2.0)]], ["a", "b"]) == ()


@pytest.mark.parametrize(
    "one,other",
    [
        ("Noonan", "noonan"),
        ("Noonan", " Noonan\t"),
        ("de Lange", "de  Lange"),
        ("de Lange", "de\u00a0Lange"),
        ("Rubinstein\u2010Taybi ①", "rubinstein\u2010taybi 1"),
        ("é", "e\u0301"),
        ("Straße", "STRASSE"),
        ("\ufb01n", "fin"),
    ],
)
def test_labels_that_a_reader_takes_for_one(one: str, other: str) -> None:
    assert warnings_of([[1], [2]], [one, other]) == (
        DataWarning(code="labels_alike", syndromes=(one, other)),
    )


def test_subjects_that_a_reader_takes_for_one() -> None:
    found = warnings_of([[1], [2], [3]], ["a", "a", "a"], ["S1", "s1", "s2"])
    assert found == (DataWarning(code="labels_alike", subjects=("S1", "s1")),)


def test_labels_that_merely_resemble_each_other_differ() -> None:
    assert warnings_of([[1], [2]], ["type 1", "type 11"]) == ()


def test_one_number_written_two_ways() -> None:
    found = warnings_of([[1], [2], [3], [4]], ["7", "7", "7.0", "a"], ["12", "13", "12.0", "a.0"])
    assert found == (
        DataWarning(code="integer_beside_float", syndromes=("7", "7.0")),
        DataWarning(code="integer_beside_float", subjects=("12", "12.0")),
    )


def test_one_image_number_written_two_ways() -> None:
    found = find_data_warnings(np.eye(2), np.array(["a", "a"]), None, np.array(["1.0", "1"]))
    assert found == (DataWarning(code="integer_beside_float", images=("1", "1.0")),)


HEADER = "source,table,dataset,classifier,distance,n_neighbors,score,value\n"


def test_rows_come_in_file_order_and_an_unnamed_k_is_none(tmp_path: Path) -> None:
    rows = "r,t,original,knn,cosine,15,f1_macro,0.75\nr,t,HAM,svm,,,roc_auc,0.5\n"
    first, second = load_published(write(tmp_path / "published.csv", (HEADER + rows).encode()))
    assert (first.distance, first.n_neighbors, first.value) == ("cosine", 15, 0.75)
    assert (second.distance, second.n_neighbors) == ("", None)


@pytest.mark.parametrize(
    "content, code, place",
    [
        (b"", "missing_column", "'source'"),
        (b"source,table\n", "missing_column", "'dataset'"),
        (
            HEADER.encode() + b"r,t,o,knn,cosine,many,f1,0.5\n",
            "invalid_value",
            "line 2: n_neighbors is 'many'",
        ),
        (HEADER.encode() + b"r,t,o,knn,cosine,5,f1\n", "invalid_value", "line 2: value is"),
        (b"\xff\xfe", "not_csv", ""),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, code: str, place: str
) -> None:
    with refused(code, error=PublishedFileError) as caught:
        load_published(write(tmp_path / "published.csv", content))
    assert place in str(caught.value)


def test_a_missing_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with refused("unreadable", "path"):
        load_published(tmp_path / "none.csv")
