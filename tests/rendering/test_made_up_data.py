"""Reports of made-up data, on which nothing may be claimed."""

from typing import Any

import numpy as np
import pytest

from skknn_syndrome.analyses.uncertainty.present import find_uncertainty
from skknn_syndrome.rendering.advice import NOTHING_FOUND, advice
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study import cross_validate_study
from tests.rendering.studies import prose

pytestmark = pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time

SMALL: dict[str, Any] = {"n_neighbors": [1, 3, 5, 7], "cv": 3, "protocols": ("subject", "image")}


def draw(n_classes: int, separation: float, seed: int) -> tuple[Any, Any, Any]:
    """Return embeddings, labels and subjects: 24 subjects a class, two images each."""
    rng = np.random.default_rng(seed)
    subjects = np.repeat(np.arange(24 * n_classes), 2)
    kinds = subjects // 24
    people = (
        separation * rng.normal(size=(n_classes, 8))[kinds] + rng.normal(size=(24 * n_classes, 8))[subjects]
    )
    return people + 0.3 * rng.normal(size=people.shape), np.array(list("abcdef"))[kinds], subjects


@pytest.fixture(scope="module", name="shuffled")
def _shuffled() -> StudyResult:
    samples, labels, subjects = draw(4, 1.0, 1)
    by_subject = np.random.default_rng(1).permutation(labels[::2])
    return cross_validate_study(samples, np.repeat(by_subject, 2), groups=subjects, **SMALL)


@pytest.fixture(scope="module", name="separable")
def _separable() -> StudyResult:
    samples, labels, subjects = draw(4, 20.0, 2)
    return cross_validate_study(samples, labels, groups=subjects, **SMALL)


def test_shuffled_labels_are_called_chance_and_nothing_is_recommended(shuffled: StudyResult) -> None:
    facts = Facts(shuffled)
    assert facts.by_chance
    assert advice(facts)[0] == NOTHING_FOUND
    assert facts.alternatives is not None
    assert not facts.alternatives.better
    summary = prose(shuffled).partition("## Data")[0]
    assert "not significantly better than chance" in summary
    assert "Ahead" not in summary


def test_what_is_separable_is_no_chance_and_has_no_worst_syndrome(separable: StudyResult) -> None:
    facts = Facts(separable)
    assert not facts.by_chance
    assert facts.failures is None or not facts.failures.weakest
    uncertainty = find_uncertainty(separable)
    assert uncertainty is not None
    methods = [uncertainty.estimate(score) for score in ("roc_auc_ovr", "top_1_accuracy")]
    assert [found is not None and found.method for found in methods] == [None, "exact"]
    text = prose(separable)
    assert "1.000 to 1.000" not in text
    assert "inconclusive" not in text.partition("## Data")[0]
