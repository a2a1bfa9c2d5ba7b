"""From a typed result to a static Quarto document with its figures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias, get_args

from skknn_syndrome._files import write_bytes, write_text
from skknn_syndrome.analyses.dataset.present import syndrome_counts
from skknn_syndrome.display.extent import MOST_SYNDROMES, extent_note
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.prose import typeset
from skknn_syndrome.display.style import KINDS, FigureFile, Kind
from skknn_syndrome.display.table import Table
from skknn_syndrome.languages import ENGLISH, said_in
from skknn_syndrome.questions import Chapter, Reported, as_study, folders, presentations_of
from skknn_syndrome.rendering.advice import advice
from skknn_syndrome.rendering.checklists import read_checklists
from skknn_syndrome.rendering.class_marks import marking
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.rendering.figures import write_figures
from skknn_syndrome.rendering.maps import write_map
from skknn_syndrome.rendering.meta.class_ids import with_class_ids, with_id_column
from skknn_syndrome.rendering.meta.model import ReportMeta
from skknn_syndrome.rendering.meta.title_block import copy_logo, with_title_block
from skknn_syndrome.rendering.parts import FRAMES, STEMS, Part, linked
from skknn_syndrome.rendering.readers import AsRead, as_read
from skknn_syndrome.rendering.source import THEME_FILES
from skknn_syndrome.rendering.summary import MOST_NAMED, SummaryFindings
from skknn_syndrome.rendering.tables import all_tables, averaging, encoders, open_issues, timings, versions
from skknn_syndrome.rendering.templates import FRAME, Contents, assets_folder, fill
from skknn_syndrome.rendering.templates import MOST_ROWS as MOST_ROWS
from skknn_syndrome.rendering.thumbnails import Thumbnail, told_thumbnails, write_thumbnails
from skknn_syndrome.rendering.translation import language_of, told_in, write_translated
from skknn_syndrome.results.distance_alignment import DistanceAlignment
from skknn_syndrome.results.model_comparison import ModelComparison
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.vocabulary import in_words, speaking

AnyResult: TypeAlias = StudyResult | ModelComparison | DistanceAlignment
"""What a report is written of."""

DOCUMENT = FRAME
MOST_SPELLED = 20
"""Labels in another script that the report writes out."""


def write_document(
    result: AnyResult,
    folder: Path,
    thumbnails: Path | None = None,
    *,
    source: Path | None = None,
    kinds: Sequence[Kind] = KINDS,
    meta: ReportMeta | None = None,
    show_ids: bool = False,
) -> Path:
    """Write the document of each part, their figures, bibliography, theme and map into a folder.

    Parameters
    ----------
    result : StudyResult, ModelComparison or DistanceAlignment
        The only source of what the document says.
    folder : Path
        Made where it is missing.
    thumbnails : Path, optional
        A folder of images, of which small pictures are shown.
    source : Path, optional
        The JSON file that `result` was read from: figures beside it are taken over where they are of it.
    kinds : sequence of {"png", "svg"}
        Files of each figure that has to be drawn.
    meta : ReportMeta, optional
        What the authors supply.
    show_ids : bool, default=False
        Whether ids of subjects and images are printed; else numbered placeholders stand for them.

    Returns
    -------
    Path
        Of the main text, `report.qmd`. The same result gives the same bytes, for the same versions.
    """
    assets = assets_folder()
    read = as_read(result, meta, show_ids=show_ids)
    with speaking(read.vocabulary):
        # Those beside the result have its own names of classes.
        drawn = source if meta is None else None
        figures = write_figures(read.drawn, folder / "figures", kinds=kinds, drawn=drawn)
        write_map(read.told, folder)
        code = language_of("summary", meta if isinstance(result, StudyResult) else None)
        with told_in(code, read.vocabulary, meta):
            translated = write_translated(read.drawn, folder / "figures", code, kinds)
    for name in ("references.bib", *(f"theme/{name}" for name in THEME_FILES)):
        write_bytes(folder / Path(name).name, (assets / name).read_bytes())
    shots = () if thumbnails is None else write_thumbnails(result, thumbnails, folder / "figures")
    logo = copy_logo(meta, folder)
    texts = _filled(assets, read, figures, shots, meta, translated)
    for part, text in linked(texts, {part: language_of(part, meta) for part in texts}).items():
        with said_in(language_of(part, meta)):
            titled = with_title_block(text, meta or ReportMeta(), logo)
        write_text(folder / f"{STEMS[part]}.qmd", titled)
    return folder / DOCUMENT


def fill_parts(
    assets: Path,
    result: AnyResult,
    figures: Sequence[FigureFile],
    thumbnails: Sequence[Thumbnail] = (),
    *,
    meta: ReportMeta | None = None,
    show_ids: bool = False,
) -> dict[Part, str]:
    """Return the text of each part that such a result has, as `linked` takes them.

    Parameters
    ----------
    assets : Path
        Where the frames, and the sections that they have themselves, lie.
    result : StudyResult, ModelComparison or DistanceAlignment
    figures : sequence of FigureFile
        Those that were drawn.
    thumbnails : sequence of Thumbnail
    meta, show_ids
        As in `write_document`.
    """
    return _filled(assets, as_read(result, meta, show_ids=show_ids), figures, thumbnails, meta)


def _filled(
    assets: Path,
    read: AsRead[AnyResult],
    figures: Sequence[FigureFile],
    thumbnails: Sequence[Thumbnail],
    meta: ReportMeta | None,
    translated: Mapping[str, FigureFile] = MappingProxyType({}),
) -> dict[Part, str]:
    """Return the text of each part of a result in the words of its readers."""
    texts: dict[Part, str] = {}
    with speaking(read.vocabulary):
        shots = told_thumbnails(read.told, thumbnails)
        contents = contents_of(read.told, figures, shots, meta, read.class_ids)
        _ = contents.shown  # in English, whichever part is filled first
        for part, frame in FRAMES[read.told.report_kind].items():
            code = language_of(part, meta)
            own = {} if code == ENGLISH.code else translated
            with told_in(code, read.vocabulary, meta), marking(read.class_ids):
                filled = fill(contents, assets, frame, own)
                texts[part] = with_class_ids(typeset(in_words(filled)), read.class_ids)
    return texts


def contents_of(
    result: AnyResult,
    figures: Sequence[FigureFile],
    thumbnails: Sequence[Thumbnail] = (),
    meta: ReportMeta | None = None,
    class_ids: Mapping[str, str] | None = None,
) -> Contents:
    """Return what a report is filled with: every table, the figures given, and the facts."""
    found = _findings(result)
    own: dict[str, object] = {result.report_kind: result, "meta": meta or ReportMeta()}
    if isinstance(result, StudyResult):
        own |= _of_study(result, meta)
    return Contents(
        tables={name: with_id_column(table, class_ids or {}) for name, table in _tables(result).items()},
        figures={figure.name: figure for figure in figures},
        names={
            "report": result,
            "findings": found,
            "sections": _sections(result, found),
            "thumbnails": thumbnails,
            "most_named": MOST_NAMED,
            "samples": {entry.question: entry.sample for entry in result.analyses},
            **own,
        },
        sections=folders(),
    )


def _of_study(study: StudyResult, meta: ReportMeta | None) -> dict[str, object]:
    facts = Facts(study)
    return {
        "facts": facts,
        "summary": SummaryFindings(facts),
        "most_in_forest": MOST_SYNDROMES,
        "winner": facts.winner,
        "spelled": _spelled(study),
        "extent_note": extent_note(study),
        "most_spelled": MOST_SPELLED,
        "advice": advice(facts),
        "checklists": [checklist.check(study, meta) for checklist in read_checklists()],
    }


def _findings(result: Reported) -> dict[str, object | None]:
    """Return what the prose of each question speaks of, None where the result has nothing on it."""
    return {
        found.question: None if found.findings is None else found.findings(as_study(result))
        for found in presentations_of(result)
    }


def _sections(result: Reported, found: Mapping[str, object | None]) -> dict[str, list[str]]:
    """Return the templates of the questions on which there is something to say, by chapter.

    Where a report is one document, it has those of "details": of each question that with most to say.
    """
    chapters: dict[str, list[str]] = {chapter: [] for chapter in (*get_args(Chapter), "details")}
    for entry in presentations_of(result):
        if entry.findings is None or found[entry.question] is not None:
            for chapter, name in entry.sections.items():
                chapters[chapter].append(f"{entry.question}/{name}")
            details = entry.sections.get("supplement", entry.sections.get("results"))
            chapters["details"] += [] if details is None else [f"{entry.question}/{details}"]
    return chapters


def _spelled(study: StudyResult) -> list[tuple[str, str]]:
    """Return the labels that no font has the letters of, and how figures spell them."""
    return [(label, latin) for label in study.class_names if (latin := legible(label)) != label]


def _of_comparison(comparison: ModelComparison) -> dict[str, Table]:
    return {"encoders": encoders(comparison), "classes": syndrome_counts(comparison)}


def _of_checks(study: StudyResult) -> dict[str, Table]:
    return {"open_issues": open_issues(study, by_chance=Facts(study).by_chance)}


def _tables(result: AnyResult) -> dict[str, Table | None]:
    return {
        **{table.name: table for table in all_tables(result)},
        "averaging": averaging(result),
        "versions": versions(result),
        "timings": timings(result),
        **(_of_comparison(result) if isinstance(result, ModelComparison) else {}),
        **(_of_checks(result) if isinstance(result, StudyResult) else {}),
        **{
            name: make(as_study(result))
            for entry in presentations_of(result)
            for name, make in entry.report_tables.items()
        },
    }
