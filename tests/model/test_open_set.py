"""Novelty of a model in use: thresholds of images and of subjects, and what they flag."""

from functools import cache

import numpy as np
import pytest

from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.model import SyndromeModel
from skknn_syndrome.model.open_set import describe_novelty, nearest_out_of_fold
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.model_card import Detection, NoveltyNote
from skknn_syndrome.statistics.conformal import subject_weights
from skknn_syndrome.statistics.novelty import ClassMeans, threshold
from tests.promise_builders import directions


def test_known_images_are_held_against_thresholds_of_the_other_folds() -> None:
    rows, labels, subjects = directions(60, 3, noise=0.5)
    names, codes = np.unique(labels, return_inverse=True)
    splits = make_splits(labels, subjects, cv=3, random_state=0).parts
    found = describe_novelty(rows, codes, subjects, splits, names.tolist(), 0.2)
    known = nearest_out_of_fold(rows, codes, subjects, splits).novelty()
    weights = np.array([1 / np.sum(subjects == who) for who in subjects])
    rejected = np.zeros(len(rows))
    for part in splits:
        rejected[part.test] = known[part.test] > threshold(known[part.train], weights[part.train], 0.2)
    assert found.rejected_known == pytest.approx(np.average(rejected, weights=weights))
    assert found.threshold == threshold(known, weights, 0.2)
    for code, entry in enumerate(found.detected):
        own = codes == code
        assert entry.rejected == pytest.approx(np.average(rejected[own], weights=weights[own]))
    assert found.mean_detected.estimate == pytest.approx(np.mean([each.flagged for each in found.detected]))


def test_a_class_left_out_is_as_one_that_was_never_there() -> None:
    rows, labels, subjects = directions(60, 3, noise=0.5)
    codes = np.unique(labels, return_inverse=True)[1]
    splits = make_splits(labels, subjects, cv=3, random_state=0).parts
    nearest = nearest_out_of_fold(rows, codes, subjects, splits)
    for code in range(3):
        for part in splits:
            train = part.train[codes[part.train] != code]
            means = ClassMeans.of(rows[train], codes[train], subjects[train])
            assert nearest.novelty(code)[part.test] == pytest.approx(means.novelty(rows[part.test]))


def test_of_few_subjects_as_many_known_ones_are_said_to_be_flagged_as_new_ones_are() -> None:
    said, new = [], []
    for seed in range(40):
        rows, labels, subjects = directions(145, 3, noise=0.5, seed=seed)
        names, codes = np.unique(labels, return_inverse=True)
        few = subjects < 45
        splits = make_splits(labels[few], subjects[few], cv=3, random_state=seed).parts
        note = describe_novelty(rows[few], codes[few], subjects[few], splits, names.tolist(), 0.1)
        said.append(note.rejected_known)
        novelty = ClassMeans.of(rows[few], codes[few], subjects[few]).novelty(rows[~few])
        new.append(np.average(novelty > (note.threshold or 0), weights=subject_weights(subjects[~few])))
    # Held against a threshold that was fitted to themselves, three subjects of 45 are flagged.
    assert np.mean(said) == pytest.approx(np.mean(new), abs=0.015)
    assert np.mean(said) > 3 / 45 + 0.01


@cache
def noisy(n_subjects: int = 60) -> EmbeddingDataset:
    """Return three classes of subjects with six images each, which differ much."""
    return drawn(n_subjects, 0)


def drawn(n_subjects: int, seed: int) -> EmbeddingDataset:
    random = np.random.default_rng(seed)
    subjects = np.repeat(np.arange(n_subjects), 6)
    codes = subjects % 3
    rows = np.eye(5)[codes] + 0.5 * random.normal(size=(len(codes), 5))
    return EmbeddingDataset.from_arrays(rows, codes.astype(str), [f"{seed}-{who}" for who in subjects])


def test_means_over_the_images_of_a_subject_have_a_threshold_of_their_own() -> None:
    model = SyndromeModel.fit(noisy(), head="centroid", cv=3, inner_cv=2, false_rejection=0.2)
    note, said = model.card.novelty, model.predict(drawn(300, 1))
    assert note.threshold is not None
    assert note.subject_threshold is not None
    # A mean over six images seldom exceeds what one in five images does.
    assert note.subject_threshold < note.threshold
    assert {each.novelty_threshold for each in said.subjects} == {note.subject_threshold}
    assert {each.novelty_threshold for each in said.images} == {note.threshold}
    flagged = np.array([each.possibly_none for each in said.subjects])
    novelty = np.array([each.novelty for each in said.subjects])
    assert flagged.mean() == pytest.approx(0.2, abs=0.1)
    assert np.mean(novelty > note.threshold) < 0.05


def note_of(*flagged: float, low: float | None, high: float | None) -> NoveltyNote:
    mean = float(np.mean(flagged))
    return NoveltyNote(
        threshold=0.5,
        subject_threshold=None,
        false_rejection=0.05,
        rejected_known=0.05,
        detected=tuple(
            Detection(name=f"c{number}", flagged=share, rejected=0.05, n_images=9)
            for number, share in enumerate(flagged)
        ),
        mean_detected=MeanInterval(estimate=mean, low=low, high=high, unit="syndromes", n_units=len(flagged)),
    )


@pytest.mark.parametrize(
    "note, verdict, said",
    [
        (
            note_of(0.2, 0.3, low=0.1, high=0.4),
            "mostly unnoticed",
            "most images of unknown syndromes go unnoticed",
        ),
        (note_of(0.8, 0.9, low=0.7, high=1.0), "mostly noticed", "are noticed"),
        (note_of(0.3, 0.5, low=0.0, high=1.0), "inconclusive", "inconclusive"),
        (note_of(1.0, 1.0, low=None, high=None), None, ""),
    ],
)
def test_what_is_said_follows_the_interval_over_classes(note: NoveltyNote, verdict: str, said: str) -> None:
    assert note.verdict == verdict
    assert said in note.sentence
    assert ("go unnoticed" in note.sentence) == (verdict in {"mostly unnoticed", "inconclusive"})
    assert note.sentence.endswith("No flag does not mean known.")
