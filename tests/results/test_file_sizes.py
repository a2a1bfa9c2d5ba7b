import json
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from skknn_syndrome._limits import TRUST
from skknn_syndrome.errors import LargeResultWarning, StudyFileError
from skknn_syndrome.results import files
from skknn_syndrome.results.files import load_result, save_result
from skknn_syndrome.results.study import StudyResult
from tests.builders import make_study


class Numbers(BaseModel):
    model_config = ConfigDict(extra="forbid")

    numbers: tuple[int, ...] = ()


def written(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value))
    return path


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    result = Numbers(numbers=(1, 2))
    save_result(result, tmp_path / "x.json")
    assert load_result(Numbers, tmp_path / "x.json", "study") == result


def test_a_study_is_far_below_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_study().save(tmp_path / "study.json")
    monkeypatch.setattr(files, "_longest", None)  # which is never called
    assert StudyResult.load(tmp_path / "study.json") == make_study()


@pytest.mark.parametrize(
    "name,limit,value,message",
    [
        ("MAX_JSON_BYTES", 50, {"numbers": [100] * 20}, "the study .* has more than 50 bytes"),
        ("MAX_JSON_NUMBERS", 9, {"numbers": [1, 0.5] * 6}, "has 11 numbers, more than 9"),
        ("MAX_JSON_VALUES", 9, {"x": ["1"] * 11}, "has 10 values beside its numbers, more than 9"),
        ("MAX_JSON_VALUES", 9, {"x": [None, True] * 6}, "has 11 values beside its numbers, more than 9"),
        ("MAX_JSON_VALUES", 9, [{}] * 11, "has 11 values beside its numbers, more than 9"),
        ("MAX_JSON_ENTRIES", 9, {"numbers": [1] * 11}, "has a list or object of 11 entries, more than 9"),
        ("MAX_JSON_ENTRIES", 9, {f"k{n}": 1 for n in range(11)}, "has a list or object of 11 entries"),
        ("MAX_JSON_ENTRIES", 9, {"x": [[{"y": [[1] * 11]}]]}, "has a list or object of 11 entries"),
        ("MAX_JSON_ENTRIES", 9, [1] * 11, "has a list or object of 11 entries"),
        ("MAX_JSON_ENTRIES", 9, [{"a": [{}]}] * 11, "has a list or object of 11 entries"),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: int, value: object, message: str
) -> None:
    monkeypatch.setattr(files, name, limit)
    with pytest.raises(StudyFileError, match=f"(?i){message}.*; .*{TRUST}=1"):
        load_result(Numbers, written(tmp_path / "x.json", value), "study")


def test_numbers_in_matrices_may_be_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_JSON_VALUES", 9)
    monkeypatch.setattr(files, "MAX_JSON_NUMBERS", 99)
    result = Numbers(numbers=tuple(range(100)))
    save_result(result, tmp_path / "x.json")
    assert load_result(Numbers, tmp_path / "x.json", "study") == result


@pytest.mark.parametrize(
    "name, found",
    [
        ("MAX_JSON_BYTES", "more than 9 bytes"),
        ("MAX_JSON_NUMBERS", "10 numbers, more than 9"),
        ("MAX_JSON_ENTRIES", "11 entries, more than 9"),
    ],
)
def test_what_would_be_refused_is_saved_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, found: str
) -> None:
    result = Numbers(numbers=tuple(range(11)))
    monkeypatch.setattr(files, name, 9)
    with pytest.warns(LargeResultWarning, match=rf"x\.json has .*{found}: to read it again, set {TRUST}=1"):
        save_result(result, tmp_path / "x.json")
    with pytest.raises(StudyFileError, match=found):
        load_result(Numbers, tmp_path / "x.json", "study")
    monkeypatch.setenv(TRUST, "1")
    save_result(result, tmp_path / "x.json")
    assert load_result(Numbers, tmp_path / "x.json", "study") == result


def test_many_short_lists_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_JSON_ENTRIES", 9)
    path = written(tmp_path / "x.json", {"other": [[1] * 9] * 9})
    with pytest.raises(StudyFileError, match="JSON of another program"):
        load_result(Numbers, path, "study")


def test_trusted_sizes_are_read_whatever_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_JSON_BYTES", 5)
    monkeypatch.setenv(TRUST, "1")
    path = written(tmp_path / "x.json", {"numbers": [1, 2]})
    assert load_result(Numbers, path, "study").numbers == (1, 2)


@pytest.mark.parametrize(
    "content, fault",
    [("[[1,1]," + "[" * 3000, "nests its lists too deeply"), ('{"a": [1,' + "1," * 20, "ends in the middle")],
)
def test_what_is_no_json_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, fault: str
) -> None:
    monkeypatch.setattr(files, "MAX_JSON_ENTRIES", 1)
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(StudyFileError, match=fault):
        load_result(Numbers, tmp_path / "x.json", "study")


def test_a_thousand_faults_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path / "x.json", {"numbers": ["x"] * 1001})
    with pytest.raises(StudyFileError, match="is no study of this package: 1,001 of its entries are wrong"):
        load_result(Numbers, path, "study")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(StudyFileError, match="can't be read: No such file or directory"):
        load_result(Numbers, tmp_path / "x.json", "study")
