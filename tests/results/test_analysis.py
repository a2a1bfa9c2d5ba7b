"""Analyses of a study are found by kind or question, and keep the order of reading."""

import pytest

from skknn_syndrome.analyses.calibration.result import CalibrationAnalysis
from skknn_syndrome.analyses.embedding_map.result import EmbeddingMapAnalysis
from skknn_syndrome.analyses.per_class.result import PerClassAnalysis
from skknn_syndrome.results.analysis import Analyses
from tests.rendering.full_study import make_full_study


def test_an_analysis_is_found_by_its_kind_or_its_question() -> None:
    study = make_full_study()
    assert study.find("calibration") is study.find(CalibrationAnalysis)
    assert study.find("per_class", "image") is study.find(PerClassAnalysis, "image")
    assert Analyses().find("calibration") is None


def test_a_question_that_nobody_knows_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(KeyError, match=r"there is no question 'calibrations', but .*'calibration'"):
        make_full_study().find("calibrations")


def test_they_stand_in_the_order_of_reading_and_one_takes_the_place_of_its_like() -> None:
    study = make_full_study()
    shuffled = Analyses.of(reversed(study.analyses))
    assert shuffled == study.analyses
    bare = EmbeddingMapAnalysis()
    replaced = study.analyses.replaced_by(bare, None)
    assert [entry.question for entry in replaced] == [entry.question for entry in study.analyses]
    assert replaced.find(EmbeddingMapAnalysis) is bare


def test_what_several_kinds_have_is_gathered() -> None:
    study = make_full_study()
    gathered = study.analyses.gathered("calibrations")
    assert gathered == study.find("calibration").calibrations
    assert repr(study.analyses).startswith("<Analyses: ")
    assert repr(Analyses()) == "<Analyses: none>"
