"""Options that several verbs share."""

from skknn_syndrome.cli.options import COLUMN_NAMES, MOST_NUMBERS, read_numbers
from skknn_syndrome.data.columns import COLUMN_KEYS


def test_columns_are_named_for_what_the_loader_knows() -> None:
    assert COLUMN_NAMES == COLUMN_KEYS


def test_as_many_numbers_as_allowed_are_read() -> None:
    assert read_numbers(f"1-{MOST_NUMBERS}") == list(range(1, MOST_NUMBERS + 1))
