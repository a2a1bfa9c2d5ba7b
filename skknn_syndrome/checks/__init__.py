"""Checks of a study: simulated data, subject leakage, grid edges, undefined scores, calibration, hubs.

Each is a class of its own, in the folder of the question that it is about (`skknn_syndrome.analyses`).
"""

from skknn_syndrome.checks.base import (
    CheckContext,
    Finding,
    StudyCheck,
    judge,
    not_applicable,
    registered_checks,
    scoped_registry,
    skipped,
)
from skknn_syndrome.checks.running import codes_of, rerun_checks, run_checks

__all__ = [
    "CheckContext",
    "Finding",
    "StudyCheck",
    "codes_of",
    "judge",
    "not_applicable",
    "registered_checks",
    "rerun_checks",
    "run_checks",
    "scoped_registry",
    "skipped",
]
