"""The figures of a study."""

from pathlib import Path

import pytest

from skknn_syndrome.analyses.embedding_map.present import describe_embedding_map, draw_centroid_similarity
from skknn_syndrome.analyses.per_class.figures import describe_syndrome_roc, draw_syndrome_roc
from skknn_syndrome.analyses.preprocessing.class_figures import say_preprocessing_syndromes
from skknn_syndrome.display.extent import MOST_SYNDROMES
from skknn_syndrome.display.style import FigureFile
from skknn_syndrome.rendering.figures import write_figures
from skknn_syndrome.results.dataset import SyndromeCount
from tests.analyses.preprocessing.make import make_comparison, make_large_comparison
from tests.builders import make_candidate, make_run, make_study, with_analyses
from tests.rendering.full_study import make_evaluation, make_full_study, make_map, make_similarities
from tests.rendering.summary_pages import with_subjects


def by_name(files: tuple[FigureFile, ...]) -> dict[str, FigureFile]:
    return {file.name: file for file in files}


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


def test_of_preprocessing_only_what_was_asked_for_is_drawn(tmp_path: Path) -> None:
    asked = make_comparison(before_splitting=False, maps=False)
    bare = tuple(variant.model_copy(update={"rocs": ()}) for variant in asked.variants)
    study = with_analyses(make_study(), asked.model_copy(update={"variants": bare}))
    drawn = {name for name in by_name(write_figures(study, tmp_path)) if name.startswith("preprocessing")}
    assert drawn == {"preprocessing-gains", "preprocessing-syndromes"}


def test_the_message_above_a_figure_of_some_classes_is_of_all(tmp_path: Path) -> None:
    names = tuple(f"s{number:02}" for number in range(MOST_SYNDROMES + 5))
    study = make_study()
    counts = tuple(SyndromeCount(syndrome=name, n_images=4, n_subjects=2) for name in names)
    study = study.model_copy(update={"dataset": study.dataset.model_copy(update={"syndromes": counts})})
    of_all = make_large_comparison(names).model_copy(update={"maps": ()})
    files = by_name(write_figures(with_analyses(with_subjects(study), of_all), tmp_path, kinds=("svg",)))
    said = files["preprocessing-syndromes"].alt_text
    message = say_preprocessing_syndromes(of_all)
    assert message is not None
    assert said.startswith(message)
    # What is drawn is counted by itself, and what is left out is told.
    assert f"F1 of {MOST_SYNDROMES} syndromes" in said
    assert str(len(names)) in message
    assert said.count(str(len(names))) == 2


def test_curves_that_are_not_defined_are_left_out() -> None:
    empty = make_evaluation(["a", "b"])
    rocs = tuple(roc.model_copy(update={"curve": None}) for roc in empty.syndrome_rocs)
    empty = empty.model_copy(update={"syndrome_rocs": rocs})
    assert draw_syndrome_roc(empty).axes == []
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


@pytest.mark.parametrize("n_syndromes, written", [(12, 132), (13, 0)])
def test_similarities_are_written_into_their_cells_where_these_are_large_enough(
    n_syndromes: int, written: int
) -> None:
    names = [f"syndrome {number:02}" for number in range(n_syndromes)]
    axes = draw_centroid_similarity(make_similarities(names)).axes[0]
    assert len(axes.texts) == written


def test_one_k_has_no_curve(tmp_path: Path) -> None:
    study = make_study(make_run(make_candidate([0.5, 0.6], n_neighbors=5)))
    assert "score-by-k" not in by_name(write_figures(study, tmp_path))
