"""The description of the interface by OpenAPI, made of the results' own schemas."""

import json
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from skknn_syndrome import __version__
from skknn_syndrome.exploring.overview import CaseDetail, Overview, Refusal
from skknn_syndrome.results.explanation import Explanation
from skknn_syndrome.results.prediction import Predictions

_REF = "#/components/schemas/{model}"
_ROW = {"name": "row", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}


@cache
def openapi(max_bytes: int) -> bytes:
    """Return the description as JSON.

    Parameters
    ----------
    max_bytes : int
        Size of an upload that is still read.
    """
    answers = (Overview, CaseDetail, Predictions, Explanation, Refusal)
    _, schemas = models_json_schema([(model, "serialization") for model in answers], ref_template=_REF)
    described = {
        "openapi": "3.1.0",
        "info": {
            "title": "skknn-syndrome explore",
            "version": __version__,
            "description": "Paths follow the token of the address that the command printed.",
        },
        "paths": {
            "/api/overview": {"get": _operation("All cases, in columns.", "Overview")},
            "/api/cases/{row}": {"get": _operation("One case in full.", "CaseDetail", [_ROW])},
            "/api/cases/{row}/sheet": {"get": _operation("Its case sheet.", None, [_ROW])},
            "/predict": {
                "post": _upload(
                    "Answers about new cases, as those of the command.", "Predictions", max_bytes, _PREDICT
                )
            },
            "/explain": {
                "post": _upload(
                    "What the answer about one new case rests on.", "Explanation", max_bytes, _EXPLAIN
                )
            },
        },
        "components": {"schemas": schemas["$defs"]},
    }
    return json.dumps(described).encode()


def _query(name: str, kind: str, text: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  parts of a schema
    return {"name": name, "in": "query", "description": text, "schema": {"type": kind}, **more}


_FORMAT = _query("format", "string", "End of the file's name: csv, tsv, parquet, npz, npy, p.", required=True)
_PREDICT = [
    _FORMAT,
    _query("top_k", "integer", "Length of the rankings; by default all classes."),
    _query("coverage", "number", "Of the prediction sets; by default that of the fit."),
]
_EXPLAIN = [_FORMAT, _query("row", "integer", "Which of the cases, counted from 0.")]


def _operation(
    summary: str, answer: str | None, parameters: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    content = (
        {"text/html": {"schema": {"type": "string"}}}
        if answer is None
        else {"application/json": {"schema": {"$ref": _REF.format(model=answer)}}}
    )
    refused = {"application/json": {"schema": {"$ref": _REF.format(model="Refusal")}}}
    return {
        "summary": summary,
        "parameters": parameters or [],
        "responses": {
            "200": {"description": "The answer.", "content": content},
            "4XX": {"description": "Why there is none.", "content": refused},
        },
    }


def _upload(summary: str, answer: str, max_bytes: int, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    body = {
        "required": True,
        "description": f"The bytes of the file, {max_bytes:,} at most.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
    return {**_operation(summary, answer, parameters), "requestBody": body}
