"""Checks of subject leakage."""

from typing import Any

import numpy as np
import pytest

from skknn_syndrome.analyses.leakage.present import leak_inflations, leaked_subjects
from skknn_syndrome.analyses.leakage.result import Leak, LeakageAnalysis, LeakInflation
from skknn_syndrome.checks.base import CheckContext
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.candidate import KNN, knn_params
from tests.builders import make_study, with_analyses
from tests.checks.contexts import make_check_on, make_context

SUBJECTS = np.array(["s", "t", "u", "v", "w", "x"])


def make_leak(purged: float | None = 0.7, **fields: Any) -> Leak:
    worth = LeakInflation(
        head=KNN, params=knn_params("cosine", "distance", 1), score="f1_macro", original=0.75, purged=purged
    )
    parts: dict[str, Any] = {
        "kind": "near_copies",
        "protocol": "subject",
        "cosine_above": 0.95,
        "n_pairs": 4,
        "n_images": 9,
        "n_subjects": 8,
        "subjects": tuple((f"s{number}", f"t{number}") for number in range(4)),
        "syndromes": ("a",),
        "inflations": (worth,),
    }
    return Leak(**(parts | fields))


def context_of(*leaks: Leak) -> CheckContext:
    return make_context(groups=SUBJECTS, analyses=Analyses([LeakageAnalysis(leaks=leaks)]))


@pytest.mark.parametrize(
    "purged, said_so, outcome",
    [
        (0.7, "macro F1 is 0.050 higher", "issue"),
        (0.76, "macro F1 is 0.010 lower", "issue"),
        (0.7501, "by less than 0.001", "tip"),
    ],
)
def test_what_it_does_to_the_score_is_said_and_a_small_effect_is_no_issue(
    purged: float, said_so: str, outcome: str
) -> None:
    check = make_check_on("leak", context_of(make_leak(purged)))
    assert check.outcome == outcome
    assert "('s0' and 't0'; 's1' and 't1'; 's2' and 't2' and 1 more)" in check.message
    assert said_so in check.message
    assert check.figures == {
        "near_copies.n_subjects": 8,
        "near_copies.n_images": 9,
        "near_copies.n_pairs": 4,
        "near_copies.cosine_above": 0.95,
        "near_copies.f1_macro_change": 0.75 - purged,
    }


def test_several_kinds_are_one_check() -> None:
    swapped = make_leak(
        None,
        kind="two_syndromes",
        cosine_above=None,
        n_pairs=None,
        subjects=(("s",),),
        n_subjects=1,
        unmeasured="nobody else is left",
    )
    check = make_check_on("leak", context_of(make_leak(), swapped))
    assert check.message.count("may be fewer people") == 1
    assert "1 subjects have images under several syndromes ('s'); what that does" in check.message
    assert check.figures["two_syndromes.n_subjects"] == 1
    assert "two_syndromes.n_pairs" not in check.figures
    assert "two_syndromes.f1_macro_change" not in check.figures


def test_a_leak_without_a_figure_of_the_best_candidate_is_told_without() -> None:
    check = make_check_on("leak", context_of(make_leak(inflations=())))
    assert check.message.endswith("and 1 more).")


def test_it_passes_where_nothing_was_found() -> None:
    check = make_check_on("leak", context_of())
    assert (check.outcome, check.remedy) == ("passed", "")


@pytest.mark.parametrize(
    "parts, outcome",
    [
        ({"groups": SUBJECTS}, "skipped"),
        ({"groups": SUBJECTS, "asked": ()}, "skipped"),
        ({}, "not_applicable"),
    ],
)
def test_it_says_why_nobody_looked(parts: dict[str, Any], outcome: str) -> None:
    check = make_check_on("leak", make_context(**parts))
    assert check.outcome == outcome
    assert check.message.endswith(".")
    assert check.figures == {}


LEAK = Leak(
    kind="near_copies",
    protocol="subject",
    cosine_above=0.95,
    n_pairs=1,
    n_images=2,
    n_subjects=2,
    subjects=(("ann", "bob"),),
    syndromes=("a",),
    inflations=(
        LeakInflation(
            head=KNN, params=knn_params("cosine", "distance", 15), score="f1_macro", original=0.75, purged=0.5
        ),
        LeakInflation(
            head=KNN,
            params=knn_params("cosine", "distance", 15),
            score="roc_auc_ovr",
            original=None,
            purged=0.5,
        ),
    ),
)


def test_people_and_what_they_are_worth_are_shown() -> None:
    study = with_analyses(make_study(), LeakageAnalysis(leaks=(LEAK,)))
    assert leaked_subjects(study).rows == (("near-duplicate images under several ids", "ann, bob", "a"),)
    first, second = leak_inflations(study).rows
    assert first[-3:] == (0.75, 0.5, 0.25)
    assert second[-1] is None


def test_each_person_has_its_own_syndromes() -> None:
    pairs = (("ann", "bob"), ("cid", "dan"))
    several = LEAK.model_copy(
        update={"subjects": pairs, "syndromes": ("a", "b"), "subject_syndromes": (("a",), ("a", "b"))}
    )
    study = with_analyses(make_study(), LeakageAnalysis(leaks=(several,)))
    assert [row[1:] for row in leaked_subjects(study).rows] == [("ann, bob", "a"), ("cid, dan", "a, b")]
    # A file of an earlier version has the syndromes of all together, which are nobody's own.
    older = several.model_copy(update={"subject_syndromes": ()})
    study = with_analyses(make_study(), LeakageAnalysis(leaks=(older,)))
    assert [row[2] for row in leaked_subjects(study).rows] == [None, None]


def test_a_clean_study_has_no_rows() -> None:
    assert not leaked_subjects(make_study()).rows
    assert not leak_inflations(make_study()).rows
