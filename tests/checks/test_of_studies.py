"""Checks of whole studies: on data where each claim is true, on data where it is false, and their figures."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from skknn_syndrome import cross_validate_study
from skknn_syndrome._typing import AnalysisName, Float64Array, LabelArray
from skknn_syndrome.analyses.calibration.result import CalibrationAnalysis
from skknn_syndrome.analyses.embedding_space.result import EmbeddingSpaceAnalysis
from skknn_syndrome.analyses.leakage.result import LeakageAnalysis
from skknn_syndrome.analyses.open_set.result import OpenSetAnalysis
from skknn_syndrome.analyses.prediction_sets.result import PredictionSetsAnalysis
from skknn_syndrome.checks.base import registered_checks
from skknn_syndrome.results.check import Figure
from skknn_syndrome.results.study import StudyResult
from tests.builders import analysis_of

ANALYSES: tuple[AnalysisName, ...] = (
    *("leakage", "larger_k", "baselines", "calibration", "prediction_sets", "open_set", "embedding_space"),
)
OPTIONS: dict[str, Any] = {
    "n_neighbors": [1, 2, 3],
    "metrics": "cosine",
    "cv": 3,
    "n_repeats": 2,
    "analyses": ANALYSES,
}


class Data(NamedTuple):
    """What a study is run on."""

    rows: Float64Array
    labels: LabelArray
    subjects: LabelArray | None


def forty_people(n_syndromes: int = 8, apart: float = 6.0) -> Data:
    """Return 80 images of 40 people, two of each, whose syndromes lie so far apart."""
    rng = np.random.default_rng(0)
    people = np.repeat(np.arange(40), 2)
    labels = np.array([f"syndrome {person % n_syndromes}" for person in people])
    centres = apart * np.eye(8)[people % n_syndromes]
    return Data(rng.normal(size=(80, 8)) + centres, labels, np.array([f"p{person}" for person in people]))


def shuffled() -> Data:
    rows, labels, subjects = forty_people()
    assert subjects is not None
    of_people = np.random.default_rng(1).permutation(labels[::2])
    return Data(rows, np.repeat(of_people, 2), subjects)


def copied() -> Data:
    rows, labels, subjects = forty_people()
    assert subjects is not None
    return Data(
        np.concatenate([rows, rows[:8]]),
        np.concatenate([labels, labels[:8]]),
        np.concatenate([subjects, [f"new{number}" for number in range(8)]]),
    )


def without_ids() -> Data:
    return forty_people()._replace(subjects=None)


def one_rare() -> Data:
    data = forty_people()
    return data._replace(labels=np.where(data.subjects == "p0", "rare", data.labels))


CASES: dict[str, tuple[Callable[[], Data], Mapping[str, str]]] = {
    "forty people": (
        forty_people,
        {
            "simulated_data": "not_applicable",
            "no_subjects": "passed",
            "leak": "passed",
            "too_few_members": "passed",
            "class_missing_from_test": "passed",
            "class_missing_from_train": "passed",
            "more_neighbors_than_images": "passed",
            "undefined_scores": "passed",
            "trivial_top_k": "passed",
            "better_baseline": "passed",
            "sets_below_promise": "passed",
            "too_few_for_promise": "tip",
            "hubs": "passed",
            "analysis_left_out": "passed",
            "resampler_left_out": "skipped",
            "preprocessing_left_out": "skipped",
        },
    ),
    "shuffled labels": (
        shuffled,
        {
            "miscalibrated_probabilities": "issue",
            "trivial_top_k": "passed",
            "sets_below_promise": "passed",
        },
    ),
    "two syndromes": (lambda: forty_people(2), {"trivial_top_k": "tip", "too_few_members": "passed"}),
    "people under two ids": (copied, {"leak": "tip", "no_subjects": "passed"}),
    "no ids": (without_ids, {"no_subjects": "issue", "leak": "not_applicable"}),
    "a syndrome of one person": (
        one_rare,
        {
            "too_few_members": "issue",
            "class_missing_from_test": "issue",
            "class_missing_from_train": "issue",
            "unnoticed_syndromes": "passed",
        },
    ),
}


@cache
def study_of(case: str) -> StudyResult:
    rows, labels, subjects = CASES[case][0]()
    return cross_validate_study(rows, labels, groups=subjects, **OPTIONS)


@pytest.mark.parametrize("case", CASES)
def test_outcomes_follow_the_data(case: str) -> None:
    checks = study_of(case).checks
    wanted = CASES[case][1]
    assert {name: checks[name].outcome for name in wanted} == wanted


def members(study: StudyResult) -> list[int]:
    by_subject = study.primary.protocol == "subject"
    return [int(entry.n_subjects or 0) if by_subject else entry.n_images for entry in study.dataset.syndromes]


def lacking(study: StudyResult, absent: str) -> dict[str, Figure]:
    protocol, folds = study.primary.protocol, study.primary.folds
    missing = [getattr(fold, absent) for fold in folds]
    return {
        f"{protocol}.n_folds": len(folds),
        f"{protocol}.n_folds_lacking": sum(map(bool, missing)),
        f"{protocol}.n_syndromes_missing": len({label for labels in missing for label in labels}),
    }


def leakage(study: StudyResult) -> dict[str, Figure]:
    (leak,) = analysis_of(study, LeakageAnalysis).leaks
    worth = next(entry.inflation for entry in leak.inflations if entry.score == "f1_macro")
    assert worth is not None
    return {
        "exact_copies.n_subjects": leak.n_subjects,
        "exact_copies.n_images": leak.n_images,
        "exact_copies.n_pairs": leak.n_pairs or 0,
        "exact_copies.cosine_above": leak.cosine_above or 0.0,
        "exact_copies.f1_macro_change": worth,
    }


def grid(study: StudyResult) -> dict[str, Figure]:
    protocol, tried = study.primary.protocol, [entry.n_neighbors for entry in study.primary.candidates]
    best = study.best["cosine"].n_neighbors
    return {
        f"{protocol}.smallest_k": min(tried),
        f"{protocol}.largest_k": max(tried),
        f"{protocol}.cosine.best_k": best,
    }


def compared(study: StudyResult, kind: str, *scores: str) -> dict[str, Figure]:
    entries = [entry for entry in study.analyses.gathered("alternatives") if entry.kind == kind]
    figures: dict[str, Figure] = {"n_compared": len(entries)}
    for entry in entries:
        name = entry.head if entry.n_neighbors is None else f"k{entry.n_neighbors}"
        for found in entry.differences:
            if found.score in scores and found.verdict == "better":
                key = ".".join(filter(None, (name, entry.metric, found.score)))
                for field in ("mean", "best_mean", "mean_difference", "n_folds"):
                    figures[f"{key}.{field}"] = getattr(found, field)
    return figures


def calibration(study: StudyResult) -> dict[str, Figure]:
    calibrations = analysis_of(study, CalibrationAnalysis).calibrations
    (entry,) = (entry for entry in calibrations if entry.weights == "distance")
    assert entry.gap is not None
    ends = {"gap_low": entry.gap.low or 0.0, "gap_high": entry.gap.high or 0.0}
    return {"mean_confidence": entry.mean_confidence, "accuracy": entry.accuracy, **ends}


def covered(study: StudyResult) -> dict[str, Figure]:
    found = analysis_of(study, PredictionSetsAnalysis).prediction_sets
    return {
        f"covered_at_{100 * entry.coverage:.0f}": entry.covered.estimate for entry in found.class_conditional
    }


def noticed(study: StudyResult) -> dict[str, Figure]:
    found = analysis_of(study, OpenSetAnalysis).class_means
    assert found is not None
    assert found.detected is not None
    ends = {"detected_low": found.detected.low or 0.0, "detected_high": found.detected.high or 0.0}
    return {"detected": found.detected.estimate, "allowed_false_rejections": 0.05, **ends}


def of_folds(study: StudyResult, name: str, figure: int) -> dict[str, Figure]:
    return {f"{study.primary.protocol}.{name}": figure}


def hubs(study: StudyResult) -> dict[str, Figure]:
    (entry,) = analysis_of(study, EmbeddingSpaceAnalysis).hubness.distances
    assert entry.skewness is not None
    return {"cosine.skewness": entry.skewness}


FIGURES: Mapping[str, Callable[[StudyResult], dict[str, Figure]]] = {
    "simulated_data": lambda _: {},
    "no_subjects": lambda study: (
        {"n_images": study.dataset.n_images}
        if study.dataset.n_subjects is None
        else {"n_subjects": study.dataset.n_subjects}
    ),
    "leak": lambda study: leakage(study) if analysis_of(study, LeakageAnalysis).leaks else {},
    "too_few_members": lambda study: {
        **of_folds(study, "n_folds", len(study.primary.folds)),
        **of_folds(study, "n_small_syndromes", sum(number < 3 for number in members(study))),
        **of_folds(study, "smallest", min(members(study))),
    },
    "class_missing_from_test": lambda study: lacking(study, "absent_from_test"),
    "class_missing_from_train": lambda study: lacking(study, "absent_from_train"),
    "edge_of_grid": grid,
    "beyond_grid": lambda study: compared(study, "larger_k", "roc_auc_ovr"),
    "more_neighbors_than_images": lambda study: {
        **of_folds(study, "largest_k", 3),
        **of_folds(study, "smallest_training_part", min(fold.n_train for fold in study.primary.folds)),
    },
    "undefined_scores": lambda study: of_folds(study, "n_folds", 3),
    "trivial_top_k": lambda study: {
        "n_syndromes": len(study.dataset.syndromes),
        **({"trivial": "top-3, top-5"} if len(study.dataset.syndromes) == 2 else {}),
    },
    "better_baseline": lambda study: compared(study, "baseline", "roc_auc_ovr", "f1_macro"),
    "miscalibrated_probabilities": calibration,
    "sets_below_promise": covered,
    "too_few_for_promise": lambda study: {
        "n_too_few": len(analysis_of(study, PredictionSetsAnalysis).prediction_sets.too_few),
        "promised": 0.95,
    },
    "unnoticed_syndromes": noticed,
    "hubs": hubs,
    "analysis_left_out": lambda _: {"n_asked_for": len(ANALYSES)},
    "resampler_left_out": lambda _: {},
    "preprocessing_left_out": lambda _: {},
    "stepped_back": lambda study: {"n_images": study.dataset.n_images},
    # Of covariates, which these have not: see the tests of subgroups.
    **dict.fromkeys(("subgroup_gap", "small_subgroups", "held_out_level"), lambda _: {}),
    # Of taxonomic levels, likewise: see the tests of levels.
    **dict.fromkeys(("level_baseline", "inconsistent_levels"), lambda _: {}),
    **dict.fromkeys(("answers_below_target", "misplaced_new_groups"), lambda _: {}),
}


def test_the_figures_of_every_check_are_looked_up() -> None:
    assert set(FIGURES) == {kind.name for kind in registered_checks().values()}


@pytest.mark.parametrize("case", CASES)
def test_figures_are_those_of_the_result(case: str) -> None:
    study = StudyResult.model_validate_json(study_of(case).model_dump_json())
    made = study.checks.with_outcome("issue", "tip", "passed")
    assert len(made) > 10
    assert {check.name: check.figures for check in made} == {
        check.name: FIGURES[check.name](study) for check in made
    }
