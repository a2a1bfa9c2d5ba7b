"""All checks of a study."""

import pytest

from skknn_syndrome.checks.base import registered_checks
from skknn_syndrome.checks.running import codes_of, rerun_checks, run_checks
from skknn_syndrome.errors import StudySettingsError
from tests.checks.contexts import make_context


def test_every_check_has_its_say_in_the_order_of_codes() -> None:
    checks = run_checks(make_context())
    assert [check.code for check in checks] == list(registered_checks())
    assert [check.code for check in checks] == sorted(check.code for check in checks)


def test_what_is_ignored_is_skipped_and_says_so() -> None:
    checks = run_checks(make_context(), ["sk002", "trivial_top_k"])
    for name in ("no_subjects", "trivial_top_k"):
        assert checks[name].outcome == "skipped"
        assert "ignored" in checks[name].message
        assert checks[name].figures == {}
    assert len(checks) == len(registered_checks())
    assert run_checks(make_context())["no_subjects"].outcome == "issue"


def test_some_are_made_anew_but_not_those_that_are_ignored() -> None:
    checks = run_checks(make_context(), ["SK002"])
    again = rerun_checks(checks, make_context(simulated=True), "simulated_data", "no_subjects")
    assert again["simulated_data"].outcome == "issue"
    assert again["no_subjects"].outcome == "skipped"
    assert [check for check in again if check.code != "SK001"] == [
        check for check in checks if check.code != "SK001"
    ]


@pytest.mark.parametrize(
    "names, said",
    [
        (["SK0007"], "did you mean SK007?"),
        (["edge_of_the_grid"], "did you mean edge_of_grid?"),
        (["leak", "???"], "the codes are SK001, SK002"),
        ("SK007", "give a list of codes or names"),
        ([7], "'7', which is no check"),
    ],
)
def test_an_unknown_check_is_refused_with_the_one_that_was_perhaps_meant(names: list[str], said: str) -> None:
    with pytest.raises(StudySettingsError, match="ignore") as caught:
        codes_of(names)
    assert said in str(caught.value)
