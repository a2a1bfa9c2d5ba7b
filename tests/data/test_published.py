"""Published scores from a CSV file."""

from pathlib import Path

import pytest

from skknn_syndrome.data import load_published
from skknn_syndrome.errors import PublishedFileError

HEADER = "source,table,dataset,classifier,distance,n_neighbors,score,value\n"


def write(folder: Path, content: bytes) -> Path:
    path = folder / "published.csv"
    path.write_bytes(content)
    return path


def test_rows_come_in_file_order_and_an_unnamed_k_is_none(tmp_path: Path) -> None:
    rows = "r,t,original,knn,cosine,15,f1_macro,0.75\nr,t,HAM,svm,,,roc_auc,0.5\n"
    first, second = load_published(write(tmp_path, (HEADER + rows).encode()))
    assert (first.distance, first.n_neighbors, first.value) == ("cosine", 15, 0.75)
    assert (second.distance, second.n_neighbors) == ("", None)


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"", "lacks the column 'source'; it needs source, table"),
        (b"source,table\n", "lacks the column 'dataset'"),
        (
            HEADER.encode() + b"r,t,o,knn,cosine,many,f1,0.5\n",
            "line 2: n_neighbors is 'many', which does not fit",
        ),
        (HEADER.encode() + b"r,t,o,knn,cosine,5,f1\n", "line 2: value is 'None', which does not fit"),
        (b"\xff\xfe", "is no CSV file in UTF-8"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(PublishedFileError, match=sentence):
        load_published(write(tmp_path, content))


def test_a_missing_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PublishedFileError, match="can't be read: No such file"):
        load_published(tmp_path / "none.csv")
