"""All texts that a catalogue translates: of templates, of modules, and words for what a result holds."""

import io
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, get_args

from skknn_syndrome._files import write_text
from skknn_syndrome.languages import NOUN, catalogue
from skknn_syndrome.languages.catalogue import read_catalogue
from skknn_syndrome.languages.language import with_nouns
from skknn_syndrome.rendering.leakage_summary import LeakageVerdict
from skknn_syndrome.rendering.summary import OpenSetVerdict
from skknn_syndrome.rendering.templates import assets_folder, marked_texts
from skknn_syndrome.vocabulary import KNOWN
from skknn_syndrome.wording import titles

if TYPE_CHECKING:
    from babel.messages.catalog import Message as Message_

WORDS = (
    *("overconfident", "underconfident", "significant", "not significant", "inconclusive"),
    *get_args(LeakageVerdict),
    *get_args(OpenSetVerdict),
)
"""Verdicts, which templates translate by their name."""
NOUNS = tuple(
    dict.fromkeys(["syndrome", "subject", "image", *(word for words in KNOWN.values() for word in words)])
)
_PACKAGE = Path(__file__).resolve().parents[1]
_CALLS = ("gettext", "ngettext", "pgettext")
_PLACE = re.compile(r"%\((\w+)\)s")
_HEAD = """\
# Translations of skknn_syndrome: docs/report.md says how they are written.
msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {plural};\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
_ANY = {role: {"one": "x"} for role in ("class", "subject", "image")}


class Message(NamedTuple):
    """A text to be translated, and where it stands."""

    context: str
    texts: tuple[str, ...]
    """One, or singular and plural."""
    place: str

    @property
    def key(self) -> tuple[str, str]:
        """What a catalogue finds it by."""
        return self.context, self.texts[0]


@cache
def messages() -> tuple[Message, ...]:
    """Return all texts, each once."""
    found = [*_of_templates(), *_of_modules()]
    found += [Message("", (word,), "verdict") for word in WORDS]
    found += [Message("", (title,), "title") for title in titles()]
    found += [Message(NOUN, (noun,), "noun") for noun in NOUNS]
    return tuple(reversed({message.key: message for message in reversed(found)}.values()))


def _of_templates() -> Iterator[Message]:
    for path in sorted([*assets_folder().rglob("*.qmd"), *_PACKAGE.rglob("*.qmd")]):
        for call, texts in marked_texts(path):
            yield from _message(call, texts, path.name)


def _of_modules() -> Iterator[Message]:
    from babel.messages.extract import extract_python  # noqa: PLC0415  for translators and tests alone

    for path in sorted(_PACKAGE.rglob("*.py")):
        if b"gettext(" in path.read_bytes():
            with path.open("rb") as stream:
                for _, call, texts, _ in extract_python(stream, dict.fromkeys(_CALLS), [], {}):
                    yield from _message(str(call), texts, path.name)


def _message(call: str | None, texts: object, place: str) -> Iterator[Message]:
    """Yield the text of a call; what is told when the page is filled, such as a verdict, has none here."""
    given = [text for text in (texts if isinstance(texts, tuple) else (texts,)) if isinstance(text, str)]
    n_wanted = 2 if call in {"ngettext", "pgettext"} else 1
    if len(given) >= n_wanted and given[-1]:
        context = given.pop(0) if call == "pgettext" else ""
        yield Message(context, tuple(given[:2] if call == "ngettext" else given[:1]), place)


def faults(path: Path) -> list[str]:
    """Return what is wrong with a catalogue: texts that it lacks, that nothing asks for, or that do not fit.

    Parameters
    ----------
    path : Path
        A `.po` file.
    """
    wanted = {message.key: message for message in messages()}
    entries = {_key(entry): entry for entry in read_catalogue(path) if entry.id}
    said = [f"missing: {key}" for key in wanted if key not in entries or not _is_translated(entries[key])]
    said += [f"unused: {key}" for key in entries if key not in wanted]
    for key, entry in entries.items():
        if key in wanted and _is_translated(entry):
            said += [f"{key}: {reason}" for reason in _misfits(wanted[key], _forms(entry))]
    return said


def _misfits(message: Message, forms: Sequence[str]) -> Iterator[str]:
    if message.context == NOUN:
        return
    filled = set(_PLACE.findall(" ".join(message.texts)))
    for form in forms:
        if set(_PLACE.findall(form)) != filled:
            yield f"{form!r} is to be filled with {', '.join(sorted(filled)) or 'nothing'}"
        if "{" in with_nouns(form, _ANY):
            yield f"{form!r} has a brace that is no noun"


def update_catalogue(path: Path) -> int:
    """Write the catalogue of a language with all texts, and return how many are to be translated.

    Parameters
    ----------
    path : Path
        A `.po` file; made where it is missing. Its translations stay; those that nothing asks for are left
        out.
    """
    from babel.messages.catalog import Catalog  # noqa: PLC0415  for translators and tests alone
    from babel.messages.pofile import write_po  # noqa: PLC0415  likewise

    there = {_key(entry): entry for entry in read_catalogue(path) if entry.id} if path.is_file() else {}
    made = Catalog(locale=path.stem.replace("-", "_"), project="skknn_syndrome", charset="utf-8")
    for message in messages():
        old = there.get(message.key)
        made.add(
            message.texts if len(message.texts) > 1 else message.texts[0],
            None if old is None else old.string,
            locations=[(message.place, 1)],
            context=message.context or None,
        )
    head = _HEAD.format(code=path.stem, plural=made.plural_forms.rstrip(";"))
    with io.BytesIO() as stream:
        write_po(stream, made, width=110, omit_header=True, include_lineno=False)
        write_text(path, head + stream.getvalue().decode())
    return sum(not _is_translated(entry) for entry in made if entry.id)


def _key(entry: "Message_") -> tuple[str, str]:
    return entry.context or "", entry.id if isinstance(entry.id, str) else entry.id[0]


def _forms(entry: "Message_") -> tuple[str, ...]:
    return tuple(entry.string) if isinstance(entry.string, (list, tuple)) else (entry.string or "",)


def _is_translated(entry: "Message_") -> bool:
    return all(_forms(entry)) and not entry.fuzzy


def main(codes: Sequence[str]) -> None:
    """Write the catalogues of some languages into the folder of catalogues."""
    for code in codes:
        path = catalogue.FOLDER / f"{code}.po"
        sys.stdout.write(f"{path}: {update_catalogue(path)} texts are to be translated.\n")


if __name__ == "__main__":
    main(sys.argv[1:])
