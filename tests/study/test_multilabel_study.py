"""Study of several labels an image: k-NN chosen inside the folds, beside the shares of the labels."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome import ModelComparison, cross_validate_study, study_dataset
from skknn_syndrome._typing import IndexArray, LabelArray, MatrixLike
from skknn_syndrome.crossval.label_sets_file import write_label_sets
from skknn_syndrome.crossval.tasks import MULTILABEL
from skknn_syndrome.data import MultilabelDataset, make_multilabel_embeddings
from skknn_syndrome.errors import OtherEncoderWarning
from skknn_syndrome.neighbors import MultilabelKNNClassifier
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.study import TestData, study_multilabel
from tests.refusing import refused

QUICK: dict[str, Any] = {
    "n_neighbors": [1, 9],
    "metrics": "euclidean",
    "cv": 3,
    "n_repeats": 1,
    "inner_cv": 2,
}


@pytest.fixture(scope="module")
def data() -> MultilabelDataset:
    return make_multilabel_embeddings(n_subjects=60, n_labels=3, n_features=6, rarest=0.2)


@pytest.fixture(scope="module")
def study(data: MultilabelDataset) -> ModelComparison:
    return study_dataset(data, command="skknn-syndrome study", **QUICK)


def outer_tests(data: MultilabelDataset) -> list[IndexArray]:
    target = MULTILABEL.encode(data.target, data.n_images)
    return [part.test for part in MULTILABEL.folds(target, data.subjects, cv=3, random_state=42).parts]


def test_it_holds_nearest_neighbours_against_the_shares_of_the_labels(study: ModelComparison) -> None:
    found = study.models
    assert ([model.name for model in found.models], found.reference) == (
        ["knn", "label_shares"],
        "label_shares",
    )
    assert (found.task, found.protocol, found.n_folds) == ("multilabel", "subject", 3)
    assert {choice.params["n_neighbors"] for choice in found.by_name["knn"].choices} <= {1, 9}
    assert all(value == 0.5 for value in found.by_name["label_shares"].scores["roc_auc_ovr"].values)
    assert study.find("labels") is not None


def test_it_knows_its_data_set(study: ModelComparison, data: MultilabelDataset) -> None:
    assert (study.dataset.name, study.dataset.simulated) == (data.name, True)
    assert study.provenance.command == "skknn-syndrome study"
    assert ModelComparison.model_validate_json(study.model_dump_json()) == study


def test_predictions_are_scikit_learns_of_what_was_chosen(
    study: ModelComparison, data: MultilabelDataset
) -> None:
    record, tests = study.records["knn"], outer_tests(data)
    assert [record.rows[record.folds == fold].tolist() for fold in range(3)] == [
        test.tolist() for test in tests
    ]
    (choice,) = study.models.by_name["knn"].choices  # alike in all folds
    for fold, test in enumerate(tests):
        train = np.setdiff1d(np.arange(data.n_images), test)
        model = KNeighborsClassifier(choice.params["n_neighbors"], weights="distance")
        said = model.fit(data.embeddings[train], data.labels[train]).predict_proba(data.embeddings[test])
        expected = np.column_stack([part[:, 1] for part in said])
        np.testing.assert_allclose(record.answer.scores[record.folds == fold], expected, atol=1e-6)
    assert not set(np.asarray(data.subjects)[tests[0]]) & set(np.asarray(data.subjects)[tests[1]])


class Recorder(MultilabelKNNClassifier):
    """Keeps the rows that it is fitted to; not k-NN's own class, so that each candidate is fitted."""

    fitted: list[set[float]] = []  # noqa: RUF012  of all clones

    def fit(self, X: MatrixLike, y: LabelArray, groups: LabelArray | None = None) -> Self:
        self.fitted.append(set(np.asarray(X)[:, 0].tolist()))
        super().fit(X, y, groups)
        return self


def test_no_fit_sees_a_row_of_its_outer_test_part(data: MultilabelDataset) -> None:
    Recorder.fitted = []
    study_dataset(data, estimator=Recorder(), **QUICK)
    n_fits = 2 * 2 + 1  # candidates x inner folds, and that of the chosen one
    assert len(Recorder.fitted) == 3 * n_fits
    for fold, test in enumerate(outer_tests(data)):
        tested = set(data.embeddings[test, 0].tolist())
        assert not any(rows & tested for rows in Recorder.fitted[fold * n_fits : (fold + 1) * n_fits])


