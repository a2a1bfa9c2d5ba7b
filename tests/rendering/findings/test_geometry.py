"""Why one distance serves better, in words."""

import pytest

from skknn_syndrome.rendering.findings.geometry import GeometryFindings
from tests.analysis_builders import make_distance, make_hubness


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
    hubness = make_hubness(other, own)
    assert GeometryFindings(hubness, "cosine", "euclidean", scores_differ=True).verdict == verdict
    # Without a significant difference there is nothing to explain.
    assert GeometryFindings(hubness, "cosine", "euclidean").verdict is None


def test_one_distance_alone_explains_nothing() -> None:
    found = GeometryFindings(make_hubness(make_distance("cosine")), "cosine", None, scores_differ=True)
    assert found.other is None
    assert found.verdict is None


def test_the_largest_hub_of_all_is_named_with_its_distance() -> None:
    entry, hub = GeometryFindings(make_hubness(), "cosine", "euclidean").hub
    assert (entry.metric, hub.n_lists) == ("euclidean", 40)


def test_norms_are_told_by_their_bounds() -> None:
    found = GeometryFindings(make_hubness(), "cosine", None)
    assert found.norms == (20.0, 20.5, 29.5, 30.0)
