"""The published way: in its order, and reached by its own name alone."""

import ast
from pathlib import Path

import numpy as np
import pytest

import skknn_syndrome
from skknn_syndrome.analyses.published.protocols import Recipe
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.preprocessing import (
    CentroidBalancer,
    MixupOverSampler,
    make_resampler,
    refuse_parted_subjects,
    subjects_of_rows,
)
from skknn_syndrome.preprocessing.before_splitting import prepare_before_split_and_leak

PACKAGE = Path(skknn_syndrome.__file__).parent


def test_scaling_comes_first_then_balancing_then_mixing(small: EmbeddingDataset) -> None:
    unit = small.embeddings / np.linalg.norm(small.embeddings, axis=1, keepdims=True)
    balancer = CentroidBalancer()
    kept, labels = balancer.fit_resample(unit, small.syndromes)
    prepared = prepare_before_split_and_leak(
        small.embeddings.astype(np.float64),
        small.syndromes,
        Recipe("l2", balanced=True, n_mixed=24).steps(3),
    )
    np.testing.assert_allclose(prepared.samples[: len(kept)], kept, rtol=1e-12)
    np.testing.assert_array_equal(prepared.labels[: len(kept)], labels)
    # Two for each of twelve classes; means of unit vectors are shorter.
    np.testing.assert_array_equal(prepared.labels[len(kept) :], np.repeat(np.unique(labels), 2))
    assert (np.linalg.norm(prepared.samples[len(kept) :], axis=1) < 1).all()


def test_zscores_are_of_all_rows(small: EmbeddingDataset) -> None:
    prepared = prepare_before_split_and_leak(
        small.embeddings.astype(np.float64), small.syndromes, Recipe("zscore").steps(0)
    )
    np.testing.assert_allclose(prepared.samples.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(prepared.samples.std(axis=0), 1, rtol=1e-12)


def test_without_a_recipe_rows_stay_what_they_are(small: EmbeddingDataset) -> None:
    samples = small.embeddings.astype(np.float64)
    prepared = prepare_before_split_and_leak(samples, small.syndromes, Recipe().steps(0))
    np.testing.assert_array_equal(prepared.samples, samples)


def test_the_guard_refuses_the_published_folds(small: EmbeddingDataset) -> None:
    sampler = MixupOverSampler(random_state=0)
    _, labels = sampler.fit_resample(small.embeddings, small.syndromes)
    assert small.subjects is not None
    splits = make_splits(labels, None, cv=10, random_state=0)
    with pytest.raises(
        StudySettingsError, match="in training and test part alike: resample inside the folds"
    ):
        refuse_parted_subjects(subjects_of_rows(sampler, small.subjects), splits.as_cv())


def files_that_name(*names: str) -> set[str]:
    """Return the files of the package whose code (not text) has one of these names."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if not any(name in text for name in names):
            continue
        nodes = list(ast.walk(ast.parse(text)))
        used = {node.id for node in nodes if isinstance(node, ast.Name)}
        used |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        # Under another name it is the same function.
        used |= {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
        if used & set(names):
            found.add(path.relative_to(PACKAGE).as_posix())
    return found


def test_nothing_else_in_the_package_resamples_by_hand() -> None:
    # A classifier that balances levels resamples what it is fitted to, which in a fold is the training part;
    # so does what fits the classifier of each taxonomic level.
    own = {"preprocessing/before_splitting.py", "preprocessing/levels.py", "analyses/levels/fitting.py"}
    assert files_that_name("fit_resample") == own


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_preprocessing_before_splitting_is_done_by_the_reproduction_and_where_it_is_asked_for_by_name() -> (
    None
):
    callers = files_that_name("prepare_before_split_and_leak")
    assert callers == {
        "analyses/preprocessing/folds.py",
        "analyses/published/runs.py",
        "analyses/published/compute.py",
    }
    assert files_that_name("fit_before_splitting") == {"analyses/preprocessing/compute.py"}
    assert not hasattr(skknn_syndrome, "prepare_before_split_and_leak")


def test_parents_are_followed_through_several_samplers(small: EmbeddingDataset) -> None:
    samples = small.embeddings.astype(np.float64)
    prepared = prepare_before_split_and_leak(
        samples, small.syndromes, Recipe(balanced=True, n_mixed=24).steps(0)
    )
    assert prepared.parents is not None
    own, other = prepared.parents.T
    kept = own == other
    np.testing.assert_array_equal(prepared.samples[kept], samples[own[kept]])
    # A synthetic row lies between its parents, and is of their class.
    np.testing.assert_array_equal(small.syndromes[own], prepared.labels)
    np.testing.assert_array_equal(small.syndromes[other], prepared.labels)
    low, high = np.minimum(samples[own], samples[other]), np.maximum(samples[own], samples[other])
    assert ((low - 1e-9 <= prepared.samples) & (prepared.samples <= high + 1e-9)).all()


def test_smote_leaves_the_parents_unknown(small: EmbeddingDataset) -> None:
    smote = make_resampler("smote", random_state=0)
    steps = [smote, CentroidBalancer()]
    assert prepare_before_split_and_leak(small.embeddings, small.syndromes, steps).parents is None
