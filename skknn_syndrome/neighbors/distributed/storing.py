"""Neighbours in a Zarr group, written by the workers that found them."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from skknn_syndrome.errors import SkknnSyndromeError
from skknn_syndrome.neighbors.distributed.extra import distributed_extra
from skknn_syndrome.neighbors.distributed.tile import Search
from skknn_syndrome.neighbors.neighbors import Neighbors


@contextmanager
def new_store(output: Path, search: Search, chunk_rows: int) -> Iterator[Path]:
    """Make a group with empty arrays that takes its name only once it is complete.

    Parameters
    ----------
    output : Path
        The final name. Nothing may be there yet; its folder is made where it is missing.
    search : Search
        Each of its distances gets the arrays `<distance>/distances` (float64) and `<distance>/indices`
        (int64), of shape (n_queries, n_neighbors).
    chunk_rows : int
        Rows of a chunk: no two blocks may share one, as workers write at the same time.

    Yields
    ------
    Path
        Where the group lies until then, in the same folder.

    Raises
    ------
    SkknnSyndromeError
        If something is at `output`.
    MissingExtraError
        If zarr is not installed.
    """
    zarr = distributed_extra("zarr")
    if output.exists():
        raise SkknnSyndromeError(f"{output}: there is something already; name a new folder.")
    output.parent.mkdir(parents=True, exist_ok=True)
    temporary = output.with_name(f".{secrets.token_hex(8)}.tmp")
    shape = (search.n_queries, search.n_neighbors)
    try:
        group = zarr.create_group(temporary)
        for metric in search.metrics:
            for name, kind in (("distances", "float64"), ("indices", "int64")):
                group.create_array(f"{metric}/{name}", shape=shape, chunks=(chunk_rows, shape[1]), dtype=kind)
        yield temporary
        temporary.replace(output)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def write_block(store: Path, rows: range, neighbors: dict[str, Neighbors]) -> None:
    """Write the neighbours of a run of queries; to do it twice changes nothing."""
    group = distributed_extra("zarr").open_group(store, mode="r+")
    for metric, (distances, indices) in neighbors.items():
        group[f"{metric}/distances"][rows.start : rows.stop] = distances
        group[f"{metric}/indices"][rows.start : rows.stop] = indices
