"""Similarities to the class means of training parts."""

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import SimpleImputer
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import normalize

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome.crossval.class_similarity import similarities
from tests.problems import Problem
from tests.promise_builders import searched


def test_they_are_scikit_learns_cosines_with_means_in_which_each_subject_counts_once(
    problem: Problem,
) -> None:
    # A subject has two images each: once and twice are the same but for who is left with one alone.
    kept = np.arange(90) % 7 > 0
    samples, labels, subjects = (part[kept] for part in problem)
    run = searched(samples, labels, subjects)
    (train, test), *_ = run.splits.as_cv()
    found = similarities(run, [(train, test)])
    assert found is not None
    frame = pd.DataFrame(normalize(samples[train])).groupby(subjects[train]).mean()
    classes = labels[train][np.unique(subjects[train], return_index=True)[1]]
    means = frame.groupby(classes).mean().to_numpy()
    assert found[0] == pytest.approx(cosine_similarity(samples[test], means))


def test_a_class_that_is_not_there_is_the_least_similar(problem: Problem) -> None:
    run = searched(problem.samples, problem.labels)
    found = similarities(run, [(np.flatnonzero(problem.labels != "b"), np.arange(90))])
    assert found is not None
    assert (found[0][:, 1] == -1).all()
    assert (found[0][:, [0, 2]] > 0).all()


def test_without_embeddings_there_are_none(problem: Problem) -> None:
    apart = np.linalg.norm(problem.samples[:, None] - problem.samples[None], axis=2)
    run = searched(apart, problem.labels, metrics=["precomputed"])
    assert similarities(run, run.splits.as_cv()) is None


def test_values_that_a_pipeline_fills_in_are_no_embeddings_yet(problem: Problem) -> None:
    holes = np.where(np.arange(540).reshape(90, 6) % 50, problem.samples, np.nan)
    run = searched(holes, problem.labels, estimator=make_pipeline(SimpleImputer(), SyndromeKNNClassifier()))
    assert similarities(run, run.splits.as_cv()) is None
