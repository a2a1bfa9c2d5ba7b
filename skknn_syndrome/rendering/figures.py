"""All figures of a study, in the order of reading, and their files."""

import warnings
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from skknn_syndrome._files import write_bytes
from skknn_syndrome.display.extent import extent_note, within_extent
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.style import (
    KINDS,
    FigureFile,
    Kind,
    figure_file,
    house_style,
    save_figure,
    title_above,
)
from skknn_syndrome.errors import MissingLettersWarning, quote
from skknn_syndrome.questions import FigureMaker, Reported, as_study, presentations, presentations_of
from skknn_syndrome.rendering.drawn_figures import MANIFEST, drawn_figures, manifest_of
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.vocabulary import in_words


def known_figures() -> tuple[str, ...]:
    """Return the names of all figures that a study may have."""
    return tuple(maker.name for entry in presentations() for maker in entry.figures)


def write_figures(
    result: Reported,
    folder: Path,
    *,
    kinds: Sequence[Kind] = KINDS,
    source: Path | None = None,
    drawn: Path | None = None,
) -> tuple[FigureFile, ...]:
    """Write every figure that a result has the parts for, drawn here or taken over.

    Parameters
    ----------
    result : Reported
        The only source of what is drawn.
    folder : Path
        Made where it is missing.
    kinds : sequence of {"png", "svg"}
        Files of each figure that is drawn.
    source : Path, optional
        The JSON file of `result`: a list of the figures that were drawn of it is left in `folder`.
    drawn : Path, optional
        The JSON file that `result` was read from: figures that lie beside it are taken over with all their
        files, where that list says that they are of this very file and were drawn by this very package, and
        where they are unchanged. Others are drawn.

    Returns
    -------
    tuple of FigureFile
        In the order of reading. What an earlier study left in `folder` and this one lacks is removed.
    """
    shown = within_extent(result) if isinstance(result, StudyResult) else result
    _warn_of_missing_letters(result.class_names)
    there = {} if drawn is None else drawn_figures(drawn, result)
    files: list[FigureFile] = []
    with house_style():
        for maker in (maker for entry in presentations_of(result) for maker in entry.figures):
            of = shown if maker.by_class else result
            contents = there.get(maker.name)
            if contents is not None:
                for name, content in contents.items():
                    write_bytes(folder / name, content)
                files.append(figure_file(maker.name, folder, alt_text_of(maker, of, result)))
            elif (figure := drawn_figure(maker, of, result)) is not None:
                alt_text = alt_text_of(maker, of, result)
                files.append(save_figure(figure, maker.name, folder, alt_text=alt_text, kinds=kinds))
    _remove_others(folder, files)
    if source is not None:
        write_bytes(folder / MANIFEST, manifest_of(source, result, files))
    return tuple(files)


def drawn_figure(maker: FigureMaker, of: Reported, result: Reported) -> Figure | None:
    """Return a figure with its message above it; None where the result has nothing to draw.

    Parameters
    ----------
    maker : FigureMaker
    of : Reported
        What is drawn: the result, or its worst and best classes alone where the figure goes by class.
    result : Reported
        The whole, of which the message is.
    """
    figure = _drawn(maker, of)
    if figure is not None and (message := maker.message(as_study(result))):
        title_above(figure, legible(message))
    return figure


def _drawn(maker: FigureMaker, of: Reported) -> Figure | None:
    return maker.draw(as_study(of))


def alt_text_of(maker: FigureMaker, of: Reported, result: Reported) -> str:
    """Return the message, what else the figure shows, and what it leaves out."""
    message, described = maker.message(as_study(result)), maker.describe(as_study(of))
    parts = [f"{message}." if message else "", described]
    if of is not result:
        parts.append(extent_note(as_study(result)))
    return in_words(" ".join(filter(None, parts)))


def _remove_others(folder: Path, files: Sequence[FigureFile]) -> None:
    """Remove what an earlier study left in the same folder, which would pass for a figure of this one."""
    for name in set(known_figures()) - {file.name for file in files}:
        for kind in KINDS:
            (folder / f"{name}.{kind}").unlink(missing_ok=True)


def _warn_of_missing_letters(labels: Sequence[str]) -> None:
    spelled = [label for label in labels if legible(label) != label]
    if spelled:
        said = f"{len(spelled)} labels, such as" if len(spelled) > 1 else "the label"
        warnings.warn(
            f"No installed font has the letters of {said} {quote(spelled[0])}: figures and PDF spell them in "
            f"Latin letters ({quote(legible(spelled[0]))}). Install a font that has them, such as Noto Sans "
            "CJK for Chinese, Japanese and Korean (https://fonts.google.com/noto), and run this again.",
            MissingLettersWarning,
            stacklevel=3,
        )