def test_arrays_test_sets_and_folds_by_image(data: MultilabelDataset) -> None:
    other = TestData(data.embeddings + 0.01, data.target, name="elsewhere")
    found = study_multilabel(data.embeddings, data.target, holdout=0.25, test=other, **QUICK)
    assert found.models.protocol == "image"
    sets = found.find("test_sets").test_sets
    assert [(each.kind, each.name) for each in sets] == [("holdout", "hold-out"), ("external", "elsewhere")]
    alone = study_dataset(
        data,
        protocols="image",
        test=make_multilabel_embeddings(
            n_subjects=20, n_labels=3, n_features=6, rarest=0.2, random_state=1
        ).without_subjects(),
        **QUICK,
    )
    assert (alone.models.protocol, len(alone.find("test_sets").test_sets)) == ("image", 1)


def test_test_images_of_another_encoder_are_told_and_empty_lists_are_as_good_as_none(
    data: MultilabelDataset,
) -> None:
    note = EmbedderNote(model="a.onnx", architecture="ONNX", weights_sha256="00", preprocessing="{}")
    own = replace(data, embedder=note)
    other = replace(
        own, embeddings=own.embeddings + 0.01, embedder=note.revised(preprocessing='{"size": 224}')
    )
    with pytest.warns(OtherEncoderWarning, match="can't be compared"):
        study_dataset(own, test=other, ignore=[], callbacks=[], **QUICK)


def test_predictions_go_to_a_file(study: ModelComparison, data: MultilabelDataset, tmp_path: Path) -> None:
    path = tmp_path / "out_of_fold.parquet"
    write_label_sets(list(study.records.values()), path, data_sha256="abc", images=data.images)
    frame = parquet.read_table(path).to_pandas()
    assert frame.groupby("head").size().tolist() == [data.n_images] * 2
    first = frame.iloc[0]
    row = int(first["row"])
    assert (first["image"], first["subject"]) == (data.images[row], np.asarray(data.subjects)[row])
    assert first["labels"].tolist() == [
        name for name, has in zip(data.label_names, data.labels[row], strict=True) if has
    ]
    said = dict(zip(data.label_names, first["scores"], strict=True))
    assert first["predicted"].tolist() == [name for name, score in said.items() if score > 0.5]


@pytest.mark.parametrize(
    "options, code, parameter",
    [
        ({"refit_rule": "composite"}, "not_of_several_labels", "refit_rule"),
        ({"preprocessing": "scores"}, "not_of_several_labels", "preprocessing"),
        ({"analyses": ()}, "not_of_several_labels", "analyses"),
        ({"ignore": ["SK007"]}, "not_of_several_labels", "ignore"),
        ({"leave_out": "site"}, "not_of_several_labels", "leave_out"),
        ({"covariates": pd.DataFrame({"site": ["a"]})}, "not_of_several_labels", "covariates"),
        ({"protocols": ("subject", "image")}, "one_protocol", "protocols"),
        ({"protocols": "person"}, "one_protocol", "protocols"),
        ({"n_neighbors": 0}, "below_one", "n_neighbors"),
        ({"refit": "top_1_accuracy"}, "unknown_score", "refit"),
    ],
)
def test_what_has_no_meaning_is_refused(
    data: MultilabelDataset, options: dict[str, Any], code: str, parameter: str
) -> None:
    with refused(code, parameter):
        study_dataset(data, **QUICK | options)


def test_subjects_and_labels_have_to_be_there(data: MultilabelDataset) -> None:
    with refused("no_subjects", "protocols"):
        study_dataset(data.without_subjects(), protocols="subject", **QUICK)
    with refused("labels_of_another_kind", "y"):
        study_multilabel(data.embeddings, data.labels[:, 0], **QUICK)
    with refused("labels_of_another_kind", "y"):
        cross_validate_study(data.embeddings, data.labels)
