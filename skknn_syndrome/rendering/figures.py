"""All figures of a study, in the order of reading, and their files."""

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from skknn_syndrome.display.extent import within_extent
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.style import FigureFile, house_style, save_figure
from skknn_syndrome.errors import MissingLettersWarning, quote
from skknn_syndrome.questions import FigureMaker, Reported, as_study, presentations, presentations_of
from skknn_syndrome.results.study import StudyResult


def known_figures() -> tuple[str, ...]:
    """Return the names of all figures that a study may have."""
    return tuple(maker.name for entry in presentations() for maker in entry.figures)


def write_figures(result: Reported, folder: Path) -> tuple[FigureFile, ...]:
    """Draw and write every figure that a result has the parts for.

    Parameters
    ----------
    result : Reported
        The only source of what is drawn.
    folder : Path
        Made where it is missing.

    Returns
    -------
    tuple of FigureFile
        In the order of reading. What an earlier study left in `folder` and this one lacks is removed.
    """
    shown = within_extent(result) if isinstance(result, StudyResult) else result
    n_shown, n_syndromes = len(shown.class_names), len(result.class_names)
    cut = f" Of {n_syndromes:,} syndromes, the {n_shown} with the most images." if shown is not result else ""
    _warn_of_missing_letters(shown.class_names)
    with house_style():
        files = tuple(
            save_figure(
                figure,
                maker.name,
                folder,
                alt_text=f"{maker.describe(as_study(shown))}{cut if maker.by_class else ''}",
            )
            for maker, figure in _drawn(shown)
        )
    # A figure of an earlier study in the same folder would pass for one of this study.
    for name in set(known_figures()) - {file.name for file in files}:
        for kind in ("png", "svg"):
            (folder / f"{name}.{kind}").unlink(missing_ok=True)
    return files


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


def _drawn(result: Reported) -> Iterator[tuple[FigureMaker, Figure]]:
    """Draw one figure after the other."""
    for maker in (maker for entry in presentations_of(result) for maker in entry.figures):
        figure = maker.draw(as_study(result))
        if figure is not None:
            yield maker, figure
