"""Catalogues: each is complete and fits, and nothing in it is asked for by nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from skknn_syndrome.heads import registry as heads
from skknn_syndrome.languages import catalogue, load_language, ngettext, pgettext, said_in, written
from skknn_syndrome.languages.language import asks_for_gender, read_forms
from skknn_syndrome.metrics.registry import definitions
from skknn_syndrome.rendering.message_ids import Message, faults, main, messages, update_catalogue
from skknn_syndrome.wording import titles
from tests.refusing import refused

FILES = sorted(catalogue.FOLDER.glob("*.po"))
HEAD = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give an empty folder of catalogues."""
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    yield tmp_path
    catalogue._read.cache_clear()  # noqa: SLF001  whose files are gone


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_language_is_complete(path: Path) -> None:
    assert faults(path) == []


def test_german_is_there() -> None:
    assert "de" in catalogue.available()
    assert asks_for_gender(load_language("de"))


def test_what_is_missing_unused_or_does_not_fit_is_told(tmp_path: Path) -> None:
    path = tmp_path / "eo.po"
    n_left = update_catalogue(path)
    assert n_left == len(messages())
    text = path.read_text("utf-8")
    filled = text.replace('msgid "Summary"\nmsgstr ""', 'msgid "Summary"\nmsgstr "Resumo {class"')
    filled = filled.replace('msgid "Top %(k)s"\nmsgstr ""', 'msgid "Top %(k)s"\nmsgstr "Supro"')
    filled += '\nmsgid "Nobody says this"\nmsgstr "Neniu"\n'
    path.write_text(filled, "utf-8")
    found = faults(path)
    assert len([fault for fault in found if fault.startswith("missing")]) == n_left - 2
    assert [fault for fault in found if fault.startswith("unused")] == ["unused: ('', 'Nobody says this')"]
    assert len([fault for fault in found if not fault.startswith(("missing", "unused"))]) == 2
    assert update_catalogue(path) == n_left - 2
    again = path.read_text("utf-8")
    assert "Nobody says" not in again
    assert "Resumo" in again


def test_translators_write_it_with_one_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["eo"])
    assert f"eo.po: {len(messages())} texts" in capsys.readouterr().out
    assert [path.name for path in folder.iterdir()] == ["eo.po"]


def test_an_entry_of_an_older_text_counts_as_missing(folder: Path) -> None:
    (folder / "eo.po").write_text(f'{HEAD}#, fuzzy\nmsgid "Summary"\nmsgstr "Resumo"\n', "utf-8")
    assert "missing: ('', 'Summary')" in faults(folder / "eo.po")
    assert load_language("eo").texts == {}


def test_all_names_that_the_registries_hold_are_to_be_translated() -> None:
    wanted = {score.title for score in definitions() if not score.title.startswith("top-")}
    assert wanted | {heads.get(name).title for name in heads.names()} <= set(titles())


def test_texts_are_found_in_templates_and_modules() -> None:
    found = {message.key: message for message in messages()}
    assert found["", "Not for diagnostic use."].place == "summary.qmd"
    assert found["interval", "%(low)s to %(high)s"].place == "prose.py"
    images = ("%(right)s of %(tested)s image", "%(right)s of %(tested)s images")
    assert found["", images[0]] == Message("", images, "summary.qmd")


def test_plural_and_signs_are_those_of_the_language(folder: Path) -> None:
    (folder / "pl.po").write_text(
        'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n<5 ? 1 : 2);\\n"\n\n'
        'msgid "one"\nmsgid_plural "many"\nmsgstr[0] "A"\nmsgstr[1] "B"\nmsgstr[2] "C"\n\n'
        'msgctxt "noun"\nmsgid "image"\nmsgstr "one: obraz; few: obrazy; many: obrazów; other: obrazu"\n',
        "utf-8",
    )
    with said_in("pl"):
        assert [ngettext("one", "many", number) for number in (1, 2, 5)] == ["A", "B", "C"]
        assert written("1,116.5") == "1\N{NO-BREAK SPACE}116,5"
        assert pgettext("nowhere", "untranslated") == "untranslated"


def test_a_language_without_catalogue_is_refused() -> None:
    with refused("unknown_language", "meta"):
        load_language("tlh")


@pytest.mark.parametrize(
    "name, text",
    [
        ("eo.po", f'{HEAD}msgid "a" "\n'),
        ("eo.po", f'{HEAD}msgctxt "noun"\nmsgid "image"\nmsgstr "bildo"\n'),
        ("zzz.po", HEAD),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, "utf-8")
    with refused("unreadable_catalogue"):
        load_language(name.removesuffix(".po"))


def test_a_noun_needs_its_form_for_one() -> None:
    with pytest.raises(ValueError, match="one: Bild"):
        read_forms("other: Bilder")
