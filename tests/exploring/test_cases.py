"""Galleries of models and maps of studies as cases."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome.crossval.out_of_fold_file import write_records
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.data.covariates import Covariate
from skknn_syndrome.exploring.model_cases import ModelCases, principal_plane
from skknn_syndrome.exploring.records import RECORDS
from skknn_syndrome.exploring.study_cases import StudyCases
from skknn_syndrome.model import SyndromeModel
from skknn_syndrome.results.analysis import Analyses
from tests.exploring.builders import mapped_study, model_cases
from tests.model.builders import CLASSES, gallery, knn_model, lda_model
from tests.refusing import refused


def test_a_gallery_is_answered_by_models_that_have_not_seen_the_subject() -> None:
    model = lda_model()
    answers = model.ask_gallery()
    parts = answers.parts
    for row in (0, 30, 71):
        fold = parts.gallery.folds[row]
        asked = parts.ensemble.ask(parts.gallery.rows[row : row + 1])
        assert answers.probabilities[row] == pytest.approx(asked.by_fold[fold, 0])
    # What was calibrated is what is shown.
    own = np.arange(72), parts.gallery.codes
    wanted = 1 - answers.probabilities[own] + 1e-3 * (1 - answers.likeness[own]) / 2
    assert parts.of_images.nonconformity == pytest.approx(wanted)


def test_a_case_s_own_subject_is_left_out_of_its_p_value() -> None:
    answers = knn_model().ask_gallery()
    said = answers.answer(0)
    scores, gallery_ = answers.parts.of_images, answers.parts.gallery
    truth = gallery_.codes[0]
    assert gallery_.subjects is not None
    others = (gallery_.codes == truth) & (gallery_.subjects != gallery_.subjects[0])
    usual = (1 + scores.weights[others & (scores.nonconformity >= scores.nonconformity[0])].sum()) / 12
    entry = next(entry for entry in said.ranking if entry.name == CLASSES[truth])
    assert entry.p_value == pytest.approx(usual)
    assert said.prediction_set == tuple(entry.name for entry in said.ranking if entry.p_value > 0.1)


def test_without_subjects_a_case_leaves_out_itself() -> None:
    data = gallery().without_subjects()
    cases = ModelCases(SyndromeModel.fit(data, head="centroid", cv=2, inner_cv=2))
    found = cases.case(3)
    assert found.subject is None
    assert 3 not in {near.row for near in found.neighbors}
    assert cases.overview(1).subjects == ()


def test_a_plane_of_one_feature_is_a_line() -> None:
    plane, share = principal_plane(np.array([[1.0], [-1.0], [2.0]]))
    assert plane.shape == (3, 2)
    assert share == pytest.approx(1)
    assert not plane[:, 1].any()
    assert principal_plane(np.ones((3, 2)))[1] == 1.0


def test_a_sheet_hides_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    from skknn_syndrome import rendering  # noqa: PLC0415  as the code under test does

    def write(found: object, folder: Path, *_: object) -> tuple[object, ...]:
        folder.mkdir()
        (folder / "case.html").write_text(str(found))
        return (type("File", (), {"path": folder / "case.html"}),)

    monkeypatch.setattr(rendering, "render_case_sheet", write)
    assert b"prediction" in model_cases().sheet(0)
    with refused("no_such_row", "row"):
        model_cases().sheet(72)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    study = mapped_study()
    write_records(
        study.records, tmp_path / RECORDS, data_sha256=study.dataset.data_sha256, images=gallery().images
    )
    return tmp_path


def test_a_study_shows_its_out_of_fold_predictions(folder: Path) -> None:
    cases = StudyCases(mapped_study(), folder)
    shown = cases.overview(1)
    assert (shown.kind, shown.answers) == ("study", False)
    assert shown.images == tuple(gallery().images.tolist())
    assert shown.subjects[:2] == ("person-0", "person-0")
    found = cases.case(4)
    assert (found.image, found.subject, found.prediction) == ("person-2-a", "person-2", None)
    assert found.ranking[0].name == shown.classes[shown.predicted[4]].name
    assert found.ranking[0].probability == pytest.approx(shown.confidence[4], abs=1e-3)
    assert len(found.neighbors) == 3
    assert all(near.row is not None and near.distance is not None for near in found.neighbors)
    assert "person-2" not in {near.subject for near in found.neighbors}


def test_the_records_of_the_primary_protocol_are_found(folder: Path) -> None:
    study = mapped_study()
    by_image = replace(study.records[0], protocol="image")
    sha256, ids = study.dataset.data_sha256, gallery().images
    write_records([by_image, *study.records], folder / RECORDS, data_sha256=sha256, images=ids)
    assert StudyCases(study, folder).overview(1).images == tuple(ids.tolist())
    write_records([by_image], folder / RECORDS, data_sha256=sha256, images=ids)
    assert StudyCases(study, folder).overview(1).images == ()


def test_a_study_alone_shows_its_map(tmp_path: Path) -> None:
    for cases in (StudyCases(mapped_study()), StudyCases(mapped_study(), tmp_path)):
        assert cases.overview(1).images == ()
        found = cases.case(0)
        assert (found.image, len(found.ranking), [near.row for near in found.neighbors]) == (None, 1, [1])


def test_records_of_another_study_are_not_shown(folder: Path) -> None:
    study = mapped_study()
    write_records(study.records, folder / RECORDS, data_sha256="0" * 64, images=gallery().images)
    assert StudyCases(study, folder).overview(1).images == ()
    (folder / RECORDS).write_bytes(b"PAR1")
    assert StudyCases(study, folder).overview(1).images == ()


def test_records_that_predict_otherwise_are_not_shown(folder: Path) -> None:
    study = mapped_study()
    (found,) = [entry for entry in study.analyses if entry.question == "embedding_map"]
    shown = found.embedding_map  # type: ignore[attr-defined] # of that question
    others = tuple(CLASSES[(CLASSES.index(name) + 1) % 3] for name in shown.predicted)
    changed = found.revised(embedding_map=shown.revised(predicted=others))
    rest = [entry for entry in study.analyses if entry is not found]
    assert StudyCases(study.revised(analyses=Analyses.of([*rest, changed])), folder).overview(1).images == ()
    bare = found.revised(embedding_map=shown.revised(predicted=(), confidence=(), neighbors=()))
    cases = StudyCases(study.revised(analyses=Analyses.of([*rest, bare])), folder)
    assert (cases.overview(1).predicted, cases.case(0).ranking, cases.case(0).neighbors) == ((), (), ())


def test_a_study_answers_no_questions() -> None:
    cases = StudyCases(mapped_study())
    with refused("no_model"):
        cases.predict(b"", ".csv", None, None)
    with refused("no_model"):
        cases.explain(b"", ".csv", 0)
    with refused("no_model"):
        cases.sheet(0)


def test_a_study_without_a_map_is_refused() -> None:
    study = mapped_study()
    rest = [entry for entry in study.analyses if entry.question != "embedding_map"]
    with refused("no_map"):
        StudyCases(study.revised(analyses=Analyses.of(rest)))


def with_sex() -> EmbeddingDataset:
    sex = Covariate.of("sex", [*(["f", "m"] * 35), None, "f"])
    return replace(gallery(), covariates=(sex,))


def test_covariates_are_those_of_the_data() -> None:
    for cases in (ModelCases(knn_model(), with_sex()), StudyCases(mapped_study(), data=with_sex())):
        (shown,) = cases.overview(1).covariates
        assert (shown.name, shown.groups) == ("sex", ("f", "m", "missing"))
        assert (shown.codes[:2], shown.codes[-2:]) == ((0, 1), (2, 0))


def test_covariates_of_other_data_are_refused() -> None:
    with refused("other_data", "data"):
        ModelCases(knn_model(), gallery(seed=1))
