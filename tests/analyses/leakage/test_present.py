"""Tables of leakage."""

from skknn_syndrome.analyses.leakage.present import leak_inflations, leaked_people
from skknn_syndrome.analyses.leakage.result import Leak, LeakageAnalysis, LeakInflation
from skknn_syndrome.results.candidate import KNN, knn_params
from tests.builders import make_study, with_analyses

LEAK = Leak(
    kind="near_copies",
    protocol="subject",
    cosine_above=0.95,
    n_pairs=1,
    n_images=2,
    n_subjects=2,
    subjects=(("ann", "bob"),),
    syndromes=("a",),
    inflations=(
        LeakInflation(
            head=KNN, params=knn_params("cosine", "distance", 15), score="f1_macro", original=0.75, purged=0.5
        ),
        LeakInflation(
            head=KNN,
            params=knn_params("cosine", "distance", 15),
            score="roc_auc_ovr",
            original=None,
            purged=0.5,
        ),
    ),
)


def test_people_and_what_they_are_worth_are_shown() -> None:
    study = with_analyses(make_study(), LeakageAnalysis(leaks=(LEAK,)))
    assert leaked_people(study).rows == (("images almost alike under several ids", "ann, bob", "a"),)
    first, second = leak_inflations(study).rows
    assert first[-3:] == (0.75, 0.5, 0.25)
    assert second[-1] is None


def test_each_person_has_its_own_syndromes() -> None:
    pairs = (("ann", "bob"), ("cid", "dan"))
    several = LEAK.model_copy(
        update={"subjects": pairs, "syndromes": ("a", "b"), "subject_syndromes": (("a",), ("a", "b"))}
    )
    study = with_analyses(make_study(), LeakageAnalysis(leaks=(several,)))
    assert [row[1:] for row in leaked_people(study).rows] == [("ann, bob", "a"), ("cid, dan", "a, b")]
    # A file of an earlier version has the syndromes of all together, which are nobody's own.
    older = several.model_copy(update={"subject_syndromes": ()})
    study = with_analyses(make_study(), LeakageAnalysis(leaks=(older,)))
    assert [row[2] for row in leaked_people(study).rows] == [None, None]


def test_a_clean_study_has_no_rows() -> None:
    assert not leaked_people(make_study()).rows
    assert not leak_inflations(make_study()).rows
