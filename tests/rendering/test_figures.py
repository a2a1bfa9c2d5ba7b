"""The figures of a study."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from skknn_syndrome.analyses.embedding_map.present import describe_embedding_map
from skknn_syndrome.analyses.per_class.figures import describe_syndrome_roc, draw_syndrome_roc
from skknn_syndrome.display.style import FigureFile
from skknn_syndrome.rendering.figures import known_figures, write_figures
from tests.analyses.preprocessing.make import make_comparison
from tests.builders import make_candidate, make_run, make_study, with_analyses
from tests.rendering.conftest import drawn_as
from tests.rendering.documents import PNG
from tests.rendering.full_study import make_evaluation, make_full_study, make_map

DRAWN = True
"""For the fixtures of this folder."""

HOSTILE = ("<script>alert(1)</script>", "$x$ \\frac{1}{2}", "../../etc/passwd", "\u202eesrever\n", "x" * 200)


def by_name(files: tuple[FigureFile, ...]) -> dict[str, FigureFile]:
    return {file.name: file for file in files}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[FigureFile, ...]:
    """Write the figures of a whole study."""
    return write_figures(make_full_study(), tmp_path_factory.mktemp("figures"))


def test_a_whole_study_has_all_figures_in_the_order_of_reading(files: tuple[FigureFile, ...]) -> None:
    assert tuple(file.name for file in files) == known_figures()
    assert {path.name for path in files[0].png.parent.iterdir()} == {
        f"{file.name}.{kind}" for file in files for kind in ("png", "svg")
    }
    assert files[0].png.read_bytes().startswith(b"\x89PNG")


def test_what_a_study_lacks_is_left_out(tmp_path: Path) -> None:
    assert set(by_name(write_figures(make_study(), tmp_path))) == {"images-per-syndrome"}


def test_a_figure_of_an_earlier_study_does_not_stay_behind(tmp_path: Path) -> None:
    for name in ("confusion.png", "confusion.svg", "notes.png"):
        (tmp_path / name).write_bytes(b"of another study, or the user's own")
    write_figures(make_study(), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "images-per-syndrome.png",
        "images-per-syndrome.svg",
        "notes.png",
    }


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_the_same_study_gives_the_same_bytes(files: tuple[FigureFile, ...], tmp_path: Path) -> None:
    for twin, file in zip(write_figures(make_full_study(), tmp_path), files, strict=True):
        assert twin.png.read_bytes() == file.png.read_bytes(), file.name
        assert twin.svg.read_bytes() == file.svg.read_bytes(), file.name


def test_alt_texts_say_the_numbers(files: tuple[FigureFile, ...]) -> None:
    alt = {name: file.alt_text for name, file in by_name(files).items()}
    assert "from 10 (alpha) to 12 (gamma)" in alt["images-per-syndrome"]
    assert "cosine is best at k = 5 with macro AUC 0.700" in alt["score-by-k"]
    assert "cosine 0.812 ± 0.062" in alt["micro-roc"]
    assert "from 0.812 (alpha) to 0.812 (gamma)" in alt["syndrome-roc"]
    assert "27 of 30 images lie on the diagonal" in alt["confusion"]
    assert "0.25 (t-SNE) and -0.12 (Principal components)" in alt["embedding-map"]
    assert "Cosine similarity from 0.33 to 0.67" in alt["centroid-similarity"]
    assert "2 candidates were chosen, most often cosine distance" in alt["nested-selection"]
    assert "cosine, votes by distance, confidence 0.60 and accuracy 0.80" in alt["calibration"]
    assert "cosine distance, from 0.50 (alpha) to 0.53 (gamma)" in alt["novelty"]
    assert "from 50.0% with none rejected to 25.0% with 20% rejected" in alt["rejection"]
    assert "from 0.720 (mixup) to 0.720 (unprocessed)" in alt["preprocessing-gains"]
    assert "F1 at k = 3 (unprocessed) from 0.330 (b) to 0.820 (a)" in alt["preprocessing-syndromes"]
    assert "At k = 1, areas from 0.625 (mixup)" in alt["preprocessing-roc"]
    assert "2 variants of preprocessing with K-means clusters" in alt["preprocessing-maps"]
    assert "one image is in 40 lists of 5, 10% of the images are in none" in alt["hubness"]


@pytest.mark.parametrize(
    "names", [HOSTILE, [f"syndrome {n}" for n in range(25)], ["a", "b"]], ids=["hostile", "25", "2"]
)
def test_any_number_of_any_names_is_drawn(tmp_path: Path, names: list[str]) -> None:
    with drawn_as({"png": PNG}):
        files = write_figures(make_full_study(tuple(sorted(names))), tmp_path)
    assert len(files) == len(known_figures())
    for file in files:
        root = ET.parse(file.svg).getroot()  # noqa: S314  the file was written a moment ago
        assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
        assert file.svg.parent == tmp_path


def test_of_preprocessing_only_what_was_asked_for_is_drawn(tmp_path: Path) -> None:
    asked = make_comparison(before_splitting=False, maps=False)
    bare = tuple(variant.model_copy(update={"rocs": ()}) for variant in asked.variants)
    study = with_analyses(make_study(), asked.model_copy(update={"variants": bare}))
    drawn = {name for name in by_name(write_figures(study, tmp_path)) if name.startswith("preprocessing")}
    assert drawn == {"preprocessing-gains", "preprocessing-syndromes"}


def test_curves_that_are_not_defined_are_left_out() -> None:
    empty = make_evaluation(["a", "b"])
    rocs = tuple(roc.model_copy(update={"curve": None}) for roc in empty.syndrome_rocs)
    empty = empty.model_copy(update={"syndrome_rocs": rocs})
    assert not any(axes.get_visible() for axes in draw_syndrome_roc(empty).axes)
    assert describe_syndrome_roc(empty) == "No syndrome has a ROC curve."


def test_scores_that_are_not_defined_leave_a_gap(tmp_path: Path) -> None:
    study = make_full_study()
    nan = float("nan")
    run = make_run(
        *(
            candidate.model_copy(
                update={
                    "all_scores": tuple(
                        score.from_values(score.name, [nan, nan]) if score.name != "f1_macro" else score
                        for score in candidate.all_scores
                    )
                }
            )
            for candidate in study.primary.candidates
        )
    )
    files = by_name(write_figures(make_study(run), tmp_path))
    assert files["score-by-k"].alt_text.startswith("Scores against k")


def test_several_voting_schemes_are_told_apart(tmp_path: Path) -> None:
    run = make_full_study().primary
    uniform = tuple(
        candidate.model_copy(update={"params": {**candidate.params, "weights": "uniform"}})
        for candidate in run.candidates
    )
    both = run.model_copy(update={"candidates": (*run.candidates, *uniform)})
    assert "score-by-k" in by_name(write_figures(make_study(both), tmp_path))


def test_a_map_without_silhouettes_says_so() -> None:
    shown = make_map(["a", "b"])
    bare = tuple(entry.model_copy(update={"silhouette": None}) for entry in shown.projections)
    text = describe_embedding_map(shown.model_copy(update={"projections": bare}))
    assert text.endswith("Silhouette of the syndromes: not defined.")


def test_one_k_has_no_curve(tmp_path: Path) -> None:
    study = make_study(make_run(make_candidate([0.5, 0.6], n_neighbors=5)))
    assert "score-by-k" not in by_name(write_figures(study, tmp_path))
