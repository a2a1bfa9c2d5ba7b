"""A real cluster on this machine, and a way to lose one of its workers."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import dask
from distributed import Client, LocalCluster, Nanny
from distributed.diagnostics.plugin import SchedulerPlugin
from distributed.utils import get_mp_context

from skknn_syndrome.neighbors.distributed.tiles import found_in_tile

# Importing scikit-learn takes a worker longer than all that it is asked here: workers are forked from one
# process that has done so, a worker that replaces a lost one as well.
dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"})


def local_cluster(n_workers: int) -> LocalCluster:
    """Start worker processes of one thread each; ports are whatever is free."""
    preloaded = ["distributed", "dask.array", "zarr", found_in_tile.__module__]
    get_mp_context().set_forkserver_preload(preloaded)  # type: ignore[no-untyped-call]
    return LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=n_workers, threads_per_worker=1, dashboard_address=":0"
    )


@contextmanager
def client_of(cluster: LocalCluster) -> Iterator[None]:
    """Have Dask use a cluster within the block."""
    with Client(cluster):  # type: ignore[no-untyped-call]
        yield


class KillAWorker(SchedulerPlugin):
    """From within the scheduler: kills the worker that reports a certain number of tiles done.

    That tile's result lies in that worker's memory alone, so it is lost for certain.
    """

    def __init__(self, cluster: LocalCluster, at: int) -> None:
        assert cluster.scheduler is not None
        self.nannies = [nanny for nanny in cluster.workers.values() if isinstance(nanny, Nanny)]
        self.at = at
        self.n_done = 0
        self.victim = ""
        self.lost: list[str] = []
        cluster.scheduler.add_plugin(self)

    def transition(
        self, key: object, start: str, finish: str, *_: object, worker: str = "", **__: object
    ) -> None:
        if found_in_tile.__name__ in str(key) and (start, finish) == ("processing", "memory"):
            self.n_done += 1
            if self.n_done == self.at:
                self.victim = worker
                (nanny,) = (nanny for nanny in self.nannies if nanny.worker_address == worker)
                os.kill(nanny.pid, signal.SIGKILL)

    def remove_worker(self, scheduler: object, worker: str, **_: object) -> None:  # noqa: ARG002  its signature
        self.lost.append(worker)
