"""Published figures beside a comparison's models: which model, which verdict, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from skknn_syndrome.analyses.published_models.compute import Setting, set_beside
from skknn_syndrome.analyses.published_models.present import (
    PRESENTATION,
    find_published_models,
    narrow_table,
)
from skknn_syndrome.analyses.published_models.result import FigureBeside, PublishedModels
from skknn_syndrome.questions import as_study, folders
from skknn_syndrome.rendering.templates import Contents, fill
from skknn_syndrome.results.intervals import Interval, PooledIntervals
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.score import Score
from tests.model_builders import make_model_comparison, make_two_models

PAPER = "khoiwal-mcmillan-paper"
HELD_OUT = Setting("image", "hold_out", "moles")


@dataclass(frozen=True)
class Model:
    head: str = "logistic_regression"
    encoder: str = "embeddings"
    scores: Mapping[str, Score] = field(
        default_factory=lambda: {
            name: Score.from_values(name, [0.8]) for name in ("roc_auc_ovr", "accuracy", "f1_macro")
        }
    )
    pooled: PooledIntervals | None = None

    @property
    def name(self) -> str:
        return f"{self.encoder} + {self.head}"


def model(low: float | None = 0.7, high: float | None = 0.9, **changes: Any) -> Model:
    ends = dict.fromkeys(("percentile_low", "percentile_high"))
    pooled = PooledIntervals(
        unit="images",
        n_units=50,
        n_resamples=100,
        confidence=0.95,
        all_scores=tuple(
            Interval(score=name, estimate=0.8, bca_low=low, bca_high=high, **ends)
            for name in ("roc_auc_ovr", "accuracy", "f1_macro")
        ),
    )
    return Model(**{"pooled": pooled} | changes)


def published(value: float = 0.8, classifier: str = "lr", **changes: Any) -> PublishedScore:
    fields = {
        "source": PAPER,
        "table": "t-1",
        "dataset": "moles",
        "classifier": classifier,
        "distance": "",
        "n_neighbors": None,
        "score": "roc_auc",
        "value": value,
    }
    return PublishedScore.model_validate(fields | changes)


def beside(*given: PublishedScore, of: Model | None = None, setting: Setting = HELD_OUT) -> FigureBeside:
    found = set_beside([of or model()], given, setting)
    assert found is not None
    return found.figures[0]


@pytest.mark.parametrize("value, standing", [(0.7, "within"), (0.69, "above"), (0.91, "below")])
def test_the_interval_holds_the_published_figure_or_lies_on_one_side(value: float, standing: str) -> None:
    figure = beside(published(value))
    assert (figure.standing, figure.notes, figure.unit) == (standing, (), "images")
    assert figure.difference == pytest.approx(0.8 - value)


@pytest.mark.parametrize(
    "entry, setting, note",
    [
        (published(dataset="shells"), HELD_OUT, "other_data"),
        (published(), Setting("image", "hold_out"), "other_data"),
        (published(), Setting("image", "folds", "moles"), "other_protocol"),
        (published(source="monteiro-report"), HELD_OUT, "other_protocol"),
        (published(classifier="logistic_regression", n_neighbors=3), HELD_OUT, "other_protocol"),
        (published(score="top_9_accuracy"), HELD_OUT, "no_such_score"),
        (published(source="lab"), Setting("subject", "folds", "Moles"), "unknown_design"),
        (published(), Setting("subject", "hold_out", "moles"), "other_unit"),
    ],
)
def test_what_can_not_be_compared_says_why(entry: PublishedScore, setting: Setting, note: str) -> None:
    figure = beside(entry, setting=setting)
    assert (figure.standing, figure.notes) == ("not_comparable", (note,))


def test_without_an_interval_nothing_can_be_compared() -> None:
    no_ends, several_labels = beside(published(), of=model(None, None)), beside(published(), of=Model())
    assert no_ends.notes == several_labels.notes == ("no_interval",)
    assert (no_ends.unit, several_labels.unit, several_labels.estimate) == (None, None, 0.8)


def test_accuracy_of_several_labels_is_subset_accuracy() -> None:
    scores = {"subset_accuracy": Score.from_values("subset_accuracy", [0.3])}
    figure = beside(published(0.2767, score="accuracy"), of=Model(scores=scores))
    assert (figure.score, figure.estimate) == ("subset_accuracy", 0.3)


class TestModels:
    """Which models a published one stands beside."""

    entries = (
        published(0.9, "resnet50+lr"),
        published(0.8, "clip+lr"),
        published(0.8, "clip+svm"),
        published(0.6, "benchmark"),
    )

    def pairs(self, *models: Model) -> list[tuple[str, str]]:
        found = set_beside(models, self.entries, HELD_OUT)
        assert found is not None
        return [(figure.published.classifier, figure.model) for figure in found.figures]

    def test_an_encoder_of_that_name_stands_beside_its_own(self) -> None:
        assert self.pairs(model(encoder="CLIP ViT-B"), model(encoder="resnet50")) == [
            ("resnet50+lr", "resnet50 + logistic_regression"),
            ("clip+lr", "CLIP ViT-B + logistic_regression"),
        ]

    @pytest.mark.parametrize(
        "encoder, classifier", [("openai clip-vit", "clip-vit+lr"), ("clip_b", "clip+lr")]
    )
    def test_of_several_names_the_longest_counts(self, encoder: str, classifier: str) -> None:
        entries = published(0.8, "clip+lr"), published(0.8, "clip-vit+lr")
        found = set_beside([model(encoder=encoder)], entries, HELD_OUT)
        assert found is not None
        assert [figure.published.classifier for figure in found.figures] == [classifier]

    def test_a_name_within_a_word_is_another_encoder(self) -> None:
        found = set_beside([model(encoder="eclipse")], [published(0.8, "clip+lr")], HELD_OUT)
        assert found is not None
        assert found.figures[0].notes == ("encoder_not_named",)

    def test_any_other_encoder_stands_beside_all(self) -> None:
        found = set_beside([model()], self.entries, HELD_OUT)
        assert found is not None
        assert [(figure.published.classifier, figure.notes) for figure in found.figures] == [
            ("resnet50+lr", ("encoder_not_named",)),
            ("clip+lr", ("encoder_not_named",)),
        ]
        assert found.without_model == ("clip+svm", "benchmark")

    def test_both_support_vector_machines_are_one_head_of_tables(self) -> None:
        assert self.pairs(model(head="svc"), model(head="linear_svc")) == [
            ("clip+svm", "embeddings + svc"),
            ("clip+svm", "embeddings + linear_svc"),
        ]


def test_figures_of_other_data_are_left_out_where_there_are_some_of_these() -> None:
    found = set_beside([model()], [published(), published(dataset="shells")], HELD_OUT)
    assert found is not None
    assert [figure.published.dataset for figure in found.figures] == ["moles"]


def test_without_published_figures_there_is_nothing() -> None:
    assert set_beside([model()], [], HELD_OUT) is None


def test_a_verdict_and_its_reasons_agree() -> None:
    figure = beside(published())
    for changes in ({"standing": "not_comparable"}, {"notes": ("other_data",)}):
        with pytest.raises(ValidationError, match="can't have the notes"):
            figure.revised(**changes)


def section(found: PublishedModels | None, folder: Path) -> str:
    comparison = make_model_comparison(make_two_models())
    result = comparison.revised(analyses=comparison.analyses.replaced_by(found))
    contents = Contents(
        tables={name: make(as_study(result)) for name, make in PRESENTATION.tables.items()},
        names={"findings": {"published_models": find_published_models(result)}},
        sections={"published_models": folders()["published_models"]},
    )
    (folder / "report.qmd").write_text("<% include 'published_models/section.qmd' %>", "utf-8")
    return " ".join(fill(contents, folder).split())


class TestSection:
    """What a report says of it."""

    def test_nobody_asked(self, tmp_path: Path) -> None:
        assert section(None, tmp_path) == ""

    def test_figures_are_counted_by_verdict(self, tmp_path: Path) -> None:
        entries = [published(0.8), published(0.6), published(0.95), published(0.8, "forest")]
        text = section(set_beside([model()], entries, HELD_OUT), tmp_path)
        assert "3 published figures stand beside a model with the same head" in text
        assert (
            "1 lie within the model's 95 % confidence interval; the interval lies above 1 and below 1."
            in text
        )
        assert "above published" in text
        assert "Without a model of the same head: forest." in text
        assert "To be known" not in text

    def test_one_that_can_not_be_compared(self, tmp_path: Path) -> None:
        text = section(set_beside([model()], [published()], Setting("image", "hold_out")), tmp_path)
        assert "1 published figure stands beside" in text
        assert "None of them can be compared. To be known of some: other images" in text

    def test_no_model_of_the_same_head(self, tmp_path: Path) -> None:
        text = section(set_beside([model()], [published(classifier="forest")], HELD_OUT), tmp_path)
        assert "No model has the head of a published one." in text


def test_a_terminal_is_shown_the_columns_that_fit() -> None:
    found = set_beside([model()], [published()], HELD_OUT)
    assert found is not None
    (cells,) = narrow_table(found).to_text()
    assert cells == [
        "lr",
        "embeddings + logistic_regression",
        "roc_auc_ovr",
        "0.800",
        "0.800",
        "within interval",
    ]
    several = set_beside([model()], [published(), published(dataset="shells")], Setting("image", "hold_out"))
    assert several is not None
    assert [cells[0] for cells in narrow_table(several).to_text()] == ["moles", "shells"]
