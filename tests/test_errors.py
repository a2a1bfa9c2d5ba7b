"""What errors say and carry."""

import ast
from pathlib import Path

import pytest

import skknn_syndrome
from skknn_syndrome.errors import (
    Argument,
    ColumnsError,
    ParameterError,
    SkknnSyndromeError,
    nearest_name,
    quote,
)
from tests.refusing import refused

PACKAGE = Path(skknn_syndrome.__file__).parent


def test_a_label_is_shown_in_quotes() -> None:
    assert quote("Noonan") == "'Noonan'"
    assert quote(7) == "'7'"


def test_a_long_label_is_shortened() -> None:
    assert len(quote("x" * 5_000_000)) <= 60


def test_marks_that_turn_text_round_or_break_lines_are_spelt_out() -> None:
    assert quote("a\n\u202eb") == r"'a\n\u202eb'"


def test_an_error_on_columns_names_all_and_proposes_arguments() -> None:
    error = ColumnsError({"no_labels": "one", "no_features": "two"}, {"syndrome": "y"}, average_rows=True)
    assert str(error) == "one; two; try columns={'syndrome': 'y'}, average_rows=True."
    assert error.codes == ("no_labels", "no_features")
    assert str(ColumnsError({"no_features": "two"}, {})) == "two."


def test_an_error_on_columns_may_leave_the_choice() -> None:
    error = ColumnsError({"subjects_unread": "one"}, {"syndrome": "y"}, perhaps_subject="who")
    assert str(error) == (
        "one; try columns={'syndrome': 'y', 'subject': 'who'} if 'who' holds people, or "
        "columns={'syndrome': 'y'}, subjects=False if it does not."
    )
    assert str(error.at("x.csv", {})).startswith(
        "x.csv: one; try columns={'syndrome': 'y', 'subject': 'who'}"
    )
    assert error.without_subjects().perhaps_subject is None
    assert ColumnsError({"no_labels": "one"}, {"syndrome": "y"}).columns_with_subject == {"syndrome": "y"}


def test_where_the_columns_given_are_at_fault_alone_the_proposal_is_none() -> None:
    error = ColumnsError({"no_such_column": "one"}, {}, leave_out=True)
    assert str(error) == "one; leave columns out."
    assert error.at("x.csv", {"syndrome": "x"}).proposes
    assert not ColumnsError({"no_features": "two"}, {}).proposes


def test_without_subjects_their_column_is_not_proposed() -> None:
    problems = {"no_such_column": "one", "subjects_unread": "two"}
    error = ColumnsError(problems, {"subject": "who"}).without_subjects()
    assert str(error) == "one; leave columns out."
    assert str(ColumnsError(problems, {"subject": "who", "syndrome": "y"}).without_subjects()).endswith(
        "try columns={'syndrome': 'y'}."
    )


def test_what_has_to_be_solved_first_stands_first() -> None:
    error = ColumnsError({"no_labels": "one"}, {"syndrome": "y"}).after("decimal_commas", "zero")
    assert str(error) == "zero; one; try columns={'syndrome': 'y'}."
    as_given = ColumnsError({"repeated_images": "one"}, None, average_rows=True).after("first", "zero")
    assert as_given.at("x.csv", {"syndrome": "y"}).columns == {"syndrome": "y"}


def test_a_sentence_without_fields_is_no_template() -> None:
    error = SkknnSyndromeError("the label '{x}' is empty", code="empty_label")
    assert str(error) == error.spelled(lambda argument: "--" + argument.name) == "the label '{x}' is empty"


def test_values_are_not_taken_for_templates() -> None:
    error = SkknnSyndromeError("{cv} at {label}", code="x", cv=Argument("cv", "{n}"), label="{cv}")
    assert str(error) == "cv='{n}' at {cv}"


def test_an_error_is_known_by_code_and_parameter() -> None:
    with refused("too_many_folds", "cv", error=ParameterError) as raised:
        raise ParameterError("{cv} is too many", code="too_many_folds", parameter="cv", cv=Argument("cv", 9))
    assert str(raised.value) == "cv=9 is too many"
    for code, parameter in (("too_few_folds", "cv"), ("too_many_folds", None)):
        with pytest.raises(AssertionError), refused(code, parameter):
            raise ParameterError("cv=9 is too many", code="too_many_folds", parameter="cv")


def test_the_name_most_alike_is_found() -> None:
    assert nearest_name("studdy", ["audit", "study", "steady"]) == "study"


def test_where_nothing_is_alike_nothing_is_named() -> None:
    assert nearest_name("xylophone", ["audit", "study"]) is None
    assert nearest_name("study", []) is None


def test_every_refusal_has_a_code() -> None:
    kinds = {"SkknnSyndromeError"}
    modules = [ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")]
    wanted = (ast.ClassDef, ast.Call)
    nodes = [node for module in modules for node in ast.walk(module) if isinstance(node, wanted)]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    for _ in range(3):  # those derived from derived ones
        kinds |= {entry.name for entry in classes if kinds & {ast.unparse(base) for base in entry.bases}}
    kinds -= {"ColumnsError"}  # whose problems have a code each
    calls = [
        node
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds
    ]
    assert len(calls) > 100
    assert [ast.unparse(call) for call in calls if "code" not in {word.arg for word in call.keywords}] == []
