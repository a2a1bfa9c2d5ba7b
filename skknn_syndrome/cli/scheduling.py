"""Where the fits of a study run: here, or on a running Dask cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from skknn_syndrome.cli.console import say
from skknn_syndrome.errors import StudySettingsError

SECONDS_TO_WAIT = 10
"""How long to try to reach a scheduler, and then how long to wait for its first worker."""


def check_address(address: str | None) -> str | None:
    """Return an address of the form ``tcp://host:port`` or ``tls://host:port``, or None, as it is.

    Raises
    ------
    typer.BadParameter
        If it has another form.

    Examples
    --------
    >>> check_address("tcp://[::1]:8786")
    'tcp://[::1]:8786'
    """
    if address is None:
        return None
    from urllib.parse import urlsplit  # noqa: PLC0415  who names none need not wait for it

    try:
        parts = urlsplit(address)
        well_formed = bool(parts.scheme in {"tcp", "tls"} and parts.hostname and parts.port)
    except ValueError:  # a port that is no number, a bracket that is not closed
        well_formed = False
    if not well_formed:
        raise typer.BadParameter(f"{address!r} is no address such as tcp://host:8786.")
    return address


@contextmanager
def on_scheduler(address: str | None) -> Iterator[None]:
    """Run what joblib runs within the block on a Dask scheduler's workers; without an address, here.

    Parameters
    ----------
    address : str or None
        As `check_address` lets it pass.

    Raises
    ------
    MissingExtraError
        If distributed is not installed.
    StudySettingsError
        If no scheduler answers within 10 seconds, or it has no worker within 10 more.
    """
    if address is None:
        yield
        return
    from joblib import parallel_config  # noqa: PLC0415  slow to import: NumPy

    from skknn_syndrome.wording import counted  # noqa: PLC0415

    with _connected(address) as client:
        _wait_for_a_worker(client, address)
        n_threads = sum(client.ncores().values())
        say(f"The fits run on the Dask cluster at {address}, on {counted(n_threads, 'thread')}.")
        with parallel_config(backend="dask"):
            yield


def _connected(address: str) -> Any:  # noqa: ANN401  distributed may be missing
    import asyncio  # noqa: PLC0415  slow to import

    from skknn_syndrome.neighbors.distributed.sources import distributed_extra  # noqa: PLC0415  NumPy, SciPy

    distributed = distributed_extra("distributed")
    try:
        # Client waits for ever where something listens that does not speak Dask's language.
        asyncio.run(asyncio.wait_for(_shake_hands(distributed, address), SECONDS_TO_WAIT))
        return distributed.Client(address, timeout=SECONDS_TO_WAIT)
    except Exception as error:  # what another program answers is read as anything from sizes to pickles
        raise StudySettingsError(
            f"No Dask scheduler answers at {address}: check the address and that the scheduler runs, and for "
            "tls:// the certificates in Dask's configuration.",
            code="no_scheduler",
        ) from error


async def _shake_hands(distributed: Any, address: str) -> None:  # noqa: ANN401
    security = distributed.Security().get_connection_args("client")
    comm = await distributed.comm.connect(address, timeout=SECONDS_TO_WAIT, **security)
    comm.abort()


def _wait_for_a_worker(client: Any, address: str) -> None:  # noqa: ANN401
    try:
        client.wait_for_workers(1, timeout=SECONDS_TO_WAIT)
    except TimeoutError as error:
        raise StudySettingsError(
            f"The Dask scheduler at {address} has no workers: start one with `dask worker {address}`.",
            code="no_workers",
        ) from error
