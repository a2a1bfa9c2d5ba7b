"""Protocols restricted to a sample of their images."""

from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import LeaveOneGroupOut
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.sampled_run import Samples, sampled_run
from skknn_syndrome.study.cross_validation import run_study
from tests.problems import Problem
from tests.study.options import QUICK

OPTIONS = QUICK | {"n_neighbors": [1, 5, 9], "metrics": ["cosine", "euclidean"], "refit": "roc_auc_ovr"}


def _run(problem: Problem, **options: Any) -> ProtocolRun:
    study = run_study(problem.samples, problem.labels, groups=problem.subjects, **(OPTIONS | options))
    return study.runs[0]


@pytest.fixture(scope="module", name="run")
def _searched(problem: Problem) -> ProtocolRun:
    return _run(problem)


def test_it_has_the_folds_and_the_best_candidates_of_the_whole_study(run: ProtocolRun) -> None:
    found, sample = sampled_run(run, len(run.data.labels) // 2)
    assert (sample.n_used, sample.n_images) == (len(found.data.labels), len(run.data.labels))
    assert sample.n_used < sample.n_images
    tested = np.sort(np.concatenate([part.test for part in found.splits.parts]))
    np.testing.assert_array_equal(tested, np.arange(sample.n_used))
    assert [entry.params for entry in found.scored.best.values()] == [
        entry.params for entry in run.scored.best.values()
    ]
    assert found.scored.winner.params == run.scored.winner.params


def test_its_candidates_are_scored_on_the_sample_as_they_would_be_alone(run: ProtocolRun) -> None:
    found, _ = sampled_run(run, len(run.data.labels) // 2)
    winner = found.scored.winner
    train, test = found.splits.as_cv()[0]
    model = SyndromeKNNClassifier(winner.n_neighbors, metric=winner.metric, weights=winner.weights)
    model.fit(found.data.array[train], found.data.labels[train])
    expected = (model.predict(found.data.array[test]) == found.data.labels[test]).mean()
    assert winner.scores["accuracy"].values[0] == pytest.approx(expected)


def test_a_sample_of_so_many_images_is_drawn_once(run: ProtocolRun) -> None:
    samples = Samples(run)
    assert samples.of(60)[0] is samples.of(60)[0]
    assert samples.of(None) == (run, None)
    assert samples.of(len(run.data.labels)) == (run, None)


def test_nothing_is_drawn_where_there_is_no_graph_to_read_off(problem: Problem) -> None:
    pipeline = make_pipeline(StandardScaler(), SyndromeKNNClassifier())
    run = _run(problem, estimator=pipeline)
    assert Samples(run).of(60) == (run, None)


def test_folds_that_hold_no_image_of_the_sample_are_not_among_its(problem: Problem) -> None:
    run = _run(problem, cv=LeaveOneGroupOut(), refit="accuracy")
    found, _ = sampled_run(run, len(run.data.labels) // 2)
    assert 0 < len(found.splits.parts) < len(run.splits.parts)
    assert len(found.scored.folds) == len(found.splits.parts)
