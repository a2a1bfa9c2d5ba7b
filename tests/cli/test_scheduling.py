"""`--scheduler`: the fits run on a Dask cluster, and the scores are the same."""

import socket
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from distributed import LocalCluster
from joblib import parallel_config

from skknn_syndrome.cli import scheduling
from skknn_syndrome.data import load_embeddings
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study import cross_validate_study
from tests.cli.conftest import Run
from tests.neighbors.distributed.clusters import client_of, local_cluster

QUICK = ("--n-neighbors", "1,3", "--cv", "3", "--metric", "cosine", "--protocol", "image")


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Start a worker process."""
    with local_cluster(1) as workers:
        yield workers


class Talker(socketserver.BaseRequestHandler):
    """Greets as a mail or shell server would, and waits."""

    def handle(self) -> None:
        with suppress(OSError):  # a caller that gave up first, as on a busy machine
            self.request.sendall(b"SSH-2.0-a server of another kind\r\n")
            self.request.recv(1)


@pytest.fixture(params=["nobody", "mute", "talker"])
def no_scheduler(request: pytest.FixtureRequest) -> Iterator[int]:
    """Return a port where nothing listens, something that says nothing, or something else than Dask."""
    with socket.socket() as reserved, socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talker) as server:
        reserved.bind(("127.0.0.1", 0))
        if request.param == "mute":
            reserved.listen()
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1] if request.param == "talker" else reserved.getsockname()[1]
        server.shutdown()


def test_a_study_on_a_cluster_has_the_same_scores(run: Run, faces: Path, cluster: LocalCluster) -> None:
    address = cluster.scheduler_address
    outcome = run("study", str(faces), "--output", "out", "--no-map", "--scheduler", address, *QUICK)
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert f"The fits run on the Dask cluster at {address}, on 1 thread.\n" in outcome.stdout
    data = load_embeddings(faces)
    here = cross_validate_study(
        data.embeddings, data.syndromes, groups=data.subjects, n_neighbors=[1, 3], metrics="cosine", cv=3,
        protocols=["image"], analyses=(),
    )  # fmt: skip
    assert StudyResult.load(Path("out/study.json")).protocols == here.protocols


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_a_study_under_joblibs_dask_backend_has_the_same_scores(faces: Path, cluster: LocalCluster) -> None:
    data = load_embeddings(faces)

    def study() -> StudyResult:
        return cross_validate_study(
            data.embeddings, data.syndromes, groups=data.subjects, n_neighbors=[1, 3], metrics="cosine", cv=3,
            n_jobs=-1, analyses=["nested_cv"],
        )  # fmt: skip

    with client_of(cluster), parallel_config(backend="dask"):
        on_workers = study()
    assert on_workers.protocols == study().protocols


@pytest.mark.parametrize(
    "address",
    [
        "",
        "host",
        "host:8786",
        "tcp://host",
        "tcp://:8786",
        "tcp://host:port",
        "tcp://[::1:8786",
        "http://host:80",
    ],
)
def test_a_malformed_address_is_a_wrong_argument(run: Run, address: str) -> None:
    outcome = run("study", "missing.csv", "--scheduler", address)
    assert outcome.exit_code == 2
    message = " ".join(outcome.stderr.replace("│", " ").split())
    assert f"Invalid value for '--scheduler': {address!r} is no address such as tcp://host:8786." in message


@pytest.mark.parametrize("scheme", ["tcp", "tls"])
def test_where_no_scheduler_answers_it_ends_in_bounded_time(
    run: Run, faces: Path, no_scheduler: int, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert scheduling.SECONDS_TO_WAIT <= 10
    monkeypatch.setattr(scheduling, "SECONDS_TO_WAIT", 0.5)
    address = f"{scheme}://127.0.0.1:{no_scheduler}"
    outcome = run("study", str(faces), "--scheduler", address, *QUICK)
    assert outcome.exit_code == 1
    assert outcome.stderr.startswith(f"Error: No Dask scheduler answers at {address}: check the address")
    assert len(outcome.stderr.splitlines()) == 1


def test_a_cluster_without_workers(run: Run, faces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "SECONDS_TO_WAIT", 0.5)
    with local_cluster(0) as empty:
        address = empty.scheduler_address
        outcome = run("study", str(faces), "--scheduler", address, *QUICK)
    assert (outcome.exit_code, outcome.stderr) == (
        1,
        f"Error: The Dask scheduler at {address} has no workers: start one with `dask worker {address}`.\n",
    )


def test_without_the_extra_one_sentence_says_how_to_get_it(
    run: Run, faces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    outcome = run("study", str(faces), "--scheduler", "tcp://host:8786", *QUICK)
    assert (outcome.exit_code, outcome.stderr) == (
        1,
        'Error: distributed is not installed: run pip install "skknn-syndrome[distributed]".\n',
    )
