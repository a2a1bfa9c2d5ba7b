"""Preprocessing: what scaling and resampling add within folds, and before splitting."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from matplotlib.figure import Figure

from skknn_syndrome.analyses.preprocessing.class_figures import (
    describe_preprocessing_maps,
    describe_preprocessing_syndromes,
    draw_preprocessing_maps,
    draw_preprocessing_syndromes,
    say_preprocessing_maps,
    say_preprocessing_syndromes,
)
from skknn_syndrome.analyses.preprocessing.class_tables import (
    preprocessing_centroids,
    preprocessing_classes,
    preprocessing_clusters,
    preprocessing_published,
    preprocessing_roc,
    preprocessing_steps,
    preprocessing_syndromes,
)
from skknn_syndrome.analyses.preprocessing.figures import (
    describe_preprocessing_gains,
    describe_preprocessing_roc,
    draw_preprocessing_gains,
    draw_preprocessing_roc,
    roc_ks,
    say_preprocessing_gains,
    say_preprocessing_roc,
)
from skknn_syndrome.analyses.preprocessing.findings import advise, find_preprocessing
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.analyses.preprocessing.tables import (
    preprocessing_gains,
    preprocessing_inflations,
    preprocessing_ranking,
    preprocessing_scores,
    preprocessing_summary,
)
from skknn_syndrome.display.table import Table
from skknn_syndrome.questions import FigureMaker, Presentation
from skknn_syndrome.results.study import StudyResult


def _of(make: Callable[[PreprocessingComparison], Table]) -> Callable[[StudyResult], Table | None]:
    """Return how a table is made of a study that may have no comparison."""

    def of_study(study: StudyResult) -> Table | None:
        found = study.find(PreprocessingComparison)
        return None if found is None else _with_sample(make(found), found)

    return of_study


def _with_sample(table: Table, comparison: PreprocessingComparison) -> Table:
    """Return a table whose caption says on which part of the images it was computed."""
    if comparison.sample is None:
        return table
    return replace(table, caption=f"{table.caption}; {comparison.sample.sentence()}")


def _published(study: StudyResult) -> Table | None:
    found = find_preprocessing(study)
    if found is None:
        return None
    return _with_sample(preprocessing_published(found.comparison, found.published), found.comparison)


def _published_resampling(study: StudyResult) -> Table | None:
    found = find_preprocessing(study)
    return None if found is None else _with_sample(found.published_resampling, found.comparison)


def _figure(
    name: str,
    draw: Callable[[PreprocessingComparison], Figure],
    describe: Callable[[PreprocessingComparison], str | None],
    say: Callable[[PreprocessingComparison], str | None],
    *,
    needs: Callable[[PreprocessingComparison], object] = bool,
    by_class: bool = False,
) -> FigureMaker:
    """Return how a figure is made of a study that may have no comparison, or nothing of what it needs."""

    def drawn(study: StudyResult) -> Figure | None:
        found = study.find(PreprocessingComparison)
        return draw(found) if found is not None and needs(found) else None

    def described(study: StudyResult) -> str:
        found = study.find(PreprocessingComparison)
        text = None if found is None else describe(found)
        if found is None or text is None:
            return ""
        return text if found.sample is None else f"{text} All {found.sample.sentence()}."

    def said(study: StudyResult) -> str | None:
        found = study.find(PreprocessingComparison)
        return None if found is None else say(found)

    return FigureMaker(name=name, draw=drawn, describe=described, message=said, by_class=by_class)


def _on_screen(study: StudyResult) -> Iterator[Table]:
    compared = study.find(PreprocessingComparison)
    if compared is not None:
        scores = "f1_macro", "top_1_accuracy"
        columns = "scaler", "resampler", "n_neighbors", *scores, "verdict", "top_1_inflation"
        yield _with_sample(preprocessing_summary(compared), compared).only(*columns)


PRESENTATION = Presentation(
    question="preprocessing",
    tables={
        "preprocessing_summary": _of(preprocessing_summary),
        "preprocessing_ranking": _of(preprocessing_ranking),
        "preprocessing_scores": _of(preprocessing_scores),
        "preprocessing_gains": _of(preprocessing_gains),
        "preprocessing_inflations": _of(preprocessing_inflations),
        "preprocessing_classes": _of(preprocessing_classes),
        "preprocessing_syndromes": _of(preprocessing_syndromes),
        "preprocessing_roc": _of(preprocessing_roc),
        "preprocessing_clusters": _of(preprocessing_clusters),
        "preprocessing_centroids": _of(preprocessing_centroids),
        "preprocessing_steps": _of(preprocessing_steps),
        "preprocessing_published": _published,
    },
    report_tables={"preprocessing_published": _published_resampling},
    figures=(
        _figure(
            "preprocessing-gains",
            draw_preprocessing_gains,
            describe_preprocessing_gains,
            say_preprocessing_gains,
        ),
        _figure(
            "preprocessing-syndromes",
            draw_preprocessing_syndromes,
            describe_preprocessing_syndromes,
            say_preprocessing_syndromes,
            by_class=True,
        ),
        _figure(
            "preprocessing-roc",
            draw_preprocessing_roc,
            describe_preprocessing_roc,
            say_preprocessing_roc,
            needs=roc_ks,
        ),
        _figure(
            "preprocessing-maps",
            draw_preprocessing_maps,
            describe_preprocessing_maps,
            say_preprocessing_maps,
            needs=lambda found: found.maps,
        ),
    ),
    findings=find_preprocessing,
    advice=advise,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    gist=_on_screen,
)
