"""scikit-learn's checks, its answers where there are no ties, and its tools around the classifier."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.base import clone
from sklearn.metrics import pairwise_distances
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import (
    check_dataframe_column_names_consistency,
    check_estimator,
    check_param_validation,
)

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.data import load_embeddings
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.classifier import MetricName
from skknn_syndrome.neighbors.weighting import Weights
from tests.neighbors.conftest import Gallery

pytestmark = pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time

TEMPERATURE = 0.3

EVERY_METRIC = pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan"])

# scikit-learn's checks train on one to a few rows as well; the default asks for 15 neighbours.
FEW_ROWS = pytest.mark.filterwarnings("ignore::skknn_syndrome.errors.FewerNeighborsWarning")


@dataclass(frozen=True)
class Closeness:
    """A callable whose name, unlike a function's, holds no address: tests keep their names between runs."""

    def __call__(self, distances: Float64Array) -> Float64Array:
        return np.asarray(1 / (1 + distances))


VARIANTS = [
    SyndromeKNNClassifier(),
    SyndromeKNNClassifier(metric="euclidean", weights="uniform"),
    SyndromeKNNClassifier(metric="euclidean", weights="softmax", temperature=10),
    SyndromeKNNClassifier(weights="softmax"),
    SyndromeKNNClassifier(metric="manhattan", n_jobs=2),
    SyndromeKNNClassifier(class_weight="balanced"),
    SyndromeKNNClassifier(weights=Closeness()),
    SyndromeKNNClassifier(metric="precomputed"),
]


@FEW_ROWS
@pytest.mark.parametrize("classifier", VARIANTS)
def test_scikit_learn_contract(classifier: SyndromeKNNClassifier) -> None:
    check_estimator(classifier, on_skip=None)


@FEW_ROWS
@pytest.mark.parametrize("classifier", VARIANTS)
@pytest.mark.parametrize("check", [check_param_validation, check_dataframe_column_names_consistency])
def test_scikit_learn_contract_for_its_own_estimators(
    classifier: SyndromeKNNClassifier, check: Callable[[str, SyndromeKNNClassifier], None]
) -> None:
    check("SyndromeKNNClassifier", classifier)


def dino(distances: Float64Array) -> Float64Array:
    return np.asarray(np.exp(-distances / TEMPERATURE))


@EVERY_METRIC
@pytest.mark.parametrize(
    "weights, their_weights",
    [("uniform", "uniform"), ("distance", "distance"), ("softmax", dino), (dino, dino)],
)
@pytest.mark.parametrize("n_neighbors", [1, 2, 15, 80])
def test_agrees_with_scikit_learn(
    gallery: Gallery, metric: MetricName, weights: Weights, their_weights: Weights, n_neighbors: int
) -> None:
    ours = SyndromeKNNClassifier(n_neighbors, metric=metric, weights=weights, temperature=TEMPERATURE)
    theirs = KNeighborsClassifier(n_neighbors, metric=metric, weights=their_weights, algorithm="brute")
    for classifier in (ours, theirs):
        classifier.fit(gallery.rows, gallery.labels)
    found, expected = (classifier.predict_proba(gallery.queries) for classifier in (ours, theirs))
    np.testing.assert_allclose(found, expected, atol=1e-9, rtol=0)
    np.testing.assert_array_equal(ours.predict(gallery.queries), theirs.predict(gallery.queries))


@EVERY_METRIC
def test_neighbours_are_scikit_learns(gallery: Gallery, metric: MetricName) -> None:
    ours = SyndromeKNNClassifier(metric=metric).fit(gallery.rows, gallery.labels)
    theirs = KNeighborsClassifier(15, metric=metric, algorithm="brute").fit(gallery.rows, gallery.labels)
    for queries in (gallery.queries, None):
        distances, indices = ours.kneighbors(queries)
        their_distances, their_indices = theirs.kneighbors(queries)
        np.testing.assert_array_equal(indices, their_indices)
        np.testing.assert_allclose(distances, their_distances, rtol=1e-9)


