"""Out-of-fold predictions of models: heads that predict in their own way, and those without probabilities."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import FixedThresholdClassifier
from sklearn.svm import LinearSVC

from skknn_syndrome import compare_models, make_syndrome_embeddings
from skknn_syndrome.heads import Head


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


def test_subjects_are_not_fused_without_probabilities() -> None:
    data = make_syndrome_embeddings(n_features=8)
    head = Head(name="margins", title="margins", estimator=LinearSVC, grid={}, gives=frozenset({"decision"}))
    found = compare_models(
        data.embeddings, data.syndromes, groups=data.subjects, heads=(head, "lda"), cv=3, n_repeats=1
    ).models
    assert found.by_name["margins"].by_subject == ()
    assert found.by_name["lda"].by_subject
