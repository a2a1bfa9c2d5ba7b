"""Without the extra, one sentence says how to get it."""

import subprocess
import sys
from pathlib import Path

import pytest

from skknn_syndrome.neighbors.distributed import MissingExtraError, distributed_neighbors
from skknn_syndrome.neighbors.distributed.opening import open_source
from tests.neighbors.distributed.galleries import make_samples, write_gallery

SENTENCE = r'{} is not installed: run pip install "skknn-syndrome\[distributed\]"\.$'


def test_a_search_needs_dask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(MissingExtraError, match=SENTENCE.format("dask")):
        distributed_neighbors(write_gallery(tmp_path, make_samples(), "npy"), 3)


def test_a_zarr_array_needs_zarr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_gallery(tmp_path, make_samples(), "zarr")
    monkeypatch.setitem(sys.modules, "zarr", None)
    with pytest.raises(MissingExtraError, match=SENTENCE.format("zarr")):
        open_source(path)


def test_nothing_of_it_is_imported_before_it_is_used() -> None:
    program = (
        "import sys, skknn_syndrome.cli, skknn_syndrome.neighbors.distributed;"
        "sys.exit(bool({'dask', 'distributed', 'zarr'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
