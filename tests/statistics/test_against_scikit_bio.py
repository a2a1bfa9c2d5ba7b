"""Trees, neighbour joining and Mantel's test, held against scikit-bio, which takes seconds to be imported."""

import io
import os
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from skknn_syndrome.data import ReferenceDistances, as_reference, load_reference, read_newick
from skknn_syndrome.statistics.mantel import mantel
from tests.data.test_trees import random_newick
from tests.statistics.test_mantel import correlated, point_distances, tree_distances


@pytest.fixture(scope="module")
def skbio() -> Any:
    """Return the library, imported by the one process that runs these tests."""
    return import_module("skbio")


@pytest.fixture(scope="module")
def skbio_mantel(skbio: Any) -> Any:
    """Return its test."""
    return skbio.stats.distance.mantel


def test_distances_between_tips(skbio: Any) -> None:
    text = random_newick(60, seed=1)
    tree = read_newick(text)
    theirs = skbio.TreeNode.read(io.StringIO(text), convert_underscores=False).cophenet()
    np.testing.assert_allclose(tree.tip_distances(), theirs.filter(tree.tip_names).data, rtol=0, atol=1e-13)


def test_neighbour_joining_of_a_tree_gives_its_distances_back(skbio: Any, tmp_path: Path) -> None:
    tree = read_newick("((((A_1:0.3,B:0.1):0.2,C:0.7):0.4,D:0.25):0.1,(E:0.9,F:0.35):0.6);")
    check_neighbour_joining(skbio, as_reference(tree), tmp_path)


def check_neighbour_joining(skbio: Any, reference: ReferenceDistances, tmp_path: Path) -> None:
    joined = skbio.tree.nj(skbio.DistanceMatrix(reference.distances, reference.names))
    path = tmp_path / "joined.nwk"
    joined.write(str(path))
    again = load_reference(path).of(reference.names)
    np.testing.assert_allclose(again.distances, reference.distances, rtol=0, atol=1e-12)


def test_correlations(skbio_mantel: Any) -> None:
    A, B = point_distances(15, seed=1), np.round(point_distances(15, seed=2), 1)  # B has ties
    for ours, theirs in (("pearson", "pearson"), ("spearman", "spearman"), ("kendall", "kendalltau")):
        found = mantel(A, B, method=ours, n_permutations=9, random_state=0)  # type: ignore[arg-type]
        expected, *_ = skbio_mantel(A, B, method=theirs, permutations=0)
        assert found.correlation == pytest.approx(expected, abs=1e-12)


def test_p_values(skbio_mantel: Any) -> None:
    A, B = correlated(tree_distances(12, seed=1), 0.25, seed=2), tree_distances(12, seed=1)
    ours = mantel(A, B, random_state=0)
    _, theirs, n = skbio_mantel(A, B, permutations=9999, alternative="greater", seed=1)
    assert (ours.n_permutations, ours.exact, n) == (9999, False, 12)
    assert 0.01 < ours.p_value < 0.2
    assert ours.p_value == pytest.approx(theirs, abs=0.012)  # four standard errors of two shares
    two_sided = mantel(A, B, random_state=0, alternative="two-sided").p_value
    assert two_sided == pytest.approx(
        skbio_mantel(A, B, permutations=9999, alternative="two-sided", seed=2)[1], abs=0.012
    )


@pytest.fixture(scope="module")
def shared_data(no_cover: None) -> Path:  # noqa: ARG001  what is covered must not depend on it
    """Return the folder of data that only some machines have."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    path = Path(os.environ.get("SKKNN_SYNDROME_DATA", beside))
    if not (path / "bivalves").is_dir() or not (path / "swallowtails").is_dir():
        pytest.skip("the distances of bivalves and swallowtails are not on this machine")
    return path


def test_families_of_bivalves_are_an_exact_tree(skbio: Any, shared_data: Path, tmp_path: Path) -> None:
    reference = load_reference(shared_data / "bivalves" / "family_distances.csv")
    assert len(reference.names) == 74
    check_neighbour_joining(skbio, reference, tmp_path)


def test_species_of_swallowtails_match(shared_data: Path) -> None:
    species = pd.read_csv(shared_data / "swallowtails" / "embeddings.csv")["species"].unique()
    found = load_reference(shared_data / "swallowtails" / "tree.nwk").match(species)
    assert (len(found.shared), len(found.only_data), len(found.only_reference)) == (330, 4, 78)
    assert {name for name, _ in found.near_misses} == {*found.only_data}
