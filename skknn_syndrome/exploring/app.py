"""The application that is explored in: a page of static files, and answers as JSON."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skknn_syndrome.errors import ParameterError, SkknnSyndromeError
from skknn_syndrome.exploring.guard import Guard, refusal, told
from skknn_syndrome.exploring.openapi import openapi
from skknn_syndrome.exploring.overview import Explored

PAGE = Path(__file__).with_name("page")
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
SHEET_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox"
"""A case sheet is a document of its own, with its styles and pictures in it and no script."""
UPLOAD_TYPE = "application/octet-stream"
"""Which no form can send."""
AT_A_TIME = 4
"""Answers that are worked on together; others wait."""


class Pages:
    """The answers of the application.

    Parameters
    ----------
    explored : Explored
    max_bytes : int
        Size of an upload that is still read.
    """

    def __init__(self, explored: Explored, max_bytes: int) -> None:
        self._explored = explored
        self._max_bytes = max_bytes
        self._overview = explored.overview(max_bytes).model_dump_json().encode()
        self._places = asyncio.Semaphore(AT_A_TIME)

    @property
    def routes(self) -> list[Route]:
        """Static files by their names, and what is asked for."""
        # Read once, and known by name: no path of a request ever meets the disk.
        files = {
            file.name: (file.read_bytes(), TYPES[file.suffix])
            for file in sorted(PAGE.iterdir())
            if file.suffix in TYPES
        }
        named = {**{f"/{name}": name for name in files}, "/": "index.html", "/docs": "docs.html"}
        return [
            *(Route(path, _static(*files[name]), methods=["GET"]) for path, name in named.items()),
            Route("/api/overview", self.overview, methods=["GET"]),
            Route("/api/cases/{row:int}", self.case, methods=["GET"]),
            Route("/api/cases/{row:int}/sheet", self.sheet, methods=["GET"]),
            Route("/predict", self.predict, methods=["POST"]),
            Route("/explain", self.explain, methods=["POST"]),
            Route("/openapi.json", self.describe, methods=["GET"]),
        ]

    async def overview(self, _: Request) -> Response:
        """Answer with all cases."""
        return Response(self._overview, media_type="application/json")

    async def describe(self, _: Request) -> Response:
        """Answer with the description of this interface."""
        return Response(openapi(self._max_bytes), media_type="application/json")

    async def case(self, request: Request) -> Response:
        """Answer with one case."""
        return _json(await self._work(partial(self._explored.case, request.path_params["row"])))

    async def sheet(self, request: Request) -> Response:
        """Answer with the case sheet of one case."""
        page = await self._work(partial(self._explored.sheet, request.path_params["row"]))
        return Response(page, media_type="text/html", headers={"content-security-policy": SHEET_POLICY})

    async def predict(self, request: Request) -> Response:
        """Answer about the new cases of an upload."""
        suffix = f".{request.query_params.get('format', '')}"
        top_k, coverage = _number(request, "top_k", int), _number(request, "coverage", float)
        return await self._answer(
            request, lambda content: self._explored.predict(content, suffix, top_k, coverage)
        )

    async def explain(self, request: Request) -> Response:
        """Answer with the evidence for one of the new cases."""
        suffix, row = f".{request.query_params.get('format', '')}", _number(request, "row", int) or 0
        return await self._answer(request, lambda content: self._explored.explain(content, suffix, row))

    async def _answer(self, request: Request, ask: Callable[[bytes], BaseModel]) -> Response:
        async with self._places:
            content = await read_body(request, self._max_bytes)
            return _json(await run_in_threadpool(ask, content))

    async def _work(self, ask: Callable[[], Any]) -> Any:  # noqa: ANN401  what `ask` gives
        async with self._places:
            return await run_in_threadpool(ask)


def create_app(explored: Explored, *, token: str, hosts: frozenset[str], max_bytes: int) -> Guard:
    """Return the application.

    Parameters
    ----------
    explored : Explored
        A model or a study.
    token : str
        First part of every path.
    hosts : frozenset of str
        What the page may be called, with the port.
    max_bytes : int
        Size of an upload that is still read.

    Returns
    -------
    Guard
        An ASGI application.
    """
    faults: Any = {HTTPException: _refused, SkknnSyndromeError: _told, Exception: _told}
    return Guard(Starlette(routes=Pages(explored, max_bytes).routes, exception_handlers=faults), token, hosts)


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Return the body of a request, counted as it comes.

    Raises
    ------
    HTTPException
        It is larger (413), or of another type (415).
    """
    if request.headers.get("content-type") != UPLOAD_TYPE:
        raise HTTPException(415, f"Send the bytes of the file as {UPLOAD_TYPE}.")
    length = request.headers.get("content-length", "0")
    content = bytearray()
    too_large = HTTPException(413, f"The file is larger than {max_bytes:,} bytes: see --max-upload.")
    if not length.isdecimal() or int(length) > max_bytes:
        raise too_large
    async for part in request.stream():
        if len(content) + len(part) > max_bytes:
            raise too_large
        content += part
    return bytes(content)


def _number(request: Request, name: str, kind: Callable[[str], Any]) -> Any:  # noqa: ANN401  by its kind
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        return kind(text)
    except ValueError as error:
        raise ParameterError(f"{name} has to be a number.", code="no_number", parameter=name) from error


def _json(found: BaseModel) -> Response:
    return Response(found.model_dump_json(), media_type="application/json")


def _static(content: bytes, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return Response(content, media_type=media_type)

    return answer


CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "wrong_type"}


async def _told(_: Request, error: Exception) -> Response:
    return told(error)


async def _refused(_: Request, error: HTTPException) -> Response:
    return refusal(error.status_code, CODES.get(error.status_code, "refused"), error.detail)
