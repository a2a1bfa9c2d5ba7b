"""What the application answers, beside what the command does."""

import json
from typing import Any

import numpy as np
import pytest

from skknn_syndrome.exploring.overview import CaseDetail, Overview
from skknn_syndrome.results.explanation import Explanation
from skknn_syndrome.results.prediction import Predictions
from tests.exploring.builders import csv_of, send, upload
from tests.model.builders import CLASSES, gallery, knn_model


def test_answers_are_those_of_the_command() -> None:
    answer = upload(csv_of(), "csv", top_k=2, coverage=0.8)
    assert answer.headers["content-type"] == "application/json"
    found = Predictions.model_validate_json(answer.content)
    rows = np.round(gallery(seed=6).embeddings[:3], 4)
    ids = gallery(seed=6).images[:3]
    assert found == knn_model().predict(rows, image_ids=ids, top_k=2, coverage=0.8)


def test_an_answer_has_the_schema_of_the_command() -> None:
    described = send("openapi.json").json()
    schemas = described["components"]["schemas"]
    own = Predictions.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    parts = own.pop("$defs")
    assert schemas["Predictions"] == own
    assert {name: schemas[name] for name in parts} == parts
    answered = described["paths"]["/predict"]["post"]["responses"]["200"]["content"]
    assert answered["application/json"]["schema"] == {"$ref": "#/components/schemas/Predictions"}


def test_every_path_that_is_described_is_answered() -> None:
    for path, verbs in send("openapi.json").json()["paths"].items():
        for verb in verbs:
            answer = send(path.lstrip("/").format(row=10**6), verb.upper(), headers={"content-type": "a/b"})
            assert answer.status_code in {200, 400, 415}, path


def test_an_explanation_is_of_one_row() -> None:
    found = Explanation.model_validate_json(upload(csv_of(), "csv", "explain", row=1).content)
    assert (
        found.prediction.ranking
        == knn_model().predict(np.round(gallery(seed=6).embeddings[1:2], 4))[0].ranking
    )
    assert upload(csv_of(), "csv", "explain", row=3).json()["code"] == "no_such_row"


@pytest.mark.parametrize(
    "suffix, content, query, code",
    [
        ("csv", b"", {}, "empty_file"),
        ("", b"1", {}, "unknown_suffix"),
        ("../x", b"1", {}, "unknown_suffix"),
        ("exe", b"1", {}, "unknown_suffix"),
        ("csv", csv_of(), {"top_k": "many"}, "no_number"),
        ("csv", csv_of(), {"coverage": "2"}, "out_of_range"),
        ("npy", b"1", {}, "broken_array"),
    ],
)
def test_a_sentence_says_what_is_wrong(suffix: str, content: bytes, query: dict[str, Any], code: str) -> None:
    answer = upload(content, suffix, **query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_all_cases_are_told_in_columns() -> None:
    said = json.loads(send("api/overview").content)
    found = Overview.model_validate(said, strict=False)
    assert (found.kind, found.answers, found.n_images) == ("model", True, 72)
    assert [entry.name for entry in found.classes] == [*CLASSES]
    assert {len(getattr(found, name)) for name in ("labels", "predicted", "confidence", "novelty")} == {72}


def test_a_case_is_told_in_full() -> None:
    found = CaseDetail.model_validate_json(send("api/cases/5").content)
    assert (found.row, found.image, found.subject) == (5, "person-2-b", "person-2")
    assert "person-2" not in {near.subject for near in found.neighbors}
    assert send("api/cases/72").json()["code"] == "no_such_row"


def test_a_page_and_its_modules_are_served() -> None:
    for path, kind in {
        "": "text/html",
        "docs": "text/html",
        "page.css": "text/css",
        "map.js": "text/javascript",
    }.items():
        answer = send(path)
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, kind)
