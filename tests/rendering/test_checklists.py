"""Reporting checklists, held against studies."""

import re
from typing import get_args

import pytest
from pydantic import ValidationError

from skknn_syndrome import cross_validate_study, make_syndrome_embeddings
from skknn_syndrome.analyses import QUESTIONS
from skknn_syndrome.rendering.checklists import PARTS, Checklist, Item, read_checklists
from skknn_syndrome.rendering.meta.model import ReportMeta
from skknn_syndrome.rendering.tables import CheckedItem, Verdict, checklist
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.study import StudyResult
from tests.builders import make_study
from tests.rendering.facts_builders import evaluation, study_with
from tests.rendering.filling import whole_text
from tests.rendering.full_study import make_full_study, make_sweep
from tests.rendering.studies import everything

TRIPOD_AI, CLAIM = read_checklists()


def test_tripod_ai_has_its_27_items_with_their_parts() -> None:
    numbers = [item.number for item in TRIPOD_AI.items]
    assert len(numbers) == len(set(numbers)) == 52
    assert list(dict.fromkeys(re.sub(r"[a-g]", "", number) for number in numbers)) == list(
        map(str, range(1, 28))
    )
    assert [number for number in numbers if number.startswith("12")] == [
        f"12{letter}" for letter in "abcdefg"
    ]
    assert [number for number in numbers if number.startswith("18")] == [f"18{letter}" for letter in "abcdef"]


def test_claim_has_its_44_items() -> None:
    assert [item.number for item in CLAIM.items] == list(map(str, range(1, 45)))


@pytest.mark.parametrize("checklist", [TRIPOD_AI, CLAIM], ids=["tripod-ai", "claim"])
def test_what_is_met_is_met_somewhere_and_what_is_needed_has_an_alternative(checklist: Checklist) -> None:
    for item in checklist.items:
        for answer in (item, item.otherwise):
            if answer is not None and answer.verdict in {"met", "in part"}:
                assert answer.section, item.number
        assert bool(item.needs) == (item.otherwise is not None), item.number


def test_every_part_is_needed_by_some_item() -> None:
    needed = {part for checklist in (TRIPOD_AI, CLAIM) for item in checklist.items for part in item.needs}
    assert set(PARTS) <= needed <= {*PARTS, *QUESTIONS}


def test_a_need_is_a_question_or_a_part_of_a_study() -> None:
    with pytest.raises(ValidationError, match="there is no part 'calibrations' of a study"):
        Item(number="1", asks="Calibration", verdict="met", needs=("calibrations",))


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("study", [make_study(make_sweep()), make_full_study()], ids=["bare", "full"])
def test_every_section_that_is_named_is_in_the_report(study: StudyResult) -> None:
    text = whole_text(study, ())
    headings = {"Title", *re.findall(r"^#+ (.+?)(?: \{.*)?$", text, flags=re.MULTILINE)}
    for guideline in (TRIPOD_AI, CLAIM):
        for item in guideline.check(study).items:
            if item.verdict in {"met", "in part"}:
                assert item.detail.partition(": ")[0] in headings, item.number


def test_an_item_is_met_only_where_the_study_has_what_it_needs() -> None:
    subject = make_full_study()
    subject = subject.model_copy(
        update={"protocols": (subject.primary.model_copy(update={"protocol": "subject"}),)}
    )
    by_number = {item.number: item for item in CLAIM.check(subject).items}
    assert (by_number["20"].verdict, by_number["20"].detail) == ("met", "Methodology: the subject")
    by_number = {item.number: item for item in CLAIM.check(make_full_study()).items}
    assert by_number["20"].verdict == "not met"
    assert by_number["33"].verdict == "not met"


def test_participants_are_known_by_the_covariates_that_were_given() -> None:
    dataset = make_syndrome_embeddings(n_features=4)
    sexes = ["f" if number % 2 else "m" for number in range(dataset.n_images)]
    study = cross_validate_study(
        dataset.embeddings,
        dataset.syndromes,
        n_neighbors=5,
        metrics="cosine",
        cv=2,
        analyses=("subgroups",),
        covariates={"sex": sexes},
    )
    by_number = {item.number: item for item in TRIPOD_AI.check(study).items}
    assert (by_number["20b"].verdict, by_number["12d"].verdict) == ("met", "in part")
    by_number = {item.number: item for item in TRIPOD_AI.check(make_full_study()).items}
    assert (by_number["20b"].verdict, by_number["12d"].verdict) == ("in part", "data cannot tell")


def test_declarations_meet_an_item_only_with_what_it_needs() -> None:
    meta = ReportMeta(encoder="A network.")
    full, bare = everything(), make_study()
    assert (full.audit is None, bare.audit is None) == (False, True)
    found = [
        next(item for item in TRIPOD_AI.check(study, given).items if item.number == "7").verdict
        for study, given in ((full, meta), (full, None), (bare, meta), (bare, None))
    ]
    assert found == ["met", "in part", "in part", "to be supplied"]


def test_intervals_per_syndrome_are_met_where_there_are_some() -> None:
    share = MeanInterval(estimate=0.9, low=0.6, high=0.98, unit="images", n_units=10)
    found = evaluation((9, 1), (2, 8))
    measured = found.revised(per_syndrome=tuple(row.revised(sensitivity=share) for row in found.per_syndrome))
    studies = (study_with(evaluations=(measured,)), study_with(evaluations=(found,)), study_with())
    checked = [{item.number: item for item in CLAIM.check(study).items} for study in studies]
    assert [items["38"].verdict for items in checked] == ["met", "in part", "not met"]
    details = [
        next(item for item in TRIPOD_AI.check(study).items if item.number == "23a").detail
        for study in studies
    ]
    assert len(set(details)) == 2
    assert "without intervals" not in details[0]


def test_verdicts_are_counted() -> None:
    checked = CLAIM.check(make_study())
    verdicts: tuple[Verdict, ...] = get_args(Verdict)
    assert sum(map(checked.count, verdicts)) == 44
    assert len(checked.table.rows) == 44


def test_an_item_without_needs_always_has_its_answer() -> None:
    item = Item(number="1", asks="Funding", verdict="to be supplied")
    assert item.check(make_study()).verdict == "to be supplied"
    assert item.check(make_study()).detail == ""


def test_items_stand_in_the_order_of_the_checklist() -> None:
    items = [
        CheckedItem("1", "Title", "met", "Title"),
        CheckedItem("2a", "Funding", "to be supplied", ""),
    ]
    table = checklist("claim", "CLAIM", items)
    assert table.name == "checklist_claim"
    assert table.rows == (("1", "Title", "met", "Title"), ("2a", "Funding", "to be supplied", ""))
