"""Options that several verbs share, their values, and their earlier spellings."""

import pytest

from skknn_syndrome.cli import options
from skknn_syndrome.cli.options import COLUMN_NAMES, MOST_NUMBERS, numbers_of, renew, renew_setting
from skknn_syndrome.data.columns import COLUMN_KEYS


def test_columns_are_named_for_what_the_loader_knows() -> None:
    assert COLUMN_NAMES == COLUMN_KEYS


def test_as_many_numbers_as_allowed_are_read() -> None:
    assert numbers_of(f"1-{MOST_NUMBERS}") == list(range(1, MOST_NUMBERS + 1))


class TestEarlierSpellings:
    """They are taken for one version, with a hint."""

    @pytest.fixture(autouse=True)
    def renamed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(options, "RENAMED", {"--old": "--new", "--new=red": "--new=blue"})

    @pytest.mark.parametrize(
        "typed, taken, n_hints",
        [
            ("study --old 3", "study --new 3", 1),
            ("study --old=3", "study --new=3", 1),
            ("study --new red", "study --new blue", 1),
            ("study --new=red", "study --new=blue", 1),
            ("study --old red", "study --new blue", 2),
            ("study old red --newer red", "study old red --newer red", 0),
            ("study -- --old", "study -- --old", 0),
        ],
    )
    def test_options_and_their_values(
        self, typed: str, taken: str, n_hints: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert renew(typed.split()) == taken.split()
        shown = capsys.readouterr()
        assert not shown.out
        assert shown.err.count("Hint: ") == shown.err.count("\n") == n_hints

    def test_settings_of_files(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert renew_setting("old", ["red", 3]) == ("new", ["blue", 3])
        assert renew_setting("other", "red") == ("other", "red")
        assert capsys.readouterr().err.splitlines() == [
            "Hint: --old is now --new; the next version takes that alone.",
            "Hint: --new=red is now --new=blue; the next version takes that alone.",
        ]
