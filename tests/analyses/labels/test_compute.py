"""Labels one by one: their scores, curves, and decisions at a threshold chosen inside."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import make_multilabel_classification
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.naive_bayes import GaussianNB

from skknn_syndrome import ModelComparison, compare_models
from skknn_syndrome.analyses.labels.compute import _curves, within_share
from skknn_syndrome.analyses.labels.result import LabelsAnalysis
from skknn_syndrome.heads import Head
from skknn_syndrome.results.intervals import MeanInterval
from tests.refusing import refused

BAYES = Head(
    name="bayes",
    title="Gaussian naive Bayes",
    estimator=GaussianNB,
    grid={"var_smoothing": (1e-9,)},
    gives=frozenset({"probabilities"}),
)


def two_classes(n_images: int = 240, distance: float = 1.5) -> tuple[Any, Any, Any]:
    """Return vectors, labels of which a quarter are "yes", and subjects of two images each."""
    rng = np.random.default_rng(0)
    groups = np.arange(n_images) // 2
    positive = groups % 4 == 0
    X = rng.normal(size=(n_images, 3)) + distance * positive[:, None]
    return X, np.where(positive, "yes", "no"), groups


def labels_of(comparison: ModelComparison) -> LabelsAnalysis:
    found = comparison.find(LabelsAnalysis)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def compared() -> ModelComparison:
    X, y, groups = two_classes()
    return compare_models(X, y, groups=groups, heads=(BAYES, "centroid"), cv=3, n_repeats=1, inner_cv=2)


class TestTwoClasses:
    """The later class is positive."""

    def test_scores_are_scikit_learns(self, compared: ModelComparison) -> None:
        X, y, groups = two_classes()
        folds = StratifiedGroupKFold(3, shuffle=True, random_state=42)
        said = cross_val_predict(GaussianNB(), X, y, groups=groups, cv=folds, method="predict_proba")[:, 1]
        entry = labels_of(compared).of_model("bayes")[0]
        assert (entry.label, entry.n_positive, entry.prevalence) == ("yes", 60, 0.25)
        assert entry.roc_auc == pytest.approx(roc_auc_score(y == "yes", said))
        assert entry.average_precision == pytest.approx(average_precision_score(y == "yes", said))
        called = said > 0.5
        assert entry.sensitivity == pytest.approx(called[y == "yes"].mean())
        assert entry.specificity == pytest.approx((~called[y == "no"]).mean())

    def test_curves_pass_scikit_learns_points(self, compared: ModelComparison) -> None:
        X, y, groups = two_classes()
        folds = StratifiedGroupKFold(3, shuffle=True, random_state=42)
        said = cross_val_predict(GaussianNB(), X, y, groups=groups, cv=folds, method="predict_proba")[:, 1]
        curves = labels_of(compared).of_model("bayes")[0].curves
        assert curves is not None
        fpr, tpr, _ = roc_curve(y == "yes", said, drop_intermediate=False)
        heights = [tpr[fpr <= rate + 1e-12].max() for rate in curves.false_positive_rate]
        assert curves.true_positive_rate == pytest.approx(heights, abs=1e-4)
        precision, recall, _ = precision_recall_curve(y == "yes", said)
        highest = [precision[:-1][recall[:-1] >= rate - 1e-12].max() for rate in curves.recall]
        assert curves.precision == pytest.approx(highest, abs=1e-4)

    def test_thresholds_are_chosen_inside(self, compared: ModelComparison) -> None:
        X, y, groups = two_classes()
        point = labels_of(compared).of_model("bayes")[0].operating_point
        assert point is not None
        folds = StratifiedGroupKFold(3, shuffle=True, random_state=42).split(X, y, groups)
        inner = StratifiedGroupKFold(2, shuffle=True, random_state=42)
        for (train, _), threshold in zip(folds, point.thresholds, strict=True):
            said = cross_val_predict(
                GaussianNB(), X[train], y[train], groups=groups[train], cv=inner, method="predict_proba"
            )[:, 1]
            fpr, tpr, thresholds = roc_curve(y[train] == "yes", said, drop_intermediate=False)
            best = thresholds[np.argmax(tpr - fpr)]
            below = thresholds[thresholds < best].max()
            assert below < threshold < best

    def test_where_classes_are_unequal_more_are_found_than_at_one_half(
        self, compared: ModelComparison
    ) -> None:
        for entry in labels_of(compared).labels:
            assert entry.operating_point is not None
            sensitivity = entry.operating_point.sensitivity
            assert sensitivity is not None
            assert sensitivity.estimate > entry.sensitivity  # type: ignore[operator]
            assert sensitivity.unit == "subjects"
            assert sensitivity.low is not None
            assert sensitivity.high is not None
            assert 0 <= sensitivity.low < sensitivity.estimate < sensitivity.high <= 1

    def test_a_perfect_classifier(self) -> None:
        X, y, groups = two_classes(distance=50)
        found = labels_of(compare_models(X, y, groups=groups, heads=BAYES, cv=3, n_repeats=1))
        entry = found.labels[0]
        assert (entry.roc_auc, entry.average_precision, entry.f1) == (1, 1, 1)
        point = entry.operating_point
        assert point is not None
        # Of 30 subjects with the label and 90 without; 0.025 ** (1 / 30) by hand.
        for share, far in (
            (point.sensitivity, 0.884297),
            (point.specificity, 0.959841),
            (point.positive_predictive_value, 0.884297),
        ):
            assert share is not None
            assert (share.estimate, share.high) == (1, 1)
            assert share.low == pytest.approx(far, abs=1e-6)

    @pytest.mark.parametrize(
        "estimate, low, high", [(1.0, 0.292402, 1.0), (0.0, 0.0, 0.707598), (0.5, None, None)]
    )
    def test_units_that_do_not_vary_have_an_exact_interval_of_none_or_all(
        self, estimate: float, low: float | None, high: float | None
    ) -> None:
        """Of three units; 0.025 ** (1 / 3) by hand."""
        found = within_share(MeanInterval(estimate=estimate, low=None, high=None, unit="subjects", n_units=3))
        assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)

    def test_without_inner_folds_there_is_no_threshold(self) -> None:
        X, y = np.array([[0.0], [0.1], [5.0], [5.1]]), ["a", "a", "b", "b"]
        halves = [(np.array([0, 2]), np.array([1, 3])), (np.array([1, 3]), np.array([0, 2]))]
        found = labels_of(compare_models(X, y, heads="centroid", cv=halves, refit="accuracy"))
        assert found.labels[0].operating_point is None

    def test_a_training_part_of_one_class_is_refused(self) -> None:
        X, y = np.arange(8.0)[:, None], np.array([*"aaaaaabb"])
        folds = [(np.arange(2, 8), np.arange(2)), (np.arange(6), np.arange(6, 8))]
        with refused("one_class_in_training", "cv"):
            compare_models(X, y, heads="knn", cv=folds, refit="accuracy", n_repeats=1)


def test_of_one_class_there_are_no_curves() -> None:
    assert _curves(np.array([True, True]), np.array([0.1, 0.2])) is None


class TestSeveralLabels:
    """Each label is told from the rest."""

    def test_every_label_of_every_model(self) -> None:
        X, y = make_multilabel_classification(200, 8, n_classes=4, random_state=0)
        y[:, 3] = 0
        y[0, 3] = 1  # an image alone
        comparison = compare_models(
            X, y, heads=("knn", "lda"), cv=[(np.arange(1, 100), np.arange(100, 200))], inner_cv=2
        )
        found = labels_of(comparison)
        assert [(entry.model, entry.label) for entry in found.labels] == [
            (model, label) for model in ("knn", "lda") for label in "0123"
        ]
        assert [entry.label for entry in found.undefined] == ["3"]
        assert found.of_model("knn")[3].roc_auc is None
        assert all(entry.operating_point is None and entry.curves is None for entry in found.labels)


def test_three_classes_have_no_labels_of_their_own() -> None:
    X = np.random.default_rng(0).normal(size=(30, 2))
    found = compare_models(X, np.arange(30) % 3, heads="centroid", cv=3, n_repeats=1)
    assert found.find(LabelsAnalysis) is None
