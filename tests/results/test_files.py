"""A study.json as people have it: saved by another editor, cut off, edited by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.errors import StudyFileError
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.upgrades import SCHEMA_VERSION
from tests.builders import make_study
from tests.rendering.full_study import make_full_study

WHOLE = make_study().model_dump_json(indent=1)
FULL = make_full_study().model_dump_json()
Edit = Callable[[Any], object]


def refusal(path: Path, content: bytes) -> str:
    """Return the one sentence by which a file is refused, without its path."""
    path.write_bytes(content)
    with pytest.raises(StudyFileError) as raised:
        StudyResult.load(path)
    said = str(raised.value)
    assert str(path) in said
    assert "\n" not in said
    assert "Input should" not in said
    return said.replace(str(path), "study.json")


def edited(edit: Edit, text: str = WHOLE) -> bytes:
    document = json.loads(text)
    edit(document)
    return json.dumps(document).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_any_encoding_of_unicode_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "study.json"
    path.write_bytes(WHOLE.encode(encoding))
    assert StudyResult.load(path) == make_study()


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\x80\x04\x95", "is no text from byte 0 on"),
        (WHOLE[:200].encode(), "ends in the middle, at line"),
        (b"a,b\n1,2\n", "is no JSON, at line 1, character 1"),
        (b"[" * 10_000, "nests its lists too deeply"),
        (b"[1, 2]", "holds a list of 2 and no study"),
        (b"3", "holds 3 and no study"),
        (b'"text"', "holds 'text' and no study"),
        (b'{"name": "x", "version": 3}', "is no study, but JSON of another program"),
    ],
)
def test_what_is_no_study_is_told_with_the_command_that_writes_one(
    tmp_path: Path, content: bytes, said: str
) -> None:
    sentence = refusal(tmp_path / "study.json", content)
    assert said in sentence
    assert "run `skknn-syndrome study DATA` to write a study" in sentence


@pytest.mark.parametrize(
    "edit, said",
    [
        (
            lambda study: study["protocols"][0].update(candiates=study["protocols"][0].pop("candidates")),
            "this version knows no entry 'candiates' in entry 1 of 'protocols', and 'candidates' is missing",
        ),
        (lambda study: study.update(remark=1), "knows no entry 'remark';"),
        (
            lambda study: study.update(version=study.pop("schema_version")),
            "knows no entry 'version';",
        ),
        (lambda study: study["dataset"].pop("name"), "the entry 'name' is missing in 'dataset'"),
        (lambda study: study.pop("dataset"), "the entry 'dataset' is missing;"),
        (
            lambda study: study["protocols"][0]["folds"][1].update(n_test="two"),
            "'n_test' in entry 2 of 'folds' in entry 1 of 'protocols' is 'two', and a whole number is needed",
        ),
        (
            lambda study: study["provenance"].update(elapsed_seconds=float("nan")),
            "'elapsed_seconds' in 'provenance' is NaN, and a finite number or null is needed",
        ),
        (lambda study: study["dataset"].update(n_images=10**40), "holds a whole number of 41 digits"),
        (lambda study: study.update(protocols={}), "'protocols' is an object, and a list is needed"),
        (lambda study: study.update(dataset=None), "'dataset' is null, and an object in braces is needed"),
        (
            lambda study: study["protocols"][0].update(protocol="patient"),
            "is 'patient', and it has to be 'image' or 'subject'",
        ),
        (lambda study: study["protocols"][0].update(candidates=[]), "at least one entry is needed"),
        (lambda study: study.update(protocols=[]), "a study needs at least one protocol;"),
        (
            lambda study: study["protocols"][0]["candidates"][0]["all_scores"][0].update(mean=0.99),
            "entry 1 of 'all_scores' in entry 1 of 'candidates' in entry 1 of 'protocols': the mean",
        ),
        (
            lambda study: study["protocols"][0].update(refit="auc"),
            "there is no score 'auc', only 'roc_auc_ovr'",
        ),
        (
            lambda study: study["protocols"][0].update(chosen=[0, 7]),
            "there is no place among the candidates 7",
        ),
    ],
)
def test_an_edit_is_told_by_its_place(tmp_path: Path, edit: Edit, said: str) -> None:
    sentence = refusal(tmp_path / "study.json", edited(edit))
    assert said in sentence
    assert "undo the edit, or run `skknn-syndrome study DATA`" in sentence


def test_a_long_number_in_a_broken_file_is_no_reason(tmp_path: Path) -> None:
    assert "is no JSON" in refusal(tmp_path / "study.json", b'{"a" 12345678901234567890}')


def test_a_newer_study_asks_for_a_newer_package(tmp_path: Path) -> None:
    content = edited(lambda study: study.update(schema_version=99, later=1))
    assert "update skknn-syndrome" in refusal(tmp_path / "study.json", content)


@pytest.mark.parametrize(
    "version, said",
    [("3", "'3'"), (3.0, "3.0"), (True, "true"), (None, "null"), (0, "0"), (-1, "-1"), ([3], "a list of 1")],
)
def test_a_version_that_is_none_is_named_before_anything_else(
    tmp_path: Path, version: object, said: str
) -> None:
    content = edited(lambda study: study.update(schema_version=version, later=1))
    sentence = refusal(tmp_path / "study.json", content)
    assert f"'schema_version' is {said}, and a whole number from 1 to {SCHEMA_VERSION} is needed" in sentence


@pytest.mark.parametrize("version", [3, SCHEMA_VERSION])
def test_lists_in_lists_are_too_deep_whatever_stands_beside_them(tmp_path: Path, version: int) -> None:
    text = f'{{"schema_version": {version}, "x": "{10**18}", "deep": {"[" * 50_000}{"]" * 50_000}}}'
    assert "nests its lists too deeply" in refusal(tmp_path / "study.json", text.encode())


def test_a_comparison_names_its_own_way(tmp_path: Path) -> None:
    (tmp_path / "comparison.json").write_text("[]")
    with pytest.raises(
        StudyFileError, match="holds a list of 0 and no comparison; run `compare_preprocessing`"
    ):
        PreprocessingComparison.load(tmp_path / "comparison.json")


def test_hubs_have_the_distance_of_the_best_candidate(tmp_path: Path) -> None:
    def rename(study: Any) -> None:
        (found,) = (entry for entry in study["analyses"] if entry["question"] == "embedding_space")
        for entry in found["hubness"]["distances"]:
            entry["metric"] = "zzz"

    assert "there is no distance 'cosine', only 'zzz'" in refusal(
        tmp_path / "study.json", edited(rename, FULL)
    )


@pytest.mark.parametrize("name", ["folds", "candidates"])
def test_a_protocol_without_its_folds_or_candidates_is_refused(tmp_path: Path, name: str) -> None:
    content = edited(lambda study: study["protocols"][0].update({name: []}), FULL)
    assert f"'{name}' in entry 1 of 'protocols' is a list of 0" in refusal(tmp_path / "study.json", content)


@pytest.mark.parametrize(
    "place",
    [
        ("dataset", "syndromes"),
        ("analyses", "per_class", "evaluations", 0, "confusion"),
        ("analyses", "per_class", "evaluations", 0, "confusion", 0),
        ("analyses", "per_class", "evaluations", 0, "per_syndrome"),
        ("analyses", "per_class", "evaluations", 0, "micro_roc", "true_positive_rate"),
        ("analyses", "per_class", "evaluations", 0, "micro_roc", "true_positive_rate_std"),
        ("analyses", "larger_k", "curves", 0, "grid"),
        ("analyses", "larger_k", "curves", 0, "all_scores", 0, "stds"),
        ("analyses", "calibration", "calibrations", 0, "equal_width", "bins"),
        ("analyses", "open_set", "open_sets", 0, "known_curve", "points"),
        ("analyses", "nested_cv", "nested", "choices"),
        ("analyses", "embedding_map", "embedding_map", "projections"),
        ("analyses", "embedding_map", "embedding_map", "syndromes"),
        ("analyses", "embedding_map", "embedding_map", "projections", 0, "x"),
        ("analyses", "embedding_map", "centroid_similarities", 0, "matrix"),
        ("analyses", "embedding_map", "centroid_similarities", 0, "matrix", 0),
        ("analyses", "embedding_space", "hubness", "distances"),
        ("analyses", "embedding_space", "hubness", "distances", 0, "hubs"),
        ("analyses", "preprocessing", "variants"),
        ("analyses", "preprocessing", "variants", 0, "curves", 0, "stds"),
        ("analyses", "preprocessing", "variants", 0, "syndromes", 0, "recall"),
        ("analyses", "preprocessing", "maps", 0, "syndromes"),
    ],
)
def test_an_emptied_list_is_refused_when_the_file_is_read(
    tmp_path: Path, place: tuple[str | int, ...]
) -> None:
    def empty(study: Any) -> None:
        *above, name = place
        for part in above:
            by_question = isinstance(study, list) and isinstance(part, str)
            study = next(e for e in study if e["question"] == part) if by_question else study[part]
        assert study[name]
        study[name] = []

    assert "can't be used" in refusal(tmp_path / "study.json", edited(empty, FULL))
