"""Contexts for checks to look at."""

from collections.abc import Sequence
from typing import Any, get_args

import numpy as np

from skknn_syndrome._typing import AnalysisName, LabelArray
from skknn_syndrome.checks import CheckContext, registered_checks
from skknn_syndrome.results import Check, ProtocolResult
from skknn_syndrome.study.summarising import summarise_arrays
from tests.builders import make_candidate, make_run

LABELS = np.array(["a", "a", "a", "b", "b", "b"])


def make_context(
    *runs: ProtocolResult,
    labels: LabelArray = LABELS,
    groups: LabelArray | None = None,
    simulated: bool = False,
    analyses: Sequence[AnalysisName] = get_args(AnalysisName),
    **parts: Any,
) -> CheckContext:
    """Return the results of a study in which all was looked into."""
    dataset = summarise_arrays(np.zeros((len(labels), 1)), labels, groups)
    return CheckContext(
        dataset=dataset.model_copy(update={"simulated": simulated}),
        protocols=runs or (make_run(make_candidate([0.8, 0.8])),),
        analyses=analyses,
        **parts,
    )


def make_check_on(name: str, context: CheckContext) -> Check:
    """Return what the check of some name says."""
    (kind,) = (kind for kind in registered_checks().values() if kind.name == name)
    return kind().check(context)
