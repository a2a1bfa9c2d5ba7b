"""Checks as results."""

from typing import Any

import pytest
from pydantic import ValidationError

from skknn_syndrome.results.check import NOTICES, RENAMED, Check, Checks, notices_to_checks
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.upgrades import SCHEMA_VERSION, upgrade_study
from tests.builders import make_check, make_study

SOME = Checks(
    [
        make_check("no_subjects", "There are none."),
        make_check("leak", "Nobody looked.", "skipped"),
        make_check("edge_of_grid", "The best k is at the edge."),
        make_check("hubs", "There are none.", "passed"),
    ]
)


class TestChecks:
    def test_they_are_found_by_place_code_and_name(self) -> None:
        assert SOME["SK007"] is SOME["edge_of_grid"] is SOME[2]
        assert SOME[1:2] == (SOME["leak"],)
        with pytest.raises(KeyError, match=r"no check 'SK999', but SK002 \(no_subjects\)"):
            SOME["SK999"]

    def test_they_are_parted_by_outcome(self) -> None:
        assert [check.name for check in SOME.issues] == ["no_subjects"]
        assert [check.name for check in SOME.tips] == ["edge_of_grid"]
        assert [check.name for check in SOME.with_outcome("passed", "skipped")] == ["leak", "hubs"]
        assert [check.name for check in SOME if check.is_open] == ["no_subjects", "edge_of_grid"]

    def test_they_are_shown_as_one_line_of_counts(self) -> None:
        assert repr(SOME) == "<Checks: 1 issue, 1 tip, 1 passed, 1 skipped>"
        more = Checks([*SOME, *SOME.issues, SOME["hubs"].revised(outcome="not_applicable")])
        assert repr(more) == "<Checks: 2 issues, 1 tip, 1 passed, 1 not applicable, 1 skipped>"
        assert repr(Checks()) == "<Checks: none>"

    def test_one_takes_the_place_of_the_other_of_its_code(self) -> None:
        found = make_check("leak", "There is one.")
        simulated = make_check("simulated_data", "It is.")
        replaced = SOME.replaced_by([found, simulated])
        assert [check.code for check in replaced] == ["SK001", "SK002", "SK003", "SK007", "SK014"]
        assert replaced["leak"].outcome == "issue"

    def test_a_frame_has_one_row_a_check(self) -> None:
        frame = SOME.to_frame()
        assert list(frame.columns) == ["code", "name", "outcome", "message", "figures", "remedy", "docs"]
        assert list(frame.code) == [check.code for check in SOME]
        assert list(frame.remedy) == [check.remedy for check in SOME]
        assert frame.docs[2] == "docs/checks.md#sk007"
        assert list(Checks().to_frame().columns) == list(frame.columns)

    def test_they_go_to_json_and_back(self) -> None:
        study = make_study().model_copy(update={"checks": SOME})
        loaded = StudyResult.model_validate_json(study.model_dump_json())
        assert loaded == study
        assert loaded.checks["SK007"] == SOME["SK007"]
        assert StudyResult.model_validate(study.model_dump()).checks.issues == SOME.issues


def test_notices_are_the_issues_and_tips() -> None:
    study = make_study().model_copy(update={"checks": SOME})
    assert [(notice.code, notice.message) for notice in study.notices] == [
        ("no_subjects", "There are none."),
        ("edge_of_grid", "The best k is at the edge."),
    ]


@pytest.mark.parametrize(
    "changed", [{"code": "7"}, {"outcome": "warning"}, {"figures": {"n": None}}, {"level": 1}]
)
def test_a_check_that_is_none_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Check.model_validate({**SOME[0].model_dump(), **changed})


class TestNoticesOfOlderFiles:
    def test_they_become_checks_by_code_and_those_of_a_kind_are_one(self) -> None:
        document = {
            "notices": [
                {"code": "simpler_rule_better", "message": "A centroid is."},
                {"code": "no_subjects", "message": "There are none."},
                {"code": "simpler_rule_better", "message": "Another is."},
            ]
        }
        notices_to_checks(document)
        assert document.keys() == {"checks"}
        first, second = (Check.model_validate(check) for check in document["checks"])
        assert (first.code, first.outcome) == ("SK002", "issue")
        assert (second.name, second.message) == ("better_baseline", "A centroid is. Another is.")
        assert (second.docs, second.remedy) == ("docs/checks.md#sk012", "")

    @pytest.mark.parametrize("version", [1, 2, 3, 4])
    def test_they_are_upgraded_with_their_file(self, version: int) -> None:
        notices = [{"code": "hubs", "message": "There are hubs."}]
        document: dict[str, Any] = {"schema_version": version, "notices": notices}
        upgrade_study(document)
        assert document["schema_version"] == SCHEMA_VERSION
        assert [check["code"] for check in document["checks"]] == ["SK014"]
        assert "notices" not in document

    @pytest.mark.parametrize("name", NOTICES)
    def test_each_kind_has_its_code(self, name: str) -> None:
        document: dict[str, Any] = {"notices": [{"code": name, "message": "So."}]}
        notices_to_checks(document)
        (check,) = document["checks"]
        assert Check.model_validate(check) == make_check(RENAMED.get(name, name), "So.").model_copy(
            update={"remedy": ""}
        )

    @pytest.mark.parametrize(
        "document",
        [
            {},
            {"notices": None},
            {"notices": ["leak"]},
            {"notices": [{"code": "unheard_of", "message": "So."}]},
            {"notices": [{"code": "leak"}]},
            {"notices": [{"code": ["leak"], "message": "So."}]},
            {"notices": [{"code": "leak", "message": 7}]},
        ],
    )
    def test_what_is_no_notice_stays_for_the_model_to_refuse(self, document: dict[str, Any]) -> None:
        before = {**document}
        notices_to_checks(document)
        assert document == before
