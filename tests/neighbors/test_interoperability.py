"""The classifier among scikit-learn's tools and pandas' frames."""

import pickle
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

from skknn_syndrome.neighbors import SyndromeKNNClassifier
from tests.neighbors.conftest import Gallery


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
