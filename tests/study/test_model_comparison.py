"""Comparison of models: the same folds for all, everything chosen inside of these, tests that hold."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.decomposition import PCA
from sklearn.metrics import f1_score, log_loss, roc_auc_score
from sklearn.model_selection import GridSearchCV, ParameterGrid, StratifiedGroupKFold, cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline

from skknn_syndrome import ModelComparison, compare_models, scorers
from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.analyses.models.result import ModelDifference
from skknn_syndrome.crossval import nested_models, tasks
from skknn_syndrome.crossval.folds import Split
from skknn_syndrome.crossval.refit_rules import best_row
from skknn_syndrome.crossval.tasks import BINARY, target_of
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.heads import CalibratedLDA, Head
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.heads.centroid import CENTROID
from skknn_syndrome.heads.lda import LDA
from skknn_syndrome.statistics.paired_tests import holm
from tests.study.comparing import SMOOTHINGS, bayes, compare, third_of_the_subjects


@pytest.fixture(scope="module")
def data() -> EmbeddingDataset:
    return third_of_the_subjects()


@pytest.fixture(scope="module")
def compared(data: EmbeddingDataset) -> ModelComparison:
    return compare(data, heads=("knn", bayes(), "lda"))


class Recorder(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """Keeps the rows that any of its kind was fitted to, by their first number; their order means nothing."""

    fitted: list[set[float]] = []  # noqa: RUF012  of all instances, as clones are what is fitted
    asked: list[set[float]] = []  # noqa: RUF012

    def __init__(self, level: int = 0) -> None:
        self.level = level

    def fit(self, X: Float64Array, y: LabelArray) -> Self:
        self.fitted.append(set(X[:, 0].tolist()))
        self.classes_ = np.unique(y)
        return self

    def predict(self, X: Float64Array) -> LabelArray:
        self.asked.append(set(X[:, 0].tolist()))
        return np.full(len(X), self.classes_[0])


class SecondIsBest:
    """Scores the second of two candidates higher, and keeps the splits that it is asked for."""

    def score_grid(
        self, grid: Mapping[str, Sequence[Any]], splits: Sequence[IndexSplit]
    ) -> Mapping[str, Float64Array]:
        assert len(ParameterGrid(dict(grid))) == 2
        self.asked = [(train.tolist(), test.tolist()) for train, test in splits]
        return {"accuracy": np.array([[0.0], [1.0]])}


class TestNested:
    """No choice and no fit sees an image of the outer test part."""

    # Of two classes, inner folds choose a threshold as well.
    @pytest.mark.parametrize("classes, n_inner", [("abc", 2 * 2), ("ab", 2 * 2 + 2)])
    def test_no_head_looks_at_test_rows(self, classes: str, n_inner: int) -> None:
        rows = np.arange(48.0)[:, None]
        y, groups = np.resize([*classes], 48), np.arange(48) // 4
        Recorder.fitted, Recorder.asked = [], []
        spy = Head(name="spy", title="spy", estimator=Recorder, grid={"level": (0, 1)}, gives=frozenset())
        compare_models(rows, y, groups=groups, heads=spy, cv=3, n_repeats=1, inner_cv=2, refit="accuracy")
        outer = StratifiedGroupKFold(3, shuffle=True, random_state=42).split(rows, y, groups)
        for number, (train, test) in enumerate(outer):
            own = slice(number * (n_inner + 1), (number + 1) * (n_inner + 1))
            fitted, asked = Recorder.fitted[own], Recorder.asked[own]
            assert len(fitted) == n_inner + 1
            assert all(part <= set(train.astype(float)) for part in [*fitted, *asked[:-1]])
            assert all(not part & set(test.astype(float)) for part in fitted)
            assert asked[-1] == set(test.astype(float))
            for part, said in zip(fitted[:-1], asked[:-1], strict=True):
                assert not {value // 4 for value in part} & {value // 4 for value in said}  # subjects

    def test_choices_are_those_of_a_grid_search_inside(
        self, data: EmbeddingDataset, compared: ModelComparison
    ) -> None:
        choices = []
        for seed in (42, 43):
            outer = StratifiedGroupKFold(3, shuffle=True, random_state=seed)
            for train, _ in outer.split(data.embeddings, data.syndromes, data.subjects):
                search = GridSearchCV(
                    GaussianNB(),
                    {"var_smoothing": SMOOTHINGS},
                    scoring=scorers.roc_auc_ovr,
                    cv=StratifiedGroupKFold(2, shuffle=True, random_state=42),
                    error_score="raise",
                )
                assert data.subjects is not None
                search.fit(data.embeddings[train], data.syndromes[train], groups=data.subjects[train])
                choices.append(search.best_params_["var_smoothing"])
        found = compared.models.by_name["bayes"].choices
        assert {entry.params["var_smoothing"]: entry.n_folds for entry in found} == {
            value: choices.count(value) for value in set(choices)
        }

    def test_principal_components_are_fitted_inside(self, data: EmbeddingDataset) -> None:
        found = compare(data, heads=bayes(grid={"var_smoothing": (1e-9,)}), pca=3, n_repeats=1)
        said = cross_val_predict(
            make_pipeline(PCA(3, random_state=42), GaussianNB()),
            data.embeddings,
            data.syndromes,
            groups=data.subjects,
            cv=StratifiedGroupKFold(3, shuffle=True, random_state=42),
            method="predict_proba",
        )
        record = found.records["bayes"]
        np.testing.assert_allclose(record.probabilities[np.argsort(record.rows)], said, atol=1e-6)

    @pytest.mark.parametrize("head", ["knn", "lda"])
    def test_heads_follow_principal_components(self, data: EmbeddingDataset, head: str) -> None:
        plain, reduced = (compare(data, heads=head, pca=pca, n_repeats=1) for pca in (None, 0.99999999))
        # All components together are a rotation.
        first, second = (each.models.models[0].scores["roc_auc_ovr"].mean for each in (plain, reduced))
        assert first == pytest.approx(second, abs=0.02)

    @pytest.mark.parametrize("head", ["knn", "logistic_regression"])
    def test_inner_folds_without_a_rare_class_do_not_keep_others_from_choosing(self, head: str) -> None:
        rng = np.random.default_rng(0)
        y = np.repeat(["a", "b"], [60, 6])
        X = rng.normal(size=(66, 3)) + 2.0 * (y == "b")[:, None]
        # Four members of the rare class in each training part: one of five inner test parts has none.
        found = compare_models(X, y, heads=head, cv=3, n_repeats=1, inner_cv=5).models
        assert found.not_chosen == ()
        grid = found.models[0].n_candidates
        assert grid > 1
        tables = np.array([[0.1, np.nan, 0.2], [0.3, np.nan, 0.1], [0.2, np.nan, 0.3]])
        assert best_row(tables) == 2
        assert best_row(np.full((2, 3), np.nan)) is None

    def test_inner_training_parts_of_one_class_are_left_out(self) -> None:
        X = np.random.default_rng(0).normal(size=(60, 3))
        y, groups = np.repeat(["a", "b"], [44, 16]), np.r_[np.arange(44), 100 + np.arange(16) // 4]
        found = compare_models(
            X, y, groups=groups, heads=("lda", "knn"), cv=2, n_repeats=1, inner_cv=3, refit="accuracy"
        ).models
        assert [model.name for model in found.models] == ["lda", "knn"]

    def test_what_is_chosen_on_a_shared_graph_takes_time_too(self) -> None:
        X, y = np.arange(8.0)[:, None], np.array([*"abababab"])
        images = nested_models.Images(X, target_of(y), None, BINARY)
        contender = nested_models.Contender(CENTROID, CENTROID.estimator(), CENTROID.grid)
        split, inner = Split(np.arange(6), np.arange(6, 8)), [(np.arange(4), np.arange(4, 6))]
        source = SecondIsBest()
        shared = nested_models.SharedScores(source, seconds=100.0)
        fit = nested_models.fit_fold(contender, images, split, inner, "accuracy", shared)
        assert fit.seconds[0] >= 100
        assert (fit.chosen, fit.params) == (True, contender.candidates[1])
        assert source.asked == [(split.tolist(), tested.tolist()) for split, tested in inner]

    def test_what_inner_folds_said_of_the_chosen_candidate_calibrates_it(
        self, data: EmbeddingDataset
    ) -> None:
        images = nested_models.Images(
            data.embeddings, target_of(data.syndromes), data.subjects, tasks.MULTICLASS
        )
        (split, *_) = images.task.folds(images.target, data.subjects, cv=3, random_state=0).parts
        inner = nested_models.inner_splits(images, split.train, cv=2, random_state=0)
        contender = nested_models.Contender(LDA, LDA.estimator(), LDA.grid)
        fit = nested_models.fit_fold(contender, images, split, inner, "roc_auc_ovr")
        chosen = CalibratedLDA(**fit.params, inner_cv=None)
        scores, truth = [], []
        for train, test in inner:
            part = clone(chosen).fit(data.embeddings[train], data.syndromes[train])
            scores.append(part.class_scores(data.embeddings[test]))
            truth.append(np.searchsorted(part.classes_, data.syndromes[test]))
        chosen.fit(data.embeddings[split.train], data.syndromes[split.train])
        assert chosen.temperature_source_ == "none"
        chosen.fit_calibration(np.concatenate(scores), np.concatenate(truth))
        assert chosen.temperature_source_ == "inner folds"
        expected = chosen.predict_proba(data.embeddings[split.test])
        np.testing.assert_allclose(fit.answer.scores, expected, atol=1e-6)
        # Whoever wants no calibration has none.
        bare = nested_models.Contender(LDA, CalibratedLDA(inner_cv=None), LDA.grid)
        said = nested_models.fit_fold(bare, images, split, inner, "roc_auc_ovr").answer.scores
        assert np.abs(said - expected).max() > 0.01

    def test_where_no_inner_folds_can_be_made_the_first_candidate_is_taken(self) -> None:
        X, y = np.array([[0.0], [0.1], [5.0], [5.1]]), ["a", "a", "b", "b"]
        halves = [(np.array([0, 2]), np.array([1, 3])), (np.array([1, 3]), np.array([0, 2]))]
        found = compare_models(X, y, heads=bayes(), cv=halves, refit="accuracy").models
        assert found.not_chosen == ("bayes",)
        assert [entry.params["var_smoothing"] for entry in found.models[0].choices] == [SMOOTHINGS[0]]


class TestScores:
    """Scores of folds, of pooled predictions, and of subjects."""

    def test_rows_of_the_frame(self, compared: ModelComparison) -> None:
        frame = compared.to_frame()
        assert list(frame.columns) == ["encoder", "head", "repeat", "split", "score", "value"]
        n_scores = len(compared.models.models[0].all_scores)
        assert len(frame) == 3 * 2 * 3 * n_scores
        assert set(frame["head"]) == {"knn", "bayes", "lda"}
        assert frame.groupby(["repeat", "split"]).ngroups == 6

    def test_pooled_scores_of_a_repeat_are_scikit_learns(
        self, data: EmbeddingDataset, compared: ModelComparison
    ) -> None:
        for model in compared.models.models:
            record = compared.records[model.name]
            values = {entry.score: entry.values for entry in model.by_repeat}
            for repeat in range(2):
                own = record.folds // 3 == repeat
                truth, said = data.syndromes[record.rows[own]], record.probabilities[own]
                assert np.array_equal(np.sort(record.rows[own]), np.arange(data.n_images))
                assert values["roc_auc_ovr"][repeat] == pytest.approx(
                    roc_auc_score(truth, said, multi_class="ovr")
                )
                predicted = record.classes[said.argmax(axis=1)]
                assert values["f1_macro"][repeat] == pytest.approx(
                    f1_score(truth, predicted, average="macro")
                )

    def test_calibration_is_of_all_predictions(
        self, data: EmbeddingDataset, compared: ModelComparison
    ) -> None:
        record = compared.records["lda"]
        expected = log_loss(data.syndromes[record.rows], record.probabilities, labels=record.classes)
        assert compared.models.by_name["lda"].calibration.log_loss == pytest.approx(expected)

    def test_intervals_hold_the_estimates_over_subjects(
        self, data: EmbeddingDataset, compared: ModelComparison
    ) -> None:
        assert data.subjects is not None
        for model in compared.models.models:
            assert (model.pooled.unit, model.pooled.n_units) == ("subjects", len(np.unique(data.subjects)))
            for entry in model.pooled.all_scores:
                assert entry.low < entry.estimate < entry.high
        assert compared.scores["lda"]["f1_macro"] == compared.models.by_name["lda"].pooled.scores["f1_macro"]

    def test_subjects_count_once(self, data: EmbeddingDataset, compared: ModelComparison) -> None:
        record = compared.records["bayes"]
        own = record.folds < 3
        frame = pd.DataFrame(record.probabilities[own])
        keys = [data.subjects[record.rows[own]], data.syndromes[record.rows[own]]]  # type: ignore[index]
        fused = frame.groupby(keys).mean()
        expected = np.mean(record.classes[fused.to_numpy().argmax(axis=1)] == fused.index.get_level_values(1))
        values = {entry.score: entry.values for entry in compared.models.by_name["bayes"].by_subject}
        assert values["accuracy"][0] == pytest.approx(expected)

    def test_without_subjects_images_are_drawn_again(self, data: EmbeddingDataset) -> None:
        found = compare_models(data.embeddings, data.syndromes, heads="centroid", cv=3, n_repeats=1).models
        assert (found.protocol, found.models[0].pooled.unit) == ("image", "images")
        assert found.models[0].by_subject == ()

    def test_a_head_without_probabilities(self, data: EmbeddingDataset) -> None:
        from sklearn.svm import LinearSVC  # noqa: PLC0415

        head = Head(
            name="margins", title="margins", estimator=LinearSVC, grid={}, gives=frozenset({"decision"})
        )
        found = compare(data, heads=head, n_repeats=1).models.models[0]
        assert found.calibration is None
        assert found.scores["roc_auc_ovr"].mean > 0.65


class TestTests:
    """Corrected resampled t tests with Holm's adjustment, and ranks under the bootstrap."""

    def test_differences_from_the_reference_by_hand(self, compared: ModelComparison) -> None:
        found = compared.models
        families: dict[str, list[ModelDifference]] = {}
        frame = compared.to_frame().pivot_table(
            index=["repeat", "split"], columns=["score", "head"], values="value"
        )
        for entry in found.against_reference:
            assert entry.second == found.reference == "knn"
            values = (frame[entry.score][entry.first] - frame[entry.score]["knn"]).to_numpy()
            assert entry.mean_difference == pytest.approx(values.mean())
            plain = ttest_1samp(values, 0)
            share = np.mean([fold.n_test for fold in found.folds]) / np.mean(
                [fold.n_train for fold in found.folds]
            )
            # Nadeau and Bengio: the variance of the mean, 1/n, grows to 1/n + n_test / n_train.
            factor = np.sqrt((1 / 6) / (1 / 6 + share))
            from scipy.stats import t  # noqa: PLC0415

            assert entry.p_value == pytest.approx(2 * t.sf(abs(plain.statistic) * factor, 5))
            assert entry.low < entry.mean_difference < entry.high
            families.setdefault(entry.score, []).append(entry)
        for family in families.values():
            assert [entry.p_holm for entry in family] == pytest.approx(
                holm([entry.p_value or 0.0 for entry in family])
            )
            assert len(family) == 2

    def test_each_pair_once_the_better_one_first(self, compared: ModelComparison) -> None:
        pairs = compared.models.pairwise
        assert {frozenset((entry.first, entry.second)) for entry in pairs} == {
            frozenset(pair) for pair in (("knn", "bayes"), ("knn", "lda"), ("bayes", "lda"))
        }
        assert all(entry.mean_difference >= 0 and entry.score == "roc_auc_ovr" for entry in pairs)

    def test_ranks_of_all_resamples_add_up(self, compared: ModelComparison) -> None:
        ranks = compared.models.ranks
        assert sum(entry.mean for entry in ranks) == pytest.approx(1 + 2 + 3)
        assert sum(entry.share_first for entry in ranks) == pytest.approx(1)
        assert all(1 <= entry.low <= entry.mean <= entry.high <= 3 for entry in ranks)

    def test_the_same_model_twice_is_no_difference(self, data: EmbeddingDataset) -> None:
        found = compare(data, heads=(bayes(), bayes(name="again")), n_repeats=1).models
        assert {entry.verdict for entry in found.against_reference} == {"inconclusive"}
        assert {entry.p_value for entry in found.against_reference} == {None}
        assert [entry.mean for entry in found.ranks] == [1.5, 1.5]
        assert [entry.share_first for entry in found.ranks] == [0.5, 0.5]

    def test_on_shuffled_labels_nothing_is_better(self, data: EmbeddingDataset) -> None:
        labels = np.random.default_rng(0).permutation(data.syndromes)
        found = compare_models(
            data.embeddings, labels, heads=(bayes(), "centroid", "lda"), cv=3, n_repeats=2, inner_cv=2
        ).models
        # Whoever names the largest class has the higher accuracy: that is no chance.
        assert {entry.verdict for entry in found.pairwise} == {"inconclusive"}
        assert {found.difference(name, "roc_auc_ovr").verdict for name in ("centroid", "lda")} == {
            "inconclusive"
        }
        for model in found.models:
            interval = model.pooled.scores["roc_auc_ovr"]
            assert interval.low - 0.02 < 0.5 < interval.high + 0.02

    def test_one_model_has_nothing_to_be_compared_with(self, data: EmbeddingDataset) -> None:
        found = compare(data, heads="centroid", n_repeats=1).models
        assert (found.against_reference, found.pairwise, found.ranks) == ((), (), ())
        assert found.best.name == found.reference == "centroid"
