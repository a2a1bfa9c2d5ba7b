"""A large study lies in two files, of which either alone is refused; a small one in one."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from skknn_syndrome._limits import TRUST
from skknn_syndrome.errors import StudyFileError
from skknn_syndrome.results import arrays
from skknn_syndrome.results.arrays import put_back, split_off
from skknn_syndrome.results.study import StudyResult
from tests.builders import make_study
from tests.refusing import refused
from tests.rendering.full_study import make_full_study

NAME = "study.arrays.parquet"
STUDY = StudyResult.model_validate_json(make_full_study().model_dump_json())


@pytest.fixture
def moves_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let arrays of any size lie beside the JSON."""
    monkeypatch.setattr(arrays, "FEWEST_BYTES", 1)
    monkeypatch.setattr(arrays, "ARRAY_BYTES", 1)
    monkeypatch.setattr(arrays, "FEWEST_OBJECTS", 1)


def edit(path: Path, change: Callable[[Any], object]) -> None:
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


@pytest.mark.usefixtures("moves_everything")
class TestALargeStudy:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        STUDY.save(tmp_path / "study.json")
        return tmp_path / "study.json"

    def test_comes_back_the_same(self, path: Path) -> None:
        assert StudyResult.load(path) == STUDY
        assert StudyResult.load(path).model_dump_json() == STUDY.model_dump_json()

    def test_says_where_its_arrays_are(self, path: Path) -> None:
        document = json.loads(path.read_text())
        assert [*document][:2] == ["schema_version", "arrays"]
        content = path.with_name(NAME).read_bytes()
        assert document["arrays"] == {"file": NAME, "sha256": sha256(content).hexdigest()}
        assert document["protocols"] == {"$ref": f"{NAME}#protocols"}

    def test_is_self_contained_in_memory(self) -> None:
        text = STUDY.model_dump_json()
        assert "$ref" not in text
        assert StudyResult.model_validate_json(text) == STUDY

    def test_may_be_renamed_and_carried_elsewhere(self, path: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        for file in (path, path.with_name(NAME)):
            file.rename(tmp_path / "elsewhere" / file.name)
        renamed = (tmp_path / "elsewhere" / path.name).rename(tmp_path / "elsewhere" / "mine.json")
        assert StudyResult.load(renamed) == STUDY

    def test_is_refused_without_its_arrays(self, path: Path) -> None:
        path.with_name(NAME).unlink()
        with refused("arrays_missing", error=StudyFileError) as raised:
            StudyResult.load(path)
        said = str(raised.value)
        assert f"{path} has its arrays in {NAME}, which can't be read beside it (No such file" in said
        assert "run `skknn-syndrome study DATA` to write a study." in said

    def test_is_refused_with_those_of_another_one(self, path: Path) -> None:
        make_study().save(path.with_name("other.json"))
        path.with_name("other.arrays.parquet").replace(path.with_name(NAME))
        with refused("arrays_changed", error=StudyFileError):
            StudyResult.load(path)

    @pytest.mark.parametrize("name", ["", "..", "../study.arrays.parquet", 7, None])
    def test_looks_for_arrays_beside_itself_alone(self, path: Path, name: object) -> None:
        (path.parent / "inner").mkdir()
        inner = path.rename(path.parent / "inner" / path.name)
        edit(inner, lambda document: document["arrays"].update(file=name))
        with refused("arrays_missing"):
            StudyResult.load(inner)

    def test_keeps_the_arrays_of_the_other_file_in_their_place(self, path: Path) -> None:
        make_study().save(path.with_name("other.json"))
        assert StudyResult.load(path) == STUDY

    def test_refers_to_nothing_else(self, path: Path) -> None:
        edit(path, lambda document: document["protocols"].update({"$ref": f"{NAME}#others"}))
        with refused("unknown_array") as raised:
            StudyResult.load(path)
        assert "refers to the array 'others', which its file of arrays lacks" in str(raised.value)

    @pytest.mark.parametrize("entry", [None, [], "x"])
    def test_is_refused_without_an_account_of_its_arrays(self, path: Path, entry: object) -> None:
        edit(path, lambda document: document.update(arrays=entry))
        with pytest.raises(StudyFileError, match="this version knows no entry 'arrays'"):
            StudyResult.load(path)

    def test_a_cut_file_is_told_as_such(self, path: Path) -> None:
        path.write_text(path.read_text()[:-20])
        with pytest.raises(StudyFileError, match="ends in the middle"):
            StudyResult.load(path)

    def test_is_limited_as_a_whole(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("skknn_syndrome.results.files.MAX_JSON_NUMBERS", 100)
        with pytest.raises(StudyFileError, match="numbers, more than 100"):
            StudyResult.load(path)


@pytest.mark.usefixtures("moves_everything")
class TestTheFile:
    def claim(self, path: Path, content: bytes) -> str:
        """Write arrays with the account that fits them, and return the text that refers to them."""
        path.with_name(NAME).write_bytes(content)
        entry = {"file": NAME, "sha256": sha256(content).hexdigest()}
        return json.dumps({"arrays": entry, "x": {"$ref": f"{NAME}#x"}})

    @pytest.mark.parametrize("n_rows", [0, 2])
    def test_has_one_row(self, tmp_path: Path, n_rows: int) -> None:
        sink = pa.BufferOutputStream()
        parquet.write_table(pa.table({"x": [[1.0]] * n_rows}), sink)
        text = self.claim(tmp_path / "x.json", sink.getvalue().to_pybytes())
        with refused("no_arrays"):
            put_back(text, tmp_path / "x.json", "study", "run it again")

    def test_is_parquet(self, tmp_path: Path) -> None:
        text = self.claim(tmp_path / "x.json", b"PAR1 nothing PAR1")
        with refused("no_arrays"):
            put_back(text, tmp_path / "x.json", "study", "run it again")

    def test_that_unpacks_to_far_more_than_it_weighs_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sink = pa.BufferOutputStream()
        parquet.write_table(pa.table({"x": [[0.5] * 10_000]}), sink, use_dictionary=False, compression="zstd")
        text = self.claim(tmp_path / "x.json", sink.getvalue().to_pybytes())
        monkeypatch.setattr(arrays, "MAX_JSON_BYTES", 10_000)
        with refused("too_large"):
            put_back(text, tmp_path / "x.json", "study", "run it again")

    def test_unpacks_to_what_is_read_of_a_result(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, content = split_off({"x": [0.5] * 10_000}, NAME)
        assert content is not None
        monkeypatch.setattr(arrays, "MAX_JSON_BYTES", len(content))
        text = self.claim(tmp_path / "x.json", content)
        monkeypatch.setattr(arrays, "MAX_JSON_BYTES", 10)
        with refused("arrays_changed"):  # which nobody reads to the end
            put_back(text, tmp_path / "x.json", "study", "run it again")
        monkeypatch.setenv(TRUST, "1")
        assert json.loads(put_back(text, tmp_path / "x.json", "study", "")) == {"x": [0.5] * 10_000}


VALUES = {
    "floats": [0.1, None, -0.0, 1e-300, 1.0],
    "whole numbers": [1, None, 2**62],
    "texts": ["a", "ü\n", "", None],
    "answers": [True, False, None],
    "nothing": [None, None],
    "lists": [[1, 2], [], None],
    "matrix": [[1.5, 2.5], [3.5, None]],
    "objects": [{"a": 1, "b": [0.5]}, {"a": None, "b": None}],
    "objects in objects": [{"a": {"b": "x"}}, {"a": None}],
}

UNLIKE = {
    "kinds": [1, 0.5],
    "answers and numbers": [True, 1],
    "depths": [[1], 1],
    "names": [{"a": 1}, {"b": 1}],
    "orders": [{"a": 1, "b": 2}, {"b": 1, "a": 2}],
    "empty objects": [{}, {}],
    "kinds within": [{"a": [1, "x"]}],
    "kinds in lists": [[1, "x"], [2]],
    "too large": [2**70],
}


def exactly(value: object) -> str:
    """Return JSON, in which 1, 1.0 and true differ."""
    return json.dumps(value)


@pytest.mark.usefixtures("moves_everything")
class TestALongList:
    @pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
    def test_comes_back_as_it_was(self, tmp_path: Path, values: list[object]) -> None:
        slim, content = split_off({"x": values}, NAME)
        assert slim["x"] == {"$ref": f"{NAME}#x"}
        assert content is not None
        (tmp_path / NAME).write_bytes(content)
        back = json.loads(put_back(json.dumps(slim), tmp_path / "x.json", "study", ""))
        assert exactly(back["x"]) == exactly(values)

    @pytest.mark.parametrize("values", UNLIKE.values(), ids=UNLIKE)
    def test_stays_where_its_entries_are_unlike(self, values: list[object]) -> None:
        slim, _ = split_off({"x": values}, NAME)
        assert slim["x"] != {"$ref": f"{NAME}#x"}

    def test_is_named_by_question_and_protocol(self) -> None:
        entries = [
            {"question": "a", "protocol": "image", "x": [1]},
            {"question": "a", "protocol": None, "y": [1], "z": 2},
        ]
        slim, _ = split_off({"analyses": entries}, NAME)
        assert [entry[name]["$ref"] for entry, name in zip(slim["analyses"], "xy", strict=True)] == [
            f"{NAME}#analyses/a/image/x",
            f"{NAME}#analyses/a/y",
        ]

    def test_stays_where_its_name_is_taken(self) -> None:
        slim, _ = split_off(
            {"analyses": [{"question": "a", "x": [1]}, {"question": "a", "x": [2], "y": 3}]}, NAME
        )
        assert [entry["x"] for entry in slim["analyses"]] == [{"$ref": f"{NAME}#analyses/a/x"}, [2]]


class TestASmallStudy:
    def test_is_one_file(self, tmp_path: Path) -> None:
        STUDY.save(tmp_path / "study.json")
        assert [path.name for path in tmp_path.iterdir()] == ["study.json"]

    def test_short_lists_and_few_objects_stay_in_their_places(self) -> None:
        few = [{"values": [0.5] * 100_000}, {"values": [0.25, 0.5]}]
        slim, content = split_off({"few": few}, NAME)
        assert content is not None
        assert slim["few"] == [{"values": {"$ref": f"{NAME}#few/0/values"}}, {"values": [0.25, 0.5]}]