@EVERY_METRIC
def test_agrees_with_scikit_learn_on_real_embeddings(real_file: Path, metric: MetricName) -> None:
    dataset = load_embeddings(real_file)
    rows, labels = dataset.embeddings.astype(np.float64), dataset.syndromes
    held_out = np.arange(len(rows)) % 10 == 0
    ours = SyndromeKNNClassifier(metric=metric)
    theirs = KNeighborsClassifier(15, metric=metric, weights="distance", algorithm="brute")
    found, expected = (
        classifier.fit(rows[~held_out], labels[~held_out]).predict_proba(rows[held_out])
        for classifier in (ours, theirs)
    )
    np.testing.assert_allclose(found, expected, atol=1e-9, rtol=0)


def test_data_frames_keep_their_names_and_labels(gallery: Gallery) -> None:
    frame = pd.DataFrame(gallery.rows, columns=[f"f{i}" for i in range(16)])
    classifier = SyndromeKNNClassifier().fit(frame, pd.Series(gallery.labels))
    assert classifier.feature_names_in_.tolist() == frame.columns.tolist()
    expected = SyndromeKNNClassifier().fit(gallery.rows, gallery.labels).predict(gallery.rows)
    assert classifier.predict(frame).tolist() == expected.tolist()
    with pytest.raises(ValueError, match="Feature names must be in the same order as they were in fit"):
        classifier.predict(frame[frame.columns[::-1]])


def test_survives_pickle_with_the_same_bits(gallery: Gallery) -> None:
    classifier = SyndromeKNNClassifier(class_weight="balanced").fit(gallery.rows, gallery.labels)
    revived = pickle.loads(pickle.dumps(classifier))  # noqa: S301 # our own bytes
    np.testing.assert_array_equal(
        revived.predict_proba(gallery.queries), classifier.predict_proba(gallery.queries)
    )


def test_clone_keeps_parameters_and_html_shows_them() -> None:
    classifier = SyndromeKNNClassifier(7, metric="manhattan", weights="softmax", temperature=2)
    assert clone(classifier).get_params() == classifier.get_params()
    assert "n_neighbors=7" in repr(classifier)
    assert "temperature" in classifier._repr_html_()


def mean_scores(classifier: Any, gallery: Gallery) -> Any:  # two unrelated, untyped classes
    step = type(classifier).__name__.lower()
    grid = {"n_neighbors": [1, 5, 15], "metric": ["euclidean", "cosine"], "weights": ["uniform", "distance"]}
    search = GridSearchCV(
        make_pipeline(StandardScaler(), classifier),
        {f"{step}__{name}": values for name, values in grid.items()},
        scoring="roc_auc_ovr",
        cv=StratifiedGroupKFold(4),
    )
    search.fit(gallery.rows, gallery.labels, groups=np.arange(80) // 2)
    return search.cv_results_["mean_test_score"]


@pytest.mark.parametrize("enabled", [False, True])
def test_grid_search_over_a_pipeline_gives_scikit_learns_scores(gallery: Gallery, *, enabled: bool) -> None:
    with sklearn.config_context(enable_metadata_routing=enabled):
        ours = mean_scores(SyndromeKNNClassifier(), gallery)
        theirs = mean_scores(KNeighborsClassifier(), gallery)
    np.testing.assert_allclose(ours, theirs, atol=1e-9)


def test_cross_validation_cuts_rows_and_columns_of_precomputed_distances(gallery: Gallery) -> None:
    matrix = pairwise_distances(gallery.rows, metric="manhattan")
    direct = cross_val_predict(SyndromeKNNClassifier(metric="manhattan"), gallery.rows, gallery.labels, cv=4)
    precomputed = cross_val_predict(SyndromeKNNClassifier(metric="precomputed"), matrix, gallery.labels, cv=4)
    np.testing.assert_array_equal(precomputed, direct)
