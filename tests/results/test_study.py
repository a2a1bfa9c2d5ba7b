"""The study's result, in memory and as a file."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from skknn_syndrome.analyses.inflation.result import ProtocolDifference
from skknn_syndrome.analyses.leakage.result import LeakageAnalysis
from skknn_syndrome.errors import StudyFileError
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.upgrades import SCHEMA_VERSION
from tests.builders import make_candidate, make_run, make_study


def test_the_primary_protocol_is_the_first() -> None:
    study = make_study(
        make_run(make_candidate([0.5], n_neighbors=7), protocol="subject"),
        make_run(make_candidate([0.9], n_neighbors=1)),
    )
    assert study.primary.protocol == "subject"
    assert study.best["cosine"].n_neighbors == 7


def test_its_earlier_name_is_taken_with_a_hint() -> None:
    study = make_study(make_run(make_candidate([0.5])))
    with pytest.warns(FutureWarning, match="study.primary"):
        assert study.headline is study.primary


def test_it_is_the_same_after_a_file(tmp_path: Path) -> None:
    study = make_study()
    study.save(tmp_path / "deep" / "study.json")
    loaded = StudyResult.load(tmp_path / "deep" / "study.json")
    assert loaded == study
    assert hash(loaded) == hash(study)
    assert loaded.search is None
    assert loaded.best_estimator is None


def test_it_shows_itself_by_name_protocol_and_winner() -> None:
    study = make_study(
        make_run(make_candidate([0.5, 0.75]), make_candidate([0.75, 1.0], n_neighbors=7), protocol="subject")
    )
    shown = (
        "StudyResult('six.csv', protocol 'subject': cosine, n_neighbors=7, weights='distance', "
        "<roc_auc_ovr 0.8750 ± 0.1250, defined in 2 of 2 folds>)"
    )
    assert repr(study) == str(study) == shown


def test_a_score_that_is_nowhere_defined_is_shown_as_such() -> None:
    study = make_study(make_run(make_candidate([float("nan")])))
    assert repr(study).endswith("<roc_auc_ovr not defined, defined in 0 of 1 folds>)")


def test_a_path_may_be_text(tmp_path: Path) -> None:
    study = make_study()
    study.save(str(tmp_path / "study.json"))
    assert StudyResult.load(str(tmp_path / "study.json")) == study


def test_the_frame_has_a_row_for_each_score_of_each_fold() -> None:
    frame = make_study(make_run(make_candidate([0.5, float("nan")]))).to_frame()
    assert list(frame) == [
        "protocol", "repeat", "metric", "weights", "n_neighbors", "split", "score", "value",
    ]  # fmt: skip
    assert frame["split"].tolist() == [0, 1]
    assert frame["value"].isna().tolist() == [False, True]


def test_nothing_can_be_changed_or_added() -> None:
    study = make_study()
    with pytest.raises(ValidationError, match="frozen"):
        study.schema_version = 1  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        StudyResult.model_validate({**study.model_dump(), "remark": "hello"})


def test_an_older_version_loads_without_the_fields_that_came_later() -> None:
    document = make_study().model_dump(mode="json", exclude={"analyses", "audit"})
    assert StudyResult.model_validate_json(_as_json(document)).audit is None


def test_a_difference_is_image_minus_subject_and_none_where_one_is_missing() -> None:
    difference = ProtocolDifference(
        head=KNN,
        params=knn_params("cosine", "distance", 5),
        score="accuracy",
        image_mean=0.75,
        subject_mean=0.5,
    )
    assert difference.inflation == 0.25
    assert difference.model_copy(update={"image_mean": None}).inflation is None


def test_a_missing_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StudyFileError, match="can't be read: No such file"):
        StudyResult.load(tmp_path / "none.json")


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION + 1])
def test_a_newer_schema_asks_for_a_newer_package(version: int) -> None:
    with pytest.raises(ValidationError, match="update skknn-syndrome"):
        StudyResult.model_validate({**make_study().model_dump(), "schema_version": version})


def test_a_study_has_a_protocol() -> None:
    with pytest.raises(ValidationError, match="at least one protocol"):
        StudyResult.model_validate({**make_study().model_dump(), "protocols": ()})


def _as_json(document: dict[str, object]) -> str:
    import json  # noqa: PLC0415  needed in one place

    return json.dumps(document)


def test_an_analysis_is_of_a_protocol_that_the_study_has() -> None:
    with pytest.raises(ValidationError, match="there is no protocol 'subject', only 'image'"):
        make_study().revised(analyses=Analyses([LeakageAnalysis(protocol="subject")]))


def test_an_analysis_in_a_file_of_today_is_told_by_its_place(tmp_path: Path) -> None:
    study = make_study().revised(analyses=Analyses([LeakageAnalysis()]))
    document = study.model_dump(mode="json")
    document["analyses"][0]["leaks"] = [3]
    path = tmp_path / "study.json"
    path.write_text(json.dumps(document))
    with pytest.raises(StudyFileError, match="entry 1 of 'leaks' in entry 1 of 'analyses' is 3"):
        StudyResult.load(path)
