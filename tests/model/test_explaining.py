"""What an answer rests on: neighbours, odds, and what the nearest subject does to it."""

from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.model import SyndromeModel
from skknn_syndrome.model.fusing import units_of
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.rendering import render_case_sheet
from tests.model.builders import gallery, knn_model, lda_model, part
from tests.refusing import refused

CASES = gallery(seed=6)


def test_neighbours_have_ranks_by_both_distances() -> None:
    found = lda_model().explain(CASES, "person-5-a", n_neighbors=4)
    row, rows = CASES.embeddings[10], gallery().embeddings
    euclidean = np.linalg.norm(rows - row, axis=1)
    cosine = 1 - rows @ row / np.linalg.norm(rows, axis=1) / np.linalg.norm(row)
    assert [near.cosine_rank for near in found.neighbors] == [1, 2, 3, 4]
    for near in found.neighbors:
        place = gallery().images.tolist().index(near.image)
        assert near.cosine == pytest.approx(cosine[place])
        assert near.euclidean == pytest.approx(euclidean[place])
        assert near.euclidean_rank == 1 + (euclidean < euclidean[place]).sum()
        assert near.subject == near.image[:-2]
    assert not found.in_gallery
    assert not found.vote.decides


def test_shares_of_the_vote_are_those_of_the_classifier() -> None:
    found = knn_model().explain(CASES, "person-5-a", n_neighbors=72)
    rule = knn_model().card.params
    assert found.vote.decides
    model = SyndromeKNNClassifier(5, metric="cosine").fit(gallery().embeddings, gallery().syndromes)
    shares = dict(zip(model.classes_, model.predict_proba(CASES.embeddings[[10]])[0], strict=True))
    for name, share in shares.items():
        assert sum(near.vote_share for near in found.neighbors if near.name == name) == pytest.approx(share)
    assert {param.name: param.value for param in rule} == {"n_neighbors": 5}


def test_the_answer_without_the_nearest_subject_is_that_of_a_fit_without_it() -> None:
    found = lda_model().explain(CASES, "person-5-a")
    other = found.without_nearest
    assert other is not None
    data = gallery()
    assert data.subjects is not None
    rest = part(data, data.subjects != found.neighbors[0].subject)
    refit = SyndromeModel.fit(rest, head="lda", params={"shrinkage": 0.5}, cv=3, inner_cv=2)
    answer = refit.predict(CASES.embeddings[[10]])[0]
    assert (other.name, other.probability, other.n_images) == (answer.name, answer.probability, 2)
    assert not other.changes


def test_a_subject_alone_in_its_class_changes_the_answer() -> None:
    data = gallery()
    rare = np.where(units_of(data.subjects).members == 0, "Rare", data.syndromes)  # type: ignore[arg-type] # it has some
    assert data.subjects is not None
    odd = EmbeddingDataset.from_arrays(data.embeddings + (rare == "Rare")[:, None] * 9, rare, data.subjects)
    model = SyndromeModel.fit(odd, head="knn", params={"n_neighbors": 1}, cv=3, inner_cv=2)
    other = model.explain(odd.embeddings[:1]).without_nearest
    assert other is not None
    assert (other.changes, other.of_first) == (True, 0.0)


def test_of_two_classes_one_may_be_all_that_is_left() -> None:
    data = gallery()
    assert data.subjects is not None
    rows = np.r_[0:2, 24:48]
    few = part(data, rows)
    model = SyndromeModel.fit(few, head="centroid", cv=2, inner_cv=2)
    assert model.explain(few.embeddings[:1]).without_nearest is None


def test_without_subjects_the_nearest_image_is_left_out() -> None:
    bare = gallery().without_subjects()
    model = SyndromeModel.fit(bare, head="centroid", cv=2, inner_cv=2)
    found = model.explain(bare.embeddings[:1])
    assert found.in_gallery
    assert found.without_nearest is not None
    assert (found.without_nearest.subject, found.without_nearest.n_images) == (None, 1)
    assert found.with_placeholders().neighbors[0].subject is None


def test_odds_are_set_against_the_numbers_of_images() -> None:
    found = knn_model().explain([[1.6, 1.5, 0.0, 0.0, 0.0]])
    first, second = found.prediction.ranking[:2]
    assert found.odds.prior == 1
    assert found.odds.posterior == pytest.approx(first.probability / second.probability)
    assert found.odds.factor == found.odds.posterior
    assert not found.revised(odds=found.odds.revised(posterior=2.5)).odds_are_beyond_data
    sure = lda_model().explain([[300.0, 0.0, 0.0, 0.0, 0.0]])
    assert sure.odds_are_beyond_data
    assert sure.odds.posterior is None
    assert sure.odds.factor is None


@pytest.mark.parametrize(
    "head, params, prior",
    [("knn", {"n_neighbors": 5}, 6.0), ("centroid", {}, None), ("linear_svc", {"C": 1.0}, None)],
)
def test_odds_are_set_against_class_shares_of_heads_that_use_them(
    head: str, params: dict[str, float], prior: float | None
) -> None:
    rows = np.r_[0:24, 24:28]
    model = SyndromeModel.fit(part(gallery(), rows), head=head, params=params, cv=2, inner_cv=2)
    odds = model.explain(CASES.embeddings[:1]).odds
    assert (odds.first, odds.second, odds.prior) == ("Apert", "Noonan", prior)
    assert (odds.factor is None) == (prior is None or odds.posterior is None)


def test_placeholders_hide_every_id() -> None:
    found = lda_model().explain(CASES, "person-5-a")
    text = found.with_placeholders().model_dump_json()
    assert "person-" not in text
    assert "subject 1" in text
    assert "person-" in found.model_dump_json()


def test_an_image_has_to_be_named_and_there() -> None:
    with refused("no_image_named", "image_id"):
        lda_model().explain(CASES)
    for wrong in ("person-5", "?"):
        with refused("no_such_image", "image_id"):
            lda_model().explain(CASES, wrong)


def test_an_id_is_text_and_a_sheet_is_of_an_explanation(tmp_path: Path) -> None:
    with refused("no_id", "image_id"):
        lda_model().explain(CASES, 0)  # type: ignore[arg-type]
    with refused("no_explanation", "explanation"):
        render_case_sheet(lda_model().predict(CASES), tmp_path)  # type: ignore[arg-type]


def test_an_explanation_is_of_an_image() -> None:
    found = lda_model().explain(CASES, "person-5-a")
    subject = lda_model().predict(CASES).subjects[0]
    with pytest.raises(ValueError, match="one image"):
        found.revised(prediction=subject)
