"""What published tables say by themselves, on the packaged ones and on tables in which nothing is wrong."""

from typing import Any

import pytest

from skknn_syndrome.analyses.published.protocols import packaged_figures
from skknn_syndrome.analyses.published.result import TableFinding
from skknn_syndrome.analyses.published.table_checks import describe_review, review_tables
from skknn_syndrome.data.public_datasets import PublicDataset, public_datasets
from skknn_syndrome.results.published import PublishedScore
from tests.refusing import refused

PAPER = "khoiwal-mcmillan-paper"
KNOWN = {"moles": PublicDataset("moles", "images", {"nv": 60, "mel": 40}, "nowhere")}


def figure(classifier: str, score: str, value: float, table: str = "t-1") -> PublishedScore:
    return PublishedScore(
        source="lab",
        table=table,
        dataset="moles",
        classifier=classifier,
        distance="",
        n_neighbors=None,
        score=score,
        value=value,
    )


def row(classifier: str, table: str = "t-1", **values: float) -> list[PublishedScore]:
    return [figure(classifier, score, value, table) for score, value in values.items()]


def look(check: str, *rows: list[PublishedScore], known: Any = KNOWN) -> TableFinding:
    review = review_tables([entry for each in rows for entry in each], "lab", known)
    return next(finding for finding in review.findings if finding.check == check)


SOUND = [
    *row("benchmark", roc_auc=0.7),
    *row("lr", roc_auc=0.9, accuracy=0.8, precision_macro=0.75, recall_macro=0.7, f1_macro=0.72),
    *row("svm", roc_auc=0.88, accuracy=0.78, precision_macro=0.71, recall_macro=0.7, f1_macro=0.7),
    *row("lr", "t-2", accuracy=0.8, f1_macro=0.72),
]


class TestThePaper:
    """Tables 2 and 3 of Khoiwal and McMillan, as they come with the package."""

    def test_what_is_found_is_found_in_these_data_sets(self) -> None:
        found: dict[str, list[str]] = {}
        for finding in review_tables(packaged_figures(), PAPER).found:
            found.setdefault(finding.check, []).append(finding.dataset)
        assert found == {
            "below_largest_class": ["CBIS-DDSM", "ODIR"],
            "improved_at_chance": ["CBIS-DDSM"],
            "benchmark_at_chance": ["CBIS-DDSM", "PAD-UFES-20"],
            "repeated_row": ["CBIS-DDSM"],
            "constant_prediction": ["CBIS-DDSM"],
            "misleading_accuracy": ["ODIR"],
            "f1_above_accuracy": ["ODIR"],
            "other_winner": ["CBIS-DDSM", "ODIR", "CheXpert"],
        }

    def test_what_can_not_be_told_is_said(self) -> None:
        review = review_tables(packaged_figures(), PAPER)
        unknown = {(entry.check, entry.dataset) for entry in review.findings if entry.outcome == "unknown"}
        assert ("below_largest_class", "CheXpert") in unknown
        assert ("tables_disagree", "HAM10000") in unknown
        assert describe_review(review) == (
            "The images of khoiwal-mcmillan-paper can't be shipped, so its 105 figures are checked against "
            "one another and against known class counts: 12 of 50 checks found something. Not known "
            "of some: accuracy below the share of the largest class and tables that disagree."
        )

    def test_a_finding_holds_the_figures_that_carry_it(self) -> None:
        finding = next(entry for entry in review_tables(packaged_figures(), PAPER).found)
        assert [(entry.classifier, entry.score, entry.value) for entry in finding.figures] == [
            ("resnet50+lr", "accuracy", 0.402),
            ("clip+svm", "accuracy", 0.392),
            ("clip+lr", "accuracy", 0.392),
        ]
        assert "Of all 3,568 abnormalities, 1,457 are malignant (doi:" in finding.message


def test_nothing_is_found_in_sound_tables() -> None:
    review = review_tables(SOUND, "lab", KNOWN)
    assert {finding.outcome for finding in review.findings} == {"passed"}
    assert "Not known" not in describe_review(review)


