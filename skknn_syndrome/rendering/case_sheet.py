"""Case sheets: one page on what the answer about one image rests on."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from skknn_syndrome._files import write_bytes, write_text
from skknn_syndrome._output import OutputFolder, open_output
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.prose import typeset
from skknn_syndrome.display.style import VECTOR, FigureFile, house_style, save_figure
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.errors import Argument, ForeignFileError, ParameterError
from skknn_syndrome.rendering.case_figure import describe_case, draw_case
from skknn_syndrome.rendering.case_names import spoken_of_case, told_by_name
from skknn_syndrome.rendering.meta.class_ids import with_id_column
from skknn_syndrome.rendering.report import Engine, RenderedFile, check_choices, render_document
from skknn_syndrome.rendering.source import THEME_FILES, Format
from skknn_syndrome.rendering.templates import Contents, assets_folder, fill
from skknn_syndrome.results.explanation import HIDDEN, Explanation, Neighbor
from skknn_syndrome.results.prediction import FLAGS
from skknn_syndrome.vocabulary import in_words, speaking

STEM = "case"
EXPLANATION = "explanation.json"
MOST_RANKED = 3
"""Rows of the ranking, unless the prediction set has more."""
MOST_NEAR = 5
"""Of the neighbours, which a page has room for."""
SCORES = "top_1_accuracy", "top_3_accuracy", "roc_auc_ovr"
"""Expected scores that a sheet names."""


def render_case_sheet(
    explanation: Explanation,
    output_dir: str | os.PathLike[str],
    formats: Format | Sequence[Format] = ("html",),
    engine: Engine = "auto",
    *,
    show_ids: bool = False,
    force: bool = False,
) -> tuple[RenderedFile, ...]:
    """Write the case sheet of an explanation, and beside it the explanation itself as JSON.

    Parameters
    ----------
    explanation : Explanation
        From `SyndromeModel.explain`.
    output_dir : path
        Gets `case.html`, `case.pdf` or `case.docx`, `case.qmd` with its figure, and `explanation.json`.
    formats, engine, force
        As in `render_report`.
    show_ids : bool, default=False
        Print ids of subjects and images; else placeholders such as "subject 1" stand for them, in the JSON
        file too.

    Returns
    -------
    tuple of RenderedFile

    Raises
    ------
    RenderingError, ForeignFileError, FileInUseError
        As in `render_report`.
    """
    if not isinstance(explanation, Explanation):
        raise ParameterError(
            f"explanation is a {type(explanation).__name__}: give what model.explain returns.",
            code="no_explanation",
            parameter="explanation",
        )
    wanted = list(dict.fromkeys([formats] if isinstance(formats, str) else formats))
    check_choices(wanted, engine)
    shown = told_by_name(explanation if show_ids else explanation.with_placeholders())
    with open_output(Path(output_dir), kind="case", last=EXPLANATION) as output:
        with speaking(spoken_of_case(shown)):
            _write(shown, output)
        if not force:
            _refuse_other_case(output)
            output.refuse_foreign([*output.staged(), *(f"{STEM}.{format_}" for format_ in wanted)])
        rendered = render_document(
            output.staging / f"{STEM}.qmd", output.staging, formats=wanted, engine=engine
        )
        output.commit()
    return tuple(replace(file, path=output.folder / file.path.name) for file in rendered)


def _refuse_other_case(output: OutputFolder) -> None:
    """Refuse to write over the sheet of another case."""
    there, new = (folder / EXPLANATION for folder in (output.folder, output.staging))
    if there.is_file() and _answer(there) != _answer(new):
        raise ForeignFileError(
            f"{output.folder} holds the sheet of another case: choose another folder, or write over it with "
            "{force}.",
            code="other_case",
            parameter="output_dir",
            force=Argument("force", value=True),
        )


def _answer(path: Path) -> object:
    """Return what tells cases apart, with ids and without; None where a file is no explanation."""
    try:
        said = json.loads(path.read_bytes())["prediction"]
        return said["ranking"], said["novelty"]
    except (ValueError, KeyError, TypeError):
        return None


def _write(found: Explanation, output: OutputFolder) -> None:
    """Write the document, its figure, its theme, and the explanation."""
    folder, assets = output.staging, assets_folder()
    for name in ("references.bib", *(f"theme/{name}" for name in THEME_FILES)):
        write_bytes(folder / Path(name).name, (assets / name).read_bytes())
    with house_style():
        figure = draw_case(found)
        drawn = save_figure(
            figure, STEM, folder / "figures", alt_text=in_words(describe_case(found)), kinds=(VECTOR,)
        )
    write_text(folder / f"{STEM}.qmd", fill_case(found, {STEM: drawn}))
    write_text(folder / EXPLANATION, found.model_dump_json(indent=1))


def fill_case(found: Explanation, figures: Mapping[str, FigureFile]) -> str:
    """Return the text of a case sheet, in the nouns that are spoken of.

    Parameters
    ----------
    found : Explanation
    figures : mapping of str to FigureFile
        Those that were drawn.
    """
    said = found.prediction
    contents = Contents(
        tables={"ranking": ranking_table(found), "neighbors": neighbor_table(found)},
        figures=figures,
        names={
            "case": found,
            "said": said,
            "case_named": said.image not in {None, HIDDEN},
            "several_in_set": len(said.prediction_set) > 1,
            "one_in_set": len(said.prediction_set) == 1,
            "first_is_excluded": bool(said.prediction_set) and said.name not in said.prediction_set,
            "card": found.card,
            # That it is in the gallery has a paragraph of its own.
            "flags": [FLAGS[flag] for flag in said.flags if flag != "in_gallery"],
            "expected": [
                found.card.expected_scores[name] for name in SCORES if name in found.card.expected_scores
            ],
        },
    )
    return typeset(in_words(fill(contents, assets_folder(), "case.qmd")))


def ranking_table(found: Explanation) -> Table:
    """Return the most probable classes, and all that the prediction set holds."""
    columns = (
        Column("syndrome", "Syndrome"),
        Column("probability", "Probability", decimals=2),
        Column("p_value", "Conformal p-value", decimals=2),
        Column("in_set", "In the set"),
        Column("n_subjects", "Subjects in the gallery"),
    )
    sizes = {each.name: each.n_subjects for each in found.card.promises}
    shown = [
        entry for place, entry in enumerate(found.prediction.ranking) if place < MOST_RANKED or entry.in_set
    ]
    rows = [
        (entry.name, entry.probability, entry.p_value, "yes" if entry.in_set else "no", sizes[entry.name])
        for entry in shown
    ]
    caption = (
        "The most probable syndromes. The conformal p-value is the share of a syndrome's own subjects that "
        "are as unlike it or more"
    )
    table = Table("ranking", caption, columns, tuple(rows))
    return with_id_column(table, {entry.name: entry.id for entry in shown if entry.id is not None})


def neighbor_table(found: Explanation) -> Table:
    """Return the nearest images of the gallery."""
    columns = (
        Column("syndrome", "Syndrome"),
        Column("subject", "Subject"),
        Column("image", "Image"),
        Column("cosine", "Cosine distance"),
        Column("euclidean", "Euclidean distance"),
        Column("euclidean_rank", "Rank by Euclidean"),
        Column("vote_share", "Share of the vote", decimals=2),
    )

    def row(near: Neighbor) -> tuple[str | float | int | None, ...]:
        subject = None if near.subject is None else legible(near.subject)
        distances = near.cosine, near.euclidean, near.euclidean_rank, near.vote_share
        return (near.name, subject, near.image, *distances)

    caption = "The nearest images of the gallery, by cosine distance"
    return Table("neighbors", caption, columns, tuple(map(row, found.neighbors[:MOST_NEAR])))
