"""Temperatures of heads that have none of their own."""

import numpy as np
import pytest

from skknn_syndrome.crossval.nested_models import Images
from skknn_syndrome.crossval.tasks import task_of
from skknn_syndrome.heads import get
from skknn_syndrome.model.fitting import contender
from skknn_syndrome.model.tempered import MOST_ROWS, fit_tempered
from tests.model.builders import gallery


def images(subjects: object) -> Images:
    data = gallery()
    task = task_of(data.syndromes)
    return Images(data.embeddings, task.encode(data.syndromes, data.n_images), np.asarray(subjects), task)


def temperature(subjects: object) -> float | None:
    head, _ = fit_tempered(
        contender(get("knn"), {"n_neighbors": 3}),
        images(subjects),
        np.arange(72),
        inner_cv=2,
        refit="f1_macro",
        random_state=0,
    )
    return head.temperature


def test_one_subject_leaves_nothing_to_fit_a_temperature_to() -> None:
    assert temperature(["x"] * 72) == 1.0
    assert temperature(gallery().subjects) != 1.0


def test_of_many_rows_some_tell_the_temperature(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = temperature(gallery().subjects)
    monkeypatch.setattr("skknn_syndrome.model.tempered.MOST_ROWS", 20)
    assert MOST_ROWS > 72
    assert temperature(gallery().subjects) != whole
