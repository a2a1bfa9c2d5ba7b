"""Tables and figures of compared models."""

import pytest

from skknn_syndrome.analyses.models import tables
from skknn_syndrome.analyses.models.figures import (
    describe_differences,
    describe_ranks,
    describe_scores,
    draw_differences,
    draw_ranks,
    draw_scores,
    say_differences,
    say_ranks,
    say_scores,
)
from skknn_syndrome.analyses.models.present import PRESENTATION
from skknn_syndrome.display.table import Table
from skknn_syndrome.heads import names
from skknn_syndrome.questions import as_study
from skknn_syndrome.results.score import Score
from tests.builders import make_study
from tests.model_builders import (
    AUC,
    make_difference,
    make_model,
    make_model_comparison,
    make_models,
    make_rank,
)

PAIR = make_difference("lda", "knn", 0.2, p=0.01)
FOUND = make_models(
    make_model("knn", [0.7, 0.7]),
    make_model("lda", [0.9, 0.9]),
    pairs=[PAIR],
    against=[PAIR, make_difference("lda", "knn", 0.1, p=0.2, score="accuracy")],
    ranks=[make_rank("lda", 1.2), make_rank("knn", 1.8)],
)
COMPARISON = make_model_comparison(FOUND)


def cells(table: Table) -> dict[str, object]:
    """Return the first row by column."""
    return dict(zip((column.key for column in table.columns), table.rows[0], strict=True))


class TestTables:
    """A row a model, a difference, a choice or a fold."""

    def test_the_best_model_comes_first_with_all_of_its_scores(self) -> None:
        row = cells(tables.model_scores(FOUND))
        wanted = {"model": "lda", AUC: 0.9, f"{AUC}_low": 0.6, f"{AUC}_by_subject": 0.91, "log_loss": 1.0}
        assert {key: row[key] for key in wanted} == pytest.approx(wanted)
        assert (row["f1_macro"], row["f1_macro_pooled"]) == (0.45, None)

    def test_a_model_without_probabilities_has_no_calibration(self) -> None:
        bare = make_models(make_model("knn", [0.7], log_loss=None).revised(pooled=None, by_subject=()))
        row = cells(tables.model_scores(bare))
        assert [row[key] for key in ("log_loss", f"{AUC}_low", f"{AUC}_by_subject")] == [None] * 3
        assert "interval" not in tables.model_scores(bare).caption

    def test_readers_see_titles_and_few_scores(self) -> None:
        table = tables.scores_for_report(FOUND)
        assert [row[0] for row in table.rows] == ["linear discriminant analysis", "k-NN"]
        assert [column.key for column in table.columns][-4:] == [
            *("f1_macro", "accuracy", "log_loss", "expected_calibration_error")
        ]

    def test_the_screen_shows_the_figure_that_an_interval_is_of(self) -> None:
        keys = [column.key for column in tables.scores_on_screen(FOUND).columns]
        assert keys[:5] == ["model", AUC, f"{AUC}_pooled", f"{AUC}_low", f"{AUC}_high"]

    def test_differences_are_of_all_scores_and_for_readers_of_two(self) -> None:
        assert [row[1] for row in tables.model_differences(FOUND).rows] == [AUC, "accuracy"]
        assert [row[-1] for row in tables.differences_for_report(FOUND).rows] == ["better"]

    def test_pairs_ranks_and_choices_have_rows(self) -> None:
        assert tables.model_pairs(FOUND).rows[0][:2] == ("lda", "knn")
        assert tables.model_ranks(FOUND).rows[0] == ("lda", 1.2, 1.0, 2.0, 0.5)
        assert tables.model_choices(FOUND).rows[0] == ("lda", "none to choose", 2, 1.0)
        assert (
            tables.choices_for_report(FOUND).rows[1][1]
            == "metric = cosine, weights = distance, n_neighbors = 5"
        )

    def test_times_to_embed_are_of_a_thousand_images(self) -> None:
        model = make_model("knn", [0.7])
        timed = make_models(model.revised(times=model.times.revised(embed=0.002)))
        assert tables.model_times(timed).rows == (("knn", 0.0, 1.0, 1.0, 2.0),)
        assert tables.model_times(FOUND).rows[0][-1] is None

    def test_rows_of_folds_are_those_of_the_frame(self) -> None:
        frame = COMPARISON.to_frame()
        table = tables.model_folds(FOUND)
        assert [column.key for column in table.columns] == frame.columns.tolist()
        assert [*table.rows] == [*frame.itertuples(index=False, name=None)]

    def test_a_study_without_a_comparison_has_none(self) -> None:
        study = make_study()
        made = [*PRESENTATION.tables.values(), *PRESENTATION.report_tables.values()]
        assert [make(study) for make in made] == [None] * len(made)
        assert [maker.draw(study) for maker in PRESENTATION.figures] == [None] * 3
        assert PRESENTATION.gist is not None
        assert [*PRESENTATION.gist(study)] == []
        assert [*PRESENTATION.gist(as_study(COMPARISON))] == [tables.scores_on_screen(FOUND)]


