"""How much a file may hold or claim to hold: all limits in one place, and the way to lift them.

A file of a few kilobytes can claim more than any machine has: repeated values take next to no room in it. So
what it claims is compared with what it is before anything is unpacked.
"""

import os

from skknn_syndrome.errors import EmbeddingsFileError

TRUST = "SKKNN_SYNDROME_TRUST_SIZES"
"""The environment variable that lifts these limits where it is 1."""

MAX_FILE_BYTES = 2 * 1024**3
"""Size of a file that is still read: all of it goes into memory, since what is hashed is what is parsed."""
MAX_UNPACKED_BYTES = 4 * 1024**3
"""Bytes that a file may unpack to, its rows may take, and the array of each kind of id: a file can name one
vector many times. Twice the largest file; 200,000 x 2,048 float32 take 1.6 GiB."""
MAX_ROWS = 10_000_000
"""Rows, the largest number for which the accounts that are kept of each fit these 4 GiB."""
FREE_ROWS = 100_000
"""Rows that any file may hold. Beyond, each row needs a byte: embeddings of so many are not all the same."""
MAX_COLUMNS = 100_000
"""Columns of a table; embeddings seldom have more than 4,096 values."""
MAX_RATIO = 100
"""Times that a file may grow. Embeddings grow up to 10 times, vectors of zeros and ones up to 70 times."""
FREE_BYTES = 700 * 1024**2
"""What any file may grow to, so that sparse embeddings pass: 40,000 x 2,048 float32 take 330 MiB, and
next to no file where few of them are not zero."""
FREE_TEXT_BYTES = 256 * 1024**2
"""The same for lines of text and for ids, whose short texts take far more time to read than numbers."""
BATCH_BYTES = 64 * 1024**2
"""What is unpacked at a time: where no claim can be believed before, and since Arrow takes twice as much."""
ROW_BYTES = 400
"""What a row takes in memory beside its vector; measured and rounded up, as are the next."""
REFUSED_ROW_BYTES = 2000
"""What a row takes beside, if it is refused and accounted for."""
LINE_BYTES = 1000
"""The same for a line of text, which is taken apart into cells, and may have to be listed as refused."""
MAX_VALUES_OF_IDS = 20_000_000
"""Cells of a text that are looked at although their columns have no part yet; they take 1 GB or so."""
MAX_BYTES_OF_IDS = 256 * 1024**2
"""Size of an array in an archive that is looked at in this way; an embedding has no such limit."""
MAX_EXACT_FLOAT = 2**53
"""Beyond, a float holds the place of several whole numbers: two ids may have become one already."""
FREE_PAGES = 80_000
"""Pages that any Parquet file may have. Each is looked at: at 50 microseconds, that takes four seconds."""
PAGE_BYTES = 250
"""Beyond, each page needs so many bytes of the file: 60 float32, as in very small groups of rows."""
MAX_JSON_BYTES = 1024**3
"""Size of a result as JSON: a study of 60 classes has 2.5 MB, one of 5,000 images 15."""
MAX_JSON_NUMBERS = 48_000_000
"""Numbers in it: six matrices of 1,700 classes have 17 million, which are 290 MB and take 20 s to be read."""
MAX_JSON_VALUES = 16_000_000
"""Other values: in a study each takes 17 bytes or more."""
MAX_JSON_ENTRIES = 200_000
"""Entries of one list or object of a result: the longest have one for each image."""


def sizes_are_trusted() -> bool:
    """Tell whether the user has lifted the limits."""
    return os.environ.get(TRUST) == "1"


def how_to_lift() -> str:
    """Say how the limits are lifted, as the end of a sentence."""
    return f"if you know where it comes from, set {TRUST}=1 in the environment to read it all the same"


def check_count(count: int, most: int, what: str) -> None:
    """Refuse a file that claims too many of something.

    Raises
    ------
    EmbeddingsFileError
        With both numbers, unless sizes are trusted.

    Examples
    --------
    >>> check_count(3, 2, "rows")
    Traceback (most recent call last):
    skknn_syndrome.errors.EmbeddingsFileError: it claims 3 rows, and at most 2 are read; if you know ...
    """
    if count > most and not sizes_are_trusted():
        raise EmbeddingsFileError(
            f"it claims {count:,} {what}, and at most {most:,} are read; {how_to_lift()}", code="too_many"
        )


