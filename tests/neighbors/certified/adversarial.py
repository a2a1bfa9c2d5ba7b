"""Galleries on which single precision is at a loss."""

from collections.abc import Callable, Mapping

import numpy as np

from skknn_syndrome._typing import FloatArray

N_ROWS, N_FEATURES = 230, 12


def _normal(seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).standard_normal((N_ROWS, N_FEATURES))


def _duplicates() -> FloatArray:
    rows = _normal()
    rows[60:120] = rows[0]  # more of one kind than lists are long
    rows[120:150] = 2 * rows[0]  # no other direction
    return rows


def _grid() -> FloatArray:
    return np.random.default_rng(0).integers(-1, 2, (N_ROWS, N_FEATURES)).astype(np.float64)


def _zero_rows() -> FloatArray:
    rows = _normal()
    rows[::3] = 0
    return rows


def _outliers() -> FloatArray:
    rows = _normal()
    rows[3] *= 1e6
    rows[50] *= 1e20
    rows[99] *= 1e30
    rows[7] *= 1e-25
    return rows


def _mixed_scales() -> FloatArray:
    exponents = np.random.default_rng(1).uniform(-30, 30, (N_ROWS, 1))
    return _normal() * 10.0**exponents


def _near_ties() -> FloatArray:
    """Return rows whose differences single precision can't see."""
    return 1 + 1e-9 * _normal()


GALLERIES: Mapping[str, Callable[[], FloatArray]] = {
    "normal": _normal,
    "single precision": lambda: _normal().astype(np.float32),
    "offset of 1e3": lambda: _normal() + 1e3,
    "offset of 1e8": lambda: _normal() + 1e8,
    "offset of 1e8 in single precision": lambda: (_normal() + 1e8).astype(np.float32),
    "duplicates": _duplicates,
    "all rows alike": lambda: np.ones((N_ROWS, N_FEATURES)),
    "integer grid": _grid,
    "zero rows": _zero_rows,
    "all zero": lambda: np.zeros((N_ROWS, N_FEATURES)),
    "outliers": _outliers,
    "outliers in single precision": lambda: _outliers().astype(np.float32),
    "scale of 1e-30": lambda: _normal() * 1e-30,
    "scale of 1e30": lambda: _normal() * 1e30,
    "scale of 1e-300": lambda: _normal() * 1e-300,
    "scale of 1e300": lambda: _normal() * 1e300,
    "scales from 1e-30 to 1e30": _mixed_scales,
    "near ties": _near_ties,
    "one feature": lambda: _normal()[:, :1],
}
"""By name: what to try, in double precision unless it says otherwise."""
