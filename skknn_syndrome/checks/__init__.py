"""Checks of a study: simulated data, subject leakage, grid edges, undefined scores, calibration, hubs.

Each is a class of its own in a module of this package, found by looking through it.
"""

from importlib import import_module
from pkgutil import iter_modules

from skknn_syndrome.checks.base import (
    Finding,
    StudyCheck,
    judge,
    not_applicable,
    registered_checks,
    scoped_registry,
    skipped,
)
from skknn_syndrome.checks.context import CheckContext
from skknn_syndrome.checks.running import codes_of, rerun_checks, run_checks

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)

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