def check_pages(n_pages: int, file_bytes: int) -> None:
    """Refuse a Parquet file that is cut into more pages than can be looked at in the time of reading it.

    Raises
    ------
    EmbeddingsFileError
        With both numbers, unless sizes are trusted.

    Examples
    --------
    >>> check_pages(200_000, file_bytes=100_000_000)
    >>> check_pages(200_000, file_bytes=20_000_000)
    Traceback (most recent call last):
    skknn_syndrome.errors.EmbeddingsFileError: it claims 200,000 pages in 20,000,000 bytes, and at most 80,000
    are read; if you know ...
    """
    check_count(n_pages, max(FREE_PAGES, file_bytes // PAGE_BYTES), f"pages in {file_bytes:,} bytes")


def check_room(n_bytes: int) -> None:
    """Refuse a file whose rows take more memory than there is, counted while they are read.

    Parameters
    ----------
    n_bytes : int
        What they take until now.

    Raises
    ------
    EmbeddingsFileError
        With the limit, unless sizes are trusted.

    Examples
    --------
    >>> check_room(2**32)
    >>> check_room(2**32 + 1)
    Traceback (most recent call last):
    skknn_syndrome.errors.EmbeddingsFileError: its rows would take more than 4,096 MiB of memory; split the
    file; if you know ...
    """
    if n_bytes > MAX_UNPACKED_BYTES and not sizes_are_trusted():
        raise EmbeddingsFileError(
            f"its rows would take more than {MAX_UNPACKED_BYTES // 1024**2:,} MiB of memory; split the file; "
            f"{how_to_lift()}",
            code="too_much_memory",
        )


def check_text_claim(n_rows: int, n_bytes: int, file_bytes: int, row_bytes: int = ROW_BYTES) -> None:
    """Refuse lines or ids that would take too much memory, as `check_claim` does for vectors.

    Examples
    --------
    >>> check_text_claim(n_rows=3, n_bytes=300_000_000, file_bytes=1626)
    Traceback (most recent call last):
    skknn_syndrome.errors.EmbeddingsFileError: it claims 3 rows that would take 286 MiB of memory, and of a
    file of 1,626 bytes at most 256 MiB are read; if you know ...
    """
    _check_claim(n_rows, n_bytes, file_bytes, row_bytes, FREE_TEXT_BYTES)


def check_claim(n_rows: int, n_bytes: int, file_bytes: int) -> None:
    """Refuse vectors that would take too much memory, by themselves or for the size of their file.

    Parameters
    ----------
    n_rows : int
        Rows that it claims to hold.
    n_bytes : int
        Bytes that their cells claim to take once they are unpacked.
    file_bytes : int
        Size of the file.

    Raises
    ------
    EmbeddingsFileError
        With what was claimed and the limit, unless sizes are trusted.

    Examples
    --------
    >>> check_claim(n_rows=200_000, n_bytes=200_000 * 2048 * 4, file_bytes=1_500_000_000)
    >>> check_claim(n_rows=10, n_bytes=10 * 60_000_000 * 4, file_bytes=1626)
    Traceback (most recent call last):
    skknn_syndrome.errors.EmbeddingsFileError: it claims 10 rows that would take 2,288 MiB of memory, and of a
    file of 1,626 bytes at most 700 MiB are read; if you know ...
    """
    _check_claim(n_rows, n_bytes, file_bytes, ROW_BYTES, FREE_BYTES)


def _check_claim(n_rows: int, n_bytes: int, file_bytes: int, row_bytes: int, free_bytes: int) -> None:
    most_rows = min(MAX_ROWS, max(FREE_ROWS, file_bytes))
    check_count(n_rows, most_rows, f"rows in {file_bytes:,} bytes")
    needed = n_bytes + row_bytes * n_rows
    allowed = min(max(free_bytes, MAX_RATIO * file_bytes), MAX_UNPACKED_BYTES + row_bytes * MAX_ROWS)
    if (needed > allowed or n_bytes > MAX_UNPACKED_BYTES) and not sizes_are_trusted():
        most = min(allowed, MAX_UNPACKED_BYTES)
        raise EmbeddingsFileError(
            f"it claims {n_rows:,} rows that would take {needed // 1024**2:,} MiB of memory, and of a file "
            f"of {file_bytes:,} bytes at most {most // 1024**2:,} MiB are read; {how_to_lift()}",
            code="too_much_memory",
        )
