"""Comparisons of models: several encoders, kinds of labels, processes, progress and resuming."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome import ModelComparison, compare_models, make_syndrome_embeddings
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.heads import Head
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.study import KeptParts, resuming
from skknn_syndrome.study.progress import Progress
from tests.refusing import refused
from tests.study.comparing import bayes, compare, third_of_the_subjects


@pytest.fixture(scope="module")
def data() -> EmbeddingDataset:
    return third_of_the_subjects()


@pytest.fixture(scope="module")
def compared(data: EmbeddingDataset) -> ModelComparison:
    return compare(data, heads=("knn", bayes(), "lda"))


@pytest.fixture(scope="module")
def two(data: EmbeddingDataset) -> ModelComparison:
    sets = {"good": data.embeddings, "poor": data.embeddings[:, :2]}
    return compare_models(
        sets, data.syndromes, groups=data.subjects, heads=("centroid", bayes()), cv=3, n_repeats=2,
        inner_cv=2, fuse=True, reference="poor + bayes",
    )  # fmt: skip


class TestEncoders:
    """Vectors of several encoders, of the same images."""

    def test_models_are_encoders_times_heads(self, two: ModelComparison) -> None:
        found = two.models
        assert [model.name for model in found.models] == [
            f"{encoder} + {head}" for encoder in ("good", "poor", "fused") for head in ("centroid", "bayes")
        ]
        assert found.encoders == ("good", "poor", "fused")
        assert found.reference == "poor + bayes"
        assert [found.label(name) for name in ("good + bayes",)] == ["Gaussian naive Bayes on good"]
        assert [each.dataset.n_features for each in two.encoders] == [8, 2, 10]
        assert two.encoders[2].fused == ("good", "poor")

    def test_more_features_are_better(self, two: ModelComparison) -> None:
        found = two.models.difference("good + bayes", "roc_auc_ovr")
        assert found.verdict == "better"
        assert found.pooled.low > 0

    def test_fused_vectors_are_unit_vectors_side_by_side(self, data: EmbeddingDataset) -> None:
        X = data.embeddings.astype(np.float64)
        units = X / np.linalg.norm(X, axis=1, keepdims=True)
        sets = {"one": X, "other": X[:, ::-1].copy()}
        given: dict[str, Any] = {"groups": data.subjects, "heads": bayes(), "cv": 3, "n_repeats": 1}
        fused = compare_models(sets, data.syndromes, fuse=True, **given)
        plain = compare_models(np.hstack([units, units[:, ::-1]]), data.syndromes, **given)
        np.testing.assert_allclose(
            fused.records["fused + bayes"].probabilities, plain.records["bayes"].probabilities, atol=1e-9
        )

    @pytest.mark.parametrize("X", [{}, {"": [[1.0]]}, {1: [[1.0]]}, {"fused": [[1.0]], "b": [[1.0]]}])
    def test_names_that_can_not_be_used(self, X: Any) -> None:
        with refused("invalid_encoders", "X"):
            compare_models(X, ["a"])

    def test_encoders_of_other_images(self, data: EmbeddingDataset) -> None:
        sets = {"all": data.embeddings, "some": data.embeddings[:-1]}
        with refused("wrong_length", "y") as raised:
            compare_models(sets, data.syndromes, heads="centroid")
        assert "'some'" in str(raised.value)

    def test_one_encoder_can_not_be_fused(self, data: EmbeddingDataset) -> None:
        with refused("nothing_to_fuse", "fuse"):
            compare(data, fuse=True)


class TestTasks:
    """Two classes, and several labels an image."""

    def test_the_later_class_is_positive(self, data: EmbeddingDataset) -> None:
        two = np.where(data.syndromes == data.syndromes[0], "yes", "no")
        found = compare_models(data.embeddings, two, heads=("centroid", "lda"), cv=3, n_repeats=1).models
        assert (found.task, found.positive_class) == ("binary", "yes")
        assert found.best.scores["roc_auc_ovr"].mean > 0.65
        # Both classes are among the three most probable, whatever is predicted.
        assert "top_1_accuracy" in found.best.scores
        assert not {"top_3_accuracy", "top_5_accuracy"} & {*found.best.scores}
        with refused("unknown_score", "refit"):
            compare_models(data.embeddings, two, heads="lda", refit="top_3_accuracy")

    def test_several_labels_an_image(self) -> None:
        data = make_syndrome_embeddings(n_features=8)
        classes = np.unique(data.syndromes)[:3]
        labels = (data.syndromes[:, None] == classes).astype(int)
        head = Head(
            name="neighbors",
            title="neighbours",
            estimator=KNeighborsClassifier,
            grid={"n_neighbors": (1, 15)},
            gives=frozenset({"probabilities"}),
            tasks=frozenset({"multilabel"}),
        )
        found = compare_models(
            data.embeddings, pd.DataFrame(labels, columns=classes), groups=data.subjects, heads=head, cv=3,
            n_repeats=2, inner_cv=2,
        ).models  # fmt: skip
        assert found.task == "multilabel"
        assert [entry.params["n_neighbors"] for entry in found.models[0].choices] == [15]
        assert found.models[0].scores["roc_auc_ovr"].mean > 0.65
        assert found.models[0].pooled.unit == "subjects"
        for interval in found.models[0].pooled.all_scores:
            assert interval.low < interval.estimate < interval.high
            assert interval.method == "percentile"


class TestRunning:
    """Processes, progress, and what is written down."""

    def test_processes_change_nothing(self, data: EmbeddingDataset, compared: ModelComparison) -> None:
        found = compare(data, heads=("knn", bayes(), "lda"), n_jobs=2)
        for name, record in compared.records.items():
            np.testing.assert_allclose(found.records[name].probabilities, record.probabilities, atol=1e-9)

    def test_progress_names_head_repeat_and_fold(self, data: EmbeddingDataset) -> None:
        told: list[Progress] = []
        compare(data, heads=("lda", "centroid"), on_progress=told.append)
        assert [event.done for event in told] == [*range(12), 12]
        assert {event.of for event in told} == {12}
        assert [event.part for event in told][:2] == ["lda, repeat 1, fold 1", "centroid, repeat 1, fold 1"]
        assert told[1].left is None
        assert all(event.left is not None for event in told[2:])
        assert told[-1].left == 0
        heads = [event.part.split(",")[0] for event in told[2:-1]]
        assert heads == sorted(heads, key=heads.index)  # one after the other

    def test_json_and_back(self, compared: ModelComparison, tmp_path: Any) -> None:
        compared.save(tmp_path / "comparison.json")
        loaded = ModelComparison.load(tmp_path / "comparison.json")
        assert loaded == compared
        assert hash(loaded) == hash(compared)
        assert loaded.records == {}
        assert "best" in repr(loaded)

    def test_finished_models_are_taken_up(
        self, data: EmbeddingDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(resuming, "LEAST_SECONDS", 0.0)
        heads = ("centroid", bayes(), "pool")
        first = compare(data, heads=heads, n_repeats=1, holdout=0.2, keep=KeptParts(tmp_path))
        told: list[Progress] = []
        again = compare(
            data,
            heads=heads,
            n_repeats=1,
            holdout=0.2,
            keep=KeptParts(tmp_path, resume=True),
            on_progress=told.append,
        )
        assert [event.done for event in told] == [9, 3]  # nothing was left to do, twice
        assert again.models == first.models
        assert again.find("test_sets") == first.find("test_sets")

    def test_another_grid_is_fitted_anew(
        self, data: EmbeddingDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(resuming, "LEAST_SECONDS", 0.0)
        compare(data, heads=("centroid", bayes()), n_repeats=1, keep=KeptParts(tmp_path))
        told: list[Progress] = []
        compare(
            data,
            heads=("centroid", bayes(grid={"var_smoothing": (0.5,)})),
            n_repeats=1,
            keep=KeptParts(tmp_path, resume=True),
            on_progress=told.append,
        )
        assert [event.part.split(",")[0] for event in told] == ["bayes"] * 3 + ["models"]

    def test_other_settings_are_refused(
        self, data: EmbeddingDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(resuming, "LEAST_SECONDS", 0.0)
        compare(data, heads="centroid", n_repeats=1, keep=KeptParts(tmp_path))
        with refused("another_study", "resume"):
            compare(data, heads="centroid", n_repeats=2, keep=KeptParts(tmp_path, resume=True))
        other = data.syndromes.astype(object) + "!"
        with refused("another_study", "resume"):
            compare_models(
                data.embeddings, other, groups=data.subjects, heads="centroid", cv=3, n_repeats=1, inner_cv=2,
                keep=KeptParts(tmp_path, resume=True),
            )  # fmt: skip

    def test_numbers_of_numpy_are_kept(
        self, data: EmbeddingDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(resuming, "LEAST_SECONDS", 0.0)
        head = Head(
            name="neighbors",
            title="neighbours",
            estimator=KNeighborsClassifier,
            grid={"n_neighbors": (np.int64(3), np.int64(9))},
            gives=frozenset({"probabilities"}),
        )
        first = compare(data, heads=head, n_repeats=1, keep=KeptParts(tmp_path))
        again = compare(data, heads=head, n_repeats=1, keep=KeptParts(tmp_path, resume=True))
        assert again.models == first.models

    def test_a_comparison_without_models_is_none(self, compared: ModelComparison) -> None:
        with pytest.raises(ValueError, match="'models' is missing"):
            compared.revised(analyses=Analyses())

    def test_parameters_that_json_lacks_are_not_kept(
        self, data: EmbeddingDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(resuming, "LEAST_SECONDS", 0.0)
        head = bayes(grid={"priors": (np.full(10, 0.1),)})
        keep = KeptParts(tmp_path)
        compare(data, heads=head, n_repeats=1, keep=keep)
        assert keep.parts == {}

    def test_times_are_measured(self, compared: ModelComparison) -> None:
        for model in compared.models.models:
            assert model.times.fit > 0
            assert model.times.predict > 0
            assert model.times.embed is None


@pytest.mark.parametrize(
    "options, code, parameter",
    [
        ({"heads": ()}, "no_value", "heads"),
        ({"heads": None}, "no_value", "heads"),
        ({"heads": 5}, "not_a_head", "head"),
        ({"heads": "centriod"}, "unknown_head", "head"),
        ({"published": "scores.csv"}, "not_published_scores", "published"),
        ({"test": "other.csv"}, "not_test_data", "test"),
        ({"cv": "ten"}, "not_folds", "cv"),
        ({"inner_cv": 1}, "not_folds", "inner_cv"),
        ({"inner_cv": True}, "not_folds", "inner_cv"),
        ({"n_repeats": 0}, "invalid_n_repeats", "n_repeats"),
        ({"refit": "f1_makro"}, "unknown_score", "refit"),
        ({"reference": "svm"}, "unknown_reference", "reference"),
        ({"pca": 0}, "invalid_pca", "pca"),
        ({"pca": 9}, "too_many_components", "pca"),
        ({"pca": 1.5}, "invalid_pca", "pca"),
        ({"pca": True}, "invalid_pca", "pca"),
        ({"random_state": "x"}, "invalid_random_state", "random_state"),
        ({"n_jobs": 0}, "invalid_n_jobs", "n_jobs"),
    ],
)
def test_what_can_not_be_used_is_refused(
    data: EmbeddingDataset, options: dict[str, Any], code: str, parameter: str
) -> None:
    with refused(code, parameter):
        compare(data, **options)
