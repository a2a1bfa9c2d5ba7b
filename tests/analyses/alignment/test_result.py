"""The result of an alignment: what it says of itself, and what can't be one."""

import pytest
from pydantic import ValidationError

from skknn_syndrome.analyses.alignment.result import AlignmentAnalysis, Dendrogram, PowerPoint
from skknn_syndrome.results.distance_alignment import DistanceAlignment
from tests.alignment_builders import COMB, make_alignment, make_alignment_analysis


def test_it_goes_to_json_and_comes_back_the_same() -> None:
    alignment = make_alignment()
    assert DistanceAlignment.model_validate_json(alignment.model_dump_json()) == alignment


def test_pairs_come_row_by_row() -> None:
    found = make_alignment_analysis()
    assert [*found.pairs()][3] == ("<b>Limidae</b>", "Ostreidae", 0.3, 0.25)
    assert make_alignment().to_frame().shape == (6, 4)


@pytest.mark.parametrize(
    "estimate, p_value, is_shown",
    [(0.6, 0.01, True), (0.6, 0.05, False), (-0.6, 0.01, False), (None, None, False)],
)
def test_an_association_is_shown_by_a_significant_positive_correlation(
    estimate: float | None, p_value: float | None, *, is_shown: bool
) -> None:
    assert make_alignment_analysis(estimate, p_value).is_shown is is_shown


def power(*shares: float) -> tuple[PowerPoint, ...]:
    """Return power at correlations of 0.1, 0.2 and so on."""
    return tuple(PowerPoint(correlation=(place + 1) / 10, power=share) for place, share in enumerate(shares))


@pytest.mark.parametrize(
    "points, detectable",
    [
        (power(0.1, 0.8, 0.9), 0.2),
        (power(0.1, 0.82, 0.79, 0.9), 0.4),
        (power(0.1, 0.2), None),
        ((), None),
    ],
    ids=["from the second", "not from one that chance lifted", "none", "not simulated"],
)
def test_detectable_is_what_is_found_often_enough_from_there_on(
    points: tuple[PowerPoint, ...], detectable: float | None
) -> None:
    assert make_alignment_analysis(power=points).detectable == detectable


@pytest.mark.parametrize(
    "changes",
    [
        {"visual": (0.1, 0.2)},
        {"names": ("a", "b", "c", "d")},
        {"all_correlations": make_alignment_analysis().all_correlations[1:]},
        {"power": power(0.1, 0.2)[::-1]},
    ],
    ids=["distances of fewer pairs", "contributions of others", "no Pearson", "power out of order"],
)
def test_parts_have_to_agree(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        AlignmentAnalysis.model_validate(make_alignment_analysis()._fields() | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"depths": (1.0,)},
        {"order": (0, 0, 1, 2)},
        {"parents": (4, 4, 5, 6, 5, -1, -1)},
        {"parents": (4, 4, 5, 6, 5, 4, -1)},
        {"parents": (1, 4, 5, 6, 5, 6, -1)},
    ],
    ids=["depths of fewer", "an order of other tips", "two roots", "a circle", "a tip above another"],
)
def test_a_dendrogram_is_a_tree(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Dendrogram.model_validate(COMB._fields() | changes)


def test_an_alignment_needs_its_analysis() -> None:
    alignment = make_alignment()
    with pytest.raises(ValidationError, match="alignment"):
        alignment.revised(analyses=())


def test_it_names_the_correlation_in_one_line() -> None:
    assert repr(make_alignment()) == (
        "DistanceAlignment(4 classes, cosine against 'families.nwk': r = 0.600, Mantel p = 0.01)"
    )
    assert "undefined" in str(make_alignment(make_alignment_analysis(None, None)))
