"""Messages above figures: what a result says, and what it says where that does not hold."""

import pytest

from skknn_syndrome.analyses.calibration.present import say_calibration
from skknn_syndrome.analyses.dataset.present import (
    draw_images_per_syndrome,
    largest_first,
    say_images_per_syndrome,
)
from skknn_syndrome.analyses.embedding_map.present import (
    draw_centroid_similarity,
    draw_embedding_map,
    say_centroid_similarity,
    say_embedding_map,
)
from skknn_syndrome.analyses.embedding_space.present import say_hubness
from skknn_syndrome.analyses.larger_k.present import say_score_beyond_grid
from skknn_syndrome.analyses.learning_curve.figures import say_learning_curve
from skknn_syndrome.analyses.nested_cv.present import choices_differ, say_nested_selection
from skknn_syndrome.analyses.open_set.figures import say_novelty, say_rejection
from skknn_syndrome.analyses.scores.present import say_score_by_k
from skknn_syndrome.display.extent import MOST_SYNDROMES
from skknn_syndrome.questions import FigureMaker, presentations
from skknn_syndrome.results.dataset import SyndromeCount
from tests.analysis_builders import make_calibration, make_hubness, make_nested, make_open_set
from tests.builders import make_run, make_study
from tests.learning_builders import make_learning_curve, make_score_curve
from tests.rendering.full_study import CONTINUED, make_full_study, make_map, make_similarities, make_sweep


def plain(message: str | None) -> str:
    """Return a message with spaces that break."""
    assert message is not None
    return message.replace("\N{NO-BREAK SPACE}", " ")


def test_every_figure_of_a_whole_study_says_something() -> None:
    study = make_full_study()
    makers: list[FigureMaker] = [maker for entry in presentations() for maker in entry.figures]
    drawn = [maker for maker in makers if maker.message(study) is not None]
    assert {"confusion", "calibration", "score-by-k", "embedding-map"} <= {maker.name for maker in drawn}
    for maker in drawn:
        assert not plain(maker.message(study)).endswith("."), maker.name


def test_scores_by_k() -> None:
    run = make_sweep()
    assert plain(say_score_by_k(run)) == "Macro AUC is highest with cosine distance and k = 5 (0.700)"
    euclidean = make_run(*(entry for entry in run.candidates if entry.metric == "euclidean"))
    assert "Euclidean distance and k = 5 (0.600)" in plain(say_score_by_k(euclidean))
    nan = float("nan")
    nowhere = make_run(
        *(
            entry.model_copy(
                update={"all_scores": tuple(s.from_values(s.name, [nan, nan]) for s in entry.all_scores)}
            )
            for entry in run.candidates
        )
    )
    assert say_score_by_k(nowhere) is None


def test_scores_beyond_the_grid() -> None:
    said = "Macro AUC is highest beyond the grid: 0.750 at k = 10, 0.700 at its edge, k = 5"
    assert plain(say_score_beyond_grid([CONTINUED])) == said
    falling = CONTINUED.model_copy(update={"refit": "f1_macro"})
    no_higher = "Macro F1 is no higher beyond the edge of the grid, k = 5 (0.700)"
    assert plain(say_score_beyond_grid([falling, CONTINUED])) == no_higher
    score = CONTINUED.all_scores[0].model_copy(update={"means": (None, None), "stds": (None, None)})
    undefined = CONTINUED.model_copy(update={"all_scores": (score, CONTINUED.all_scores[1])})
    assert say_score_beyond_grid([undefined]) is None


@pytest.mark.parametrize(
    "confidence, accuracy, said",
    [
        (0.6, 0.8, "The probabilities are underconfident: mean confidence 60 %, accuracy 80 %"),
        (0.9, 0.8, "The probabilities are overconfident: mean confidence 90 %, accuracy 80 %"),
        (0.79, 0.8, "Neither over- nor underconfidence is significant: mean confidence 79 %, accuracy 80 %"),
    ],
)
def test_calibration(confidence: float, accuracy: float, said: str) -> None:
    assert plain(say_calibration(make_calibration(confidence=confidence, accuracy=accuracy))) == said


def test_novelty() -> None:
    said = say_novelty([make_open_set(("a", "b"), areas=(0.9, 0.25))])
    assert said == "Absent from training, b is hardest to detect (AUC 0.25), a easiest (0.90)"
    even = say_novelty([make_open_set(("a", "b"), areas=(0.5, 0.5))])
    assert even == "Images of each absent syndrome are detected with an AUC of 0.50"


