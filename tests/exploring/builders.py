"""A model and a study that are explored, and requests to their application in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import cache
from typing import Any

import httpx
import numpy as np

from skknn_syndrome import StudyResult, cross_validate_study
from skknn_syndrome.analyses.embedding_map.result import EmbeddingMap, EmbeddingMapAnalysis, Projection
from skknn_syndrome.exploring.app import create_app
from skknn_syndrome.exploring.guard import Guard
from skknn_syndrome.exploring.model_cases import ModelCases
from skknn_syndrome.results.analysis import Analyses
from tests.model.builders import gallery, knn_model

TOKEN = "a-token-that-is-known-to-tests"  # noqa: S105  of a server that never listens
HOST = "127.0.0.1:8123"
MAX_BYTES = 20_000


@cache
def model_cases() -> ModelCases:
    """Return the small gallery's model as cases."""
    return ModelCases(knn_model())


@cache
def app() -> Guard:
    """Return its application."""
    return create_app(model_cases(), token=TOKEN, hosts=frozenset({HOST}), max_bytes=MAX_BYTES)


def send(
    path: str,
    method: str = "GET",
    *,
    to: Callable[[], Guard] = app,
    base: str = f"http://{HOST}/{TOKEN}/",
    **request: Any,
) -> httpx.Response:
    """Send one request."""

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=to())) as client:
            return await client.request(method, f"{base}{path}", **request)

    return asyncio.run(ask())


def upload(
    content: bytes | AsyncIterator[bytes], suffix: str, path: str = "predict", **query: Any
) -> httpx.Response:
    """Send a file."""
    headers = {"content-type": "application/octet-stream"}
    return send(path, "POST", content=content, headers=headers, params={"format": suffix, **query})


def csv_of(n_rows: int = 3) -> bytes:
    """Return new cases as a CSV file."""
    data = gallery(seed=6)
    rows = [
        f"{image}," + ",".join(f"{value:.4f}" for value in row)
        for image, row in zip(data.images[:n_rows], data.embeddings, strict=False)
    ]
    return "\n".join(["image,e0,e1,e2,e3,e4", *rows, ""]).encode()


@cache
def mapped_study() -> StudyResult:
    """Return a study with a map that predicts what its records do."""
    data = gallery()
    study = cross_validate_study(
        data.embeddings,
        data.syndromes,
        groups=data.subjects,
        n_neighbors=[3],
        metrics="cosine",
        cv=3,
        analyses=(),
    )
    record = next(found for found in study.records if found.protocol == study.primary.protocol)
    order = np.argsort(record.rows)
    said = record.predicted[order]
    names, labels = np.unique(data.syndromes, return_inverse=True)
    shown = EmbeddingMap(
        labels=tuple(labels.tolist()),
        syndromes=tuple(names.tolist()),
        projections=(
            Projection(
                method="pca",
                metric="euclidean",
                random_state=None,
                perplexity=None,
                explained_variance=0.5,
                silhouette=None,
                x=tuple(data.embeddings[:, 0].tolist()),
                y=tuple(data.embeddings[:, 1].tolist()),
            ),
        ),
        silhouette_original=None,
        neighbor_purity=0.9,
        n_neighbors=2,
        expected_purity=0.3,
        n_images=len(labels),
        predicted=tuple(str(name) for name in record.classes[said]),
        confidence=tuple(np.round(record.probabilities[order, said], 3).tolist()),
        neighbors=tuple(((row + 1) % len(labels),) for row in range(len(labels))),
    )
    analyses = Analyses.of([*study.analyses, EmbeddingMapAnalysis(embedding_map=shown)])
    return study.revised(analyses=analyses)
