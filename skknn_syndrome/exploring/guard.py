"""What stands before every request: host, token and origin checked, headers set, and faults kept silent."""

from collections.abc import Mapping
from contextlib import suppress
from secrets import compare_digest
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skknn_syndrome.errors import SkknnSyndromeError
from skknn_syndrome.exploring.overview import Refusal

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
"""No script or style but files of the page, no request but to its address, and no text taken for markup."""
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "content-security-policy": PAGE_POLICY,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
        "cache-control": "no-store",
    }
)
"""Of every answer; an answer may have a policy of its own."""
SAFE_METHODS = frozenset({"GET", "HEAD"})


def refusal(status: int, code: str, message: str, parameter: str | None = None) -> Response:
    """Return an answer that says why there is none.

    Examples
    --------
    >>> refusal(404, "not_found", "There is no such page.").body
    b'{"code":"not_found","message":"There is no such page.","parameter":null}'
    """
    said = Refusal(code=code, message=message, parameter=parameter)
    return Response(said.model_dump_json(), status, media_type="application/json")


class Guard:
    """An application that answers to its own page alone.

    A page of any site can send requests to this machine: what it can't do is to know the token, or to send
    another host than the name that it was reached by, or another origin than its own.

    Parameters
    ----------
    app : ASGI application
        It sees paths without the token.
    token : str
        First part of every path.
    hosts : frozenset of str
        With the port, as browsers send them.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: frozenset[str]) -> None:
        self._app = app
        self._prefix = f"/{token}/".encode()
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request, and hand it on."""
        if scope["type"] != "http":
            await self._refuse_socket(scope, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, guarded)
            return
        path = scope["path"][len(self._prefix) - 1 :]
        inner = {**scope, "path": path, "raw_path": path.encode(), "root_path": ""}
        # It was answered by then; whoever raised it again would have its traceback printed, with what came.
        with suppress(Exception):
            await self._app(inner, receive, guarded)

    def _refused(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.get("host") not in self._hosts or len(headers.getlist("host")) != 1:
            return refusal(403, "wrong_host", "The page is reached by the address that the command printed.")
        given = scope["path"].encode("utf-8", "surrogateescape")[: len(self._prefix)]
        if not compare_digest(given, self._prefix):
            return refusal(403, "wrong_token", "Open the whole address that the command printed.")
        if scope["method"] not in SAFE_METHODS and not self._is_own(headers):
            return refusal(403, "wrong_origin", "Another site has sent this request.")
        return None

    def _is_own(self, headers: Headers) -> bool:
        """Whether a request that asks for work was sent by the page, or by a program without a browser."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        ours = {f"http://{host}" for host in self._hosts}
        return (origin is None or origin in ours) and (site is None or site == "same-origin")

    async def _refuse_socket(self, scope: Scope, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})


def told(error: Exception) -> Response:
    """Return the answer about an error: of input its code and sentence, of the program its kind alone.

    Examples
    --------
    >>> told(KeyError("Ann Smith")).body
    b'{"code":"program_at_fault","message":"This is a fault of the program (KeyError).","parameter":null}'
    """
    if isinstance(error, SkknnSyndromeError):
        return refusal(400, error.code, str(error), error.parameter)
    if isinstance(error, MemoryError):
        return refusal(400, "too_much_memory", "There is not enough memory for this.")
    return refusal(500, "program_at_fault", f"This is a fault of the program ({type(error).__name__}).")
