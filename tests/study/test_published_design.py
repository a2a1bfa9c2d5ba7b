"""The design of the embeddings paper: one hold-out part, a grid search beside it, published figures."""

from typing import Any

import numpy as np
import pytest

from skknn_syndrome import ModelComparison, compare_models, make_syndrome_embeddings
from skknn_syndrome.analyses.published_models.result import PublishedModels
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.study.published_design import HoldOut, run_published_design
from tests.refusing import refused

X = np.random.default_rng(0).normal(size=(120, 4))
Y = np.repeat(["a", "b"], 60)
SUBJECTS = np.arange(120) // 2
X[Y == "b"] += 1


def figure(**changes: Any) -> PublishedScore:
    fields = {
        "source": "lab",
        "table": "t-1",
        "dataset": "moles",
        "classifier": "lr",
        "distance": "",
        "n_neighbors": None,
        "score": "roc_auc",
        "value": 0.8,
    }
    return PublishedScore.model_validate(fields | changes)


@pytest.fixture(scope="module")
def held_out() -> ModelComparison:
    return run_published_design(X, Y, groups=SUBJECTS, dataset="HAM10000")


def test_a_fifth_is_held_out_with_whole_subjects_and_its_share_of_every_class() -> None:
    [(train, test)] = HoldOut(0).split(X, Y, SUBJECTS)
    assert (len(train), len(test)) == (96, 24)
    assert not set(SUBJECTS[train]) & set(SUBJECTS[test])
    assert np.unique(Y[test], return_counts=True)[1].tolist() == [12, 12]


def test_both_heads_choose_from_the_grids_of_the_paper(held_out: ModelComparison) -> None:
    found = held_out.models
    assert [(model.head, model.n_candidates) for model in found.models] == [
        ("logistic_regression", 4),
        ("svc", 12),
    ]
    assert (found.n_folds, found.inner_cv, found.protocol) == (1, 5, "subject")
    assert found.splitter == "HoldOut(1/5, stratified, random_state=42)"


def test_the_figures_of_the_same_data_set_stand_beside_with_an_interval_over_subjects(
    held_out: ModelComparison,
) -> None:
    found = held_out.find(PublishedModels)
    assert found is not None
    assert {entry.published.dataset for entry in found.figures} == {"HAM10000"}
    assert {entry.model for entry in found.figures} == {"logistic_regression", "svc"}
    # Some resamples of so few subjects lack a class, and AUC has no interval then.
    of_labels = [entry for entry in found.figures if entry.score != "roc_auc_ovr"]
    assert {entry.unit for entry in of_labels} == {"subjects"}
    assert {note for entry in of_labels for note in entry.notes} == {"other_unit", "encoder_not_named"}
    assert found.without_model == ("benchmark",)
    pooled = held_out.scores["svc"]["accuracy"]
    first = next(entry for entry in of_labels if (entry.model, entry.score) == ("svc", "accuracy"))
    assert (first.estimate, first.low, first.high) == (pooled.estimate, pooled.low, pooled.high)


def test_it_goes_to_json_and_comes_back(held_out: ModelComparison) -> None:
    assert ModelComparison.model_validate_json(held_out.model_dump_json()) == held_out


def test_too_few_images_are_refused() -> None:
    with refused("not_divisible", "cv"):
        run_published_design(X[:8], np.repeat(["a", "b"], 4))


class TestCompare:
    """`compare_models(published=...)`."""

    def test_published_figures_stand_beside_the_models(self) -> None:
        data = make_syndrome_embeddings(n_features=8)
        found = compare_models(
            data.embeddings[::6], data.syndromes[::6], heads="centroid", cv=2, n_repeats=1, inner_cv=2,
            published=[figure(classifier="centroid", source="apollo-report")], published_dataset="moles",
        ).find(PublishedModels)  # fmt: skip
        assert found is not None
        assert [entry.model for entry in found.figures] == ["centroid"]
        assert found.figures[0].standing in {"within", "above", "below"}

    def test_figures_of_a_hold_out_part_are_not_comparable_with_folds(self) -> None:
        found = compare_models(
            X, Y, heads="centroid", cv=2, n_repeats=1, inner_cv=2, published_dataset="moles",
            published=[figure(classifier="centroid", source="khoiwal-mcmillan-paper")],
        ).find(PublishedModels)  # fmt: skip
        assert found is not None
        assert found.figures[0].notes == ("other_protocol",)

    def test_without_published_figures_nothing_is_said_of_them(self) -> None:
        found = compare_models(X, Y, heads="centroid", cv=2, n_repeats=1, inner_cv=2)
        assert found.find(PublishedModels) is None