def test_nothing_can_be_told_of_what_tables_lack() -> None:
    review = review_tables(row("lr", log_loss=0.5), "lab", {})
    unknown = {finding.check for finding in review.findings if finding.outcome == "unknown"}
    assert unknown == {finding.check for finding in review.findings} - {"impossible_figures"}


@pytest.mark.parametrize(
    "check, rows",
    [
        ("below_largest_class", [row("lr", accuracy=0.59)]),
        ("improved_at_chance", [row("benchmark", roc_auc=0.45), row("lr", roc_auc_ovr=0.51)]),
        ("benchmark_at_chance", [row("benchmark", roc_auc=0.52)]),
        ("repeated_row", [row("lr", accuracy=0.7, f1_macro=0.6), row("svm", accuracy=0.7, f1_macro=0.6)]),
        ("constant_prediction", [row("lr", accuracy=0.6, recall_macro=0.5, precision_macro=0.3)]),
        ("misleading_accuracy", [row("lr", roc_auc=0.85), row("lr", "t-2", accuracy=0.03)]),
        ("f1_above_accuracy", [row("lr", accuracy=0.62, f1_macro=0.65)]),
        ("impossible_figures", [row("lr", accuracy=1.2)]),
        ("impossible_figures", [row("lr", f1_macro=0.62, precision_macro=0.9, recall_macro=0.4)]),
        ("tables_disagree", [row("lr", accuracy=0.71), row("lr", "t-2", accuracy=0.74)]),
        ("other_winner", [row("lr", roc_auc=0.9, f1_macro=0.6), row("svm", roc_auc=0.8, f1_macro=0.7)]),
    ],
)
def test_what_is_wrong_is_found(check: str, rows: list[list[PublishedScore]]) -> None:
    finding = look(check, *rows)
    assert finding.outcome == "found"
    assert finding.figures


@pytest.mark.parametrize(
    "check, rows",
    [
        ("below_largest_class", [row("lr", accuracy=0.6)]),
        ("improved_at_chance", [row("benchmark", roc_auc=0.5), row("lr", roc_auc=0.49)]),
        ("improved_at_chance", [row("benchmark", roc_auc=0.5), row("lr", roc_auc=0.6)]),
        ("benchmark_at_chance", [row("benchmark", roc_auc=0.53)]),
        ("repeated_row", [row("lr", accuracy=0.7, f1_macro=0.6), row("svm", accuracy=0.7, f1_macro=0.61)]),
        ("constant_prediction", [row("lr", accuracy=0.6, recall_macro=0.5, precision_macro=0.31)]),
        ("constant_prediction", [row("lr", accuracy=0.0, recall_macro=0.0, precision_macro=0.0)]),
        ("f1_above_accuracy", [row("lr", accuracy=0.62, f1_macro=0.6)]),
        # Printed to one decimal, 0.6 may be all of 0.55 to 0.65.
        ("impossible_figures", [row("lr", f1_macro=0.6, precision_macro=0.9, recall_macro=0.4)]),
        ("tables_disagree", [row("lr", accuracy=0.7), row("lr", "t-2", accuracy=0.7004)]),
        ("other_winner", [row("lr", roc_auc=0.9, f1_macro=0.7), row("svm", roc_auc=0.8, f1_macro=0.7)]),
    ],
)
def test_what_may_be_right_is_not_found(check: str, rows: list[list[PublishedScore]]) -> None:
    assert look(check, *rows).outcome == "passed"


def test_tables_of_an_unknown_source_are_refused() -> None:
    with refused("unknown_source", "source"):
        review_tables(SOUND, "somebody")


def test_class_counts_come_with_their_sources() -> None:
    known = public_datasets()
    assert {name: entry.n_units for name, entry in known.items()} == {
        "HAM10000": 10015,
        "PAD-UFES-20": 2298,
        "CBIS-DDSM": 3568,
        "ODIR": 6392,
    }
    assert all(entry.source for entry in known.values())
