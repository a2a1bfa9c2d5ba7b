"""What the prose of a report speaks of."""

import pytest

from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.results.protocol import Fold
from tests.analysis_builders import (
    make_nested,
    make_open_set,
)
from tests.builders import make_candidate, make_run, make_study
from tests.comparison_builders import (
    compared,
    make_alternative,
)
from tests.rendering.facts_builders import evaluation, study_with


def test_the_winner_decides_which_evaluation_is_spoken_of() -> None:
    facts = Facts(study_with(evaluations=(evaluation((3, 1), (0, 2)),)))
    assert facts.winner.metric == "cosine"
    assert facts.failures is not None
    assert facts.refit.mean == pytest.approx(0.65)
    assert facts.refit_title == "macro AUC"
    assert Facts(study_with()).failures is None


def test_the_grid_is_named_once() -> None:
    facts = Facts(study_with())
    assert (facts.metrics, facts.weights, facts.grid) == (["euclidean", "cosine"], ["distance"], [3])


def test_sizes_of_the_folds_are_those_of_the_smallest_and_the_largest() -> None:
    folds = tuple(
        Fold(repeat=0, split=split, n_train=n_train, n_test=10 - n_train)
        for split, n_train in enumerate((7, 6, 8))
    )
    facts = Facts(make_study(make_run(make_candidate([0.5, 0.6, 0.7]), folds=folds)))
    assert (facts.train_sizes, facts.test_sizes) == ((6, 8), (2, 4))


def test_what_does_better_is_judged_by_the_deciding_score_and_by_macro_f1() -> None:
    better = make_alternative(("roc_auc_ovr", 0.02, 0.01), ("f1_macro", -0.1, 0.01))
    by_f1 = make_alternative(("roc_auc_ovr", -0.01, 0.9), ("f1_macro", 0.1, 0.01), name="nearest_centroid")
    ahead = make_alternative(("roc_auc_ovr", 0.01, 0.5), metric="cosine", n_neighbors=20)
    elsewhere = make_alternative(("accuracy", 0.2, 0.01), name="nearest_image")
    worse = make_alternative(("roc_auc_ovr", -0.2, 0.01), ("f1_macro", 0.01, 0.9), name="prior")
    facts = Facts(study_with(*compared(worse, elsewhere, ahead, by_f1, better)))
    assert facts.alternatives is not None
    assert facts.alternatives.better == [better, by_f1]
    assert facts.alternatives.ahead == [ahead]
    assert facts.alternatives.better_baseline == better
    assert facts.alternatives.better_k is None
    assert facts.alternatives.tried_larger_k
    assert Facts(study_with()).alternatives is None


def test_folds_that_lack_a_class_are_known() -> None:
    assert not Facts(make_study()).lacks_classes
    fold = Fold(repeat=0, split=0, n_train=4, n_test=2, absent_from_test=("a",))
    assert Facts(make_study(make_run(make_candidate([0.5]), folds=(fold,)))).lacks_classes


def test_what_a_study_did_not_look_into_has_no_findings() -> None:
    facts = Facts(study_with())
    assert facts.selection is None
    assert facts.open_set is None
    assert facts.failures is None


def test_findings_are_those_of_the_winner() -> None:
    facts = Facts(
        study_with(
            nested=make_nested(),
            open_sets=(make_open_set(metric="euclidean"), make_open_set()),
        )
    )
    assert facts.selection is not None
    assert facts.open_set is not None
    assert facts.open_set.open_set.metric == "cosine"
