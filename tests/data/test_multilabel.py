"""Data sets with several labels an image, and their simulation."""

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from skknn_syndrome.crossval.tasks import MULTILABEL, task_of
from skknn_syndrome.data import (
    EmbeddingDataset,
    MultilabelDataset,
    make_multilabel_embeddings,
    make_syndrome_embeddings,
    pseudonymise,
)
from skknn_syndrome.heads import get
from tests.refusing import refused

VECTORS = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
LABELS = np.array([[1, 1], [0, 1], [0, 0]])
NAMES = ["edema", "effusion"]


def make(**options: Any) -> MultilabelDataset:
    given: dict[str, Any] = {"embeddings": VECTORS, "labels": LABELS, "label_names": NAMES}
    return MultilabelDataset.from_indicators(**{**given, "subjects": [7, 7, 8], **options})


FORMS = {
    "lists": LABELS.tolist(),
    "sparse": csr_array(LABELS),
    "booleans": LABELS > 0,
    "floats": LABELS.astype(float),
}


@pytest.mark.parametrize("form", FORMS)
def test_labels_come_in_any_form_and_are_kept_dense_and_closed(form: str) -> None:
    dataset = make(labels=FORMS[form])
    assert dataset.labels.dtype == np.uint8
    np.testing.assert_array_equal(dataset.labels, LABELS)
    with pytest.raises(ValueError, match="read-only"):
        dataset.labels[0, 0] = 0
    assert repr(dataset) == "MultilabelDataset('arrays': 3 images x 2 float64, 2 labels, 2 subjects)"


def test_columns_of_a_data_frame_name_the_labels_and_numbers_do_else() -> None:
    assert make(labels=pd.DataFrame(LABELS, columns=NAMES), label_names=None).label_names == (*NAMES,)
    assert make(label_names=None, subjects=None).label_names == ("0", "1")


def test_it_is_what_tasks_and_heads_take() -> None:
    dataset = make()
    assert task_of(dataset.target) is MULTILABEL
    target = MULTILABEL.encode(dataset.target, dataset.n_images)
    assert target.classes.tolist() == NAMES
    model = get("knn").for_task("multilabel").estimator().set_params(n_neighbors=1)
    found = model.fit(dataset.embeddings, target.labels).predict(dataset.embeddings)
    np.testing.assert_array_equal(found, LABELS)
    assert EmbeddingDataset.from_arrays(VECTORS, [*"aab"]).target.tolist() == [*"aab"]


def test_what_takes_one_label_an_image_refuses_it_in_one_sentence() -> None:
    with refused("several_labels", "dataset") as caught:
        _ = make().syndromes
    assert str(caught.value) == (
        "'arrays' has several labels an image, and this takes one: take dataset.of_label('edema') to look at "
        "one of them, or dataset.target with the heads that take several."
    )
    with pytest.raises(AttributeError, match="no attribute 'label'"):
        _ = make().label  # type: ignore[attr-defined]


def test_one_of_its_labels_is_a_data_set_of_two_classes() -> None:
    single = make().of_label("edema")
    assert type(single) is EmbeddingDataset
    assert single.syndromes.tolist() == ["edema", "no edema", "no edema"]
    with refused("unknown_label", "label"):
        make().of_label("pneumonia")


def test_it_is_copied_as_any_data_set() -> None:
    dataset = make()
    assert dataset.without_subjects().subjects is None
    assert replace(dataset, name="other").label_names == dataset.label_names
    again = pickle.loads(pickle.dumps(dataset))  # noqa: S301  its own
    np.testing.assert_array_equal(again.labels, LABELS)
    hidden = pseudonymise(dataset, b"sixteen bytes at least")
    assert isinstance(hidden, MultilabelDataset)
    assert hidden.subjects is not None
    assert hidden.subjects[0].startswith("subject-")


