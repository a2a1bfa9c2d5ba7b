"""From a typed result to a static document."""

import re
from pathlib import Path

import pytest

from skknn_syndrome.rendering import render_report
from skknn_syndrome.rendering.document import write_document
from skknn_syndrome.results import (
    Audit,
    DataWarning,
    DistanceComparison,
    NearDuplicate,
    NearDuplicates,
    Notice,
    ProtocolDifference,
    PublishedScore,
    RefusedRow,
    StudyResult,
)
from tests.builders import make_study
from tests.figures.builders import make_full_study, make_sweep

HOSTILE = (
    "<script>alert(1)</script>",
    "{{< include /etc/passwd >}}",
    "```{python}\nimport os\n```",
    "$x$ @fig-x [@key] | *bold*",
    "\u202eesrever",
    "x" * 5_000_000,
)


def compare(score: str, p_value: float | None, first: str = "cosine") -> DistanceComparison:
    return DistanceComparison(
        score=score,
        first=first,
        second="euclidean" if first == "cosine" else "cosine",
        mean_difference=0.1,
        standard_error=0.02,
        t_statistic=None if p_value is None else 5.0,
        p_value=p_value,
        confidence_low=0.05,
        confidence_high=0.15,
        n_folds=2,
    )


def with_comparison(p_value: float | None, *more: DistanceComparison) -> StudyResult:
    study = make_full_study()
    run = study.headline.model_copy(update={"comparisons": (compare("roc_auc_ovr", p_value), *more)})
    return study.model_copy(update={"protocols": (run,)})


def everything() -> StudyResult:
    """Return a study of which every section of the report has something to say."""
    study = with_comparison(0.01, compare("f1_macro", 0.5, first="euclidean"))
    subject = study.headline.model_copy(update={"protocol": "subject"})
    refused = RefusedRow(
        row=4, syndrome="a", subject="s", image="i", reason="not_finite", detail="it holds NaN"
    )
    pair = NearDuplicate(images=("i", "j"), subjects=("s", "t"), syndromes=("a", "a"), cosine=0.97)
    return study.model_copy(
        update={
            "protocols": (subject, make_sweep()),
            "dataset": study.dataset.model_copy(update={"simulated": True}),
            "audit": Audit(n_rows=7, refused=(refused,), warnings=(DataWarning(code="labels_alike"),)),
            "near_duplicates": NearDuplicates(threshold=0.95, pairs=(pair,)),
            "notices": (Notice(code="edge_of_grid", message="The best k is at the edge."),),
            "differences": (
                ProtocolDifference(
                    metric="cosine", weights="distance", n_neighbors=5, score="roc_auc_ovr",
                    image_mean=0.75, subject_mean=0.7,
                ),
            ),
            "published": (
                PublishedScore(
                    source="s", table="t", dataset="original", classifier="knn", distance="cosine",
                    n_neighbors=5, score="roc_auc_ovr", value=0.9,
                ),
            ),
            "provenance": study.provenance.model_copy(
                update={"command": "skknn-syndrome study x.csv", "random_state": None}
            ),
        }
    )  # fmt: skip


def text_of(study: StudyResult, folder: Path) -> str:
    return write_document(study, folder).read_text("utf-8")


def test_every_reference_has_its_target_and_every_figure_its_file(tmp_path: Path) -> None:
    for number, study in enumerate((make_study(make_sweep()), make_full_study(), everything())):
        folder = tmp_path / str(number)
        text = text_of(study, folder)
        targets = set(re.findall(r"\{#((?:fig|tbl)-[a-z0-9_-]+)", text))
        references = set(re.findall(r"@((?:fig|tbl)-[a-z0-9_-]+)", text))
        assert references <= targets
        for path in re.findall(r"\]\((figures/[^)]+)\)", text):
            assert (folder / path).is_file()


def test_no_heading_is_empty(tmp_path: Path) -> None:
    for number, study in enumerate((make_study(make_sweep()), make_full_study(), everything())):
        text = text_of(study, tmp_path / str(number))
        assert not re.findall(r"^(### .+)\n+(?=#)", text, flags=re.MULTILINE)
        assert not re.findall(r"^(## .+)\n+(?=## )", text, flags=re.MULTILINE)


def test_the_same_study_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_document(everything(), tmp_path / name)
    for path in (tmp_path / "first").rglob("*.*"):
        twin = tmp_path / "second" / path.relative_to(tmp_path / "first")
        assert path.read_bytes() == twin.read_bytes(), path.name


@pytest.mark.parametrize(
    "p_value, sentence",
    [
        (0.01, "The cosine distance is better than the Euclidean one by more than the folds' spread"),
        (0.2, "is not settled by these data"),
        (None, "The two distances give the same macro AUC in every fold"),
    ],
)
def test_the_prose_follows_the_test_of_the_distances(
    tmp_path: Path, p_value: float | None, sentence: str
) -> None:
    assert sentence in " ".join(text_of(with_comparison(p_value), tmp_path).split())


def test_simulated_data_is_named_first_of_all(tmp_path: Path) -> None:
    text = text_of(everything(), tmp_path)
    assert text.index("Simulated data") < text.index("## Summary")
    assert "Simulated data" not in text_of(make_full_study(), tmp_path)


def test_every_part_of_a_full_study_is_spoken_of(tmp_path: Path) -> None:
    text = " ".join(text_of(everything(), tmp_path).split())
    for part in (
        "was refused", "legal but dangerous", "one person under two ids", "+0.0500 for having seen",
        "macro F1 put the other distance first", "### Published and reproduced", "### What the map shows",
        "most often taken for", "The best k is at the edge", "seed of the folds not set",
        "skknn-syndrome study x.csv",
    ):  # fmt: skip
        assert part in text, part


def test_hostile_names_are_shown_as_text(tmp_path: Path) -> None:
    study = make_full_study(tuple(sorted(HOSTILE)))
    study = study.model_copy(update={"dataset": study.dataset.model_copy(update={"name": HOSTILE[0]})})
    (html,) = render_report(study, tmp_path, engine="embedded")
    source = (tmp_path / "report.qmd").read_text("utf-8")
    page = html.path.read_text("utf-8")
    assert "{{<" not in source
    assert "```" not in source
    assert "<script" not in page.replace("&lt;script", "").lower()
    assert "alert(1)" in page
    assert "root:" not in page
    assert len(source) < 200_000


def test_a_report_is_made_of_the_file_alone(tmp_path: Path) -> None:
    make_full_study().save(tmp_path / "study.json")
    files = render_report(
        tmp_path / "study.json", tmp_path / "out", formats=("html", "pdf"), engine="embedded"
    )
    assert [file.path.name for file in files] == ["report.html", "report.pdf"]
    assert files[1].path.read_bytes().startswith(b"%PDF")
