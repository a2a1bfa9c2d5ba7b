"""Published protocols, their rows and their figures."""

from types import MappingProxyType

import numpy as np
import pytest

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.published.distance_claim import SOURCE
from skknn_syndrome.analyses.published.protocols import (
    PROTOCOLS,
    Protocol,
    PublishedRow,
    Recipe,
    find_protocol,
    first_with_same_figures,
    packaged_figures,
    rows_of_source,
)
from skknn_syndrome.analyses.published.result import ReproducedRow
from skknn_syndrome.analyses.published.runs import FoldMeans
from skknn_syndrome.analyses.published.table_checks import REVIEWED
from skknn_syndrome.analyses.published.verdicts import judge_row, share_choosing_k
from skknn_syndrome.results.published import PublishedScore
from tests.refusing import refused


def test_a_recipe_resamples_where_rows_go_or_come() -> None:
    recipes = [Recipe(), Recipe("l2"), Recipe(balanced=True), Recipe(n_mixed=1)]
    assert [recipe.is_resampled for recipe in recipes] == [False, False, True, True]


def test_every_resampled_recipe_of_one_source_stands_beside_the_same_without() -> None:
    for protocol in PROTOCOLS.values():
        recipes = set(protocol.recipes.values())
        assert {Recipe(recipe.scaler) for recipe in recipes} <= recipes


def test_an_unknown_source_is_refused() -> None:
    with refused("unknown_protocol", "name"):
        find_protocol("roy")


PROTOCOL = Protocol(
    source="s",
    random_state=0,
    decimals=2,
    recipes={"original": Recipe(), "balanced": Recipe(balanced=True)},
    chooses_k=True,
)


def published(dataset: str, f1: float, *, top_9: float = 0.9, table: str = "t1") -> PublishedRow:
    """Return a row at cosine, k = 3."""
    return PublishedRow(
        table, dataset, "cosine", 3, MappingProxyType({"f1_macro": f1, "top_9_accuracy": top_9})
    )


def means(*f1: float, best_k: int = 3) -> FoldMeans:
    """Return runs with these F1 at cosine, k = 3; everything is best at `best_k`."""
    values: Float64Array = np.full((len(f1), 2, 15), 0.1)
    values[:, 1, best_k - 1] = 0.95
    values[:, 1, 2] = f1
    top_9 = np.full((len(f1), 2, 15), 0.91)
    return {
        "f1_macro": values,
        "roc_auc_ovr": np.ones_like(values),
        "top_9_accuracy": top_9,
        "top_9_accuracy_lower": top_9 - 0.03,
        "top_9_accuracy_upper": top_9 + 0.01,
    }


def judge(row: PublishedRow, *others: PublishedRow, **runs: FoldMeans) -> ReproducedRow:
    return judge_row(row, [*others, row], runs, PROTOCOL)


def test_a_row_whose_figures_come_out_is_reproduced() -> None:
    judged = judge(published("original", 0.75, top_9=0.91), original=means(0.754))
    assert judged.verdict == "reproduced"
    assert (judged.n_draws, judged.share_choosing_k, judged.reason) == (1, 1.0, None)
    assert [score.score for score in judged.scores] == ["f1_macro", "top_9_accuracy"]


def test_a_top_k_figure_may_lie_within_its_tie_band() -> None:
    judged = judge(published("original", 0.75, top_9=0.89), original=means(0.75))
    assert judged.verdict == "within_ties"
    assert [score.verdict for score in judged.scores] == ["reproduced", "within_ties"]


def test_a_row_is_not_reproducible_where_a_figure_differs() -> None:
    judged = judge(published("original", 0.75, top_9=0.91), original=means(0.77))
    assert judged.verdict == "not_reproducible"
    assert judged.reason == "Run as labelled, macro F1 is 0.77 and not 0.75."


def test_a_row_is_not_reproducible_where_the_rule_chooses_another_k() -> None:
    judged = judge(published("original", 0.75, top_9=0.91), original=means(0.75, best_k=9))
    assert judged.verdict == "not_reproducible"
    assert judged.reason == "The figures come out, but the source's rule chooses another k."


