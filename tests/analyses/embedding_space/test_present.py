"""Hubs, norms and purity: tables and findings."""

import pytest

from skknn_syndrome.analyses.embedding_space.present import (
    EmbeddingSpaceFindings,
    find_embedding_space,
    hubness,
    hubs,
    norms,
)
from skknn_syndrome.analyses.embedding_space.result import EmbeddingSpaceAnalysis, Hubness
from skknn_syndrome.checks.base import CheckContext
from skknn_syndrome.results.analysis import Analyses
from tests.analysis_builders import make_distance, make_hubness
from tests.builders import make_candidate, make_run, make_study, with_analyses
from tests.checks.contexts import make_check_on, make_context
from tests.rendering.facts_builders import study_with


def test_a_row_is_a_distance() -> None:
    table = hubness(make_hubness())
    assert [row[:3] for row in table.rows] == [("euclidean", 10.0, 40), ("cosine", 1.0, 20)]
    assert "lists of the 5 nearest" in table.caption
    assert "purity would be 0.125" in table.caption


def test_hubs_say_whose_lists_they_are_in() -> None:
    assert hubs(make_hubness(make_distance("cosine"))).rows == (
        ("cosine", 3, "a", "s", 20, 4, 12.0),
        ("cosine", 7, "b", None, 5, 1, 20.0),
    )


def test_norms_rise() -> None:
    rows = norms(make_hubness()).rows
    assert rows[0] == (0.0, 20.0)
    assert list(rows) == sorted(rows)


@pytest.mark.parametrize(
    "skewness, purity, verdict",
    [
        (1.0, 0.6, "explains"),
        (1.0, 0.4, "partly"),
        (20.0, 0.6, "partly"),
        (20.0, 0.4, "against"),
        (None, 0.6, None),
        (10.0, 0.6, None),
        (1.0, 0.5, None),
    ],
)
def test_hubs_and_purity_are_held_against_those_of_the_distance_that_comes_second(
    skewness: float | None, purity: float, verdict: str | None
) -> None:
    own = make_distance("cosine", skewness=skewness, purity=purity)
    other = make_distance("euclidean", skewness=10.0, purity=0.5)
    found = EmbeddingSpaceFindings(make_hubness(other, own), "cosine", "euclidean")
    assert found.verdict(scores_differ=True) == verdict
    # Without a significant difference there is nothing to explain.
    assert found.verdict(scores_differ=False) is None


def test_one_distance_alone_explains_nothing() -> None:
    found = EmbeddingSpaceFindings(make_hubness(make_distance("cosine")), "cosine", None)
    assert found.other is None
    assert found.verdict(scores_differ=True) is None


def test_the_largest_hub_of_all_is_named_with_its_distance() -> None:
    entry, hub = EmbeddingSpaceFindings(make_hubness(), "cosine", "euclidean").hub
    assert (entry.metric, hub.n_lists) == ("euclidean", 40)


def test_norms_are_told_by_their_bounds() -> None:
    found = EmbeddingSpaceFindings(make_hubness(), "cosine", None)
    assert found.norms == (20.0, 20.5, 29.5, 30.0)


def test_the_winners_distance_stands_beside_the_second_best() -> None:
    study = with_analyses(study_with(), EmbeddingSpaceAnalysis(hubness=make_hubness()))
    found = find_embedding_space(study)
    assert found is not None
    assert (found.metric, found.other_metric) == ("cosine", "euclidean")
    assert find_embedding_space(study_with()) is None


def test_one_distance_has_no_second() -> None:
    study = make_study(make_run(make_candidate([0.5])))
    found = find_embedding_space(
        with_analyses(study, EmbeddingSpaceAnalysis(hubness=make_hubness(make_distance("cosine"))))
    )
    assert found is not None
    assert found.other is None


def context_of(hubness: Hubness) -> CheckContext:
    return make_context(analyses=Analyses([EmbeddingSpaceAnalysis(hubness=hubness)]))


def test_hubs_are_a_tip_from_a_skewness_of_three_on() -> None:
    for skewness, outcome in ((1.0, "passed"), (2.9, "passed"), (3.0, "tip")):
        found = make_hubness(make_distance("euclidean", skewness=skewness))
        check = make_check_on("hubs", context_of(found))
        assert check.outcome == outcome
        assert check.figures["euclidean.skewness"] == skewness
        assert ("euclidean.largest" in check.figures) == (outcome == "tip")


def test_hubs_of_several_distances_are_one_sentence() -> None:
    found = make_hubness(
        make_distance("euclidean", skewness=9.0),
        make_distance("cosine", skewness=0.3),
        make_distance("manhattan", skewness=8.0),
    )
    check = make_check_on("hubs", context_of(found))
    assert (
        "the Euclidean distance one is in 20 lists of 5 (skewness 9.0); under the Manhattan" in check.message
    )
    assert check.figures == {
        "euclidean.skewness": 9.0,
        "cosine.skewness": 0.3,
        "manhattan.skewness": 8.0,
        "euclidean.largest": 20,
        "manhattan.largest": 20,
    }


def test_it_says_why_there_is_nothing_to_look_at() -> None:
    alike = make_hubness(make_distance("euclidean", skewness=None))
    assert make_check_on("hubs", context_of(alike)).outcome == "not_applicable"
    assert make_check_on("hubs", make_context()).outcome == "not_applicable"
    assert make_check_on("hubs", make_context(asked=["leakage"])).outcome == "skipped"
