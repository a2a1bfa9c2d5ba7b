"""Out-of-fold predictions of models: heads that predict in their own way, and those without probabilities."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import FixedThresholdClassifier
from sklearn.svm import LinearSVC

from skknn_syndrome import compare_models, make_syndrome_embeddings
from skknn_syndrome.analyses.inflation.compute import _mean_over_folds
from skknn_syndrome.crossval.fused_subjects import fuse_subjects
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.heads import Head
from skknn_syndrome.metrics.registry import names_for
from skknn_syndrome.results.candidate import CandidateKey


def with_threshold() -> FixedThresholdClassifier:
    return FixedThresholdClassifier(LogisticRegression(), threshold=0.2, response_method="predict_proba")


def test_scores_of_every_kind_are_of_what_a_head_predicts() -> None:
    data = make_syndrome_embeddings(n_features=8)
    labels = np.where(data.syndromes == data.syndromes[0], "yes", "no")
    head = Head(
        name="eager", title="eager", estimator=with_threshold, grid={}, gives=frozenset({"probabilities"})
    )
    found = compare_models(data.embeddings, labels, heads=head, cv=3, n_repeats=1).models.models[0]
    of_repeats = {entry.score: entry.values for entry in found.by_repeat}
    pooled = found.pooled.scores["f1_macro"]
    assert pooled.estimate == pytest.approx(of_repeats["f1_macro"][0], abs=1e-12)
    assert pooled.estimate == pytest.approx(found.scores["f1_macro"].mean, abs=0.03)
    assert pooled.low < pooled.estimate < pooled.high


def test_a_subject_of_one_image_is_predicted_as_the_image_is() -> None:
    data = make_syndrome_embeddings(n_features=8)
    labels = np.where(data.syndromes == data.syndromes[0], "yes", "no")
    head = Head(
        name="eager", title="eager", estimator=with_threshold, grid={}, gives=frozenset({"probabilities"})
    )
    subjects = np.arange(data.n_images)
    options: dict[str, Any] = {"groups": subjects, "cv": 3, "n_repeats": 1}
    found = compare_models(data.embeddings, labels, heads=head, **options).models.models[0]
    by_subject = {entry.score: entry.values for entry in found.by_subject}
    assert by_subject == {entry.score: entry.values for entry in found.by_repeat}


def test_a_subject_is_predicted_as_most_of_its_images_are() -> None:
    said = np.array([[0.6, 0.4], [0.9, 0.1], [0.9, 0.1], [0.3, 0.7], [0.2, 0.8]])
    record = OutOfFoldRecord(
        rows=np.arange(5),
        folds=np.zeros(5, dtype=int),
        probabilities=said,
        said=np.array([1, 1, 0, 1, 0]),  # of subjects a: 1, 1, 0; b: 1, 0
        protocol="subject",
        n_folds=1,
        candidate=CandidateKey(head="spy", params={}),
        labels=np.array([0, 0, 0, 1, 1]),
        subjects=np.array([*"aaabb"]),
        trained=np.ones((1, 2), dtype=bool),
        neighbors=None,
    )
    assert fuse_subjects(record).predicted.tolist() == [1, 1]
    assert fuse_subjects(replace(record, said=None)).predicted.tolist() == [0, 1]
    counts, unit = np.ones((1, 2)), np.array([0, 0, 0, 1, 1])
    names = names_for(2, bounds=False)
    means = _mean_over_folds(record, record.truth, counts, unit)[:, 0]
    assert means[names.index("accuracy")] == 2 / 5
    means = _mean_over_folds(replace(record, said=None), record.truth, counts, unit)[:, 0]
    assert means[names.index("accuracy")] == 1.0


def test_subjects_are_not_fused_without_probabilities() -> None:
    data = make_syndrome_embeddings(n_features=8)
    head = Head(name="margins", title="margins", estimator=LinearSVC, grid={}, gives=frozenset({"decision"}))
    found = compare_models(
        data.embeddings, data.syndromes, groups=data.subjects, heads=(head, "lda"), cv=3, n_repeats=1
    ).models
    assert found.by_name["margins"].by_subject == ()
    assert found.by_name["lda"].by_subject
