"""Clusters and syndromes."""

from skknn_syndrome.tables.ablation import preprocessing_centroids, preprocessing_clusters
from tests.ablation_builders import make_ablation


def test_a_row_is_a_map_with_both_agreements_in_plane_and_space() -> None:
    rows = preprocessing_clusters(make_ablation()).rows
    assert [row[:2] for row in rows] == [("none", "none"), ("none", "mixup")]
    assert rows[1][2:] == (4, 1, 1.0, 1.0, 0.4, 0.5)


def test_a_row_is_a_cluster_counted_from_1_in_each_map() -> None:
    rows = preprocessing_centroids(make_ablation()).rows
    assert [row[:3] for row in rows] == [
        ("none", "none", 1),
        ("none", "none", 2),
        ("none", "mixup", 1),
        ("none", "mixup", 2),
    ]
    assert rows[1][3:] == ("b", 5.5, 5.0, 0.5, 3)


def test_without_maps_there_are_no_rows() -> None:
    bare = make_ablation(maps=False)
    assert preprocessing_clusters(bare).rows == preprocessing_centroids(bare).rows == ()
