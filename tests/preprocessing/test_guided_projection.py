"""Projection guided by reference distances: principal coordinates, ridge regression, scikit-learn's rules."""

import pickle
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.model_selection import GridSearchCV, LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from skknn_syndrome import DistanceGuidedProjection
from skknn_syndrome._typing import Float64Array
from skknn_syndrome.data import TaxonomyEmbeddings, make_taxonomy_embeddings
from skknn_syndrome.preprocessing.guided_projection import RidgeRegression, principal_coordinates
from skknn_syndrome.preprocessing.projection_network import Network
from skknn_syndrome.preprocessing.prototypes import SubjectMeans, class_prototypes
from tests.refusing import refused

RANDOM = np.random.default_rng(0)


@cache
def made() -> TaxonomyEmbeddings:
    return make_taxonomy_embeddings(12, n_features=8, n_tree_features=4, strength=1.0, n_subjects=3)


def fitted(**parameters: Any) -> DistanceGuidedProjection:
    data = made().dataset
    projection = DistanceGuidedProjection(**{"reference": made().reference, **parameters})
    projection.fit(data.embeddings, data.syndromes, groups=data.subjects)
    return projection


def apart(points: Float64Array) -> Float64Array:
    return np.asarray(np.sqrt(((points[:, None] - points) ** 2).sum(axis=2)))


def test_principal_coordinates_of_points_are_these_points_but_for_a_rotation() -> None:
    points = RANDOM.standard_normal((7, 3))
    found = principal_coordinates(apart(points))
    assert found.points.shape == (7, 3)
    assert found.negative_share == 0
    np.testing.assert_allclose(apart(found.points), apart(points), atol=1e-12)


def test_distances_of_no_points_have_a_negative_share() -> None:
    # A star: three tips 1 from a fourth and 2 from one another. Eigenvalues 2, 2, -1/4 and 0.
    star = np.array([[0.0, 1, 1, 1], [1, 0, 2, 2], [1, 2, 0, 2], [1, 2, 2, 0]])
    assert principal_coordinates(star).negative_share == pytest.approx(0.25 / 4.25)


def test_the_leave_one_class_out_errors_are_those_of_fits_without_each_class() -> None:
    X, Y = RANDOM.standard_normal((9, 4)), RANDOM.standard_normal((9, 3))
    ridge = RidgeRegression(X)
    for penalty, error in zip(ridge.penalties[::6], ridge.errors(Y)[::6], strict=True):
        predicted = cross_val_predict(Ridge(alpha=penalty), X, Y, cv=LeaveOneOut())
        assert error == pytest.approx(((Y - predicted) ** 2).sum(axis=1).mean(), rel=1e-9)
    chosen, theirs = ridge.fit(Y), RidgeCV(alphas=ridge.penalties).fit(X, Y)
    assert chosen.penalty == theirs.alpha_
    np.testing.assert_allclose(chosen.weights, theirs.coef_.T, atol=1e-10)
    np.testing.assert_allclose(chosen.intercept, theirs.intercept_, atol=1e-10)


def test_more_features_than_classes_are_fitted_alike() -> None:
    X, Y = RANDOM.standard_normal((5, 20)), RANDOM.standard_normal((5, 2))
    np.testing.assert_allclose(
        RidgeRegression(X).fit(Y, 3.0).weights, Ridge(alpha=3.0).fit(X, Y).coef_.T, atol=1e-10
    )


def test_it_is_the_regression_of_the_prototypes_on_the_coordinates() -> None:
    data, projection = made().dataset, fitted()
    classes, prototypes = class_prototypes(data.embeddings, data.syndromes, data.subjects)
    assert projection.classes_.tolist() == classes.tolist()
    coordinates = principal_coordinates(made().distances)
    expected = Ridge(alpha=projection.penalty_).fit(prototypes, coordinates.points)
    np.testing.assert_allclose(
        projection.transform(data.embeddings), expected.predict(np.float64(data.embeddings)), atol=1e-9
    )
    assert projection.negative_share_ == coordinates.negative_share == 0  # as of all dated trees
    assert projection.distance_ == "euclidean"
    assert fitted(penalty=5.0).penalty_ == 5.0
    assert not np.allclose(fitted(prototype="medoid").coefs_[0], projection.coefs_[0])


