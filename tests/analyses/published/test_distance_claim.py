"""A published correlation taken apart on a reference, held against hand-made figures."""

import numpy as np
import pytest

from skknn_syndrome.analyses.published.distance_claim import review_claim
from skknn_syndrome.analyses.published.present import claim_remarks, claim_table
from skknn_syndrome.analyses.published.result import ClaimFinding, DistanceClaim
from skknn_syndrome.data import as_reference
from tests.refusing import refused
from tests.statistics.test_mantel import tree_distances


@pytest.fixture(scope="module")
def claim() -> DistanceClaim:
    """Return the review of a random tree of as many tips as the source had."""
    names = [f"Family{number}idae" for number in range(74)]
    return review_claim(as_reference(tree_distances(74, seed=1), names))


@pytest.fixture(scope="module")
def findings(claim: DistanceClaim) -> dict[str, ClaimFinding]:
    return {finding.check: finding for finding in claim.findings}


def test_74_families_may_be_those_of_the_source(claim: DistanceClaim) -> None:
    assert not claim.other_reference
    assert len(claim_remarks(claim)) == 6


def test_pairs_are_those_of_different_classes(findings: dict[str, ClaimFinding]) -> None:
    assert (findings["pairs"].published, findings["pairs"].on_reference) == (2775, 74 * 73 / 2)
    assert "2,775 counts the 74 cells of a diagonal among those of 74." in findings["pairs"].message


def test_the_diagonal_alone_makes_a_correlation(findings: dict[str, ClaimFinding]) -> None:
    distances = tree_distances(74, seed=1)
    random, cells = np.random.default_rng(5), np.triu_indices(74)
    found = []
    for _ in range(50):
        points = random.normal(size=(74, 64))
        visual = 1 - np.corrcoef(points - points.mean(axis=1, keepdims=True))
        found.append(np.corrcoef(visual[cells], distances[cells])[0, 1])
    assert findings["diagonal"].on_reference == pytest.approx(np.mean(found), abs=0.02)
    assert findings["diagonal"].on_reference > 0.2


def test_the_published_p_is_that_of_its_r_in_as_many_independent_pairs(
    findings: dict[str, ClaimFinding],
) -> None:
    assert findings["p_value"].message.startswith("p = 5.7e-109 is that of r = 0.4032 in 2,775 independent")
    assert findings["p_value"].on_reference == 1e-4
    assert findings["independence"].on_reference > 2 * findings["independence"].published


def test_what_was_trained_for_is_found(findings: dict[str, ClaimFinding]) -> None:
    assert findings["training_target"].on_reference > 0.7
    assert "as many features as classes or more 1.00" in findings["training_target"].message


def test_errors_weighted_by_the_reference_correlate_with_it(findings: dict[str, ClaimFinding]) -> None:
    assert findings["weighted_errors"].on_reference > 0.5


def test_a_table_and_a_line_each_show_them() -> None:
    line = abs(np.subtract.outer(np.arange(10.0), np.arange(10.0)))
    claim = review_claim(as_reference(line, [f"family {number}" for number in range(10)]))
    rows = claim_table(claim).rows
    assert rows[0] == ("Pairs of different classes", "2,775", "45")
    assert [row[1] for row in rows[1:]] == ["0.400", "5.0 %", "5.7e-109", "0.400", "0.776"]
    assert len(rows) == len(claim_remarks(claim)) - 1 == 6
    assert claim_remarks(claim)[0].startswith(
        "Warning: these 10 names are not those of the source's 74 families"
    )


def test_few_or_equal_distances_are_refused() -> None:
    names = [f"family {number}" for number in range(10)]
    with refused("too_few_distances", "reference"):
        review_claim(as_reference(tree_distances(9, seed=1), names[:9]))
    with refused("too_few_distances", "reference"):
        review_claim(as_reference(1 - np.eye(10), names))
