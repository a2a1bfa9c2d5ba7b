"""A study has the scores of its task, whichever process computes them."""

import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.svm import LinearSVC

from skknn_syndrome import cross_validate_study, scorers
from skknn_syndrome._typing import Float64Array
from skknn_syndrome.crossval.tasks import BINARY, MULTICLASS, Answer
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads import Head
from skknn_syndrome.metrics import LabelScore, register_score, unregister_score
from skknn_syndrome.metrics.counting import Tally
from skknn_syndrome.metrics.registry import find_score

RIDGED = Head(
    name="ridged",
    title="logistic regression",
    estimator=LogisticRegression,
    grid={"C": (0.1, 1.0)},
    gives=frozenset({"probabilities"}),
)
ALL = np.arange(60)


def least(tally: Tally) -> Float64Array:
    found: Float64Array = tally.recalls.min(axis=-1)
    return found


@pytest.fixture(autouse=True)
def toys() -> Iterator[None]:
    register_score(
        LabelScore(name="of_two", title="of two", averaging="", kernel=least, tasks=frozenset({"binary"}))
    )
    # Other processes can't import a function that is made here, as they can't one of a notebook.
    register_score(
        LabelScore(name="here", title="here", averaging="", kernel=lambda tally: tally.recalls.min(axis=-1))
    )
    yield
    unregister_score("of_two")
    unregister_score("here")


def problem(n_classes: int) -> tuple[Float64Array, Any]:
    labels = np.array(list("abc"))[ALL % n_classes]
    samples = np.random.default_rng(0).normal(size=(60, 6)) + 2 * (ALL % n_classes)[:, None]
    return samples, labels


def study_of(n_classes: int, **options: Any) -> Any:
    return cross_validate_study(*problem(n_classes), analyses=(), cv=3, **options)


@pytest.mark.parametrize("head", ["knn", RIDGED])
def test_a_score_of_two_classes_is_in_no_study_of_three(head: str | Head) -> None:
    for n_classes in (2, 3):
        study = study_of(n_classes, head=head)
        shown = [
            study.primary.winner.scores,
            {entry.score for entry in study.provenance.averaging},
        ]
        assert [("of_two" in scores) for scores in shown] == [n_classes == 2] * 2
        assert all("here" in scores for scores in shown)


def test_it_decides_where_it_belongs() -> None:
    assert study_of(2, head=RIDGED, refit="of_two").primary.refit == "of_two"
    with pytest.raises(StudySettingsError, match="refit='of_two' is no score of this study"):
        study_of(3, head=RIDGED, refit="of_two")


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_all_analyses_of_three_classes_do_without_it() -> None:
    samples, labels = problem(3)
    study = cross_validate_study(
        samples,
        labels,
        groups=ALL // 2,
        n_neighbors=[1, 5],
        cv=3,
        analyses=["uncertainty", "repeats", "baselines", "subject_level", "nested_cv", "larger_k"],
    )
    assert "of_two" not in study.model_dump_json()


def test_it_is_of_what_is_predicted() -> None:
    answer = Answer(
        np.array([[0.9, 0.1], [0.6, 0.4]]), np.array(["a", "b"]), "probabilities", np.array(["a", "b"])
    )
    truth = np.array(["a", "b"])
    assert BINARY.judge(truth, answer)["of_two"] == 1
    assert "of_two" not in MULTICLASS.judge(truth, answer)


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_other_processes_know_it() -> None:
    alone, shared = (study_of(3, head=RIDGED, n_jobs=n_jobs) for n_jobs in (1, 2))
    assert shared.primary.candidates == alone.primary.candidates
    assert alone.primary.winner.scores["here"].mean is not None


def test_other_processes_know_a_scorer() -> None:
    alone, shared = (
        cross_val_score(LinearSVC(), *problem(3), scoring=scorers.here, cv=3, n_jobs=n_jobs)
        for n_jobs in (1, 2)
    )
    np.testing.assert_array_equal(alone, shared)
    assert np.isfinite(alone).all()


def test_a_scorer_that_travels_needs_no_registry() -> None:
    scorer, (samples, labels) = scorers.of_two, problem(2)
    model = LinearSVC().fit(samples, labels)
    expected, packed = scorer(model, samples, labels), pickle.dumps(scorer)
    definition = find_score("of_two").score
    unregister_score("of_two")
    try:
        travelled = pickle.loads(packed)  # noqa: S301  our own
        assert travelled == scorer
        assert travelled(model, samples, labels) == expected
    finally:
        register_score(definition)  # type: ignore[arg-type] # a LabelScore
