"""Provenance: versions, settings, times, and a fingerprint of the data."""

import platform

import numpy as np

from skknn_syndrome.crossval.provenance import Stopwatch, make_provenance, summarise_arrays
from skknn_syndrome.metrics.score_table import SCORE_NAMES
from skknn_syndrome.neighbors import SyndromeKNNClassifier


def test_it_names_versions_seed_estimator_and_the_averaging_of_every_score() -> None:
    provenance = make_provenance(
        SyndromeKNNClassifier(weights="softmax"), random_state=3, refit="accuracy", stopwatch=Stopwatch()
    )
    assert provenance.estimator == "SyndromeKNNClassifier(weights='softmax')"
    assert (provenance.random_state, provenance.refit) == (3, "accuracy")
    assert {entry.name: entry.version for entry in provenance.versions}["python"] == platform.python_version()
    assert [entry.score for entry in provenance.averaging] == list(SCORE_NAMES)
    assert provenance.started.endswith("+00:00")
    assert provenance.elapsed_seconds >= 0


def test_what_an_earlier_run_took_counts_as_well() -> None:
    stopwatch = Stopwatch()
    stopwatch.add("graph", 1000.0)
    assert stopwatch.find("graph", lambda: [None]) == [None]
    (timing,) = stopwatch.timings
    assert timing.seconds >= 1000
    assert stopwatch.elapsed_seconds() >= 1000


X = np.arange(6.0).reshape(3, 2)
Y = np.array(["ab", "c", "c"])


def test_counts_are_by_class_and_subjects_are_counted_once() -> None:
    summary = summarise_arrays(X, Y, np.array(["s", "t", "t"]))
    assert (summary.n_images, summary.n_features, summary.n_subjects) == (3, 2, 2)
    assert [(entry.syndrome, entry.n_images, entry.n_subjects) for entry in summary.syndromes] == [
        ("ab", 1, 1),
        ("c", 2, 1),
    ]


def test_the_fingerprint_changes_with_whatever_changes_the_study() -> None:
    prints = {
        summarise_arrays(*arrays).data_sha256
        for arrays in [
            (X, Y, None),
            (X, Y, Y),
            (X + 1e-12, Y, None),
            (X.astype(np.float32), Y, None),
            (X, np.array(["a", "bc", "c"]), None),
        ]
    }
    assert len(prints) == 5


def test_the_fingerprint_does_not_depend_on_the_layout_in_memory() -> None:
    assert summarise_arrays(np.asfortranarray(X), Y, None) == summarise_arrays(X, Y, None)
