"""Simulated families: a tree that explains a known share of their variance, uneven classes, nested levels."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.data import TaxonomyEmbeddings, make_taxonomy_embeddings
from tests.refusing import refused


@cache
def made(strength: float = 0.5) -> TaxonomyEmbeddings:
    return make_taxonomy_embeddings(strength=strength)


def path_lengths(newick: str) -> dict[frozenset[str], float]:
    """Length of the path between each two tips, by adding up what lies between them in the text."""
    found: dict[frozenset[str], float] = {}
    open_clades: list[list[dict[str, float]]] = [[]]
    for word in newick.rstrip(";").replace("(", "( ").replace(")", " ) ").replace(",", " , ").split():
        if word == "(":
            open_clades.append([])
        elif word == ")":
            children = open_clades.pop()
            for one, other in combinations(children, 2):
                found |= {frozenset((a, b)): one[a] + other[b] for a in one for b in other}
            open_clades[-1].append({tip: depth for child in children for tip, depth in child.items()})
        elif word != ",":
            name, length = word.split(":")
            if name:
                open_clades[-1].append({name: float(length)})
            else:
                inner = open_clades[-1][-1]
                open_clades[-1][-1] = {tip: depth + float(length) for tip, depth in inner.items()}
    return found


def class_means(data: TaxonomyEmbeddings) -> Float64Array:
    labels = data.dataset.syndromes
    return np.array([data.dataset.embeddings[labels == name].mean(axis=0) for name in data.names], np.float64)


def correlation(data: TaxonomyEmbeddings) -> float:
    """Of squared distances between class means with those in the tree: both grow linearly with time."""
    means = class_means(data)[:, :16]
    squared = ((means[:, None] - means) ** 2).sum(axis=2)
    pairs = np.triu_indices(len(means), 1)
    return float(np.corrcoef(squared[pairs], data.distances[pairs])[0, 1])


def test_distances_are_the_lengths_of_the_paths_in_the_newick_text() -> None:
    data = made()
    paths = path_lengths(data.tree_newick)
    assert len(paths) == 74 * 73 / 2
    for (i, one), (j, other) in combinations(enumerate(data.names), 2):
        assert data.distances[i, j] == data.distances[j, i]
        assert data.distances[i, j] == pytest.approx(paths[frozenset((one, other))], abs=1e-12)
    assert np.diag(data.distances).tolist() == [0.0] * 74
    assert data.distances.max() == pytest.approx(1.7)


def test_families_are_the_labels_and_have_subjects_and_images_in_uneven_numbers() -> None:
    data = made().dataset
    assert data.subjects is not None
    assert data.simulated
    assert [*np.unique(data.syndromes)] == [*made().names]
    pairs = np.unique(np.array([data.syndromes, data.subjects]), axis=1)
    assert pairs.shape[1] == np.unique(data.subjects).size  # no subject is in two families
    of_family = np.unique(pairs[0], return_counts=True)[1]
    assert (of_family.min(), of_family.max()) == (2, 60)
    assert 6 <= np.median(of_family) <= 10
    assert np.unique(np.unique(data.subjects, return_counts=True)[1]).tolist() == [1, 2, 3, 5]


def test_levels_nest_and_their_groups_are_clades() -> None:
    data = made()
    assert [np.unique(groups).size for groups in data.levels.values()] == [6, 26, 74]
    subclass, order, family = data.levels.values()
    assert family.tolist() == data.dataset.syndromes.tolist()
    assert np.unique(np.array([order, family]), axis=1).shape[1] == 74
    assert np.unique(np.array([subclass, order]), axis=1).shape[1] == 26
    of_name = dict(zip(family.tolist(), order.tolist(), strict=True))
    groups = np.array([of_name[name] for name in data.names])
    same = (groups[:, None] == groups) & ~np.eye(74, dtype=bool)
    for row, others in zip(data.distances, same, strict=True):
        assert row[others].max(initial=0) < row[~others & (row > 0)].min()


def test_the_tree_explains_as_much_as_asked() -> None:
    found = [correlation(made(strength)) for strength in (0.0, 0.5, 1.0)]
    assert abs(found[0]) < 0.06  # of 2,701 dependent pairs
    assert 0.25 < found[1] < found[2] - 0.2
    # The variance of a mean is 1 whatever the strength, and what subjects and images add to it.
    assert np.var(class_means(made(1.0)), axis=0)[16:].mean() == pytest.approx(1.2, abs=0.1)


def test_a_seed_gives_the_same_bytes() -> None:
    one, other = (make_taxonomy_embeddings(5, random_state=3) for _ in range(2))
    assert one.dataset.embeddings.tobytes() == other.dataset.embeddings.tobytes()
    assert one.tree_newick == other.tree_newick
    assert one.tree_newick != make_taxonomy_embeddings(5, random_state=4).tree_newick


def test_more_classes_can_be_had() -> None:
    data = make_taxonomy_embeddings(884, n_features=2, n_tree_features=1, n_subjects=1)
    assert data.names[:2] == ("Family001", "Family002")
    assert data.distances.shape == (884, 884)


@pytest.mark.parametrize(
    "arguments",
    [{"n_classes": 3}, {"n_features": 1}, {"n_tree_features": -1}, {"strength": 2}, {"n_subjects": 0}],
)
def test_numbers_outside_their_range_are_refused(arguments: dict[str, int]) -> None:
    (name,) = arguments
    with refused(f"{name}_out_of_range", name):
        make_taxonomy_embeddings(**arguments)


def test_more_tree_features_than_features_are_refused() -> None:
    with refused("too_many_features", "n_tree_features"):
        make_taxonomy_embeddings(n_features=8)
