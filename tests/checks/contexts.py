"""Contexts for checks to look at."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from skknn_syndrome._typing import AnalysisName, LabelArray
from skknn_syndrome.checks.base import CheckContext, registered_checks
from skknn_syndrome.crossval.provenance import summarise_arrays
from skknn_syndrome.results.check import Check
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.study.analysing import check_analyses
from tests.builders import make_candidate, make_run

LABELS = np.array(["a", "a", "a", "b", "b", "b"])


def make_context(
    *runs: ProtocolResult,
    labels: LabelArray = LABELS,
    groups: LabelArray | None = None,
    simulated: bool = False,
    asked: Sequence[AnalysisName] = tuple(check_analyses(None, with_covariates=True, with_levels=True)),
    **parts: Any,
) -> CheckContext:
    """Return the results of a study in which all was looked into."""
    dataset = summarise_arrays(np.zeros((len(labels), 1)), labels, groups)
    return CheckContext(
        dataset=dataset.model_copy(update={"simulated": simulated}),
        protocols=runs or (make_run(make_candidate([0.8, 0.8])),),
        asked=asked,
        **parts,
    )


def make_check_on(name: str, context: CheckContext) -> Check:
    """Return what the check of some name says."""
    (kind,) = (kind for kind in registered_checks().values() if kind.name == name)
    return kind().check(context)
