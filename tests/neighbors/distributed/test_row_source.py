"""A value that is no number is found where it is read."""

from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.neighbors.distributed.opening import open_source
from skknn_syndrome.neighbors.distributed.row_source import read_finite
from tests.neighbors.distributed.galleries import make_samples, write_gallery


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_the_row_counts_from_the_start_of_the_file(tmp_path: Path, value: float) -> None:
    samples = make_samples()
    samples[[17, 19], 1] = value
    source = open_source(write_gallery(tmp_path, samples, "npy"))
    np.testing.assert_array_equal(read_finite(source, range(10, 17)), samples[10:17])
    with pytest.raises(EmbeddingsFileError, match=r"npy\.npy: row 17 \(counted from 0\) .* NaN or infinite"):
        read_finite(source, range(10, 23))
