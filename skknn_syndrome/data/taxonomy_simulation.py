"""Simulated embeddings of classes that are related by a tree, as families of organisms are."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from types import MappingProxyType

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray, StringArray
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.data.multilabel_simulation import IMAGES_OF_SUBJECTS
from skknn_syndrome.data.reference import ReferenceDistances, as_reference
from skknn_syndrome.data.trees import read_newick
from skknn_syndrome.errors import Argument, ParameterError

LARGEST_DISTANCE = 1.7
"""Length of the path between two tips on either side of the root."""
SPLITTING = 1.5
"""Power of the number of lineages at which these split: 1 is pure birth, 2 the coalescent."""
LEVELS = {"subclass": 0.08, "order": 0.35}
"""How many groups a level has, as a share of the classes: 6 and 26 of 74."""
SUBJECTS_OF_CLASS = 0.7, 2, 60
"""Standard deviation of the logarithm of the number of subjects of a class; the fewest and the most."""
OF_SUBJECT, OF_IMAGE = 1.0, 1.0
"""Standard deviations of what sets subjects and images apart, that of classes being 1."""
_RANGES = {
    "n_classes": (Integral, 4, np.inf),
    "n_features": (Integral, 2, np.inf),
    "n_tree_features": (Integral, 0, np.inf),
    "strength": (Real, 0, 1),
    "n_subjects": (Real, 1, 1e4),
}


@dataclass(frozen=True, eq=False)
class TaxonomyEmbeddings:
    """Simulated embeddings of classes with the tree that relates them.

    Parameters
    ----------
    dataset : EmbeddingDataset
        Labels are the families, the tips of the tree.
    reference : ReferenceDistances
        The families, sorted, with the length of the path through the tree between each two.
    tree_newick : str
        The tree with its branch lengths, in Newick format.
    levels : mapping of str to ndarray of str of shape (n_images,)
        For each image its group at each level, the widest first: subclass, order, family. Groups nest.
    """

    dataset: EmbeddingDataset
    reference: ReferenceDistances
    tree_newick: str
    levels: Mapping[str, StringArray]

    @property
    def names(self) -> tuple[str, ...]:
        """The families, sorted."""
        return self.reference.names

    @property
    def distances(self) -> Float64Array:
        """Shape (n_classes, n_classes): those of the reference."""
        return self.reference.distances


@dataclass(frozen=True, eq=False)
class _Tree:
    """A binary tree: nodes are numbered such that parents come before their children, the root is 0."""

    parent: IndexArray
    length: Float64Array
    """Of the branch above each node."""
    tips: IndexArray
    groups: Mapping[str, IndexArray]
    """By level, the node whose group each node belongs to; the root where it lies above all groups."""

    def newick(self, names: Mapping[int, str]) -> str:
        """Write the tree with the names of its tips."""
        texts = [names.get(node, "") for node in range(len(self.parent))]
        for node in range(len(self.parent) - 1, 0, -1):
            above, own = int(self.parent[node]), f"{texts[node]}:{float(self.length[node])!r}"
            # Children come in pairs, the second one first here.
            texts[above] = f"({own}{texts[above]}" if texts[above] else f",{own})"
        return f"{texts[0]};"


def make_taxonomy_embeddings(
    n_classes: int = 74,
    *,
    n_features: int = 64,
    n_tree_features: int = 16,
    strength: float = 0.5,
    n_subjects: float = 8.0,
    random_state: int | np.random.RandomState | None = 0,
) -> TaxonomyEmbeddings:
    r"""Simulate embeddings of images of families, some features of which evolved along their tree.

    Parameters
    ----------
    n_classes : int, default=74
        Families, the tips of the tree, 4 or more: `compare_distances` takes no fewer.
    n_features : int, default=64
        Length of a vector.
    n_tree_features : int, default=16
        How many features, the first ones, follow the tree.
    strength : float, default=0.5
        Which share of the variance of these features between families follows the tree: Pagel's lambda [1]_.
        At 0 vectors tell nothing of the tree.
    n_subjects : float, default=8.0
        Median number of subjects of a family. Families have from 2 to 60, a subject one to five images.
    random_state : int, RandomState instance or None, default=0

    Returns
    -------
    TaxonomyEmbeddings

    Raises
    ------
    TypeError
        If a number is not of the right kind.
    ParameterError
        If a number lies outside its range, or there are more tree features than features.

    Notes
    -----
    Of :math:`k` lineages each is as likely the next to split, after an exponential time of mean
    :math:`k^{-1.5}`, between pure birth (:math:`k^{-1}`) and the coalescent (:math:`k^{-2}` but for a
    factor). All tips are as far from the root, and the longest path has length 1.7. Feature
    :math:`j` of the mean of family :math:`c` is

    .. math:: \mu_{cj} = \sqrt{\lambda_j}\, b_{cj} + \sqrt{1 - \lambda_j}\, e_{cj}

    where :math:`b_j` is a Brownian motion along the tree of variance 1 at the tips, :math:`e_{cj}` is
    standard normal, and :math:`\lambda_j` is `strength` in tree features and 0 in the others. What sets
    subjects of a family apart, and images of a subject, is standard normal in every feature. Groups of the
    levels above the families descend from the lineages that lived when their number was 8 and 35 % of that of
    the families (two at least).

    References
    ----------
    .. [1] M. Pagel, "Inferring the historical patterns of biological evolution", Nature 401, 1999.
       doi:10.1038/44766

    Examples
    --------
    >>> made = make_taxonomy_embeddings(5, n_subjects=3)
    >>> made.dataset
    EmbeddingDataset('simulated families': ... images x 64 float32, 5 syndromes, ... subjects, simulated)
    >>> made.names, made.distances.shape, round(float(made.distances.max()), 6)
    (('Family1', 'Family2', 'Family3', 'Family4', 'Family5'), (5, 5), 1.7)
    >>> list(made.levels)
    ['subclass', 'order', 'family']
    """
    from sklearn.utils import check_random_state, check_scalar  # noqa: PLC0415  slow to import

    given = {
        "n_classes": n_classes,
        "n_features": n_features,
        "n_tree_features": n_tree_features,
        "strength": strength,
        "n_subjects": n_subjects,
    }
    for name, (kind, least, most) in _RANGES.items():
        check_scalar(given[name], name, kind)
        if not least <= given[name] <= most:
            raise ParameterError(
                "{argument} must lie between {least:g} and {most:g}."
                if most < np.inf
                else "{argument} must be at least {least:g}.",
                code=f"{name}_out_of_range",
                parameter=name,
                argument=Argument(name, given[name]),
                least=least,
                most=most,
            )
    if n_tree_features > n_features:
        raise ParameterError(
            "{n_tree_features} must not be more than {n_features}.",
            code="too_many_features",
            parameter="n_tree_features",
            n_tree_features=Argument("n_tree_features", n_tree_features),
            n_features=Argument("n_features", n_features),
        )
    random = check_random_state(random_state)
    tree = _grow(random, n_classes)
    means = _evolve(random, tree, n_features, n_tree_features, strength)
    family, subject = _roster(random, n_classes, n_subjects)
    subjects = random.standard_normal((subject[-1] + 1, n_features))
    images = random.standard_normal((len(subject), n_features))
    vectors = means[family] + OF_SUBJECT * subjects[subject] + OF_IMAGE * images
    names = _numbered("Family", n_classes)
    labels = np.array(names)[family]
    newick = tree.newick(dict(zip(tree.tips.tolist(), names, strict=True)))
    return TaxonomyEmbeddings(
        EmbeddingDataset.from_arrays(
            vectors.astype(np.float32),
            labels,
            np.array(_numbered("subject-", int(subject[-1]) + 1))[subject],
            _numbered("image-", len(subject)),
            name="simulated families",
            simulated=True,
        ),
        as_reference(read_newick(newick), names),
        newick,
        MappingProxyType({**_levels(tree, family), "family": labels}),
    )


def _numbered(word: str, n: int) -> tuple[str, ...]:
    width = len(str(n))
    return tuple(f"{word}{number:0{width}d}" for number in range(1, n + 1))


def _grow(random: np.random.RandomState, n_tips: int) -> _Tree:
    """Let a tree grow, one split after another."""
    sizes = {level: max(2, round(share * n_tips)) for level, share in LEVELS.items()}
    parent, birth, death = [0], [0.0], [0.0]
    alive, now = [0], 0.0
    founders: dict[str, list[int]] = {}
    while len(alive) < n_tips:
        splitting = alive.pop(random.randint(len(alive)))
        death[splitting] = now
        for _ in range(2):
            alive.append(len(parent))
            parent.append(splitting)
            birth.append(now)
            death.append(0.0)
        now += random.standard_exponential() / len(alive) ** SPLITTING
        founders |= {level: list(alive) for level, size in sizes.items() if size == len(alive)}
    lived = np.array(death)
    lived[alive] = now
    above = np.array(parent, dtype=np.intp)
    length = (lived - np.array(birth)) * (LARGEST_DISTANCE / 2 / now)
    # Names must not tell who is related: children are born side by side.
    tips = random.permutation(np.array(alive, dtype=np.intp))
    return _Tree(above, length, tips, {level: _below(above, founders[level]) for level in founders})


def _below(parent: IndexArray, founders: list[int]) -> IndexArray:
    """Return for each node the founder that it descends from, 0 for those above."""
    found = np.zeros_like(parent)
    found[founders] = founders
    for node in range(1, len(parent)):
        if not found[node]:
            found[node] = found[parent[node]]
    return found


def _evolve(
    random: np.random.RandomState, tree: _Tree, n_features: int, n_tree_features: int, strength: float
) -> Float64Array:
    """Draw the means of the families, of shape (n_classes, n_features)."""
    steps = random.standard_normal((len(tree.parent), n_tree_features))
    steps *= np.sqrt(tree.length / (LARGEST_DISTANCE / 2))[:, None]
    for node in range(1, len(steps)):
        steps[node] += steps[tree.parent[node]]
    means = random.standard_normal((len(tree.tips), n_features))
    means[:, :n_tree_features] *= np.sqrt(1 - strength)
    means[:, :n_tree_features] += np.sqrt(strength) * steps[tree.tips]
    return np.asarray(means)


def _roster(
    random: np.random.RandomState, n_classes: int, n_subjects: float
) -> tuple[IndexArray, IndexArray]:
    """Draw for each image the numbers of its family and subject."""
    spread, fewest, most = SUBJECTS_OF_CLASS
    counts = n_subjects * np.exp(spread * random.standard_normal(n_classes))
    of_class = np.clip(np.round(counts), fewest, most).astype(np.intp)
    n_images = random.choice(IMAGES_OF_SUBJECTS, of_class.sum())
    family = np.repeat(np.arange(n_classes), of_class)
    return np.repeat(family, n_images), np.repeat(np.arange(len(family)), n_images)


def _levels(tree: _Tree, family: IndexArray) -> dict[str, StringArray]:
    """Return the groups of each image, numbered, by level."""
    levels = {}
    for level in LEVELS:
        _, group = np.unique(tree.groups[level][tree.tips], return_inverse=True)
        levels[level] = np.array(_numbered(level.capitalize(), int(group.max()) + 1))[group][family]
    return levels
