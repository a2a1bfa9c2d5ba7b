"""Fewer resamples than users get, where each is scored anew."""

from functools import partial

import pytest

from skknn_syndrome.analyses.models import compute as models
from skknn_syndrome.analyses.test_sets import compute as test_sets
from skknn_syndrome.crossval.label_set_resamples import FEWEST_SETS, resample_label_sets
from skknn_syndrome.crossval.resamples import Resamples


@pytest.fixture(autouse=True)
def _few_label_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = partial(resample_label_sets, n_resamples=FEWEST_SETS)
    for module in (models, test_sets):
        monkeypatch.setattr(module, "resample_label_sets", fewer)
        monkeypatch.setattr(module, "Resamples", partial(Resamples, 200))
