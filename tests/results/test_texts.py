"""Texts of results, found and changed by the fields that hold them."""

from collections.abc import Mapping
from typing import Annotated, Literal

from skknn_syndrome.results.base import Result
from skknn_syndrome.results.texts import LABELS, texts_of, with_texts
from tests.builders import make_study
from tests.rendering.full_study import make_full_study


class Held(Result):
    """A result with fields of all kinds."""

    n: int | None
    shares: tuple[float | None, ...]
    kind: Literal["a", "b"]
    scores: Mapping[str, float]
    names: tuple[str, ...]
    label: Annotated[str, "said"] | None
    inner: Result | None


def test_what_does_not_change_stays_the_same_object() -> None:
    study = make_full_study()
    assert with_texts(study, lambda _, text: text) is study
    told = with_texts(study, lambda field, text: text.upper() if field in LABELS else text)
    assert told.primary is study.primary
    assert told.dataset.syndromes[0].syndrome == "ALPHA"


def test_texts_come_with_their_fields() -> None:
    found = [text for field, text in texts_of(make_study()) if field in LABELS]
    assert found == ["a", "b"]
    assert list(texts_of((1.0, 2.0), "x")) == []
    assert list(texts_of(None)) == []


def test_fields_of_numbers_and_of_choices_hold_no_text() -> None:
    held = Held(n=1, shares=(None, 0.5), kind="a", scores={"x": 1.0}, names=("y",), label="z", inner=None)
    assert list(texts_of(held)) == [("names", "y"), ("label", "z")]
