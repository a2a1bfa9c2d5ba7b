"""Checks of the embedding space."""

from skknn_syndrome.analyses.embedding_space.result import EmbeddingSpaceAnalysis, Hubness
from skknn_syndrome.checks.base import CheckContext
from skknn_syndrome.results.analysis import Analyses
from tests.analysis_builders import make_distance, make_hubness
from tests.checks.contexts import make_check_on, make_context


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
