"""Studies of awkward data: each comes to its end with every analysis, or is refused in a sentence before."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import LeaveOneGroupOut

from skknn_syndrome import EmbeddingDataset, cross_validate_study, study_dataset
from skknn_syndrome._typing import FloatArray, LabelArray, ProtocolName
from skknn_syndrome.analyses.embedding_map.result import EmbeddingMapAnalysis
from skknn_syndrome.analyses.leakage.result import LeakageAnalysis
from skknn_syndrome.analyses.per_class.result import PerClassAnalysis
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.analyses.uncertainty.result import UncertaintyAnalysis
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.metrics.registry import definitions
from skknn_syndrome.rendering import render_report
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study.adding_preprocessing import add_preprocessing
from tests.builders import analysis_of
from tests.rendering.documents import PICTURES, PNG, drawn_as

SMALL: dict[str, Any] = {"n_neighbors": [1, 5], "cv": 3, "n_repeats": 2}


def classes(number: int, size: int) -> LabelArray:
    return np.repeat([f"c{place:03}" for place in range(number)], size)


def overlapping(labels: LabelArray, n_features: int = 5) -> FloatArray:
    """Return rows around a centre for each class."""
    rng = np.random.default_rng(7)
    _, codes = np.unique(labels, return_inverse=True)
    centres = 1.5 * rng.normal(size=(codes.max() + 1, n_features))
    return np.asarray(rng.normal(size=(len(labels), n_features)) + centres[codes])


FOUR = classes(4, 6)
TWO = classes(2, 12)
PAIRS = np.arange(24) // 2
ROWS = overlapping(FOUR)


def with_zeros(rows: slice) -> FloatArray:
    changed = ROWS.copy()
    changed[rows] = 0
    return changed


def with_constant_columns() -> FloatArray:
    changed = ROWS.copy()
    changed[:, 1:3] = [3.0, 0.0]
    return changed


def tuples() -> list[tuple[str, int]]:
    return [("clinic", number) for number in PAIRS.tolist()]


def as_objects(entries: list[Any]) -> LabelArray:
    found = np.empty(len(entries), dtype=object)
    found[:] = entries
    return found


Case = tuple[LabelArray, LabelArray, Any]

CASES: dict[str, Callable[[], Case]] = {
    "a subject id for each camera": lambda: (ROWS, FOUR, np.arange(24) % 3),
    "subjects under several syndromes": lambda: (ROWS, FOUR, np.arange(24) % 6),
    "all embeddings equal": lambda: (np.ones((24, 5)), FOUR, PAIRS),
    "all embeddings zero": lambda: (np.zeros((24, 5)), FOUR, PAIRS),
    "few binary codes": lambda: (np.random.default_rng(0).integers(0, 2, (24, 3)).astype(float), FOUR, PAIRS),
    "booleans": lambda: (np.random.default_rng(0).integers(0, 2, (24, 6)) > 0, FOUR, PAIRS),
    "two one-hot vectors": lambda: (np.eye(2)[np.arange(24) % 2], FOUR, PAIRS),
    "two one-hot vectors, one a class": lambda: (np.eye(2)[np.arange(24) // 12], TWO, PAIRS),
    "a few zero vectors": lambda: (with_zeros(slice(0, 3)), FOUR, PAIRS),
    "a class of zero vectors": lambda: (with_zeros(slice(0, 6)), FOUR, PAIRS),
    "constant columns": lambda: (with_constant_columns(), FOUR, PAIRS),
    "one feature": lambda: (ROWS[:, :1], FOUR, PAIRS),
    "copies under other ids": lambda: (np.repeat(ROWS[::4], 4, axis=0), FOUR, np.arange(24)),
    "the same copies in every class": lambda: (ROWS[np.arange(24) % 6], FOUR, np.arange(24)),
    "a class of one subject": lambda: (ROWS, FOUR, np.maximum(PAIRS, 2)),
    "tuples as subject ids": lambda: (ROWS, FOUR, tuples()),
    "an array of tuples as subject ids": lambda: (ROWS, FOUR, as_objects(tuples())),
    "classes of one image": lambda: (
        ROWS,
        np.array([*FOUR[:22], "rare", "rarer"], dtype="U8"),
        np.arange(24),
    ),
    "forty classes of two images": lambda: (
        overlapping(classes(40, 2), 8),
        classes(40, 2),
        np.arange(80),
    ),
}


def check(study: StudyResult) -> None:
    """Every figure is one, or its absence has a reason; and the result comes back from JSON."""
    assert StudyResult.model_validate_json(study.model_dump_json()) == study
    ranges = {score.name: (score.lowest, score.highest) for score in definitions()}
    for run in study.protocols:
        for candidate in run.candidates:
            for score in candidate.all_scores:
                lowest, highest = ranges[score.name]
                assert all(value is None or lowest <= value <= highest for value in score.values)
                assert score.n_defined + len(score.undefined) == len(run.folds)


OF_SUBJECTS = ("a subject id for each camera", "subjects under several syndromes", "a class of one subject")
"""Cases that folds by image see otherwise than folds by subject."""


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize(
    "name, protocol",
    [
        *((name, "subject") for name in CASES if "tuples" not in name),
        *((name, "image") for name in (*OF_SUBJECTS, "tuples as subject ids", "all embeddings equal")),
    ],
)
def test_awkward_data_are_studied_with_every_analysis(name: str, protocol: ProtocolName) -> None:
    rows, labels, subjects = CASES[name]()
    cv = 2 if "forty" in name else 3
    check(
        cross_validate_study(
            rows, labels, groups=subjects, protocols=(protocol,), **(SMALL | {"cv": cv, "metrics": "cosine"})
        )
    )


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("n_images, n_classes", [(8, 2), (8, 4), (12, 4)])
def test_eight_to_twelve_images_are_a_study(n_images: int, n_classes: int) -> None:
    labels = classes(n_classes, n_images // n_classes)
    rows = overlapping(labels)
    for subjects in (np.arange(n_images), np.arange(n_images) // 2):
        options = SMALL | {"cv": 2, "refit": "accuracy", "metrics": "cosine"}
        check(cross_validate_study(rows, labels, groups=subjects, protocols=("subject", "image"), **options))


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_one_id_for_all_is_a_study_by_image_without_intervals() -> None:
    study = cross_validate_study(
        ROWS, FOUR, groups=["unknown"] * 24, protocols=("image",), **(SMALL | {"metrics": "cosine"})
    )
    check(study)
    (pooled,) = analysis_of(study, UncertaintyAnalysis).pooled
    assert (pooled.unit, pooled.n_units) == ("subjects", 1)
    f1 = pooled.scores["f1_macro"]
    assert f1.estimate is not None
    assert (f1.percentile_low, f1.bca_low) == (None, None)


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_leave_one_subject_out_is_a_study_by_accuracy() -> None:
    options = SMALL | {"cv": LeaveOneGroupOut(), "refit": "accuracy", "metrics": "cosine"}
    study = cross_validate_study(ROWS, FOUR, groups=PAIRS, **options)
    check(study)
    assert len(study.primary.folds) == 12


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_a_fold_for_each_subject_is_a_study_by_accuracy() -> None:
    options = SMALL | {"cv": 6, "refit": "accuracy", "metrics": "cosine"}
    study = cross_validate_study(overlapping(TWO), TWO, groups=np.arange(24) // 4, **options)
    check(study)
    assert len(study.primary.folds) == 6


def test_equal_tuples_are_one_subject_whatever_their_numbers_are_made_of() -> None:
    mixed = [("clinic", np.int64(number) if row % 2 else int(number)) for row, number in enumerate(PAIRS)]
    study = cross_validate_study(ROWS, FOUR, groups=mixed, **(SMALL | {"analyses": ()}))
    assert study.dataset.n_subjects == 12


def test_where_nobody_else_is_left_to_train_on_a_leak_has_no_price_and_says_so() -> None:
    rows, labels, subjects = CASES["a subject id for each camera"]()
    options = SMALL | {"analyses": ["leakage"], "protocols": ("image",)}
    study = cross_validate_study(rows, labels, groups=subjects, **options)
    (leak,) = analysis_of(study, LeakageAnalysis).leaks
    assert leak.kind == "two_syndromes"
    assert leak.unmeasured == "nobody else is left to train on in 2 of 3 image-level folds"
    assert leak.inflations
    assert all(entry.original is not None and entry.inflation is None for entry in leak.inflations)
    assert study.checks["leak"].outcome == "issue"
    assert "can't be measured: nobody else is left" in study.checks["leak"].message


def test_subjects_that_are_too_few_for_the_folds_leave_a_leak_without_a_price() -> None:
    rows = np.repeat(ROWS[::6], 6, axis=0)
    subjects = np.where(np.arange(24) % 6 < 3, FOUR, "other")
    study = cross_validate_study(
        rows, FOUR, groups=subjects, protocols=("image",), **(SMALL | {"cv": 6, "analyses": ["leakage"]})
    )
    by_kind = {leak.kind: leak for leak in analysis_of(study, LeakageAnalysis).leaks}
    assert by_kind["exact_copies"].unmeasured == "the subjects can't be divided into 6 folds"
    assert by_kind["exact_copies"].inflations == ()
    assert by_kind["exact_copies"].protocol == "subject"


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize(
    "name, pictures", [("all embeddings equal", {"png": PNG}), ("classes of one image", PICTURES)]
)
def test_their_studies_with_maps_and_preprocessing_are_rendered(
    name: str, pictures: Mapping[str, bytes], tmp_path: Path
) -> None:
    rows, labels, subjects = CASES[name]()
    data = EmbeddingDataset.from_arrays(rows, labels, subjects)
    study = study_dataset(data, **(SMALL | {"metrics": "cosine"}))
    study = add_preprocessing(study, data, n_repeats=1)
    assert study.find(PreprocessingComparison) is not None
    with drawn_as(pictures):
        files = render_report(study, tmp_path, "html", engine="embedded")
    assert [file.path.stem for file in files] == ["summary", "report", "supplement", "checklists"]
    assert all(file.path.stat().st_size > 0 for file in files)


def test_there_is_no_map_of_equal_embeddings_and_a_check_says_so() -> None:
    rows, labels, subjects = CASES["all embeddings equal"]()
    data = EmbeddingDataset.from_arrays(rows, labels, subjects)
    study = study_dataset(data, **(SMALL | {"analyses": ()}))
    assert analysis_of(study, EmbeddingMapAnalysis).embedding_map is None
    check = study.checks["analysis_left_out"]
    assert check.outcome == "tip"
    assert list(check.figures) == ["map"]
    assert "all embeddings are equal" in check.message


@pytest.mark.parametrize("factor", [1e300, 1e60, 1e-60, 1e-300])
def test_numbers_whose_squares_leave_float64_are_refused_before_the_computing(factor: float) -> None:
    with pytest.raises(StudySettingsError, match="scale X, so that it lies between 1e-50 and 1e\\+50"):
        cross_validate_study(factor * ROWS, FOUR, **SMALL)


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("factor", [1e49, 1e-49])
def test_what_lies_between_is_studied(factor: float) -> None:
    check(cross_validate_study(factor * ROWS, FOUR, **SMALL))


def test_classes_that_are_one_subject_each_can_not_be_found_again() -> None:
    with pytest.raises(StudySettingsError, match="defined in 0 of 2 folds"):
        cross_validate_study(overlapping(classes(12, 2)), classes(12, 2), groups=PAIRS, **(SMALL | {"cv": 2}))


def studied(name: str, protocol: ProtocolName = "subject", **options: Any) -> StudyResult:
    """Return the study of a case, without its analyses."""
    rows, labels, subjects = CASES[name]()
    chosen = SMALL | {"analyses": (), "metrics": "cosine"} | options
    return cross_validate_study(rows, labels, groups=subjects, protocols=(protocol,), **chosen)


def values_of(study: StudyResult, name: str) -> set[float | None]:
    """Return all values of a score, of each candidate in each fold."""
    return {
        value
        for run in study.protocols
        for candidate in run.candidates
        for score in candidate.all_scores
        if score.name == name
        for value in score.values
    }


@pytest.mark.parametrize("protocol", ["subject", "image"])
@pytest.mark.parametrize("name", ["all embeddings equal", "all embeddings zero"])
def test_equal_embeddings_rank_nothing_and_one_class_of_four_is_right(
    name: str, protocol: ProtocolName
) -> None:
    study = studied(name, protocol)
    assert values_of(study, "roc_auc_ovr") == {0.5}
    assert values_of(study, "accuracy") == values_of(study, "recall_macro") == {0.25}
    # F1 of the class that is always predicted is 2 x 1/4 x 1 / (1/4 + 1), of the three others 0.
    assert all(value == pytest.approx(0.1) for value in values_of(study, "f1_macro"))


def test_of_equal_embeddings_the_majority_is_right() -> None:
    labels = np.array(["rare"] * 8 + ["common"] * 16)
    study = cross_validate_study(np.ones((24, 5)), labels, **(SMALL | {"n_neighbors": [15], "analyses": ()}))
    assert values_of(study, "roc_auc_ovr") == {0.5}
    accuracies = [score.values for score in study.primary.winner.all_scores if score.name == "accuracy"]
    assert np.mean(np.array(accuracies, dtype=float)) == pytest.approx(16 / 24)  # of three folds of eight


@pytest.mark.parametrize("protocol", ["subject", "image"])
def test_a_vector_for_each_class_finds_it_always(protocol: ProtocolName) -> None:
    study = studied("two one-hot vectors, one a class", protocol)
    for score in study.primary.winner.all_scores:
        assert set(score.values) == {1.0}, score.name


def test_vectors_that_tell_nothing_of_the_class_are_as_good_as_chance() -> None:
    study = studied("two one-hot vectors")  # each subject has both
    assert values_of(study, "roc_auc_ovr") == {0.5}
    assert values_of(study, "accuracy") == {0.25}


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize(
    "name, n_subjects",
    [
        ("a subject id for each camera", 3),
        ("subjects under several syndromes", 6),
        ("tuples as subject ids", 12),
        ("an array of tuples as subject ids", 12),
        ("a class of one subject", 10),
        ("copies under other ids", 24),
    ],
)
def test_subjects_are_counted_as_they_are_given(name: str, n_subjects: int) -> None:
    assert studied(name).dataset.n_subjects == n_subjects


@pytest.mark.parametrize(
    "name, lost",
    [("classes of one image", ["rare", "rarer"]), ("a class of one subject", ["c000"])],
)
def test_a_class_that_is_never_in_both_parts_is_never_found(name: str, lost: list[str]) -> None:
    for evaluation in analysis_of(studied(name), PerClassAnalysis).evaluations:
        rows = enumerate(zip(evaluation.syndromes, evaluation.confusion, strict=True))
        found = {label: row[place] for place, (label, row) in rows}
        assert [found[label] for label in lost] == [0] * len(lost)
        assert sum(found.values()) > 0


def test_copies_in_every_class_are_named_as_leaks() -> None:
    study = studied("the same copies in every class", analyses=["leakage"])
    assert "exact_copies" in {leak.kind for leak in analysis_of(study, LeakageAnalysis).leaks}


@pytest.mark.parametrize("name", ["a few zero vectors", "a class of zero vectors"])
def test_a_column_of_zeros_changes_nothing(name: str) -> None:
    rows, labels, subjects = CASES[name]()
    wider = np.column_stack([rows, np.zeros(len(rows))])
    options = SMALL | {"analyses": (), "metrics": "cosine"}
    one, other = (cross_validate_study(taken, labels, groups=subjects, **options) for taken in (rows, wider))
    for score in ("roc_auc_ovr", "accuracy", "f1_macro"):
        assert values_of(one, score) == values_of(other, score)
