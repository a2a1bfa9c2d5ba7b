"""Leakage on the summary: its sign, its size, and of which leak it is."""

import pytest

from skknn_syndrome.analyses.leakage.result import Leak, LeakageAnalysis, LeakKind
from skknn_syndrome.analyses.near_duplicates.result import NearDuplicatesAnalysis
from skknn_syndrome.rendering.leakage_summary import LeakageSummary, LeakageVerdict
from skknn_syndrome.results.near_duplicates import NearDuplicates
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.verdicts import SMALL_INFLATION
from tests.builders import with_analyses
from tests.comparison_builders import make_leak
from tests.rendering.full_study import make_full_study
from tests.rendering.summary_pages import line, numbers, page, with_subjects

NONE = NearDuplicatesAnalysis(near_duplicates=NearDuplicates(threshold=0.95, pairs=()))
TWO = NearDuplicatesAnalysis(near_duplicates=NearDuplicates(threshold=0.95, pairs=(), n_not_listed=2))


def leak(*changes: float | None, kind: LeakKind = "near_copies", grouped: bool = False) -> Leak:
    """Return a leak with these effects, as many scores as there are."""
    made = make_leak()
    effects = tuple(
        made.inflations[0].revised(original=0.75, purged=None if change is None else 0.75 - change)
        for change in changes
    )
    relabelled = kind == "two_syndromes"
    return made.revised(
        kind=kind,
        inflations=effects,
        grouped=grouped,
        protocol="image" if relabelled else "subject",
        n_pairs=None if relabelled else 1,
    )


def study_of(*found: NearDuplicatesAnalysis | LeakageAnalysis) -> StudyResult:
    return with_subjects(with_analyses(make_full_study(), *found))


def leaks(*found: Leak) -> LeakageAnalysis:
    return LeakageAnalysis(leaks=found)


SMALL, LARGE = SMALL_INFLATION / 2, 2 * SMALL_INFLATION
CASES: list[tuple[StudyResult, LeakageVerdict]] = [
    (study_of(), "not known"),
    (study_of(NONE), "none found"),
    (study_of(leaks()), "none found"),
    (study_of(TWO), "effect not measured"),
    (study_of(NONE, leaks(leak(None))), "effect not measured"),
    (study_of(TWO, leaks(leak(SMALL))), "small effect"),
    (study_of(TWO, leaks(leak(LARGE))), "scores inflated"),
    (study_of(TWO, leaks(leak(-LARGE, -SMALL))), "scores lowered"),
    (study_of(TWO, leaks(leak(LARGE, grouped=True))), "kept in one fold"),
    # Nobody looked for near-duplicates by themselves, but a leak was measured.
    (study_of(leaks(leak(SMALL))), "small effect"),
    # Folds by subject keep one that has several syndromes together.
    (study_of(NONE, leaks(leak(LARGE, kind="two_syndromes"))), "none found"),
    (with_subjects(study_of(NONE), "image"), "not known"),
]


def test_the_verdict_follows_what_was_measured() -> None:
    for study, verdict in CASES:
        assert LeakageSummary(study).verdict == verdict
        assert line(page(study), "Leakage").startswith(f"**Leakage: {verdict}.**")


@pytest.mark.parametrize(
    "changes, size, direction",
    [
        ((0.002, -0.001), 0.002, "higher"),
        ((-0.03, -0.001), 0.03, "lower"),
        ((-0.03, 0.02), 0.03, "lower"),
        ((0.0001, 0.0), 0.0001, "equal"),
    ],
)
def test_the_effect_is_the_largest_in_size_with_its_sign(
    changes: tuple[float, ...], size: float, direction: str
) -> None:
    study = study_of(TWO, leaks(leak(*changes)))
    effect = LeakageSummary(study).effect
    assert effect is not None
    assert effect.size == pytest.approx(size)
    assert effect.direction == direction
    said = line(page(study), "Leakage")
    if direction == "equal":
        assert "higher" not in said
        assert "lower" not in said
    else:
        assert numbers(said) == [2, pytest.approx(size)]
        # Scores with the images in the training parts: those without them change the other way.
        assert f"with them in the training parts, scores are at most {size:.3f} {direction}" in said


def test_subjects_of_several_syndromes_have_a_sentence_of_their_own() -> None:
    study = study_of(NONE, leaks(leak(0.02, kind="two_syndromes")))
    found = LeakageSummary(study)
    assert (found.n_pairs, found.effect, found.n_relabelled) == (0, None, 2)
    assert found.effect_of_relabelled is not None
    assert found.effect_of_relabelled.change == pytest.approx(0.02)
    said = line(page(study), "Leakage")
    assert numbers(said) == [2, 0.02]
    assert "pair" not in said
    both = study_of(TWO, leaks(leak(-0.001), leak(0.02, kind="two_syndromes")))
    assert numbers(line(page(both), "Leakage")) == [2, 0.001, 2, 0.02]
    assert LeakageSummary(both).verdict == "small effect"
    unmeasured = study_of(NONE, leaks(leak(None, kind="two_syndromes").revised(n_subjects=1)))
    assert numbers(line(page(unmeasured), "Leakage")) == [1]


def test_who_looked_says_so() -> None:
    looked = (study_of(NONE), study_of(leaks()), study_of(leaks(leak(SMALL))))
    assert [LeakageSummary(study).n_pairs for study in looked] == [0, 0, 1]
    assert not any("Nobody looked" in page(study) for study in looked)
    assert LeakageSummary(study_of()).n_pairs is None
    assert "Nobody looked" in page(study_of())
