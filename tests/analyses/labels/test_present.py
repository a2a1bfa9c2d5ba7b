"""Labels in a report: tables, figures, and when subset accuracy is said to mislead."""

from pathlib import Path
from typing import Any

from skknn_syndrome.analyses.labels.present import PRESENTATION, find_labels
from skknn_syndrome.analyses.labels.result import LabelCurves, LabelsAnalysis, LabelScores, OperatingPoint
from skknn_syndrome.questions import as_study, folders
from skknn_syndrome.rendering.templates import Contents, fill
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.intervals import Interval, MeanInterval, PooledIntervals
from skknn_syndrome.results.model_comparison import ModelComparison
from tests.model_builders import make_model_comparison, make_two_models

SHARE = MeanInterval(estimate=0.9, low=0.8, high=0.95, unit="subjects", n_units=9)
POINT = OperatingPoint(
    thresholds=(0.3, 0.4, 0.5),
    sensitivity=SHARE,
    specificity=SHARE,
    positive_predictive_value=SHARE,
    negative_predictive_value=None,
)
CURVES = LabelCurves(
    false_positive_rate=(0.0, 1.0), true_positive_rate=(0.5, 1.0), recall=(0.0, 1.0), precision=(1.0, 0.4)
)


def make_label(model: str, label: str, auc: float | None = 0.8, **changes: Any) -> LabelScores:
    fields: dict[str, Any] = {
        "n_positive": 4,
        "prevalence": 0.4,
        "average_precision": 0.7,
        "f1": 0.6,
    } | changes
    return LabelScores(model=model, label=label, roc_auc=auc, sensitivity=0.5, specificity=0.9, **fields)


def two_classes(**changes: Any) -> LabelsAnalysis:
    fields: dict[str, Any] = {"operating_point": POINT, "curves": CURVES} | changes
    entries = (make_label("centroid", "ill", 0.7, **fields), make_label("lda", "ill", 0.8, **fields))
    return LabelsAnalysis(task="binary", labels=entries)


def several(share: float = 0.3, **changes: Any) -> LabelsAnalysis:
    entries = (
        *(make_label(model, "edema") for model in ("centroid", "lda")),
        *(make_label(model, "rare", None, undefined="no image has it") for model in ("centroid", "lda")),
    )
    fields: dict[str, Any] = {"largest_set": ("edema",), "largest_set_share": share} | changes
    return LabelsAnalysis(task="multilabel", labels=entries, **fields)


def with_labels(found: LabelsAnalysis, subset_accuracy: float | None = None) -> ModelComparison:
    models = make_two_models()
    if subset_accuracy is not None:
        scored = tuple(
            model.revised(pooled=_with_subset(model.pooled, subset_accuracy)) for model in models.models
        )
        models = models.revised(models=scored)
    comparison = make_model_comparison(models)
    return comparison.revised(analyses=Analyses.of([models, found]))


def _with_subset(pooled: PooledIntervals | None, value: float) -> PooledIntervals:
    assert pooled is not None
    nothing = dict.fromkeys(("percentile_low", "percentile_high", "bca_low", "bca_high"))
    return pooled.revised(
        all_scores=(*pooled.all_scores, Interval(score="subset_accuracy", estimate=value, **nothing))
    )


def section(result: ModelComparison, folder: Path) -> str:
    made = {**PRESENTATION.tables, **PRESENTATION.report_tables}
    contents = Contents(
        tables={name: make(as_study(result)) for name, make in made.items()},
        names={"findings": {"labels": find_labels(result)}},
        sections={"labels": folders()["labels"]},
    )
    (folder / "report.qmd").write_text("<% include 'labels/section.qmd' %>", "utf-8")
    return " ".join(fill(contents, folder).split())


class TestTwoClasses:
    """The positive class is named, with decisions at the threshold of inner folds."""

    def test_the_best_model_at_its_threshold(self, tmp_path: Path) -> None:
        said = section(with_labels(two_classes()), tmp_path)
        assert "The positive class is ill: 4 images, 40 % of all." in said
        assert "highest AUC, 0.800" in said
        assert "a sensitivity of 90 % (95 % CI 80 to 95 %)" in said

    def test_without_inner_folds_no_threshold_is_told(self, tmp_path: Path) -> None:
        said = section(with_labels(two_classes(operating_point=None)), tmp_path)
        assert "No threshold was chosen" in said
        assert "Youden" not in said

    def test_tables_and_curves(self) -> None:
        result = as_study(with_labels(two_classes()))
        points = PRESENTATION.report_tables["operating_points"](result)
        assert points is not None
        assert points.rows[0][1:3] == (0.4, "0.90 (0.80 to 0.95)")
        written = PRESENTATION.tables["operating_points"](result)
        assert written is not None
        assert written.rows[0][-3:] == (None, None, None)
        curves, labels = PRESENTATION.figures
        drawn = curves.draw(result)
        assert drawn is not None
        assert len(drawn.axes) == 2
        assert labels.draw(result) is None
        assert "The highest AUC is 0.800" in curves.describe(result)

    def test_nothing_is_drawn_without_curves(self) -> None:
        assert PRESENTATION.figures[0].draw(as_study(with_labels(two_classes(curves=None)))) is None


