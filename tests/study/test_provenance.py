"""What a second run would need."""

import platform

from skknn_syndrome.metrics.score_table import SCORE_NAMES
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.study.provenance import Stopwatch, make_provenance


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
