"""The server: this machine's own address, a token that nobody can guess, no log, and a clean end."""

import os
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.errors import SkknnSyndromeError
from skknn_syndrome.exploring.app import create_app
from skknn_syndrome.exploring.model_cases import ModelCases
from skknn_syndrome.exploring.overview import Explored
from skknn_syndrome.exploring.study_cases import StudyCases
from skknn_syndrome.model import SyndromeModel
from skknn_syndrome.results.study import StudyResult

LOOPBACK = "127.0.0.1"
TOKEN_BYTES = 32
_MODEL_BEGINS = b"PK"
_MOST_CONNECTIONS = 200
_SECONDS_TO_END = 2


def open_explored(path: Path, data: EmbeddingDataset | None = None) -> Explored:
    """Load what a file holds: a model, or a study with the out-of-fold predictions beside it.

    Parameters
    ----------
    path : Path
    data : EmbeddingDataset, optional
        What it is of, with covariates by which cases are coloured.

    Raises
    ------
    ModelFileError, StudyFileError, ParameterError
        It is neither, can't be used, or is of other data.
    """
    with path.open("rb") as stream:
        is_model = stream.read(len(_MODEL_BEGINS)) == _MODEL_BEGINS
    if is_model:
        return ModelCases(SyndromeModel.load(path), data)
    return StudyCases(StudyResult.load(path), path.parent, data)


def bound(port: int) -> socket.socket:
    """Return a socket that listens on the loopback address alone.

    Parameters
    ----------
    port : int
        0 for one that is free.

    Raises
    ------
    SkknnSyndromeError
        The port is taken.
    """
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # On POSIX alone, where it lets nobody else in: a port just left can be taken again.
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name == "posix")
    try:
        found.bind((LOOPBACK, port))
    except OSError as error:
        found.close()
        raise SkknnSyndromeError(
            f"Port {port} can't be used ({error.strerror}): name another with --port, or leave it out.",
            code="port_unusable",
            parameter="port",
        ) from error
    return found


def serve(explored: Explored, *, port: int, max_bytes: int, tell: Callable[[str], None]) -> None:
    """Serve the page until somebody presses Ctrl-C.

    Parameters
    ----------
    explored : Explored
    port : int
        0 for one that is free.
    max_bytes : int
        Size of an upload that is still read.
    tell : callable
        Gets the address, once it can be opened.
    """
    with bound(port) as listening:
        place, token = f":{listening.getsockname()[1]}", secrets.token_urlsafe(TOKEN_BYTES)
        hosts = frozenset({f"{LOOPBACK}{place}", f"localhost{place}"})
        app = create_app(explored, token=token, hosts=hosts, max_bytes=max_bytes)
        # Listening before the address is told: whoever opens it at once waits, and is answered.
        listening.listen(_MOST_CONNECTIONS)
        tell(f"http://{LOOPBACK}{place}/{token}/")
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_graceful_shutdown=_SECONDS_TO_END,
        )
        try:
            uvicorn.Server(config).run(sockets=[listening])
        except KeyboardInterrupt:
            return
