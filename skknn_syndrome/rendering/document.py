"""From a typed result to a static Quarto document with its figures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, get_args

from skknn_syndrome._files import write_bytes, write_text
from skknn_syndrome.analyses.dataset.present import syndrome_counts
from skknn_syndrome.display.extent import MOST_SYNDROMES, within_extent
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.style import FigureFile
from skknn_syndrome.display.table import Table
from skknn_syndrome.questions import Chapter, Reported, as_study, folders, presentations_of
from skknn_syndrome.rendering.advice import advice
from skknn_syndrome.rendering.checklists import read_checklists
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.rendering.figures import write_figures
from skknn_syndrome.rendering.source import THEME_FILES
from skknn_syndrome.rendering.tables import all_tables, averaging, encoders, timings, versions
from skknn_syndrome.rendering.templates import FRAME, FRAMES, Contents, assets_folder, fill
from skknn_syndrome.rendering.templates import MOST_ROWS as MOST_ROWS
from skknn_syndrome.rendering.thumbnails import Thumbnail, write_thumbnails
from skknn_syndrome.results.distance_alignment import DistanceAlignment
from skknn_syndrome.results.model_comparison import ModelComparison
from skknn_syndrome.results.study import StudyResult

AnyResult: TypeAlias = StudyResult | ModelComparison | DistanceAlignment
"""What a report is written of."""

DOCUMENT = FRAME
MOST_SPELLED = 20
"""Labels in another script that the report writes out."""


def write_document(result: AnyResult, folder: Path, thumbnails: Path | None = None) -> Path:
    """Write `report.qmd`, its figures, bibliography and theme into a folder.

    Parameters
    ----------
    result : StudyResult, ModelComparison or DistanceAlignment
        The only source of what the document says.
    folder : Path
        Made where it is missing.
    thumbnails : Path, optional
        A folder of images, of which small pictures are shown.

    Returns
    -------
    Path
        Of the document. The same result gives the same bytes, for the same versions.
    """
    assets = assets_folder()
    figures = write_figures(result, folder / "figures")
    for name in ("references.bib", *(f"theme/{name}" for name in THEME_FILES)):
        write_bytes(folder / Path(name).name, (assets / name).read_bytes())
    shots = () if thumbnails is None else write_thumbnails(result, thumbnails, folder / "figures")
    write_text(folder / DOCUMENT, fill_template(assets, result, figures, shots))
    return folder / DOCUMENT


def fill_template(
    assets: Path,
    result: AnyResult,
    figures: Sequence[FigureFile],
    thumbnails: Sequence[Thumbnail] = (),
) -> str:
    """Return the document's text, from the frame and the sections that lie in `assets`."""
    return fill(contents_of(result, figures, thumbnails), assets, FRAMES[result.report_kind])


def contents_of(
    result: AnyResult,
    figures: Sequence[FigureFile],
    thumbnails: Sequence[Thumbnail] = (),
) -> Contents:
    """Return what a report is filled with: every table, the figures given, and the facts."""
    found = _findings(result)
    own: dict[str, object] = {result.report_kind: result}
    if isinstance(result, StudyResult):
        own |= _of_study(result)
    return Contents(
        tables=_tables(result),
        figures={figure.name: figure for figure in figures},
        names={
            "report": result,
            "findings": found,
            "sections": _sections(result, found),
            "thumbnails": thumbnails,
            "samples": {entry.question: entry.sample for entry in result.analyses},
            **own,
        },
        sections=folders(),
    )


def _of_study(study: StudyResult) -> dict[str, object]:
    facts = Facts(study)
    return {
        "facts": facts,
        "winner": facts.winner,
        "spelled": _spelled(study),
        "most_drawn": MOST_SYNDROMES,
        "most_spelled": MOST_SPELLED,
        "advice": advice(facts),
        "checklists": [checklist.check(study) for checklist in read_checklists()],
    }


def _findings(result: Reported) -> dict[str, object | None]:
    """Return what the prose of each question speaks of, None where the result has nothing on it."""
    return {
        found.question: None if found.findings is None else found.findings(as_study(result))
        for found in presentations_of(result)
    }


def _sections(result: Reported, found: Mapping[str, object | None]) -> dict[Chapter, list[str]]:
    """Return the templates of the questions on which there is something to say, by chapter."""
    chapters: dict[Chapter, list[str]] = {chapter: [] for chapter in get_args(Chapter)}
    for entry in presentations_of(result):
        if entry.findings is None or found[entry.question] is not None:
            for chapter, name in entry.sections.items():
                chapters[chapter].append(f"{entry.question}/{name}")
    return chapters


def _spelled(study: StudyResult) -> list[tuple[str, str]]:
    """Return the labels that no font has the letters of, and how figures spell them."""
    labels = within_extent(study).class_names
    return [(label, latin) for label in labels if (latin := legible(label)) != label]


def _of_comparison(comparison: ModelComparison) -> dict[str, Table]:
    return {"encoders": encoders(comparison), "classes": syndrome_counts(comparison)}


def _tables(result: AnyResult) -> dict[str, Table | None]:
    return {
        **{table.name: table for table in all_tables(result)},
        "averaging": averaging(result),
        "versions": versions(result),
        "timings": timings(result),
        **(_of_comparison(result) if isinstance(result, ModelComparison) else {}),
        **{
            name: make(as_study(result))
            for entry in presentations_of(result)
            for name, make in entry.report_tables.items()
        },
    }
