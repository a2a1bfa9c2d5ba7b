"""Galleries that grow and shrink: a fit from the beginning, to the bit, with nothing left of who has gone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.heads.base import Head
from skknn_syndrome.model import SyndromeModel
from tests.model.builders import gallery, knn_model, lda_model, part
from tests.refusing import refused

GONE = "person-3"


def without_gone() -> EmbeddingDataset:
    data = gallery()
    assert data.subjects is not None
    return part(data, data.subjects != GONE)


def newcomers() -> EmbeddingDataset:
    """Return one image of each of three subjects more."""
    other = gallery(seed=5)
    rows = [0, 24, 48]
    names = [f"new-{number}" for number in range(3)]
    return EmbeddingDataset.from_arrays(other.embeddings[rows], other.syndromes[rows], names, names)


def refit(data: EmbeddingDataset) -> SyndromeModel:
    return SyndromeModel.fit(data, head="lda", params={"shrinkage": 0.5}, cv=3, inner_cv=2)


def test_a_model_without_a_subject_is_that_of_the_others(tmp_path: Path) -> None:
    left, fresh = lda_model().remove_subject(GONE), refit(without_gone())
    cases = gallery(seed=4)
    assert left.predict(cases) == fresh.predict(cases)
    np.testing.assert_array_equal(left.gallery.embeddings, fresh.gallery.embeddings)
    assert left.card.revised(changes=(), fitted=fresh.card.fitted) == fresh.card
    left.save(tmp_path / "a.model")
    content = (tmp_path / "a.model").read_bytes()
    gone = gallery().embeddings[6:8]
    for text in (f"{GONE}-a", f"{GONE}-b"):
        assert text.encode() not in content
        assert text.encode("utf-32-le") not in content
    assert gone[0].tobytes() not in content
    assert gone[0].astype(np.float32).tobytes() not in content
    assert f"{GONE[:-1]}4-a".encode("utf-32-le") in content


def test_a_withdrawal_is_noted_without_a_name() -> None:
    (change,) = lda_model().remove_subject(GONE).card.changes
    assert (change.kind, change.n_images, change.n_subjects, change.recalibration_due) == (
        "removed",
        2,
        1,
        False,
    )
    assert GONE not in change.model_dump_json()


def test_a_larger_gallery_is_fitted_from_the_beginning() -> None:
    data = gallery()
    assert data.subjects is not None
    few = np.isin(data.subjects, ["person-0", "person-20"])
    grown = refit(part(data, ~few)).add(part(data, few))
    both = part(data, np.r_[np.flatnonzero(~few), np.flatnonzero(few)])
    assert grown.predict(gallery(seed=4)) == refit(both).predict(gallery(seed=4))
    (change,) = grown.card.changes
    assert (change.n_images, change.n_subjects, change.covered) == (4, 2, 1.0)
    assert grown.card.dataset.data_sha256 == refit(both).card.dataset.data_sha256


def test_recalibration_is_due_where_the_sets_did_not_hold_what_was_added() -> None:
    other = gallery(seed=9)
    assert other.subjects is not None
    turned = EmbeddingDataset.from_arrays(
        other.embeddings,
        np.roll(other.syndromes, 24),
        [f"new {name}" for name in other.subjects],
        [f"new {name}" for name in other.images],
    )
    grown = lda_model().add(turned)
    assert grown.card.recalibration_due
    assert grown.card.changes[-1].covered == pytest.approx(0, abs=0.2)


def test_of_unknown_classes_and_known_people_no_promise_was_made() -> None:
    data = gallery()
    assert data.subjects is not None
    new = EmbeddingDataset.from_arrays(
        [[9.0, 0, 0, 0, 9], [9.0, 1, 0, 0, 8], data.embeddings[0] + 0.01],
        ["Turner", "Turner", "Apert"],
        ["q", "r", data.subjects[0]],
        ["i", "j", "k"],
    )
    grown = knn_model().add(new)
    assert grown.card.changes[-1].covered is None
    assert "Turner" in grown.card.classes


def test_scores_of_a_study_are_stale_after_a_change() -> None:
    model = SyndromeModel.fit(
        gallery(), head="centroid", expected=lda_model().card.expected, cv=2, inner_cv=2
    )
    grown = model.add(newcomers())
    assert (grown.card.expected, grown.card.expected_are_stale) == (model.card.expected, True)
    assert grown.predict(gallery()).scores_are_stale


def test_nothing_computed_of_who_withdraws_stays_on_the_card() -> None:
    model = SyndromeModel.fit(
        gallery(), head="centroid", expected=lda_model().card.expected, cv=2, inner_cv=2
    )
    grown = model.add(newcomers())
    assert grown.card.changes[0].covered is not None
    left = grown.remove_subject("new-0")
    assert [change.covered for change in left.card.changes] == [None, None]
    assert (left.card.expected_of, left.card.expected_are_stale) == ("fit", False)
    alone = SyndromeModel.fit(left.gallery, head="centroid", cv=2, inner_cv=2)
    assert left.card.revised(changes=(), fitted=alone.card.fitted) == alone.card


def test_a_head_of_ones_own_is_fitted_again(tmp_path: Path) -> None:
    bayes = Head("bayes", "naive Bayes", GaussianNB, {}, frozenset({"probabilities"}))
    model = SyndromeModel.fit(gallery(), head=bayes, cv=2, inner_cv=2)
    left = model.remove_subject(GONE)
    assert left.gallery.n_images == 70
    assert left.add(newcomers()).card.head == "bayes"
    explained = model.explain(gallery(seed=5).embeddings[:1])
    assert explained.without_nearest is not None
    model.save(tmp_path / "a.model", trusted=[GaussianNB])
    loaded = SyndromeModel.load(tmp_path / "a.model", trusted=[GaussianNB])
    with refused("head_not_known", "head"):
        loaded.remove_subject(GONE)
    with refused("head_not_known", "head"):
        loaded.add(newcomers())
    again = SyndromeModel.load(tmp_path / "a.model", trusted=[GaussianNB], head=bayes)
    assert again.remove_subject(GONE).predict(gallery(seed=5)) == left.predict(gallery(seed=5))
    assert again.explain(gallery(seed=5).embeddings[:1]) == explained
    with refused("another_head", "head"):
        SyndromeModel.load(tmp_path / "a.model", trusted=[GaussianNB], head=replace(bayes, name="other"))


def test_without_subjects_a_gallery_grows_too() -> None:
    bare = gallery().without_subjects()
    model = SyndromeModel.fit(bare, head="centroid", cv=2, inner_cv=2)
    new = EmbeddingDataset.from_arrays(gallery(seed=5).embeddings[:2], ["Apert"] * 2, images=["x", "y"])
    assert model.add(new).card.dataset.n_images == 74
    with refused("subjects_of_one", "dataset"):
        model.add(gallery(seed=5))
    with refused("no_such_subject", "subject"):
        model.remove_subject("x")


def test_what_can_not_be_added_or_removed() -> None:
    with refused("no_such_subject", "subject"):
        lda_model().remove_subject("nobody")
    with refused("wrong_length", "X"):
        lda_model().add(gallery(n_features=6))
    with refused("repeated_images", "images", error=ParameterError):
        lda_model().add(gallery())


def test_the_last_subject_can_not_be_removed() -> None:
    from skknn_syndrome.model.growing import withdrawn  # noqa: PLC0415

    data = gallery()
    alone = replace(data, subjects=np.full(data.n_images, "x"))
    with refused("last_subject", "subject"):
        withdrawn(alone, "x")


def test_names_of_classes_stay_with_those_that_are_left() -> None:
    named = knn_model().with_class_names({"Sotos": "Sotos syndrome"}, {"Apert": "OMIM 101200"})
    assert [(each.label, each.name, each.id) for each in named.card.class_names] == [
        ("Apert", "Apert", "OMIM 101200"),
        ("Sotos", "Sotos syndrome", None),
    ]
    left = named.remove_subject("person-0")
    assert left.card.class_names == named.card.class_names
    rows = {row["syndrome"]: row for row in left.predict(gallery().embeddings[:1]).rows()}
    assert (rows["Sotos"]["name"], rows["Sotos"]["id"]) == ("Sotos syndrome", None)
    assert (rows["Apert"]["name"], rows["Apert"]["id"]) == ("Apert", "OMIM 101200")
    assert rows["Noonan"]["name"] == "Noonan"


def test_names_are_of_classes_and_tell_them_apart() -> None:
    with refused("unknown_class", "names"):
        knn_model().with_class_names({"Soto": "a"})
    with refused("unknown_class", "ids"):
        knn_model().with_class_names({}, {"Soto": "a"})
    with refused("class_names_alike", "names"):
        knn_model().with_class_names({"Sotos": "Apert"})
