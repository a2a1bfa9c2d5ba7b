"""Fixtures that all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.problems import _tied, problem, small  # noqa: F401  fixtures

# How long an example takes is the machine's doing, and the checkout may be one that can't be written to.
settings.register_profile(
    "any_machine", database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any_machine")

REAL_FILE = "mini_gm_public_v0.1.p"


@pytest.fixture(scope="session")
def real_file() -> Path:
    """Return the public embeddings file, where this machine has it.

    Looked for in the folder that SKKNN_SYNDROME_DATA names, then beside the checkout in `shared/data`.
    """
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    path = Path(os.environ.get("SKKNN_SYNDROME_DATA", beside)) / REAL_FILE
    if not path.is_file():
        pytest.skip(f"{REAL_FILE} is not on this machine")
    return path
