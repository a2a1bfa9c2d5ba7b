"""Test sets of a comparison: nothing of them is seen before they are judged, and drops are told."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome import ModelComparison, compare_models, make_syndrome_embeddings
from skknn_syndrome.analyses.test_sets.result import TestSetsAnalysis
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.heads import Head
from skknn_syndrome.study import TestData, compare_datasets
from tests.refusing import refused
from tests.study.comparing import third_of_the_subjects

GRID = {"var_smoothing": (1e-9,)}
BAYES = Head(
    name="bayes",
    title="Gaussian naive Bayes",
    estimator=GaussianNB,
    grid=GRID,
    gives=frozenset({"probabilities"}),
)


@pytest.fixture(scope="module")
def data() -> EmbeddingDataset:
    return third_of_the_subjects()


@pytest.fixture(scope="module")
def held(data: EmbeddingDataset) -> ModelComparison:
    return compare(data, holdout=0.2)


def elsewhere(X: Any) -> Any:
    """Return vectors that are nearly the same: the same ones are refused."""
    return np.asarray(X) * (1 + 1e-6)


def compare(data: EmbeddingDataset, **options: Any) -> ModelComparison:
    given: dict[str, Any] = {"heads": BAYES, "cv": 3, "n_repeats": 1, "inner_cv": 2} | options
    return compare_models(data.embeddings, data.syndromes, groups=data.subjects, **given)


def test_sets_of(comparison: ModelComparison) -> TestSetsAnalysis:
    found = comparison.find(TestSetsAnalysis)
    assert found is not None
    return found


test_sets_of.__test__ = False  # type: ignore[attr-defined] # a helper


class TestHoldOut:
    """A part of the images, held out before anything is chosen."""

    def test_parts_share_no_subject_and_have_their_share(
        self, data: EmbeddingDataset, held: ModelComparison
    ) -> None:
        found = test_sets_of(held).of_kind("holdout")
        assert found is not None
        assert found.development.n_images + found.test.n_images == data.n_images
        assert found.test.n_images / data.n_images == pytest.approx(0.2, abs=0.02)
        assert data.subjects is not None
        assert found.development.n_subjects is not None
        assert found.test.n_subjects is not None
        assert found.development.n_subjects + found.test.n_subjects == len(np.unique(data.subjects))
        assert held.models.folds[0].n_train + held.models.folds[0].n_test == found.development.n_images

    def test_scores_are_those_of_a_fit_on_the_other_part(
        self, data: EmbeddingDataset, held: ModelComparison
    ) -> None:
        record = held.records["bayes"]
        found = test_sets_of(held).of_kind("holdout")
        assert found is not None
        first = next(
            split
            for split in _five_folds(data)
            if len(split[1]) == found.test.n_images and len(split[0]) == len(record.rows)
        )
        model = GaussianNB().fit(data.embeddings[first[0]], data.syndromes[first[0]])
        truth, said = data.syndromes[first[1]], model.predict_proba(data.embeddings[first[1]])
        scores = found.models[0].scores
        assert scores["accuracy"].estimate == pytest.approx(
            accuracy_score(truth, model.classes_[said.argmax(axis=1)])
        )
        assert scores["roc_auc_ovr"].estimate == pytest.approx(
            roc_auc_score(truth, said, multi_class="ovr"), abs=1e-6
        )
        assert scores["accuracy"].low < scores["accuracy"].estimate < scores["accuracy"].high  # type: ignore[operator]

    def test_of_the_same_images_nothing_drops(self, held: ModelComparison) -> None:
        found = test_sets_of(held).of_kind("holdout")
        assert found is not None
        drop = found.models[0].drop("roc_auc_ovr")
        assert drop is not None
        assert drop.verdict == "inconclusive"
        assert drop.internal == held.models.models[0].pooled.scores["roc_auc_ovr"].estimate

    @pytest.mark.parametrize("share", [0, 1.0, -0.5, "a fifth", True])
    def test_what_is_no_share(self, data: EmbeddingDataset, share: Any) -> None:
        with refused("invalid_holdout", "holdout"):
            compare(data, holdout=share)

    def test_no_held_out_row_is_trained_or_recorded(
        self, data: EmbeddingDataset, held: ModelComparison
    ) -> None:
        record = held.records["bayes"]
        found = test_sets_of(held).of_kind("holdout")
        assert found is not None
        assert len(np.unique(record.rows)) == found.development.n_images
        assert np.array_equal(record.labels, data.syndromes)
        rest = np.setdiff1d(np.arange(data.n_images), record.rows)
        assert len(rest) == found.test.n_images
        assert data.subjects is not None
        assert not set(data.subjects[rest]) & set(data.subjects[np.unique(record.rows)])

    def test_classes_on_one_side_alone_are_named(self) -> None:
        rng = np.random.default_rng(0)
        y = np.repeat([*"abcd"], [40, 40, 4, 4])
        groups = np.r_[np.arange(80), np.repeat([100, 101], 4)]
        X = rng.normal(size=(88, 3)) + np.searchsorted([*"abcd"], y)[:, None]
        for seed in range(6):
            comparison = compare_models(
                X, y, groups=groups, heads="centroid", cv=2, n_repeats=1, holdout=0.3, random_state=seed
            )
            found = test_sets_of(comparison).of_kind("holdout")
            assert found is not None
            tested = {count.syndrome for count in found.test.syndromes if count.n_images}
            known = {count.syndrome for count in found.development.syndromes if count.n_images}
            assert tested <= known
            assert set(found.only_test) == set("abcd") - known
            assert set(found.only_development) == known - tested
            record = comparison.records["centroid"]
            assert record.probabilities.shape[1] == 4

    def test_a_share_that_classes_do_not_allow_is_taken_as_near_as_may_be(self) -> None:
        X, y = np.random.default_rng(0).normal(size=(30, 2)), np.repeat([*"abcdef"], 5)
        comparison = compare_models(X, y, heads="centroid", cv=2, n_repeats=1, holdout=0.42)
        found = test_sets_of(comparison).of_kind("holdout")
        assert found is not None
        assert found.test.n_images == 12

    def test_images_that_can_not_be_divided(self) -> None:
        with refused("not_divisible", "holdout"):
            compare_models([[0.0], [1.0]], ["a", "b"], heads="centroid", cv=2, n_repeats=1, holdout=0.5)

    def test_all_heads_are_chosen_inside(self) -> None:
        data = make_syndrome_embeddings(n_features=8)
        found = test_sets_of(compare(data, heads=("knn", "lda"), holdout=0.3)).of_kind("holdout")
        assert found is not None
        assert [model.name for model in found.models] == ["knn", "lda"]
        assert all(model.scores["roc_auc_ovr"].estimate > 0.7 for model in found.models)  # type: ignore[operator]


class TestExternal:
    """Images of another source."""

    def test_another_sample_does_not_drop(self, data: EmbeddingDataset) -> None:
        half = np.isin(data.subjects, np.unique(data.subjects)[::2])  # type: ignore[arg-type]
        found = self._judged(data, half, data.embeddings[~half])
        assert found.models[0].drop("roc_auc_ovr").verdict == "inconclusive"
        assert (found.only_development, found.only_test, found.n_left_out) == ((), (), 0)

    def test_noise_drops(self, data: EmbeddingDataset) -> None:
        half = np.isin(data.subjects, np.unique(data.subjects)[::2])  # type: ignore[arg-type]
        noise = np.random.default_rng(0).permutation(data.embeddings[~half])
        drop = self._judged(data, half, noise).models[0].drop("roc_auc_ovr")
        assert drop.verdict == "drops"
        assert drop.test == pytest.approx(0.5, abs=0.05)

    @staticmethod
    def _judged(data: EmbeddingDataset, half: Any, vectors: Any) -> Any:
        assert data.subjects is not None
        test = TestData(vectors, data.syndromes[~half], data.subjects[~half], name="other.csv")
        comparison = compare_models(
            data.embeddings[half], data.syndromes[half], groups=data.subjects[half], heads=BAYES, cv=3,
            n_repeats=1, test=test,
        )  # fmt: skip
        found = test_sets_of(comparison).of_kind("external")
        assert found is not None
        assert (found.name, found.unit) == ("other.csv", "subjects")
        return found

    def test_classes_of_one_side_are_named(self, data: EmbeddingDataset) -> None:
        names = np.unique(data.syndromes)
        own, other = data.syndromes != names[0], data.syndromes != names[1]
        comparison = compare_models(
            data.embeddings[own], data.syndromes[own], heads=BAYES, cv=3, n_repeats=1,
            test=TestData(elsewhere(data.embeddings[other]), data.syndromes[other]),
        )  # fmt: skip
        found = test_sets_of(comparison).of_kind("external")
        assert found is not None
        assert found.only_development == (names[1],)
        assert found.only_test == (names[0],)
        assert found.n_left_out == np.count_nonzero(data.syndromes == names[0])
        assert found.unit == "images"

    def test_the_same_ids_are_counted_and_kept_apart(self, data: EmbeddingDataset) -> None:
        test = TestData(elsewhere(data.embeddings), data.syndromes, data.subjects)
        found = test_sets_of(compare(data, test=test)).of_kind("external")
        assert found is not None
        assert found.n_shared_subjects == found.n_units == len(np.unique(data.subjects))  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "change, code",
        [
            ({"X": {"other": np.ones((3, 8))}}, "other_encoders"),
            ({"X": np.ones((3, 7))}, "other_features"),
            ({"groups": None}, "subjects_of_one_source"),
            ({"y": ["x", "y", "z"]}, "no_class_in_common"),
            ({"y": [1, 2, 3]}, "texts_and_numbers"),
            ({"y": [[0, 1], [1, 0], [1, 1]]}, "labels_of_another_kind"),
            ({"y": ["x", "y"]}, "wrong_length"),
        ],
    )
    def test_what_can_not_be_judged(self, data: EmbeddingDataset, change: dict[str, Any], code: str) -> None:
        given: dict[str, Any] = {
            "X": np.ones((3, 8)),
            "y": np.unique(data.syndromes)[:3],
            "groups": ["a", "b", "c"],
        }
        with refused(code, "test"):
            compare(data, test=TestData(**given | change))

    def test_the_same_images_are_refused(self, data: EmbeddingDataset) -> None:
        with refused("test_images_known", "test"):
            compare(data, test=TestData(data.embeddings[-3:], data.syndromes[-3:], ["x", "y", "z"]))

    def test_another_kind_of_labels(self, data: EmbeddingDataset) -> None:
        with refused("labels_of_another_kind", "test"):
            compare(data, heads="lda", test=TestData(np.ones((3, 8)), [[0, 1], [1, 0], [1, 1]], [*"abc"]))

    def test_data_sets_are_matched_and_named(self, data: EmbeddingDataset) -> None:
        half = np.arange(data.n_images) % 2 == 0
        own, other = (
            EmbeddingDataset.from_arrays(data.embeddings[part], data.syndromes[part], name=name)
            for part, name in ((half, "own"), (~half, "other"))
        )
        comparison = compare_datasets({"a": own}, test={"a": other}, heads=BAYES, cv=3, n_repeats=1)
        found = test_sets_of(comparison).of_kind("external")
        assert found is not None
        assert (found.name, found.test.n_images) == ("other", other.n_images)

    def test_all_may_be_of_one_class(self, data: EmbeddingDataset) -> None:
        own = data.syndromes == data.syndromes[0]
        test = TestData(elsewhere(data.embeddings[own]), data.syndromes[own], data.subjects[own])  # type: ignore[index]
        found = test_sets_of(compare(data, test=test)).of_kind("external")
        assert found is not None
        scores = found.models[0].scores
        assert scores["roc_auc_ovr"].estimate is None
        assert scores["accuracy"].estimate is not None

    def test_both_at_once(self, data: EmbeddingDataset) -> None:
        test = TestData(elsewhere(data.embeddings), data.syndromes, data.subjects)
        kinds = [entry.kind for entry in test_sets_of(compare(data, holdout=0.2, test=test)).test_sets]
        assert kinds == ["holdout", "external"]


def _five_folds(data: EmbeddingDataset) -> Any:
    from sklearn.model_selection import StratifiedGroupKFold  # noqa: PLC0415

    splitter = StratifiedGroupKFold(5, shuffle=True, random_state=42)
    return splitter.split(data.embeddings, data.syndromes, data.subjects)


def test_several_labels_an_image(data: EmbeddingDataset) -> None:
    labels = (data.syndromes[:, None] == np.unique(data.syndromes)[:3]).astype(int)
    head = Head(
        name="neighbors",
        title="neighbours",
        estimator=KNeighborsClassifier(15),
        grid={},
        gives=frozenset({"probabilities"}),
        tasks=frozenset({"multilabel"}),
    )
    comparison = compare_models(
        data.embeddings, labels, heads=head, cv=3, n_repeats=1, holdout=0.25,
        test=TestData(elsewhere(data.embeddings), labels),
    )  # fmt: skip
    for entry in test_sets_of(comparison).test_sets:
        assert entry.models[0].scores["roc_auc_ovr"].estimate > 0.6  # type: ignore[operator]
        interval, drop = entry.models[0].scores["roc_auc_ovr"], entry.models[0].drop("roc_auc_ovr")
        assert interval.low < interval.estimate < interval.high  # type: ignore[operator]
        assert drop is not None
        assert drop.verdict in {"inconclusive", "rises"}  # of the same images, which are known by heart


class TestSeveralLabels:
    """Labels of the two sources are matched by name."""

    HEAD = Head(
        name="neighbors",
        title="neighbours",
        estimator=KNeighborsClassifier(5),
        grid={},
        gives=frozenset({"probabilities"}),
        tasks=frozenset({"multilabel"}),
    )

    @classmethod
    def _judged(cls, y: Any, test: Any) -> Any:
        X = np.random.default_rng(1).normal(size=(120, 2))
        frame = pd.DataFrame((X + 0.1 > 0).astype(int), columns=[*"ab"]).assign(
            c=(X.sum(axis=1) > 0).astype(int)
        )
        comparison = compare_models(
            X,
            frame[y],
            heads=cls.HEAD,
            cv=3,
            n_repeats=1,
            test=TestData(elsewhere(X), frame[test[0]].set_axis(test[1], axis=1)),
        )
        found = test_sets_of(comparison).of_kind("external")
        assert found is not None
        return found

    def test_in_another_order_they_are_the_same(self) -> None:
        first = self._judged([*"abc"], ([*"abc"], [*"abc"]))
        second = self._judged([*"abc"], ([*"cab"], [*"cab"]))
        assert first.models == second.models
        assert first.models[0].scores["roc_auc_ovr"].estimate > 0.9

    def test_labels_of_one_side_are_named_and_left_out(self) -> None:
        found = self._judged([*"abc"], ([*"abc"], [*"abx"]))
        assert (found.only_development, found.only_test) == (("c",), ("x",))
        assert found.models[0].scores["roc_auc_ovr"].estimate > 0.9
        assert found.models[0].drop("roc_auc_ovr").verdict in {"inconclusive", "rises"}

    def test_two_at_least_have_to_be_the_same(self) -> None:
        with refused("no_class_in_common", "test"):
            self._judged([*"abc"], ([*"abc"], [*"axy"]))
