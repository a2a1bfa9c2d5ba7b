"""Published figures of prepared embeddings beside both ways."""

import pytest

from skknn_syndrome.results import PublishedScore
from skknn_syndrome.tables.ablation.published import prepared_how, preprocessing_published
from tests.ablation_builders import make_ablation


def published(
    dataset: str, *, n_neighbors: int | None = 3, distance: str = "cosine", score: str = "f1_macro"
) -> PublishedScore:
    """Return one figure."""
    return PublishedScore(
        source="report",
        table="t",
        dataset=dataset,
        classifier="knn",
        distance=distance,
        n_neighbors=n_neighbors,
        score=score,
        value=0.98,
    )


def test_a_published_score_stands_beside_both_ways() -> None:
    (row,) = preprocessing_published(make_ablation(), (published("mixup"),)).rows
    assert row[:8] == ("report", "t", "none", "mixup", "cosine", 3, "f1_macro", 0.98)
    # By the builder: 0.68 and 0.9 at k = 1, and 0.02 more at k = 3.
    assert row[8:11] == pytest.approx((0.92, 0.7, 0.22))
    assert row[11] is None


@pytest.mark.parametrize(
    "entry",
    [
        published("original"),
        published("balanced"),
        published("mixup", n_neighbors=7),
        published("mixup", n_neighbors=None),
        published("mixup", distance="manhattan"),
        published("mixup", score="top_9_accuracy"),
    ],
)
def test_what_was_not_run_here_is_left_out(entry: PublishedScore) -> None:
    assert preprocessing_published(make_ablation(), (entry,)).rows == ()


def test_without_the_leaky_way_there_is_nothing_to_set_beside_it() -> None:
    assert preprocessing_published(make_ablation(leaky=False), (published("mixup"),)).rows == ()


def test_a_score_that_is_not_defined_has_no_difference() -> None:
    result = make_ablation()
    undefined = tuple(
        variant.model_copy(
            update={
                "curves": tuple(curve.model_copy(update={"means": (None, None)}) for curve in variant.curves)
            }
        )
        if variant.way == "honest"
        else variant
        for variant in result.variants
    )
    found = preprocessing_published(result.model_copy(update={"variants": undefined}), (published("mixup"),))
    assert found.rows[0][9:11] == (None, None)


@pytest.mark.parametrize(
    "dataset, prepared",
    [
        ("original+zscore", ("zscore", "none")),
        ("mixup+l2", ("l2", "mixup")),
        ("balanced+mixup", ("l2", "balanced+mixup")),
    ],
)
def test_what_a_source_did_is_read_from_its_name(dataset: str, prepared: tuple[str, str]) -> None:
    assert prepared_how(dataset) == prepared


def test_figures_of_embeddings_that_were_not_resampled_are_named() -> None:
    repeated = (published("original"), published("original+l2"), published("mixup"))
    assert [row[-1] for row in preprocessing_published(make_ablation(), repeated).rows] == ["original"]
    other = (published("original", score="accuracy"), published("mixup"))
    assert [row[-1] for row in preprocessing_published(make_ablation(), other).rows] == [None]
