"""Heads of several labels an image: one against the rest, votes by label, and their place in a search."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from skknn_syndrome import heads
from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.crossval.search import FittedScores, HeadSearchCV, TaskScorer
from skknn_syndrome.crossval.tasks import MULTILABEL, Target
from skknn_syndrome.data import load_embeddings, make_multilabel_embeddings, save_embeddings
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.base import Head, group_parameters, prefix_of
from skknn_syndrome.heads.one_vs_rest import GroupedOneVsRestClassifier, one_vs_rest
from skknn_syndrome.neighbors.multilabel import MultilabelKNNClassifier
from tests.crossval.builders import label_sets
from tests.refusing import refused

ONE_AGAINST_THE_REST = ["logistic_regression", "linear_svc", "svc", "random_forest", "lda"]
SEVERAL = ["knn", *ONE_AGAINST_THE_REST]

Data = tuple[Float64Array, LabelArray]


@pytest.fixture(scope="module", name="several")
def _several() -> Data:
    return label_sets(120, 4)


def quick(name: str) -> Any:
    model = heads.get(name).for_task("multilabel").estimator()
    return model.set_params(estimator__n_estimators=5) if name == "random_forest" else model


def test_heads_say_which_take_several_labels() -> None:
    found = [name for name in heads.names() if "multilabel" in heads.get(name).tasks]
    assert found == SEVERAL
    for name in heads.names():
        assert heads.get(name).for_task("binary") is heads.get(name)
        if name not in SEVERAL:
            with refused("labels_of_another_kind", "y", error=StudySettingsError):
                heads.get(name).for_task("multilabel")


def test_a_head_whose_own_estimator_takes_several_labels_stands_in_for_itself() -> None:
    head = Head("own", "own", MultilabelKNNClassifier, {}, frozenset(), tasks=frozenset({"multilabel"}))
    assert head.for_task("multilabel") is head


@pytest.mark.parametrize("name", SEVERAL)
def test_every_head_is_asked_and_judged_as_its_task_does(several: Data, name: str) -> None:
    X, y = several
    head = heads.get(name).for_task("multilabel")
    assert (head.name, head.title, head.of_labels) == (name, heads.get(name).title, None)
    model = quick(name).fit(X[:80], y[:80])
    assert set(head.grid) <= set(model.get_params())
    answer = MULTILABEL.ask(model, X[80:], MULTILABEL.encode(y, len(y)))
    assert (answer.kind, answer.scores.shape) == ("probabilities", (40, 4))
    np.testing.assert_array_equal(answer.marks, answer.scores > 0.5)
    assert MULTILABEL.judge(y[80:], answer)["roc_auc_ovr"] > 0.7


@pytest.mark.parametrize("name", ONE_AGAINST_THE_REST)
def test_each_label_has_a_calibrated_classifier_of_its_own(several: Data, name: str) -> None:
    X, y = several
    model = quick(name).fit(X[:80], y[:80])
    for label in (0, 3):
        alone = clone(model.estimator).fit(X[:80], y[:80, label])
        np.testing.assert_allclose(
            model.predict_proba(X[80:])[:, label], alone.predict_proba(X[80:])[:, 1], atol=1e-12
        )


class Recorder(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """Keeps the subjects that it is given."""

    def fit(self, X: Any, y: Any, groups: Any = None) -> "Recorder":  # noqa: ARG002
        self.classes_, self.groups_ = np.unique(y), groups
        return self

    def predict_proba(self, X: Any) -> Any:
        return np.full((len(X), 2), 0.5)


def test_subjects_reach_the_classifier_of_each_label_also_behind_other_steps(several: Data) -> None:
    X, y = several
    subjects = np.arange(120) // 2
    model = GroupedOneVsRestClassifier(Recorder()).fit(X, y, subjects)
    assert [part.groups_.tolist() for part in model.estimators_] == [subjects.tolist()] * 4
    behind = make_pipeline(PCA(2), GroupedOneVsRestClassifier(Recorder()))
    behind.fit(X, y, **group_parameters(behind, subjects))
    assert behind[-1].estimators_[0].groups_.tolist() == subjects.tolist()
    without = GroupedOneVsRestClassifier(GaussianNB()).fit(X, y, subjects)
    expected = OneVsRestClassifier(GaussianNB()).fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(without.predict_proba(X), expected)


def test_subjects_are_kept_together_in_the_inner_folds(several: Data) -> None:
    X, y = several
    X, y, subjects = np.repeat(X[:30], 4, axis=0), np.repeat(y[:30], 4, axis=0), np.repeat(np.arange(30), 4)
    model = heads.get("lda").for_task("multilabel").estimator()
    leaking, kept = (clone(model).fit(X, y, groups).estimators_[0] for groups in (None, subjects))
    assert leaking.temperature_ < kept.temperature_


def test_a_label_without_positives_or_negatives_is_certain_without_a_warning(several: Data) -> None:
    X, y = several
    y = y.copy()
    y[:80, 0], y[:80, 1] = 1, 0
    for name in SEVERAL:
        found = quick(name).fit(X[:80], csr_array(y[:80])).predict_proba(X[80:])
        assert (found[:, 0] == 1).all()
        assert (found[:, 1] == 0).all()


def test_a_label_of_a_single_row_has_a_probability(several: Data) -> None:
    X, y = several
    y = y.copy()
    y[:, 2] = np.arange(120) == 7
    for name in SEVERAL:
        found = quick(name).fit(X, y).predict_proba(X)[:, 2]
        assert np.isfinite(found).all()


@pytest.mark.no_cover
@pytest.mark.filterwarnings("ignore:invalid value encountered in cast")  # of scikit-learn's type_of_target
def test_scikit_learn_contract() -> None:
    check_estimator(GroupedOneVsRestClassifier(LogisticRegression()), on_skip=None)


def test_the_grid_of_a_pipeline_of_its_own_is_found_beneath_its_last_step() -> None:
    def make() -> Pipeline:
        return make_pipeline(PCA(2), heads.CalibratedLDA())

    head = one_vs_rest(Head("pca_lda", "LDA", make, {"shrinkage": (0.5, 1.0)}, frozenset()))
    assert list(head.grid) == ["estimator__calibratedlda__shrinkage"]
    assert set(head.grid) <= set(head.estimator().get_params())


def halves() -> list[tuple[Any, Any]]:
    return [(np.arange(80), np.arange(80, 120)), (np.arange(40, 120), np.arange(40))]


def fitted(model: Any, grid: Any, several: Data) -> Any:
    return FittedScores(model, *several, task=MULTILABEL).score_grid(grid, halves())


def test_one_search_a_fold_gives_the_scores_of_candidates_fitted_one_by_one(several: Data) -> None:
    head = heads.get("knn").for_task("multilabel")
    grid: dict[str, list[Any]] = {"metric": ["cosine", "euclidean"]}
    grid |= {"n_neighbors": [5, 1, 9], "weights": ["distance", "uniform"]}
    assert head.answers is not None
    source = head.answers(head.estimator(), grid, *several, halves(), n_jobs=2)
    assert source is not None
    found, expected = source.score_grid(grid, halves()), fitted(head.estimator(), grid, several)
    assert set(found) == set(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, atol=1e-12, err_msg=name)


def test_a_fold_without_any_label_has_no_score_and_no_warning(several: Data) -> None:
    X, y = several
    source = heads.get("knn").for_task("multilabel")
    nowhere = y.copy()
    nowhere[80:] = 0
    assert source.answers is not None
    made = source.answers(source.estimator(), {}, X, nowhere, halves()[:1], n_jobs=None)
    assert made is not None
    found = made.score_grid({}, halves()[:1])
    assert np.isnan(found["average_precision_macro"]).all()
    assert found["hamming_loss"].shape == (1, 1)


@pytest.mark.parametrize(
    "model, grid",
    [
        (MultilabelKNNClassifier(rule="mlknn"), {"n_neighbors": [3]}),
        (MultilabelKNNClassifier(), {"rule": ["votes", "mlknn"], "n_neighbors": [3]}),
        (make_pipeline(PCA(2), MultilabelKNNClassifier()), {"multilabelknnclassifier__n_neighbors": [3]}),
    ],
)
def test_what_is_more_than_votes_is_fitted_one_by_one(several: Data, model: Any, grid: Any) -> None:
    head = heads.get("knn").for_task("multilabel")
    assert head.answers is not None
    assert head.answers(model, grid, *several, halves(), n_jobs=None) is None
    name = f"{prefix_of(model)}n_neighbors"
    assert name in grid
    assert fitted(model, grid, several)["f1_macro"].shape == (len(grid.get("rule", [0])), 2)


@pytest.mark.parametrize("name", ["lda", "knn"])
def test_inner_folds_choose_among_the_grid(several: Data, name: str) -> None:
    X, y = several
    head = heads.get(name).for_task("multilabel")
    grid = {key: list(values)[:2] for key, values in head.grid.items()}
    scores = FittedScores(head.estimator(), X, y, task=MULTILABEL, groups=np.arange(120) // 2)
    n_candidates = int(np.prod([len(values) for values in grid.values()]))
    assert scores.score_grid(grid, halves())["average_precision_macro"].shape == (n_candidates, 2)


def test_from_a_file_to_scores_of_a_test_part_with_everything_chosen_inside(tmp_path: Path) -> None:
    made = make_multilabel_embeddings(n_subjects=120, n_labels=3, n_features=6, rarest=0.1)
    save_embeddings(made, tmp_path / "x.npz")
    data = load_embeddings(tmp_path / "x.npz")
    assert data.subjects is not None
    target = MULTILABEL.encode(data.target, data.n_images)
    part = MULTILABEL.folds(target, data.subjects, cv=3, random_state=0).parts[0]
    X, y, subjects = data.embeddings[part.train], target.labels[part.train], data.subjects[part.train]
    inner = MULTILABEL.folds(Target(y, target.classes), subjects, cv=3, random_state=0)
    cv = [(split.train, split.test) for split in inner.parts]
    for name, grid in (("knn", {"n_neighbors": [1, 9]}), ("lda", {"estimator__shrinkage": [0.1, 1.0]})):
        search = HeadSearchCV(
            heads.get(name).for_task("multilabel").estimator(),
            grid,
            scoring=TaskScorer(MULTILABEL),
            refit="average_precision_macro",
            cv=cv,
        )
        search.fit(X, y, subjects=subjects)
        answer = MULTILABEL.ask(search.best_estimator_, data.embeddings[part.test], target)
        found = MULTILABEL.judge(target.labels[part.test], answer)
        assert found["roc_auc_ovr"] > 0.75
        assert found["hamming_loss"] < 0.2


def test_a_search_refuses_to_take_the_highest_loss(several: Data) -> None:
    model = heads.get("knn").for_task("multilabel").estimator()
    options: dict[str, Any] = {"scoring": TaskScorer(MULTILABEL), "cv": halves()}
    with refused("loss", "refit"):
        HeadSearchCV(model, {"n_neighbors": [1, 9]}, refit="hamming_loss", **options).fit(*several)
    search = HeadSearchCV(
        model,
        {"n_neighbors": [1, 9]},
        refit=lambda results: results["mean_test_hamming_loss"].argmin(),
        **options,
    ).fit(*several)
    losses = search.cv_results_["mean_test_hamming_loss"]
    assert losses[search.best_index_] == losses.min()
