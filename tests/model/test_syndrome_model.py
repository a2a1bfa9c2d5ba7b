"""Models in use: choice of a head, answers, and what is refused."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import Perceptron
from sklearn.naive_bayes import GaussianNB

from skknn_syndrome.data import EmbeddingDataset, NewCases, make_multilabel_embeddings
from skknn_syndrome.errors import ParameterError, StudySettingsError
from skknn_syndrome.heads.base import Head
from skknn_syndrome.model import SyndromeModel
from skknn_syndrome.results.audit import Audit
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.results.model_comparison import ModelComparison
from tests.model.builders import CLASSES, gallery, knn_model, lda_model
from tests.model_builders import make_encoder, make_model_comparison, make_two_models
from tests.refusing import refused

QUICK: dict[str, Any] = {"cv": 3, "inner_cv": 2}


def new_case(code: int = 1) -> Any:
    return 3 * np.eye(5)[[code]]


def test_the_head_that_scores_best_out_of_the_folds_is_taken() -> None:
    model = SyndromeModel.fit(gallery(), head=("knn", "lda", "lda"), **QUICK)
    scores = {each.head: each.score or 0.0 for each in model.card.chosen_from}
    assert list(scores) == ["knn", "lda"]
    assert scores[model.card.head] == max(scores.values())
    assert model.card.settings.heads == ("knn", "lda")


@pytest.mark.parametrize("make", [knn_model, lda_model])
def test_an_answer_ranks_all_classes_and_adds_up(make: Any) -> None:
    answer = make().predict(new_case())[0]
    assert answer.name == "Noonan"
    assert {entry.name for entry in answer.ranking} == {*CLASSES}
    assert sum(entry.probability for entry in answer.ranking) == pytest.approx(1)
    assert answer.prediction_set == tuple(entry.name for entry in answer.ranking if entry.in_set)
    assert answer.ranking[0].p_value > 0.1 > answer.ranking[-1].p_value
    assert not answer.possibly_none


def test_rankings_can_be_cut_and_sets_made_for_another_coverage() -> None:
    found = knn_model().predict(new_case(), top_k=1, coverage=0.99)[0]
    assert len(found.ranking) == 1
    assert found.n_classes == len(CLASSES)
    # Twelve subjects a class can't exclude one at 99 %.
    assert {*found.prediction_set} == {*CLASSES}


def test_what_lies_far_from_all_class_means_is_flagged() -> None:
    known, unknown = lda_model().predict(np.concatenate([new_case(), -np.ones((1, 5))])).images
    assert not known.possibly_none
    assert unknown.possibly_none
    assert known.novelty_threshold is not None
    assert known.novelty < known.novelty_threshold < unknown.novelty


def test_vectors_out_of_the_range_of_norms_are_flagged() -> None:
    rows = np.concatenate([np.zeros((1, 5)), 1e-3 * new_case(), 1e3 * new_case(), new_case()])
    flags = [each.flags for each in lda_model().predict(rows).images]
    assert flags == [("zero_vector",), ("norm_below_gallery",), ("norm_above_gallery",), ()]


def test_images_of_a_subject_are_fused_in_log_probability() -> None:
    data = gallery(seed=1)
    found = lda_model().predict(data.embeddings[:3], ["x", "x", "y"], ["1", "2", "3"])
    pair, single = found.subjects
    chances = np.array(
        [[e.probability for e in sorted(each.ranking, key=lambda e: e.name)] for each in found.images]
    )
    means = np.exp(np.log(np.maximum(chances[:2], 1e-12)).mean(axis=0))
    wanted = dict(zip(CLASSES, means / means.sum(), strict=True))
    assert {entry.name: entry.probability for entry in pair.ranking} == pytest.approx(wanted)
    assert (pair.n_images, single.n_images, pair.image, pair.subject) == (2, 1, None, "x")
    ranked = [(entry.name, entry.probability) for entry in single.ranking]
    assert ranked == [(entry.name, entry.probability) for entry in found.images[2].ranking]


def test_flags_of_a_subject_are_those_of_its_images() -> None:
    rows = np.concatenate([np.zeros((1, 5)), new_case()])
    assert lda_model().predict(rows, ["x", "x"]).subjects[0].flags == ("zero_vector",)


def test_answers_become_a_table() -> None:
    found = knn_model().predict(gallery(seed=1), top_k=2)
    frame = found.to_frame()
    assert len(frame) == 2 * (len(found) + len(found.subjects))
    assert frame["rank"].tolist()[:2] == [1, 2]
    assert "possibly of none" in found.summary
    assert "out of the gallery" in knn_model().predict(np.zeros((1, 5))).summary
    assert json.loads(found.model_dump_json())["head"] == "knn"


def test_without_subjects_each_image_counts() -> None:
    model = SyndromeModel.fit(gallery().without_subjects(), head="centroid", **QUICK)
    assert model.predict(new_case())[0].name == "Noonan"
    assert model.card.promises[0].n_subjects == 24
    assert model.predict(gallery(seed=2).without_subjects()).subjects == ()


def test_a_head_of_ones_own_is_put_at_a_temperature() -> None:
    bayes = Head("bayes", "naive Bayes", GaussianNB, {}, frozenset({"probabilities"}))
    decides = Head("perceptron", "perceptron", Perceptron, {"alpha": (0.0,)}, frozenset({"decision"}))
    for head in (bayes, decides):
        model = SyndromeModel.fit(gallery(), head=head, **QUICK)
        assert not model.card.has_own_calibration
        assert model.predict(new_case())[0].name == "Noonan"


def test_two_classes_are_ranked_too() -> None:
    data = gallery()
    two = data.syndromes != "Sotos"
    pair = EmbeddingDataset.from_arrays(data.embeddings[two], data.syndromes[two], data.subjects[two])  # type: ignore[index] # it has some
    model = SyndromeModel.fit(pair, head="knn", params={"n_neighbors": 3}, **QUICK)
    assert model.predict(new_case())[0].name == "Noonan"
    assert len(model.card.novelty.detected) == 2


def test_classes_of_few_subjects_are_in_every_set_and_the_card_says_so() -> None:
    model = SyndromeModel.fit(gallery(n_subjects=4), head="centroid", cv=2, inner_cv=2)
    assert [each.can_be_excluded for each in model.card.promises] == [False] * 3
    assert len(model.predict(new_case())[0].prediction_set) == 3
    assert model.card.novelty.threshold is None
    assert "too few subjects" in model.card.novelty.sentence
    assert not model.predict(-new_case())[0].possibly_none


def test_scores_of_a_study_can_be_handed_over() -> None:
    scores = lda_model().card.expected
    model = SyndromeModel.fit(gallery(), head="centroid", expected=scores, **QUICK)
    assert (model.card.expected, model.card.expected_of) == (scores, "study")
    assert lda_model().card.expected_of == "fit"
    assert lda_model().card.expected_scores["top_1_accuracy"].estimate == pytest.approx(1, abs=0.1)


def comparison_of(data_sha256: str) -> ModelComparison:
    """Return centroid and lda, compared on data of that hash."""
    encoder = make_encoder("embeddings")
    of_data = encoder.revised(dataset=encoder.dataset.revised(data_sha256=data_sha256))
    return make_model_comparison(make_two_models(), of_data)


def test_scores_of_a_comparison_are_those_of_the_head_on_the_same_data() -> None:
    same = comparison_of(lda_model().card.dataset.data_sha256)
    model = SyndromeModel.fit(gallery(), head="centroid", expected=same, **QUICK)
    by_name = {each.name: each.pooled for each in same.models.models}
    assert by_name["centroid"] != by_name["lda"]
    assert (model.card.expected, model.card.expected_of) == (by_name["centroid"], "study")
    with refused("head_not_compared", "expected"):
        SyndromeModel.fit(gallery(), head="svc", expected=same, **QUICK)
    with refused("scores_of_other_data", "expected"):
        SyndromeModel.fit(gallery(), head="centroid", expected=comparison_of("cd" * 32), **QUICK)


def test_a_class_that_a_fold_lacks_has_the_probability_0_there() -> None:
    data = gallery()
    rare = np.where(np.arange(data.n_images) < 2, "Rare", data.syndromes)
    model = SyndromeModel.fit(replace(data, syndromes=rare), head="lda", params={"shrinkage": 0.5}, **QUICK)
    assert "Rare" in model.card.classes
    assert len(model.predict(new_case())[0].ranking) == 4


ENCODER = EmbedderNote(model="a.onnx", architecture="ONNX", weights_sha256="00", preprocessing="{}")


def test_vectors_of_another_encoder_are_refused_where_both_files_tell() -> None:
    data = replace(gallery(), embedder=ENCODER)
    model = SyndromeModel.fit(data, head="centroid", **QUICK)
    other = ENCODER.revised(weights_sha256="11")
    cases = NewCases(new_case(), np.array(["i"]), None, other, Audit(n_rows=1), "new.csv")
    with refused("other_encoder", "X"):
        model.predict(cases)
    for silent in (replace(cases, embedder=None), replace(cases, embedder=ENCODER)):
        assert model.predict(silent)[0].name == "Noonan"
    assert model.gallery.embedder == ENCODER


@pytest.mark.parametrize(
    "given, code, parameter",
    [
        ({"X": np.ones((1, 4))}, "wrong_length", "X"),
        ({"X": np.ones(5)}, "wrong_shape", "X"),
        ({"X": np.ones((0, 5))}, "no_rows", "X"),
        ({"X": np.full((2, 5), np.nan)}, "not_finite", "X"),
        ({"X": [["a"] * 5]}, "unsupported_type", "X"),
        ({"X": [[1.0], [1.0, 2.0]]}, "unsupported_type", "X"),
        ({"X": np.ones((1, 5)), "subjects": ["a", "b"]}, "unequal_lengths", "subjects"),
        ({"X": np.ones((1, 5)), "image_ids": ["a", "b"]}, "unequal_lengths", "image_ids"),
        ({"X": np.ones((1, 5)), "top_k": 0}, "not_whole", "top_k"),
        ({"X": np.ones((1, 5)), "coverage": 1.0}, "out_of_range", "coverage"),
    ],
)
def test_cases_that_can_not_be_asked_about(given: dict[str, Any], code: str, parameter: str) -> None:
    with refused(code, parameter):
        knn_model().predict(**given)


@pytest.mark.parametrize(
    "given, code, parameter",
    [
        ({"head": "nobody"}, "unknown_head", "head"),
        ({"head": ()}, "no_value", "head"),
        ({"head": ("knn", "lda"), "params": {"shrinkage": 1}}, "params_of_several", "params"),
        ({"head": "knn", "params": {"k": 1}}, "unknown_parameter", "params"),
        ({"head": "knn", "params": {"weights": np.reciprocal}}, "not_plain", "params"),
        ({"cv": 1}, "not_whole", "cv"),
        ({"inner_cv": 2.5}, "not_whole", "inner_cv"),
        ({"coverage": 0}, "out_of_range", "coverage"),
        ({"false_rejection": 1.5}, "out_of_range", "false_rejection"),
        ({"refit": "accurracy"}, "unknown_score", "refit"),
        ({"expected": {"f1_macro": 1.0}}, "not_expected_scores", "expected"),
        ({"cv": 100}, "too_many_folds", "cv"),
    ],
)
def test_settings_that_can_not_be(given: dict[str, Any], code: str, parameter: str) -> None:
    with refused(
        code, parameter, error=StudySettingsError if code != "not_expected_scores" else ParameterError
    ):
        SyndromeModel.fit(gallery(), **given)


def test_data_that_can_not_be() -> None:
    with refused("no_dataset", "dataset"):
        SyndromeModel.fit(gallery().embeddings)  # type: ignore[arg-type] # on purpose
    with refused("several_labels", "dataset"):
        SyndromeModel.fit(make_multilabel_embeddings())
    silent = Head("silent", "labels alone", Perceptron, {}, frozenset())
    with refused("no_scores", "head"):
        SyndromeModel.fit(gallery(), head=silent)


def test_a_model_shows_what_it_is() -> None:
    assert repr(knn_model()) == "SyndromeModel('knn': 72 images of 3 syndromes)"
    assert not knn_model().card.recalibration_due


def test_a_repr_tells_the_answers_of_the_first_images() -> None:
    cases = gallery(seed=6)
    lines = repr(lda_model().predict(cases)).splitlines()
    assert len(lines) == 12
    assert lines[1].startswith("person-0-a: ")
    assert lines[-1] == "..."
    assert len(repr(lda_model().predict(cases.embeddings[:2])).splitlines()) == 3


def test_what_is_added_is_a_data_set() -> None:
    with refused("no_dataset", "dataset"):
        lda_model().add(np.ones((2, 5)))  # type: ignore[arg-type]


def test_a_zero_vector_has_no_part_in_the_answer_about_its_subject() -> None:
    model, case = lda_model(), new_case()
    zero = np.zeros_like(case)
    alone = model.predict(case, subjects=["ann"]).subjects[0]
    both = model.predict(np.vstack([zero, case]), subjects=["ann", "ann"]).subjects[0]
    assert both.ranking == alone.ranking
    assert both.novelty == alone.novelty
    assert (both.n_images, both.flags) == (1, ("zero_vector",))
    nothing = model.predict(zero, subjects=["ann"]).subjects[0]
    assert (nothing.n_images, nothing.flags) == (1, ("zero_vector",))
