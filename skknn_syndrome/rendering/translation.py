"""Parts of a report in the language of its metadata: which they are, with what nouns, and their figures."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from skknn_syndrome.display.extent import within_extent
from skknn_syndrome.display.style import FigureFile, Kind, house_style, save_figure
from skknn_syndrome.errors import RenderingError, quote
from skknn_syndrome.languages import ENGLISH, Forms, load_language, said_in
from skknn_syndrome.languages.language import GENDER, asks_for_gender
from skknn_syndrome.questions import Reported, presentations_of
from skknn_syndrome.rendering.figures import alt_text_of, drawn_figure
from skknn_syndrome.rendering.meta.model import ReportMeta
from skknn_syndrome.rendering.parts import Part
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.vocabulary import Vocabulary

TRANSLATED: tuple[Part, ...] = ("summary",)
"""Parts that catalogues have the texts of; all others are in English."""
FIGURES = ("top-k", "class-forest")
"""Those of these parts."""
_LIKE = {"class": "syndrome", "subject": "subject", "image": "image"}


def language_of(part: Part, meta: ReportMeta | None) -> str:
    """Return the language that a part is written in.

    Examples
    --------
    >>> german = ReportMeta(language="de")
    >>> language_of("summary", german), language_of("main", german), language_of("summary", None)
    ('de', 'en', 'en')
    """
    return meta.language if meta is not None and part in TRANSLATED else ENGLISH.code


@contextmanager
def told_in(code: str, spoken: Vocabulary, meta: ReportMeta | None) -> Iterator[None]:
    """Say everything in a language, with the nouns of authors and data, until the end of the block.

    Raises
    ------
    RenderingError
        The catalogue lacks one of the nouns, and the metadata do not give its forms.
    """
    nouns = {} if code == ENGLISH.code else nouns_in(code, spoken, meta or ReportMeta())
    with said_in(code, nouns):
        yield


def nouns_in(code: str, spoken: Vocabulary, meta: ReportMeta) -> dict[str, Forms]:
    """Return the forms of the nouns in a language.

    Parameters
    ----------
    code : str
        Of the language.
    spoken : Vocabulary
        The nouns in English.
    meta : ReportMeta
        Which may give forms for words that the catalogue lacks.

    Raises
    ------
    RenderingError
        As `told_in`.
    """
    language = load_language(code)
    found: dict[str, Forms] = {}
    for role, noun in spoken.nouns.items():
        given = meta.nouns.forms.get(role)
        forms = given or language.nouns.get(noun.one)
        if forms is None or (GENDER not in forms and asks_for_gender(language)):
            example = ", ".join(f"{name}: {text}" for name, text in language.nouns[_LIKE[role]].items())
            said = f"nouns: {role}: in {quote(code)}, {quote(noun.one)} needs its forms, as in {{{example}}}."
            raise RenderingError(f"report.yaml: {said}", code="noun_without_forms", parameter="meta")
        found[role] = forms
    return found


def write_translated(
    result: Reported, folder: Path, code: str, kinds: Sequence[Kind]
) -> Mapping[str, FigureFile]:
    """Write the figures of the translated parts again, lettered in the language that is said.

    Parameters
    ----------
    result : Reported
    folder : Path
    code : str
        Of the language, at the end of the files' names.
    kinds : sequence of {"png", "svg"}

    Returns
    -------
    mapping of str to FigureFile
        By the names that templates call them; none in English.
    """
    if code == ENGLISH.code:
        return {}
    shown = within_extent(result) if isinstance(result, StudyResult) else result
    makers = [m for entry in presentations_of(result) for m in entry.figures if m.name in FIGURES]
    files: dict[str, FigureFile] = {}
    with house_style():
        for maker in makers:
            of = shown if maker.by_class else result
            figure = drawn_figure(maker, of, result)
            if figure is not None:
                alt = alt_text_of(maker, of, result)
                name = f"{maker.name}-{code}"
                files[maker.name] = save_figure(figure, name, folder, alt_text=alt, kinds=kinds)
    return files
