"""The table of syndromes."""

from skknn_syndrome.results.evaluation import TopK
from skknn_syndrome.tables import per_syndrome
from tests.figures.builders import make_evaluation


def test_each_syndrome_has_its_top_k_and_the_caption_the_means() -> None:
    evaluation = make_evaluation(["alpha", "beta"])
    first, second = evaluation.per_syndrome
    entries = tuple(TopK(k=k, accuracy=k / 8, lower=0.0, upper=1.0) for k in (1, 3, 5))
    named = evaluation.model_copy(
        update={
            "per_syndrome": (first.model_copy(update={"top_k": entries, "f1": 0.5}), second),
            "mean_top_k": entries,
        }
    )
    table = per_syndrome(named)
    assert [column.key for column in table.columns[-3:]] == [f"top_{k}_accuracy" for k in (1, 3, 5)]
    assert table.rows[0] == ("alpha", 10, 5, 0.9, 0.9, 0.5, 0.8125, 0.125, 0.375, 0.625)
    assert table.caption.endswith("; mean over syndromes: top-1 0.125, top-3 0.375, top-5 0.625")


def test_a_study_of_an_older_version_has_none() -> None:
    table = per_syndrome(make_evaluation(["alpha", "beta"]))
    assert [column.key for column in table.columns if column.key.startswith("top_")] == []
    assert table.caption.endswith("lowest F1 first")