@pytest.mark.parametrize(
    "options, code, parameter",
    [
        ({"labels": [[1, 2], [0, 1], [0, 0]]}, "not_an_indicator", "labels"),
        ({"labels": [[1, np.nan], [0, 1], [0, 0]]}, "not_an_indicator", "labels"),
        ({"labels": [1, 0, 0]}, "wrong_shape", "labels"),
        ({"labels": [[1, 0]]}, "wrong_shape", "labels"),
        ({"label_names": ["edema"], "labels": [[1], [0], [0]]}, "too_few_labels", "label_names"),
        ({"label_names": ["edema", "edema"]}, "repeated_labels", "label_names"),
        ({"label_names": ["edema", " "]}, "empty_id", "syndromes"),
        ({"label_names": ["a", "b", "c"]}, "wrong_shape", "labels"),
        ({"embeddings": [["x"]]}, "unsupported_type", "embeddings"),
    ],
)
def test_what_does_not_fit_is_refused(options: dict[str, Any], code: str, parameter: str) -> None:
    with refused(code, parameter):
        make(**options)


def test_an_entry_is_named_with_its_row_and_label() -> None:
    with refused("not_an_indicator") as caught:
        make(labels=[[1, 0], [0, -1], [0, 0]])
    assert str(caught.value) == "Row 2: the label 'effusion' is '-1', and must be 0 or 1."
    with refused("not_an_indicator", "labels"):
        replace(make(), labels=np.full((3, 2), 2, dtype=np.uint8))


def test_warnings_are_those_that_make_sense_of_sets() -> None:
    dataset = make(embeddings=[[1.0], [1.0], [3.0]], subjects=["s", "s", "S"], label_names=["Edema", "edema"])
    codes = [warning.code for warning in dataset.audit.warnings]
    assert codes == ["identical_vectors", "labels_alike"]
    assert dataset.audit.warnings[0].syndromes == ("Edema;edema", "edema")
    assert dataset.audit.warnings[1].subjects == ("s", "S")


def test_the_simulation_has_rare_labels_and_subjects() -> None:
    dataset = make_multilabel_embeddings()
    assert dataset.simulated
    assert dataset.subjects is not None
    of_subjects = pd.DataFrame(dataset.labels).groupby(dataset.subjects).max().sum()
    assert of_subjects.tolist() == [120, 74, 45, 28, 17, 11, 7, 4]
    assert 0.1 < (dataset.labels.sum(axis=1) > 1).mean() < 0.4
    assert (make_multilabel_embeddings().embeddings == dataset.embeddings).all()
    assert (make_multilabel_embeddings(random_state=1).embeddings[0] != dataset.embeddings[0]).any()


def test_folds_keep_rare_labels_and_subjects() -> None:
    dataset = make_multilabel_embeddings(n_subjects=200, n_labels=5, n_features=8, rarest=0.025)
    target = MULTILABEL.encode(dataset.target, dataset.n_images)
    splits = MULTILABEL.folds(target, dataset.subjects, cv=5, random_state=0)
    for part in splits.parts:
        assert target.labels[part.test].any(axis=0).all()
        assert dataset.subjects is not None
        assert not {*dataset.subjects[part.test]} & {*dataset.subjects[part.train]}


def test_without_separation_vectors_tell_nothing() -> None:
    scores = []
    for separation in (0.0, 3.0):
        data = make_multilabel_embeddings(n_subjects=150, n_features=16, separation=separation)
        half = data.n_images // 2
        model = get("knn").for_task("multilabel").estimator().fit(data.embeddings[:half], data.labels[:half])
        answer = MULTILABEL.ask(model, data.embeddings[half:], MULTILABEL.encode(data.target, data.n_images))
        scores.append(MULTILABEL.judge(data.labels[half:], answer)["roc_auc_ovr"])
    assert scores[0] < 0.6
    assert scores[1] > 0.7


@pytest.mark.parametrize(
    "options", [{"n_subjects": 1}, {"n_labels": 1}, {"n_features": 1}, {"rarest": 0}, {"separation": -1}]
)
def test_numbers_out_of_range_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        make_multilabel_embeddings(**options)


def test_the_simulation_of_single_labels_is_as_it_was() -> None:
    assert make_syndrome_embeddings(n_features=2).n_images == 1116
