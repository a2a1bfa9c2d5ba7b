"""Subjects in training and test part under several ids are named, with the inflation by them."""

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome._typing import FloatArray, LabelArray
from skknn_syndrome.analyses.leakage.result import LeakageAnalysis
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads import Head
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study import cross_validate_study
from tests.builders import analysis_of

N = 240
OPTIONS: dict[str, Any] = {"n_neighbors": [5], "cv": 4, "analyses": ["leakage"]}


def clean() -> tuple[FloatArray, LabelArray, LabelArray]:
    """Return three overlapping syndromes, two images a subject."""
    generator = np.random.default_rng(3)
    labels = np.repeat(["a", "b", "c"], N // 3)
    centres = 0.3 * generator.standard_normal((3, 30))
    subjects = np.array([f"s{row // 2:03}" for row in range(N)])
    return np.repeat(centres, N // 3, axis=0) + generator.standard_normal((N, 30)), labels, subjects


def copied(noise: float) -> tuple[FloatArray, LabelArray, LabelArray]:
    """Return the same with forty images copied under new ids."""
    rows, labels, subjects = clean()
    generator = np.random.default_rng(4)
    chosen = generator.choice(N, 40, replace=False)
    copies = rows[chosen] + noise * generator.standard_normal((40, 30))
    return (
        np.concatenate([rows, copies]),
        np.concatenate([labels, labels[chosen]]),
        np.concatenate([subjects, [f"new{number:02}" for number in range(40)]]),
    )


def study_of(rows: FloatArray, labels: LabelArray, subjects: LabelArray, **options: Any) -> StudyResult:
    return cross_validate_study(rows, labels, groups=subjects, **OPTIONS | options)


def test_a_clean_set_raises_nothing() -> None:
    study = study_of(*clean())
    assert analysis_of(study, LeakageAnalysis).leaks == ()
    assert study.checks["leak"].outcome == "passed"


@pytest.mark.parametrize("noise, kind", [(0.0, "exact_copies"), (0.01, "near_copies")])
def test_copies_under_new_ids_are_named_with_the_inflation_they_cause(noise: float, kind: str) -> None:
    study = study_of(*copied(noise))
    (leak,) = analysis_of(study, LeakageAnalysis).leaks
    assert (leak.kind, leak.protocol, leak.n_pairs, leak.grouped) == (kind, "subject", 40, False)
    assert len(leak.subjects) == 20
    assert all(any(name.startswith("new") for name in ids) for ids in leak.subjects)
    syndrome_of = dict(zip(*copied(noise)[:0:-1], strict=True))
    for ids, syndromes in leak.by_person:
        assert set(syndromes) == {syndrome_of[name] for name in ids}
    (f1,) = (entry for entry in leak.inflations if (entry.metric, entry.score) == ("cosine", "f1_macro"))
    assert f1.inflation is not None
    assert f1.inflation > 0.03
    check = study.checks["leak"]
    assert check.outcome == "issue"
    assert check.figures[f"{kind}.f1_macro_change"] == f1.inflation
    assert check.figures[f"{kind}.n_subjects"] == leak.n_subjects
    assert "macro F1 is 0." in check.message
    assert "'new" in check.message


def test_the_inflation_is_that_of_folds_purged_by_hand() -> None:
    rows, labels, subjects = copied(0.0)
    (leak,) = analysis_of(study_of(rows, labels, subjects), LeakageAnalysis).leaks
    person = np.array([np.flatnonzero((rows == row).all(axis=1))[0] for row in rows])
    linked = dict(zip(subjects, subjects[person], strict=True))  # a new id to the one that it was copied from
    persons = np.array([linked[subject] for subject in subjects])
    concerned = np.isin(persons, persons[subjects != persons])
    values = []
    for part in make_splits(labels, subjects, cv=4, random_state=42).parts:
        left = part.train[~(concerned[part.train] & np.isin(persons[part.train], persons[part.test]))]
        model = SyndromeKNNClassifier(5).fit(rows[left], labels[left])
        values.append(f1_score(labels[part.test], model.predict(rows[part.test]), average="macro"))
    (f1,) = (entry for entry in leak.inflations if (entry.metric, entry.score) == ("cosine", "f1_macro"))
    assert f1.purged == pytest.approx(np.mean(values), abs=1e-12)


def test_a_subject_under_two_syndromes_is_named() -> None:
    rows, labels, subjects = clean()
    subjects[N // 3 : N // 3 + 4] = subjects[:4]
    study = study_of(rows, labels, subjects)
    (leak,) = analysis_of(study, LeakageAnalysis).leaks
    assert (leak.kind, leak.protocol) == ("two_syndromes", "image")
    assert leak.subjects == (("s000",), ("s001",))
    assert (leak.n_images, leak.syndromes) == (8, ("a", "b"))
    assert leak.subject_syndromes == (("a", "b"), ("a", "b"))


def test_grouped_they_are_kept_together_and_the_result_says_what_that_takes_away() -> None:
    rows, labels, subjects = copied(0.0)
    plain, grouped = (
        study_of(rows, labels, subjects, group_near_duplicates=choice) for choice in (False, True)
    )
    assert grouped.dataset.n_subjects == plain.dataset.n_subjects - 40  # type: ignore[operator]
    (leak,) = analysis_of(grouped, LeakageAnalysis).leaks
    assert leak.grouped
    assert leak.inflations == analysis_of(plain, LeakageAnalysis).leaks[0].inflations
    higher, lower = (study.best["cosine"].scores["f1_macro"].mean for study in (plain, grouped))
    assert higher is not None
    assert lower is not None
    assert lower < higher


def test_grouping_takes_subjects_and_the_cosine_distance() -> None:
    rows, labels, subjects = clean()
    with pytest.raises(StudySettingsError, match="group_near_duplicates takes groups, the cosine distance"):
        study_of(rows, labels, subjects, metrics="euclidean", group_near_duplicates=True)


BAYES = Head(
    name="bayes",
    title="Gaussian naive Bayes",
    estimator=GaussianNB,
    grid={"var_smoothing": [1e-9]},
    gives=frozenset({"probabilities"}),
)


def test_another_head_needs_no_distance_to_keep_them_together() -> None:
    rows, labels, subjects = copied(0.0)
    plain, grouped = (
        cross_validate_study(
            rows, labels, groups=subjects, head=BAYES, cv=4, analyses=(), group_near_duplicates=choice
        )
        for choice in (False, True)
    )
    assert grouped.dataset.n_subjects == plain.dataset.n_subjects - 40  # type: ignore[operator]
    persons = grouped.records[0].subjects
    assert persons is not None
    assert len(set(persons)) == grouped.dataset.n_subjects


@pytest.mark.parametrize(
    "options", [{"head": BAYES}, {"estimator": make_pipeline(StandardScaler(), SyndromeKNNClassifier())}]
)
def test_grouping_is_of_subjects_and_of_embeddings_as_they_came(options: dict[str, Any]) -> None:
    rows, labels, subjects = clean()
    groups = None if "head" in options else subjects
    with pytest.raises(StudySettingsError, match=r"group_near_duplicates takes groups.* and no pipeline"):
        cross_validate_study(rows, labels, groups=groups, cv=4, group_near_duplicates=True, **options)


def test_without_the_cosine_distance_or_with_given_folds_nobody_looks() -> None:
    rows, labels, subjects = copied(0.0)
    assert study_of(rows, labels, subjects, metrics="euclidean").find(LeakageAnalysis) is None
    folds = make_splits(labels, subjects, cv=4, random_state=0).as_cv()
    assert study_of(rows, labels, subjects, cv=folds).find(LeakageAnalysis) is None
