"""A training part that variants share: the same neighbours as in a search of each variant's own rows."""

from typing import Any

import numpy as np
import pytest
from imblearn import FunctionSampler
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.under_sampling import ClusterCentroids

from skknn_syndrome.analyses.preprocessing.folds import graph_of
from skknn_syndrome.analyses.preprocessing.training_parts import TrainingPart
from skknn_syndrome.analyses.preprocessing.variants import make_variants
from skknn_syndrome.heads.graph_scores.sources import fit_steps
from skknn_syndrome.neighbors.exact import search_all
from skknn_syndrome.preprocessing import (
    CentroidBalancer,
    GaussianNoiseOverSampler,
    MixupOverSampler,
    MoreRows,
)
from tests.analyses.preprocessing.conftest import MakePlan

RESAMPLERS: dict[str, Any] = {
    "none": "passthrough",
    "balanced": CentroidBalancer(),
    "smote": SMOTE(sampling_strategy=MoreRows(40)),
    "noise": GaussianNoiseOverSampler(sampling_strategy=MoreRows(40)),
    "copies": RandomOverSampler(sampling_strategy=MoreRows(40)),
    "balanced, mixed and balanced": [
        CentroidBalancer(),
        MixupOverSampler(sampling_strategy=MoreRows(30)),
        CentroidBalancer(),
    ],
    "turned": FunctionSampler(func=lambda rows, labels: (rows[::-1], labels[::-1])),
    "centroids": ClusterCentroids(),
}


@pytest.mark.parametrize("scaler", ["none", "l2", "zscore"])
def test_lists_are_those_of_a_search_of_all_rows(make_plan: MakePlan, scaler: str) -> None:
    plan = make_plan()
    variants = make_variants([scaler], RESAMPLERS).all
    graph = graph_of(plan, variants[0])
    assert (graph is None) == (scaler == "zscore")
    split = plan.splits[0].parts[1]
    part = TrainingPart(plan, 3, split, graph=graph)
    for variant in variants:
        whole = fit_steps(
            variant.pipeline(3, plan.classifier), plan.data.array[split.train], plan.data.labels[split.train]
        )
        fitted = part.fit(variant)
        np.testing.assert_array_equal(fitted.rows, whole.rows)
        for metric, asked in part.ask(fitted, 10).items():
            expected = search_all(fitted.queries, fitted.rows, 10, metric)
            np.testing.assert_array_equal(asked.distances, expected.distances)
            np.testing.assert_array_equal(
                plan.classes[asked.classes], fitted.labels[expected.indices], err_msg=variant.resampler
            )


def test_what_variants_begin_with_is_fitted_once(make_plan: MakePlan) -> None:
    calls: list[int] = []

    def count(rows: Any, labels: Any) -> tuple[Any, Any]:
        calls.append(len(rows))
        return rows, labels

    first = FunctionSampler(func=count)
    more = MixupOverSampler(sampling_strategy=MoreRows(30))
    plan = make_plan()
    part = TrainingPart(plan, 3, plan.splits[0].parts[0])
    for variant in make_variants(["none"], {"counted": first, "mixed": [first, more]}).all:
        part.fit(variant)
    assert len(calls) == 1
    balanced, mixed = make_variants(["none"], ["balanced", "balanced+mixup"]).all
    assert balanced.steps[-1] is mixed.steps[-2]