def test_rejection() -> None:
    found = make_open_set()
    effect = found.known_curve.effect
    assert effect is not None
    rising = effect.model_copy(
        update={"difference": effect.difference.model_copy(update={"low": 0.01, "high": 0.2})}
    )
    messages = [
        say_rejection([found.model_copy(update={"known_curve": curve})])
        for curve in (
            found.known_curve,
            found.known_curve.model_copy(update={"effect": rising}),
            make_open_set(half_width=None).known_curve,
            found.known_curve.model_copy(update={"effect": None}),
        )
    ]
    assert "lowers the error of the others from 50 % to " in plain(messages[0])
    assert "raises the error" in plain(messages[1])
    assert "does not change the error significantly (50 %)" in plain(messages[2])
    assert messages[3] is None


def test_hubs_and_maps() -> None:
    assert say_hubness(make_hubness()).startswith("One image is among the 5 nearest of ")
    shown = make_map(["a", "b"])
    said = "50 % of an image's 1 nearest are of its own syndrome; by chance it would be 10 %"
    assert plain(say_embedding_map(shown)) == said
    worse = shown.model_copy(update={"neighbor_purity": 0.0})
    assert plain(say_embedding_map(worse)).startswith("0 % of")


def test_of_many_classes_the_map_names_the_largest() -> None:
    figure = draw_embedding_map(make_map([f"class {number:02}" for number in range(12)]))
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["2 other syndromes", *(f"class {number:02}" for number in range(10))]


def test_similarities() -> None:
    three = make_similarities(["a", "b", "c"])
    assert say_centroid_similarity(three) == "b and c are most alike (cosine similarity 0.67)"
    two = say_centroid_similarity(make_similarities(["a", "b"]))
    assert two == "The mean embeddings of a and b have a cosine similarity of 0.50"


def test_of_measures_that_say_the_same_one_is_drawn() -> None:
    cosine, pearson = make_similarities(["a", "b", "c"])
    assert len(draw_centroid_similarity((cosine, pearson)).axes) == 2  # with its scale of colours
    matrix = tuple(tuple(value / 2 for value in row) for row in pearson.matrix)
    assert len(draw_centroid_similarity((cosine, pearson.model_copy(update={"matrix": matrix}))).axes) == 3
    other = make_similarities(["c", "b", "a"])[1]
    assert len(draw_centroid_similarity((cosine, other)).axes) == 3
    (axes, _) = draw_centroid_similarity(make_similarities([f"s{n}" for n in range(21)])[:1]).axes
    assert axes.get_xlabel() == "21 syndromes, alike ones side by side"


def test_learning_curves() -> None:
    found = make_learning_curve()
    message = plain(say_learning_curve(found))
    assert " rises from " in message
    curve = found.heads[0].scores[0]
    points = tuple(point.model_copy(update={"estimate": 0.5}) for point in curve.points)

    def said(first: float | None, last: float | None) -> str | None:
        ends = (
            points[0].model_copy(update={"estimate": first}),
            *points[1:-1],
            points[-1].model_copy(update={"estimate": last}),
        )
        changed = curve.model_copy(update={"points": ends})
        head = found.heads[0].model_copy(update={"scores": (changed,)})
        return say_learning_curve(found.model_copy(update={"heads": (head,)}))

    assert " falls from 0.90 " in plain(said(0.9, 0.5))
    assert " stays at 0.50 " in plain(said(0.5, 0.501))
    assert said(None, 0.5) is None
    assert make_score_curve().score == curve.score


def test_choices_of_a_nested_search() -> None:
    nested = make_nested()
    assert "was chosen most often, in " in say_nested_selection(nested)
    assert not choices_differ(nested)  # two different ones: a table says as much


def test_images_per_class() -> None:
    dataset = make_study().dataset
    counts = tuple(SyndromeCount(syndrome=f"s{n:02}", n_images=n + 1, n_subjects=1) for n in range(25))
    many = dataset.model_copy(update={"syndromes": counts})
    assert say_images_per_syndrome(many) == "s24 has the most images (25), s00 the fewest (1)"
    even = tuple(count.model_copy(update={"n_images": 3}) for count in counts)
    same = dataset.model_copy(update={"syndromes": even})
    assert say_images_per_syndrome(same) == "Each of 25 syndromes has 3 images"
    (axes,) = draw_images_per_syndrome(many).axes
    assert len(axes.patches) == MOST_SYNDROMES
    assert axes.texts[-1].get_text().strip() == "5 others between"


def test_a_report_counts_many_classes_from_the_largest_down() -> None:
    study = make_study()
    counts = tuple(SyndromeCount(syndrome=f"s{n:02}", n_images=n + 1, n_subjects=1) for n in range(25))
    many = study.model_copy(update={"dataset": study.dataset.model_copy(update={"syndromes": counts})})
    assert largest_first(many).rows[0][:2] == ("s24", 25)
    assert largest_first(study).rows[0][0] == study.dataset.syndromes[0].syndrome
