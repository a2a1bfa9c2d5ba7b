"""Published scores from a CSV file."""

from pathlib import Path

import pytest

from skknn_syndrome.data import load_published
from skknn_syndrome.errors import PublishedFileError
from tests.data.make import write
from tests.refusing import refused

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
