import pytest

from skknn_syndrome import _limits
from skknn_syndrome._limits import (
    TRUST,
    check_claim,
    check_count,
    check_pages,
    check_room,
    check_text_claim,
    sizes_are_trusted,
)
from skknn_syndrome.errors import EmbeddingsFileError

GIB = 1024**3


@pytest.mark.parametrize(
    "n_rows,n_features,value_bytes,file_bytes",
    [
        (200_000, 2048, 4, 1_500_000_000),
        (1_000_000, 512, 4, 1_900_000_000),
        (1_000_000, 512, 4, 64_000_000),  # zeros and ones, a bit each
        (5_000, 10_000, 4, 50_000),  # a small one-hot table
        (40_000, 1_000, 8, 141_000),  # another, as integers
        (40_000, 2_048, 4, 3_000_000),  # embeddings of which 1 in 200 is not zero
        (100_000, 1, 8, 1000),
        (0, 0, 8, 0),
    ],
)
def test_embeddings_pass(n_rows: int, n_features: int, value_bytes: int, file_bytes: int) -> None:
    check_claim(n_rows, n_rows * n_features * value_bytes, file_bytes)


@pytest.mark.parametrize(
    "n_rows,n_bytes,file_bytes,message",
    [
        (
            10_000_001,
            0,
            10**9,
            "it claims 10,000,001 rows in 1,000,000,000 bytes, and at most 10,000,000 are",
        ),
        (100_001, 0, 1000, "it claims 100,001 rows in 1,000 bytes, and at most 100,000 are read"),
        (
            10,
            10 * GIB,
            1626,
            "10 rows that would take 10,240 MiB .* of a file of 1,626 bytes at most 700 MiB",
        ),
        (10, 5 * GIB, 2 * GIB, "would take 5,120 MiB of memory, and of a file .* at most 4,096 MiB are read"),
        (
            10,
            3 * GIB,
            10_000_000,
            "would take 3,072 MiB of memory, and of a file .* at most 953 MiB are read",
        ),
    ],
)
def test_what_unpacks_beyond_measure_is_refused_with_claim_limit_and_a_way_out(
    monkeypatch: pytest.MonkeyPatch, n_rows: int, n_bytes: int, file_bytes: int, message: str
) -> None:
    with pytest.raises(EmbeddingsFileError, match=f"{message}.*{TRUST}=1"):
        check_claim(n_rows, n_bytes, file_bytes)
    monkeypatch.setenv(TRUST, "1")
    check_claim(n_rows, n_bytes, file_bytes)


def test_rows_of_text_count_for_more() -> None:
    check_text_claim(400_000, 0, 400_000 * 10, _limits.LINE_BYTES)
    with pytest.raises(
        EmbeddingsFileError, match=r"would take 381 MiB of memory, .* at most 256 MiB are read"
    ):
        check_text_claim(400_000, 0, 400_000 * 2, _limits.LINE_BYTES)
    check_claim(400_000, 0, 400_000 * 2)


def test_pages_may_be_many_in_a_large_file(monkeypatch: pytest.MonkeyPatch) -> None:
    check_pages(204_800, 400_000_000)  # 100,000 rows x 1,024 columns, 1,000 rows a group
    check_pages(80_000, 1000)
    for n_pages, file_bytes in ((80_001, 1000), (204_800, 22_000_000)):
        with pytest.raises(EmbeddingsFileError, match=f"pages in .* bytes, and at most 8.,000.*{TRUST}=1"):
            check_pages(n_pages, file_bytes)
    monkeypatch.setenv(TRUST, "1")
    check_pages(80_001, 1000)


def test_what_rows_take_while_they_are_read_may_be_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    check_room(4 * GIB)
    with pytest.raises(
        EmbeddingsFileError, match=f"more than 4,096 MiB of memory; split the file; .*{TRUST}=1"
    ):
        check_room(4 * GIB + 1)
    monkeypatch.setenv(TRUST, "1")
    check_room(4 * GIB + 1)


@pytest.mark.parametrize("value,is_trusted", [("1", True), ("0", False), ("", False), ("yes", False)])
def test_limits_are_lifted_by_1_alone(monkeypatch: pytest.MonkeyPatch, value: str, is_trusted: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    monkeypatch.setenv(TRUST, value)
    assert sizes_are_trusted() is is_trusted


def test_the_largest_count_passes() -> None:
    check_count(2, 2, "pages")
    with pytest.raises(EmbeddingsFileError, match="it claims 3 pages, and at most 2 are read"):
        check_count(3, 2, "pages")
