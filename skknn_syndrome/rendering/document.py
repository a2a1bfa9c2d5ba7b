"""From a typed result to a static Quarto document with its figures."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from skknn_syndrome._files import write_bytes, write_text
from skknn_syndrome.figures import FigureFile, write_figures
from skknn_syndrome.figures.extent import MOST_SYNDROMES, within_extent
from skknn_syndrome.figures.lettering import legible
from skknn_syndrome.rendering.advice import advice
from skknn_syndrome.rendering.assets import assets_folder
from skknn_syndrome.rendering.checklists import read_checklists
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.rendering.filters import FILTERS, Markdown, as_markdown
from skknn_syndrome.rendering.staging import THEME_FILES
from skknn_syndrome.results import StudyResult
from skknn_syndrome.tables import Table, all_tables, averaging, headline_scores, per_syndrome, versions
from skknn_syndrome.tables.alternatives import alternatives
from skknn_syndrome.tables.for_readers import for_readers
from skknn_syndrome.tables.markdown import escape_markdown
from skknn_syndrome.tables.unseen_syndromes import unseen_syndromes

DOCUMENT = "report.qmd"
MOST_SPELLED = 20
"""Labels in another script that the report writes out."""

MOST_ROWS = 200
"""Of a table in the report: about four pages."""


def write_document(study: StudyResult, folder: Path) -> Path:
    """Write `report.qmd`, its figures, bibliography and theme into a folder.

    Parameters
    ----------
    study : StudyResult
        The only source of what the document says.
    folder : Path
        Made where it is missing.

    Returns
    -------
    Path
        Of the document. The same study gives the same bytes, for the same versions.
    """
    assets = assets_folder()
    figures = write_figures(study, folder / "figures")
    for name in ("references.bib", *(f"theme/{name}" for name in THEME_FILES)):
        write_bytes(folder / Path(name).name, (assets / name).read_bytes())
    write_text(folder / DOCUMENT, fill_template(assets, study, figures))
    return folder / DOCUMENT


def fill_template(assets: Path, study: StudyResult, figures: tuple[FigureFile, ...]) -> str:
    """Return the document's text, from the template and the sections that lie in `assets`.

    Whatever a template inserts is escaped, so that a label shows as itself; only what this package wrote as
    Markdown is inserted as Markdown.
    """
    facts = Facts(study)
    by_name = {figure.name: figure for figure in figures}
    return (
        _environment(assets)
        .get_template(DOCUMENT)
        .render(
            study=study,
            facts=facts,
            winner=facts.winner,
            tables=_tables(study, facts),
            spelled=[
                (entry.syndrome, legible(entry.syndrome))
                for entry in within_extent(study).dataset.syndromes
                if legible(entry.syndrome) != entry.syndrome
            ],
            most_drawn=MOST_SYNDROMES,
            most_spelled=MOST_SPELLED,
            advice=advice(facts),
            checklists=[checklist.check(study) for checklist in read_checklists()],
            has_figure=lambda name: name in by_name,
            figure=lambda name, caption: _figure(by_name.get(name), name, caption),
        )
    )


@cache
def _environment(assets: Path) -> Environment:
    """Return the templates of a folder: to compile them takes ten times as long as to fill them."""
    environment = Environment(
        loader=FileSystemLoader(assets),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        finalize=as_markdown,
        autoescape=False,  # noqa: S701  this is Markdown: `finalize` escapes it, HTML's escapes would show
    )
    environment.filters.update(FILTERS)
    return environment


def _tables(study: StudyResult, facts: Facts) -> dict[str, Table | None]:
    evaluation, unseen = facts.evaluation, facts.unseen
    found = {
        **{table.name: table for table in all_tables(study)},
        "headline": headline_scores(study.headline),
        "alternatives": alternatives(study.headline, (study.headline.refit, "f1_macro")),
        "averaging": averaging(study),
        "versions": versions(study),
        "per_syndrome": None if evaluation is None else per_syndrome(evaluation),
        "confusions": facts.confusion_table,
        "distance_comparisons": facts.distance_table,
        "published_comparison": facts.published_table,
        "preprocessing_published": facts.published_resampling,
        "unseen_syndromes": None if unseen is None else unseen_syndromes(unseen.open_set),
    }
    return {name: None if table is None else _cut(for_readers(table)) for name, table in found.items()}


def _cut(table: Table) -> Table:
    """Return a table with no more rows than a report has pages for."""
    if len(table.rows) <= MOST_ROWS:
        return table
    rows = f"the first {MOST_ROWS} of {len(table.rows):,} rows; the study's result holds all"
    caption = f"{table.caption}, {rows}"
    return replace(table, caption=caption, rows=table.rows[:MOST_ROWS])


def _figure(figure: FigureFile | None, name: str, caption: str) -> Markdown:
    if figure is None:
        return Markdown("")
    alt = escape_markdown(figure.alt_text, longest=1_000)
    text = escape_markdown(caption, longest=400)
    return Markdown(f'![{text}](figures/{figure.file_name}){{#fig-{name} fig-alt="{alt}"}}')