def test_what_is_drawn_is_judged_by_its_spread_whatever_k_the_runs_choose() -> None:
    judged = judge(
        published("balanced", 0.75, top_9=0.91),
        original=means(0.6),
        balanced=means(0.73, 0.74, 0.76, best_k=9),
    )
    assert judged.verdict == "within_draws"
    assert (judged.n_draws, judged.share_choosing_k, judged.reason) == (3, 0.0, None)


def test_a_resampled_row_with_the_figures_of_untouched_rows_is_found_out() -> None:
    # 0.75 lies within the draws, but it is also, digit by digit, what the untouched rows give.
    row = published("balanced", 0.75, top_9=0.91, table="t2")
    first = published("original", 0.75, top_9=0.91)
    judged = judge(row, first, original=means(0.75), balanced=means(0.73, 0.74, 0.80))
    assert judged.verdict == "not_reproducible"
    assert judged.repeats == "original of t1"
    assert judged.figures_of == "original"
    assert judged.reason == (
        "These are the figures of original at this k, without resampling: "
        "run as labelled, macro F1 is 0.76 and not 0.75."
    )


def test_share_of_the_runs_that_choose_k() -> None:
    runs = means(0.96, 0.94, 0.2, 0.97, best_k=9)
    assert share_choosing_k(published("original", 0.75), runs) == pytest.approx(2 / 4)


def test_the_package_brings_the_figures_of_every_protocol_and_reviewed_source_and_no_others() -> None:
    sources = {entry.source for entry in packaged_figures()}
    protocols = {protocol.source for protocol in PROTOCOLS.values()}
    assert sources == protocols | {*REVIEWED.values(), SOURCE}


def test_every_published_row_has_a_recipe_and_all_its_figures() -> None:
    n_rows = {}
    for name, protocol in PROTOCOLS.items():
        rows = rows_of_source(packaged_figures(), protocol.source)
        assert {row.dataset for row in rows} == set(protocol.recipes)
        n_rows[name] = len(rows), {len(row.figures) for row in rows}
    assert n_rows == {"monteiro": (2, {5}), "apollo": (24, {6})}


def entry(distance: str, score: str, value: float, **others: object) -> PublishedScore:
    """Return one cell of an invented table."""
    cell = {"source": "s", "table": "t", "dataset": "original", "classifier": "knn", "n_neighbors": 3}
    return PublishedScore.model_validate(
        cell | {"distance": distance, "score": score, "value": value} | others
    )


def test_cells_of_one_configuration_are_a_row() -> None:
    cells = [
        entry("cosine", "accuracy", 0.5),
        entry("cosine", "f1_macro", 0.4),
        entry("cosine", "accuracy", 0.5, n_neighbors=4),
        entry("cosine", "accuracy", 0.5, source="another"),
        entry("cosine", "accuracy", 0.5, n_neighbors=None),
    ]
    first, second = rows_of_source(cells, "s")
    assert (first.n_neighbors, dict(first.figures)) == (3, {"accuracy": 0.5, "f1_macro": 0.4})
    assert (second.n_neighbors, dict(second.figures)) == (4, {"accuracy": 0.5})


def test_a_row_repeats_the_first_of_equal_distance_k_and_figures() -> None:
    rows = rows_of_source(
        [
            entry("cosine", "accuracy", 0.5),
            entry("euclidean", "accuracy", 0.5),
            entry("cosine", "accuracy", 0.5, dataset="balanced", n_neighbors=4),
            entry("cosine", "accuracy", 0.6, dataset="balanced"),
            entry("cosine", "accuracy", 0.5, dataset="mixup"),
            entry("cosine", "accuracy", 0.5, dataset="mixup", table="t2"),
        ],
        "s",
    )
    assert [first_with_same_figures(row, rows) for row in rows] == [None, None, None, None, rows[0], rows[0]]