class TestFigures:
    """Scores, ranks and differences; what they lack, and many models with long names."""

    def test_each_says_what_it_shows(self) -> None:
        said = {maker.name: maker.describe(as_study(COMPARISON)) for maker in PRESENTATION.figures}
        assert said["model-scores"] == (
            "Scores of 2 models with 95 % intervals. Macro AUC from 0.700 (k-NN) to 0.900 (linear "
            "discriminant analysis). Macro F1 from 0.350 (k-NN) to 0.450 (linear discriminant analysis)."
        )
        assert said["model-ranks"] == (
            "Mean ranks over resamples: linear discriminant analysis 1.2, k-NN 1.8. No bars join models."
        )
        assert "By macro AUC: 1 better, 0 worse, 0 inconclusive." in said["model-differences"]

    def test_what_is_not_told_apart_is_joined(self) -> None:
        level = FOUND.revised(pairwise=(make_difference("lda", "knn", p=0.2),))
        assert "differ significantly: linear discriminant analysis to k-NN." in describe_ranks(level)
        figure = draw_ranks(level)
        assert figure is not None
        assert len(figure.axes[1].lines) == 1

    def test_without_ranks_or_others_nothing_is_drawn(self) -> None:
        alone = make_models(make_model("knn", [0.7, 0.7]))
        assert draw_ranks(alone) is None
        assert draw_differences(alone) is None

    def test_without_intervals_the_spread_over_the_folds_is_drawn(self) -> None:
        bare = make_models(make_model("knn", [0.6, 0.8]).revised(pooled=None))
        (line, _) = draw_scores(bare).axes[0].lines
        assert line.get_xdata() == pytest.approx([0.6, 0.8])
        assert "one standard deviation over the folds" in describe_scores(bare)

    def test_one_fold_has_no_spread_to_draw(self) -> None:
        found = make_models(make_model("lda", [0.8]).revised(pooled=None))
        assert describe_scores(found).startswith("Scores of 1 models. ")

    def test_scores_without_an_interval_or_a_value_leave_gaps(self) -> None:
        whole = make_model("knn", [0.7, 0.7], low=None)
        undefined = tuple(Score.from_values(name, [float("nan")] * 2) for name in (AUC, "f1_macro"))
        hollow = make_model("lda", [0.7, 0.7]).revised(pooled=None, all_scores=undefined)
        axes = draw_scores(make_models(whole, hollow)).axes[0]
        assert len(axes.lines) == 2
        assert draw_differences(make_models(whole, hollow)) is None

    def test_a_difference_that_could_not_be_tested_leaves_a_gap(self) -> None:
        three = make_models(
            *(make_model(head, [0.7]) for head in ("knn", "lda", "centroid")),
            against=[make_difference("lda", "knn", -0.2, p=0.01)],
        )
        figure = draw_differences(three)
        assert figure is not None
        assert len(figure.axes[0].lines) == 3
        assert "0 better, 1 worse" in describe_differences(three)

    @pytest.mark.parametrize("encoders", [("a",), ("a", "b" * 60, "c")])
    def test_many_models_have_a_row_each(self, encoders: tuple[str, ...]) -> None:
        models = [
            make_model(head, [place / 40], encoder=encoder)
            for encoder in encoders
            for place, head in enumerate(names())
        ]
        many = make_models(*models, ranks=[make_rank(model.name, 1.0 + n) for n, model in enumerate(models)])
        figure = draw_ranks(many)
        assert figure is not None
        labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
        assert len(labels) == len(models)
        assert max(len(line) for label in labels for line in label.split("\n")) <= 38
        assert bool(draw_scores(many).legends) is (len(encoders) > 1)


def test_messages_follow_the_scores_and_the_tests() -> None:
    two = make_models(
        make_model("lda", [0.7]),
        make_model("centroid", [0.9]),
        against=[make_difference("centroid", "lda", 0.2, p=0.01)],
        ranks=[make_rank("lda", 2.0), make_rank("centroid", 1.0).revised(share_first=0.9)],
    )
    assert say_scores(two) == "Nearest class centroid has the highest mean macro AUC: 0.900"
    assert str(say_ranks(two)).startswith("Nearest class centroid is first in 90")
    assert str(say_differences(two)).endswith("discriminant analysis, 0 significantly worse")
    alone = make_models(make_model("lda", [0.7]))
    assert say_scores(alone) == "The mean macro AUC of linear discriminant analysis is 0.700"
    assert (say_ranks(alone), say_differences(alone)) == (None, None)
    undefined = tuple(Score.from_values(name, [float("nan")]) for name in (AUC, "f1_macro"))
    assert (
        say_scores(make_models(make_model("lda", [0.7]).revised(pooled=None, all_scores=undefined))) is None
    )