class TestSeveralLabels:
    """Subset accuracy misleads where it is below that of one answer for all, and the AUC is not."""

    def test_it_misleads(self, tmp_path: Path) -> None:
        said = section(with_labels(several(share=0.3), subset_accuracy=0.1), tmp_path)
        assert "Subset accuracy misleads here" in said
        assert "always saying edema and nothing else" in said
        assert "Not defined for lack of images with or without them: scores of rare." in said

    def test_it_does_not(self, tmp_path: Path) -> None:
        for result in (
            with_labels(several(share=0.3), subset_accuracy=0.4),
            with_labels(several(share=0.3)),
            with_labels(several(largest_set_share=None, largest_set=()), subset_accuracy=0.1),
        ):
            assert "misleads" not in section(result, tmp_path)

    def test_nor_where_labels_are_not_told_apart(self) -> None:
        assert not several().is_misled_by_subset_accuracy(0.1, auc_low=0.45)
        assert several().is_misled_by_subset_accuracy(0.1, auc_low=0.55)
        assert not several().is_misled_by_subset_accuracy(0.1, auc_low=None)

    def test_models_without_intervals_are_passed_over(self) -> None:
        models = make_two_models()
        bare = models.revised(models=tuple(model.revised(pooled=None) for model in models.models))
        comparison = make_model_comparison(bare)
        found = find_labels(comparison.revised(analyses=Analyses.of([bare, several()])))
        assert found is not None
        assert found.misled is None

    def test_a_row_for_each_label(self) -> None:
        result = as_study(with_labels(several()))
        table = PRESENTATION.report_tables["label_scores"](result)
        assert table is not None
        assert [row[1] for row in table.rows] == ["edema", "edema", "rare", "rare"]
        curves, labels = PRESENTATION.figures
        assert curves.draw(result) is None
        drawn = labels.draw(result)
        assert drawn is not None
        assert len(drawn.axes[0].get_yticklabels()) == 2
        assert "between 0.800 (edema) and 0.800 (edema)" in labels.describe(result)

    def test_labels_of_which_nothing_is_known(self) -> None:
        found = LabelsAnalysis(task="multilabel", labels=(make_label("lda", "rare", None),))
        result = as_study(with_labels(found))
        assert PRESENTATION.figures[1].describe(result) == "No label has an AUC."
        assert find_labels(result).best is None  # type: ignore[union-attr]


def test_of_three_classes_there_is_nothing() -> None:
    comparison = make_model_comparison(make_two_models())
    result = as_study(comparison)
    made = [*PRESENTATION.tables.values(), *PRESENTATION.report_tables.values()]
    assert [make(result) for make in made] == [None] * len(made)
    assert [maker.draw(result) for maker in PRESENTATION.figures] == [None, None]
    assert [maker.describe(result) for maker in PRESENTATION.figures] == ["", ""]
    assert find_labels(comparison) is None


def test_messages_name_models_and_labels() -> None:
    said = [
        [maker.message(as_study(with_labels(found))) for maker in PRESENTATION.figures]
        for found in (two_classes(), two_classes(curves=None), several())
    ]
    assert str(said[0][0]).startswith("The highest AUC for ill is 0.800 (")
    assert [said[1][0], said[2][0]] == [None, None]
    assert str(said[2][1]).endswith("the AUC lies between 0.800 (edema) and 0.800 (edema)")
    unknown = LabelsAnalysis(task="multilabel", labels=(make_label("lda", "rare", None),))
    assert PRESENTATION.figures[1].message(as_study(with_labels(unknown))) is None


def test_labels_that_are_not_recognised_reliably_are_those_below_the_limit() -> None:
    found = find_labels(with_labels(several()))
    assert found is not None
    assert [entry.label for entry in found.unreliable("lda")] == ["edema", "rare"]
    assert found.least_sensitivity == 0.6
    assert found.unreliable("nobody") == []
