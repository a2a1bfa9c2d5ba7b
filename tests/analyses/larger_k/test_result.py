"""Scores for more neighbours than a grid holds."""

import pytest
from pydantic import ValidationError

from skknn_syndrome.analyses.larger_k.result import CurveScore, GridCurve, LargerK
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.candidate import KNN, knn_params
from tests.builders import make_study


def test_the_best_k_is_the_smallest_of_equals_and_undefined_ones_are_passed_over() -> None:
    curve = GridCurve(
        head=KNN,
        params=knn_params("cosine", "distance", 15),
        refit="f1_macro",
        grid=(15, 21, 30),
        all_scores=(
            CurveScore(score="f1_macro", means=(0.5, 0.75, 0.75), stds=(0.1, 0.1, 0.1)),
            CurveScore(score="roc_auc_ovr", means=(None, 0.5, None), stds=(None, 0.1, None)),
        ),
    )
    assert curve.best_n_neighbors("f1_macro") == 21
    assert curve.best_n_neighbors("roc_auc_ovr") == 21
    assert curve.mean("f1_macro", 15) == 0.5
    assert GridCurve.model_validate_json(curve.model_dump_json()) == curve


def test_curves_have_the_scores_that_they_are_drawn_for() -> None:
    scores = (CurveScore(score="accuracy", means=(0.5,), stds=(0.1,)),)
    curve = GridCurve(
        head=KNN, params=knn_params("cosine", "distance", 1), refit="accuracy", grid=(1,), all_scores=scores
    )
    with pytest.raises(ValidationError, match="there is no score 'roc_auc_ovr', only 'accuracy'"):
        make_study().revised(analyses=Analyses([LargerK(protocol="image", curves=(curve,))]))
