"""Representations of results: one line each."""

import pydoc
from collections.abc import Iterator, Mapping

import pytest

from skknn_syndrome import EmbeddingDataset, StudyResult
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.candidate import Candidate
from skknn_syndrome.results.one_line import LONGEST, cut, short_repr
from skknn_syndrome.results.protocol import ProtocolResult
from tests.alignment_builders import make_alignment
from tests.builders import make_candidate, make_run, make_study
from tests.model_builders import make_encoder, make_model_comparison, make_two_models
from tests.rendering.studies import everything


def parts_of(value: object) -> Iterator[Result]:
    """Go through a result and all results within it."""
    if isinstance(value, Result):
        yield value
        for name in type(value).model_fields:
            yield from parts_of(getattr(value, name))
    elif isinstance(value, tuple | list):
        for entry in value:
            yield from parts_of(entry)
    elif isinstance(value, Mapping):
        yield from parts_of(list(value.values()))


def test_every_part_of_a_result_is_shown_on_one_short_line() -> None:
    results = (
        everything(),
        make_alignment(),
        make_model_comparison(make_two_models(), make_encoder("embeddings")),
    )
    seen = set()
    for part in (part for result in results for part in parts_of(result)):
        seen.add(type(part))
        assert len(repr(part)) <= LONGEST
        assert repr(part).isprintable()
        assert str(part) == repr(part)
    assert {StudyResult, ProtocolResult, Candidate, *map(type, results)} <= seen


def test_a_long_name_cuts_no_score() -> None:
    study = make_study(make_run(make_candidate([0.5, 0.75])))
    long = study.revised(dataset=study.dataset.revised(name="x" * 2_000))
    assert len(repr(long)) <= LONGEST
    assert "0.6250" in repr(long)


def test_a_score_that_few_folds_define_shows_it() -> None:
    nan = float("nan")
    run = make_run(make_candidate([nan, nan, 0.5]))
    for shown in (run, run.candidates[0], make_study(run)):
        assert "defined in 1 of 3 folds" in repr(shown)


def test_a_candidate_counts_the_scores_that_it_does_not_show() -> None:
    candidate = make_candidate([0.5, 0.75])
    assert "more" not in repr(candidate)
    two = candidate.revised(all_scores=candidate.all_scores * 2)
    assert "1 more score" in repr(two)
    assert repr(candidate.revised(all_scores=())) == "Candidate(cosine distance, k = 1)"


def test_values_within_a_line_are_short() -> None:
    values: list[object] = [
        *("x" * 500, ("x" * 70,), {"a": "x" * 70}, [0.5] * 9, make_alignment().provenance)
    ]
    for value in values:
        assert len(short_repr(value)) <= 60
    assert [short_repr(value) for value in ((1,), 0.5, None, True, ("x" * 70,))] == [
        *("(1,)", "0.5", "None", "True", "<1 entry>")
    ]
    assert cut("short") == "short"


def test_a_data_set_is_shown_on_one_line() -> None:
    dataset = EmbeddingDataset.from_arrays([[1.0], [2.0]], ["a", "b"], name="d" * 900)
    assert len(repr(dataset)) <= LONGEST


def test_names_that_pydantic_deprecates_are_not_offered() -> None:
    study = make_study(make_run(make_candidate([0.5, 0.75])))
    offered = set(dir(study))
    assert not offered & {"copy", "dict", "json", "parse_raw", "schema", "validate", "construct", "from_orm"}
    assert {"plot", "table", "find", "best", "model_dump_json"} <= offered


@pytest.mark.usefixtures("no_cover")
def test_help_begins_with_the_members_of_the_study() -> None:
    text = pydoc.plain(pydoc.render_doc(StudyResult))
    own, inherited = (text.index(found) for found in (" |  to_frame(self)", "inherited from pydantic"))
    assert own < inherited
    assert text.index(" |  plot\n") < inherited
    internals = text.index("__pydantic")
    assert all(
        text.index(f" |  {name}") < internals for name in ("plot\n", "figures\n", "tables\n", "table(")
    )