def test_the_reference_can_be_given_in_several_forms_and_to_fit() -> None:
    data, reference = made().dataset, made().reference
    expected = fitted().transform(data.embeddings)
    order = RANDOM.permutation(12)
    names = [reference.names[place] for place in order]
    shuffled = reference.distances[np.ix_(order, order)]
    for form in (pd.DataFrame(shuffled, names, names), (names, shuffled)):
        np.testing.assert_allclose(fitted(reference=form).transform(data.embeddings), expected, atol=1e-9)
    projection = DistanceGuidedProjection()
    projection.fit(data.embeddings, data.syndromes, groups=data.subjects, reference=reference)
    assert projection.transform(data.embeddings).tolist() == expected.tolist()


def test_it_stands_in_pipelines_and_searches() -> None:
    data = made().dataset
    pipeline = make_pipeline(DistanceGuidedProjection(made().reference), KNeighborsClassifier(1))
    search = GridSearchCV(pipeline, {"distanceguidedprojection__penalty": [None, 10.0]}, cv=2)
    assert search.fit(data.embeddings, data.syndromes).best_score_ > 0.2
    with config_context(enable_metadata_routing=True):
        projection = DistanceGuidedProjection(made().reference).set_fit_request(groups=True)
        pipeline = Pipeline([("project", projection), ("knn", KNeighborsClassifier(1))])
        pipeline.fit(data.embeddings, data.syndromes, groups=data.subjects)
    assert pipeline[0].coefs_[0].tolist() == fitted().coefs_[0].tolist()


def test_a_network_is_applied_layer_by_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def train(means: SubjectMeans, distances: Float64Array, *sizes: Any, **options: Any) -> Network:
        asked.extend([means.n_subjects.sum(), distances.shape, *sizes, options["device"]])
        first, second = np.eye(8)[:, :2], np.array([[1.0], [10.0]])
        return Network([first, second], [np.array([0.0, -1.0]), np.array([0.5])], 7)

    monkeypatch.setattr("skknn_syndrome.preprocessing.guided_projection.train_network", train)
    projection = fitted(method="attention", hidden_size=2, random_state=0)
    assert asked == [len(np.unique(made().dataset.subjects)), (12, 12), 2, "cpu"]  # type: ignore[arg-type]
    assert (projection.distance_, projection.n_epochs_) == ("cosine", 7)
    rows = np.zeros((3, 8))
    rows[:, :2] = [[2.0, 3.0], [-2.0, 0.0], [1.0, 1.0]]
    assert projection.transform(rows).tolist() == [[22.5], [0.5], [1.5]]


def test_scikit_learns_checks_pass() -> None:
    check_estimator(DistanceGuidedProjection("equidistant"), on_skip=None)


def test_columns_are_named_and_a_copy_is_the_same() -> None:
    projection = fitted()
    width = projection.coefs_[0].shape[1]
    assert projection.get_feature_names_out()[-1] == f"distanceguidedprojection{width - 1}"
    rows = made().dataset.embeddings[:3]
    copied = pickle.loads(pickle.dumps(projection))  # noqa: S301  made in the line itself
    assert copied.transform(rows).tolist() == projection.transform(rows).tolist()


def test_prototypes_that_are_all_the_same_are_projected_to_one_point() -> None:
    projection = DistanceGuidedProjection("equidistant").fit([[1.0, 2.0]] * 3, ["a", "b", "c"])
    assert np.ptp(projection.transform([[0.0, 0.0], [5.0, 5.0]]), axis=0).tolist() == [0.0, 0.0]


def test_what_cannot_guide_is_refused() -> None:
    data = made().dataset
    with refused("no_reference", "reference"):
        DistanceGuidedProjection().fit(data.embeddings, data.syndromes)
    with refused("one_class", "y"):
        DistanceGuidedProjection(made().reference).fit(data.embeddings, ["Family01"] * data.n_images)
    with refused("no_such_name", "reference"):
        DistanceGuidedProjection(made().reference).fit([[0.0], [1.0]], ["Family01", "Family1"])
    with refused("no_distances", "reference"):
        DistanceGuidedProjection((["a", "b"], [[0, 0], [0, 0]])).fit([[0.0], [1.0]], ["a", "b"])
