"""Out-of-fold records as a file."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import make_pipeline
from pyarrow import parquet
from sklearn.model_selection import RepeatedStratifiedKFold

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.out_of_fold_file import RECORDS_VERSION, SCHEMA, write_records
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.results.candidate import CandidateKey, Scalar
from tests.crossval.recorded import recorded
from tests.problems import Problem

IMAGES = [f"i{number}" for number in range(90)]


def written(path: Path, *records: OutOfFoldRecord, **settings: Any) -> Any:
    write_records(records, path / "deep" / "out_of_fold.parquet", data_sha256="d" * 64, **settings)
    return pd.read_parquet(path / "deep" / "out_of_fold.parquet")


def test_a_row_says_what_was_said_of_an_image_and_by_whom(problem: Problem, tmp_path: Path) -> None:
    found = recorded(problem, by_subject=True)
    frame = written(tmp_path, found, images=IMAGES)
    assert len(frame) == 90
    assert found.neighbors is not None
    for number, row in enumerate(frame.itertuples()):
        image = found.rows[number]
        assert (row.row, row.image) == (image, f"i{image}")
        assert (row.subject, row.syndrome) == (problem.subjects[image], problem.labels[image])
        assert row.split == found.folds[number]
        near = found.neighbors.indices[number]
        assert row.neighbor_rows.tolist() == near.tolist()
        assert row.neighbor_images.tolist() == [f"i{other}" for other in near]
        assert row.neighbor_subjects.tolist() == problem.subjects[near].tolist()
        assert row.neighbor_syndromes.tolist() == problem.labels[near].tolist()
        assert row.neighbor_distances.tolist() == found.neighbors.distances[number].tolist()


def test_the_ranking_begins_with_the_prediction_and_falls(problem: Problem, tmp_path: Path) -> None:
    found = recorded(problem, by_subject=True)
    for number, row in enumerate(written(tmp_path, found).itertuples()):
        assert row.ranking[0] == row.predicted == found.classes[found.predicted[number]]
        assert sorted(row.ranking) == ["a", "b", "c"]
        assert (np.diff(row.ranking_probabilities) <= 0).all()
        shares = dict(zip(row.ranking, row.ranking_probabilities, strict=True))
        assert [shares[name] for name in "abc"] == found.probabilities[number].tolist()
        assert row.rank_best <= row.rank <= row.rank_worst


def test_of_equally_probable_syndromes_the_first_by_name_is_listed_first(
    problem: Problem, tmp_path: Path
) -> None:
    frame = written(tmp_path, recorded(problem, SyndromeKNNClassifier(1), by_subject=True))
    assert {tuple(names) for names in frame["ranking"]} == {("a", "b", "c"), ("b", "a", "c"), ("c", "a", "b")}
    # Two syndromes without a vote share the places 2 and 3; by scikit-learn's rule the later one is second.
    missed = frame[frame["syndrome"] != frame["predicted"]]
    assert set(missed["rank_best"]) == {2}
    assert set(missed["rank_worst"]) == {3}


def test_a_syndrome_without_training_images_is_not_ranked_and_has_no_rank(
    problem: Problem, tmp_path: Path
) -> None:
    rare = problem._replace(labels=np.where(np.arange(90) == 60, "d", problem.labels))
    frame = written(tmp_path, recorded(rare)).set_index("row")
    assert np.isnan(frame["rank"][60])
    assert np.isnan(frame["rank_best"][60])
    assert frame["rank"].drop(60).notna().all()
    assert "d" not in frame["ranking"][60]
    assert len(frame["ranking_probabilities"][60]) == 3


def test_one_file_holds_all_candidates_and_each_can_be_read_alone(problem: Problem, tmp_path: Path) -> None:
    by_image = recorded(problem, cv=RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=0))
    frame = written(
        tmp_path,
        recorded(problem, by_subject=True),
        by_image,
        recorded(problem, metric="euclidean", by_subject=True),
    )
    assert frame.groupby(["protocol", "metric"]).size().to_dict() == {
        ("subject", "cosine"): 90, ("image", "cosine"): 180, ("subject", "euclidean"): 90,
    }  # fmt: skip
    assert set(frame["weights"]) == {"distance"}
    assert set(frame["n_neighbors"]) == {5}
    assert frame.groupby(["protocol", "repeat"])["split"].nunique().to_dict() == {
        ("image", 0): 3, ("image", 1): 3, ("subject", 0): 3,
    }  # fmt: skip
    path = tmp_path / "deep" / "out_of_fold.parquet"
    alone = pd.read_parquet(path, filters=[("protocol", "==", "subject"), ("metric", "==", "euclidean")])
    assert len(alone) == 90
    assert parquet.ParquetFile(path).num_row_groups == 3


def test_the_files_metadata_name_data_version_and_candidates(problem: Problem, tmp_path: Path) -> None:
    written(tmp_path, recorded(problem, by_subject=True))
    schema = parquet.read_schema(tmp_path / "deep" / "out_of_fold.parquet")
    assert json.loads(schema.metadata[b"skknn_syndrome"]) == {
        "schema_version": RECORDS_VERSION,
        "data_sha256": "d" * 64,
        "candidates": [
            {
                "protocol": "subject",
                "head": "knn",
                "params": {"metric": "cosine", "weights": "distance", "n_neighbors": 5},
                "metric": "cosine",
                "weights": "distance",
                "n_neighbors": 5,
                "kind": "probabilities",
                "n_folds": 3,
                "neighbors_unknown": None,
            }
        ],
    }
    assert schema.remove_metadata().equals(SCHEMA)


def of_head(problem: Problem, head: str, **params: Scalar) -> OutOfFoldRecord:
    """Return a record as if another head had said the same."""
    key = CandidateKey(head=head, params=params)
    return replace(recorded(problem, by_subject=True), candidate=key)


def test_another_head_has_columns_for_its_name_and_parameters(problem: Problem, tmp_path: Path) -> None:
    frame = written(tmp_path, of_head(problem, "ridge", alpha=0.5, rank=2, metric="cosine"))
    assert list(frame)[:8] == [
        "protocol", "metric", "weights", "n_neighbors", "head", "alpha", "param_rank", "repeat",
    ]  # fmt: skip
    assert set(frame["head"]) == {"ridge"}
    assert set(frame["alpha"]) == {0.5}
    assert set(frame["param_rank"]) == {2}
    assert set(frame["metric"]) == {"cosine"}
    assert frame["rank"].notna().all()
    schema = parquet.read_schema(tmp_path / "deep" / "out_of_fold.parquet")
    added = {"head", "alpha", "param_rank"}
    assert [field for field in schema if field.name not in added] == list(SCHEMA)
    described = json.loads(schema.metadata[b"skknn_syndrome"])["candidates"][0]
    assert (described["head"], described["params"]["alpha"]) == ("ridge", 0.5)


def test_heads_share_a_file_and_lack_each_others_parameters(problem: Problem, tmp_path: Path) -> None:
    knn = recorded(problem, by_subject=True)
    frame = written(tmp_path, knn, of_head(problem, "ridge", alpha=0.5, solver=None))
    by_head = frame.groupby("head")
    assert by_head.size().to_dict() == {"knn": 90, "ridge": 90}
    assert by_head["n_neighbors"].first().to_dict() == {"knn": 5, "ridge": pytest.approx(np.nan, nan_ok=True)}
    assert frame["alpha"].isna().tolist() == [True] * 90 + [False] * 90
    assert frame["solver"].isna().all()


@pytest.mark.parametrize(
    "values, expected",
    [((1, 0.5), [1.0, 0.5]), (("auto", 0.5), ["auto", "0.5"]), ((2**63, 1), [str(2**63), "1"])],
)
def test_parameters_of_several_types_become_text(
    problem: Problem, tmp_path: Path, values: tuple[Scalar, Scalar], expected: list[Any]
) -> None:
    frame = written(tmp_path, *(of_head(problem, "ridge", alpha=value) for value in values))
    assert frame["alpha"][[0, 90]].tolist() == expected


@pytest.mark.parametrize("kind", ["decision", "labels"])
def test_what_is_no_probability_is_not_written_as_one(
    problem: Problem, tmp_path: Path, kind: Literal["decision", "labels"]
) -> None:
    frame = written(tmp_path, replace(of_head(problem, "svm", C=1.0), kind=kind))
    assert frame["ranking_probabilities"].isna().all()
    assert frame["ranking"].map(len).eq(3).all()
    schema = parquet.read_schema(tmp_path / "deep" / "out_of_fold.parquet")
    assert json.loads(schema.metadata[b"skknn_syndrome"])["candidates"][0]["kind"] == kind


def test_what_is_unknown_is_null(problem: Problem, tmp_path: Path) -> None:
    uneven = problem._replace(labels=np.where(np.arange(90) < 10, "b", problem.labels))
    model = make_pipeline(SMOTE(random_state=0), SyndromeKNNClassifier(5))
    found = recorded(uneven, model, with_subjects=False)
    frame = written(tmp_path, found)
    empty = [name for name in frame if name in {"image", "subject"} or name.startswith("neighbor_")]
    assert len(empty) == 7
    assert frame[empty].isna().all(axis=None)
    assert frame["ranking"].notna().all()


def test_shorter_lists_are_shorter(problem: Problem, tmp_path: Path) -> None:
    rows = np.arange(90)
    folds = [(rows[:60:20], rows[60:62]), (rows[:60:10], rows[62:64])]
    frame = written(tmp_path, recorded(problem, cv=folds))
    assert frame["neighbor_rows"].map(len).tolist() == [3, 3, 5, 5]
    assert frame["neighbor_distances"].map(len).tolist() == [3, 3, 5, 5]


def test_ids_and_labels_that_are_numbers_become_text(problem: Problem, tmp_path: Path) -> None:
    numbers = np.unique(problem.labels, return_inverse=True)[1]
    people = np.repeat(np.arange(45), 2)
    found = recorded(problem._replace(labels=numbers, subjects=people))  # type: ignore[arg-type]
    frame = written(tmp_path, found, images=range(90))
    first = found.rows[0]
    assert frame["image"][0] == str(first)
    assert frame["subject"][0] == str(people[first])
    assert frame["syndrome"][0] == str(numbers[first])


def test_without_records_there_are_columns_and_no_rows(tmp_path: Path) -> None:
    frame = written(tmp_path)
    assert list(frame) == SCHEMA.names
    assert frame.empty


def test_the_same_records_give_the_same_bytes(problem: Problem, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_records([recorded(problem, by_subject=True)], str(tmp_path / name), data_sha256="d")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    "images, sentence",
    [
        (IMAGES[:-1], r"There are 90 images, but the image ids have shape \(89,\)"),
        ([*IMAGES[:-1], "\ud800"], "The image id .* is no valid Unicode"),
    ],
)
def test_ids_that_do_not_fit_leave_no_file(
    problem: Problem, tmp_path: Path, images: list[str], sentence: str
) -> None:
    with pytest.raises(StudySettingsError, match=sentence):
        written(tmp_path, recorded(problem, by_subject=True), images=images)
    assert not list(tmp_path.rglob("*"))
