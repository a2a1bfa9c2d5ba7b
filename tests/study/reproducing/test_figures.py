"""The published figures, row by row."""

from skknn_syndrome.results import PublishedScore
from skknn_syndrome.study.reproducing.figures import (
    first_with_same_figures,
    packaged_figures,
    rows_of_source,
)
from skknn_syndrome.study.reproducing.protocols import PROTOCOLS


def test_the_package_brings_the_figures_of_every_protocol_and_no_others() -> None:
    sources = {entry.source for entry in packaged_figures()}
    assert sources == {protocol.source for protocol in PROTOCOLS.values()}


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
