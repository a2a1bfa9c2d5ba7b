"""Baselines and larger k against the best candidate."""

from skknn_syndrome.tables import alternatives
from tests.builders import make_candidate, make_run
from tests.comparison_builders import make_alternative

RUN = make_run(make_candidate([0.5]), protocol="subject").model_copy(
    update={
        "alternatives": (
            make_alternative(("roc_auc_ovr", 0.1, 0.01), ("accuracy", -0.1, None)),
            make_alternative(("roc_auc_ovr", -0.2, 0.02), name="majority"),
            make_alternative(("f1_macro", 0.0, 0.5), metric="cosine", n_neighbors=60),
        )
    }
)


def test_a_row_is_a_score_of_an_alternative() -> None:
    rows = alternatives(RUN).rows
    assert [(row[0], row[1], row[2], row[3], row[-2]) for row in rows] == [
        ("linear discriminant analysis", None, None, "roc_auc_ovr", "better"),
        ("linear discriminant analysis", None, None, "accuracy", "inconclusive"),
        ("most frequent syndrome", None, None, "roc_auc_ovr", "worse"),
        ("nearest images", "cosine", 60, "f1_macro", "inconclusive"),
    ]


def test_readers_see_some_scores_of_what_looks_at_embeddings() -> None:
    rows = alternatives(RUN, ("roc_auc_ovr", "f1_macro")).rows
    assert [(row[0], row[3]) for row in rows] == [
        ("linear discriminant analysis", "roc_auc_ovr"),
        ("nearest images", "f1_macro"),
    ]


def test_the_caption_speaks_of_what_was_compared_and_of_the_splits_that_there_were() -> None:
    lda = make_alternative(("roc_auc_ovr", 0.1, 0.01)).model_copy(update={"n_splits": 1})
    once = alternatives(RUN.model_copy(update={"alternatives": (lda,)})).caption
    assert not any(word in once for word in ("larger k", "repeated splits", "nearest"))
    assert all(word in alternatives(RUN).caption for word in ("larger k", "repeated splits"))
