"""Comparison of models: tables, figures and prose."""

from collections.abc import Callable, Iterator

from skknn_syndrome.analyses.models import figures, tables
from skknn_syndrome.analyses.models.findings import find_models
from skknn_syndrome.analyses.models.result import ModelsAnalysis
from skknn_syndrome.display.table import Table
from skknn_syndrome.questions import Advice, Presentation, Reported, figure_of, of_analysis
from skknn_syndrome.wording import capitalised, score_title


def _table(make: Callable[[ModelsAnalysis], Table]) -> Callable[[Reported], Table | None]:
    return of_analysis(ModelsAnalysis, make)


def _for_report(make: Callable[[ModelsAnalysis], Table]) -> Callable[[Reported], Table | None]:
    return _table(lambda found: tables.for_report(make(found), found))


def _gist(result: Reported) -> Iterator[Table]:
    found = result.analyses.find(ModelsAnalysis)
    if found is not None:
        yield tables.scores_on_screen(found)


def advise(result: Reported) -> Iterator[Advice]:
    """Yield which model to prefer, where one is significantly better than the reference and than guessing."""
    found = find_models(result)
    over = None if found is None else found.over_reference
    if found is None or over is None or over.verdict != "better" or found.guessing is not None:
        return
    best, quickest = found.best, found.quickest
    quicker = (
        ""
        if quickest is best
        else f" {capitalised(found.label(quickest))}, which is not significantly worse, takes less time to "
        "train."
    )
    yield Advice(
        15,
        f"Consider {found.label(best)} in place of {found.label(found.reference)}: with everything chosen in "
        f"inner folds, its {score_title(found.found.refit)} is significantly higher.{quicker}",
    )


PRESENTATION = Presentation(
    question="models",
    tables={
        "model_scores": _table(tables.model_scores),
        "model_differences": _table(tables.model_differences),
        "model_pairs": _table(tables.model_pairs),
        "model_ranks": _table(tables.model_ranks),
        "model_choices": _table(tables.model_choices),
        "model_times": _table(tables.model_times),
        "model_folds": _table(tables.model_folds),
    },
    report_tables={
        "model_scores": _table(tables.scores_for_report),
        "model_differences": _table(tables.differences_for_report),
        "model_ranks": _for_report(tables.model_ranks),
        "model_choices": _table(tables.choices_for_report),
        "model_times": _for_report(tables.model_times),
    },
    figures=(
        figure_of(
            "model-scores",
            of_analysis(ModelsAnalysis, figures.draw_scores),
            of_analysis(ModelsAnalysis, figures.describe_scores),
            of_analysis(ModelsAnalysis, figures.say_scores),
        ),
        figure_of(
            "model-ranks",
            of_analysis(ModelsAnalysis, figures.draw_ranks),
            of_analysis(ModelsAnalysis, figures.describe_ranks),
            of_analysis(ModelsAnalysis, figures.say_ranks),
        ),
        figure_of(
            "model-differences",
            of_analysis(ModelsAnalysis, figures.draw_differences),
            of_analysis(ModelsAnalysis, figures.describe_differences),
            of_analysis(ModelsAnalysis, figures.say_differences),
        ),
    ),
    findings=find_models,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    gist=_gist,
    advice=advise,
    reports=frozenset({"study", "comparison"}),
)
