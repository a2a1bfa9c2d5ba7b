"""A summary in another language: whole, with its numbers, days, nouns and figures."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import write_po
from matplotlib.text import Text

from skknn_syndrome.analyses.open_set.result import OpenSetAnalysis
from skknn_syndrome.analyses.prediction_sets.result import PredictionSetsAnalysis
from skknn_syndrome.languages import catalogue, said_in
from skknn_syndrome.questions import presentations_of
from skknn_syndrome.rendering.document import contents_of, fill_parts
from skknn_syndrome.rendering.figures import alt_text_of, drawn_figure
from skknn_syndrome.rendering.message_ids import faults, update_catalogue
from skknn_syndrome.rendering.meta import parse_meta
from skknn_syndrome.rendering.parts import Part, linked
from skknn_syndrome.rendering.readers import as_read
from skknn_syndrome.rendering.templates import assets_folder, fill
from skknn_syndrome.rendering.translation import FIGURES, nouns_in, told_in, write_translated
from skknn_syndrome.results.dataset import DataNouns
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.vocabulary import Noun, Vocabulary, speaking
from tests.analysis_builders import make_chance
from tests.comparison_builders import compared
from tests.refusing import refused
from tests.rendering.facts_builders import evaluation, study_with
from tests.rendering.full_study import make_full_study
from tests.rendering.studies import everything
from tests.rendering.test_summary import BETTER, LEVEL, MIXED, gap_of, with_covariates
from tests.set_builders import make_class_means, make_sets

GERMAN = "language: de"
NAMES = re.compile(r"six\\?\.csv|\b(?:view|one|other|lda|AUC|alpha|beta|gamma)\b")
QUOTED = re.compile(r"`[^`]*`|\{[^}]*\}|\(figures/[^)]*\)|^:+.*$|@fig-[\w-]+|\bk\b", re.MULTILINE)


def summary_of(study: StudyResult, meta: str = GERMAN) -> str:
    given = parse_meta(meta)
    read = as_read(study, given)
    with speaking(read.vocabulary), told_in(given.language, read.vocabulary, given):
        return fill(contents_of(read.told, (), meta=given), assets_folder(), "summary.qmd").replace("\\", "")


def many_studies() -> list[StudyResult]:
    """Return studies that between them have every sentence of the summary."""
    rows = tuple(tuple(int(column == (row + 1) % 5) for column in range(5)) for row in range(5))
    return [
        everything(),
        make_full_study(),
        study_with(),
        study_with(chance=make_chance(0.5)),
        study_with(with_covariates(gap_of("view", 0.3, 0.5)), evaluations=(evaluation(*rows),)),
        study_with(with_covariates(gap_of("view", 0.0, 1.0))),
        study_with(*compared(BETTER, MIXED, LEVEL, protocol="subject")),
        study_with(*compared(LEVEL, protocol="subject")),
        study_with(
            OpenSetAnalysis(class_means=make_class_means(detected=(0.5, 0.76), names=("a", "b"))),
            PredictionSetsAnalysis(prediction_sets=make_sets(("a", "b"), covered=0.8)),
        ),
    ]


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Drop a catalogue into the folder, in which every letter is one that English lacks."""
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    path = tmp_path / "eo.po"
    update_catalogue(path)
    found = catalogue.read_catalogue(path)
    for entry in found:
        if entry.context == catalogue.NOUN:
            entry.string = "one: жо; other: жоо"
        elif entry.id:
            texts = [foreign(text) for text in ([entry.id] if isinstance(entry.id, str) else entry.id)]
            entry.string = texts[0] if isinstance(entry.id, str) else tuple(texts)
    with path.open("wb") as stream:
        write_po(stream, found)
    assert faults(path) == []
    yield "language: eo"
    catalogue._read.cache_clear()  # noqa: SLF001  whose files are gone


def foreign(text: str) -> str:
    """Return a text with another letter for each, but within what is filled in, and in code."""
    return re.sub(r"%\(\w+\)s|`[^`]*`|[A-Za-z]", lambda found: found[0] if len(found[0]) > 1 else "ж", text)


def test_a_third_language_needs_a_file_and_every_word_of_the_page_is_translated(made_up: str) -> None:
    for study in many_studies():
        text = summary_of(study, made_up)
        header, _, body = text.removeprefix("---\n").partition("\n---\n")
        titles = re.findall(r"^(?:title|subtitle|toc-title|part-title): (.*)$", header, re.MULTILINE)
        shown = NAMES.sub("", QUOTED.sub("", " ".join([*titles, body])))
        assert re.findall(r"[A-Za-z]{2,}", shown) == []


def test_figures_of_the_summary_are_lettered_in_it(made_up: str) -> None:
    study = make_full_study(("ä", "ö", "ü"))
    assert made_up == "language: eo"
    with said_in("eo"):
        for maker in (maker for entry in presentations_of(study) for maker in entry.figures):
            figure = drawn_figure(maker, study, study) if maker.name in FIGURES else None
            if figure is not None:
                texts = [text.get_text() for text in figure.findobj(Text)]
                assert re.findall(r"[A-Za-z]{2,}", " ".join([*texts, alt_text_of(maker, study, study)])) == []


def test_numbers_days_and_signs_are_those_of_german() -> None:
    text = summary_of(everything())
    nbsp = "\N{NO-BREAK SPACE}"
    assert "lang: de\n" in text
    assert 'date: "2026-01-01"' in text
    assert 'date: "1. Januar 2026"' in text
    assert "Makro-AUC +0,05, 95-%-KI +0,04 bis +0,06; Makro-F1 \N{MINUS SIGN}0,01" in text.replace(
        "\N{NON-BREAKING HYPHEN}", "-"
    )
    assert f"bei **70{nbsp}%** der Bilder" in text
    assert not re.search(r"\d\.\d{2}\b", text.partition("## ")[2])


def test_sentences_agree_with_the_gender_of_the_nouns() -> None:
    def of(**nouns: str) -> str:
        study = everything()
        return summary_of(study.revised(dataset=study.dataset.revised(nouns=DataNouns(**nouns))))

    assert "Die richtige Art steht" in of(classes="species", subjects="specimen")
    assert "dasselbe Exemplar unter zwei" in of(classes="species", subjects="specimen")
    assert "denselben Patienten unter zwei" in of(subjects="patient", images="scan")
    assert "Bei" not in of(subjects="patient", images="scan").partition("steht")[0]
    assert "Die richtige Läsion" in of(classes="lesion")
    assert "der Fotografien" in of(images="photograph")


def test_other_parts_stay_english_and_the_page_says_so() -> None:
    texts = fill_parts(assets_folder(), everything(), (), meta=parse_meta(GERMAN))
    english = fill_parts(assets_folder(), everything(), ())
    assert {part: text for part, text in texts.items() if part != "summary"} == {
        part: text for part, text in english.items() if part != "summary"
    }
    assert "sind auf Englisch verfasst" in texts["summary"]
    assert "are in English" not in english["summary"]


def test_references_to_other_parts_are_called_in_the_language_of_the_page() -> None:
    texts: dict[Part, str] = {
        "summary": "@tbl-a",
        "main": "@tbl-a",
        "supplement": "| a |\n|---|\n| b |\n\n: A {#tbl-a}\n",
    }
    found = linked(texts, {"summary": "de"})
    assert found["summary"].startswith("[Tabelle\N{NO-BREAK SPACE}S1]")
    assert found["main"].startswith("[Table\N{NO-BREAK SPACE}S1]")


NAEVI = Vocabulary(classes=Noun("naevus", "naevi"))
FORMS = "nouns: {forms: {class: {one: Nävus, other: Nävi, gender: masculine}}}"


def test_authors_give_the_forms_of_a_noun_that_the_catalogue_lacks() -> None:
    found = nouns_in("de", NAEVI, parse_meta(FORMS))
    assert found["class"]["other"] == "Nävi"
    assert found["subject"]["one"] == "Person"
    meta = f"{GERMAN}\n{FORMS.replace('{forms', '{class: [naevus, naevi], forms')}"
    assert "Der richtige Nävus" in summary_of(everything(), meta)


@pytest.mark.parametrize("meta", ["", FORMS.replace(", gender: masculine", "")])
def test_a_noun_without_its_forms_is_refused(meta: str) -> None:
    with refused("noun_without_forms", "meta"):
        nouns_in("de", NAEVI, parse_meta(meta))


@pytest.mark.parametrize("forms", ["{other: Nävi}", "{one: <b>}"])
def test_forms_that_are_no_words_are_refused(forms: str) -> None:
    with refused("invalid_value", "meta"):
        parse_meta(f"nouns: {{forms: {{class: {forms}}}}}")


def test_figures_are_written_beside_those_of_the_other_parts(tmp_path: Path) -> None:
    with said_in("de"):
        files = write_translated(make_full_study(), tmp_path, "de", ("svg",))
    assert {name: file.file_name for name, file in files.items()} == {
        name: f"{name}-de.svg" for name in FIGURES
    }
    assert "Sensitivität" in files["class-forest"].alt_text
    assert all(file.svg.is_file() for file in files.values())


def test_a_study_without_these_figures_has_none_to_translate(tmp_path: Path) -> None:
    with said_in("de"):
        assert write_translated(study_with(), tmp_path, "de", ("svg",)) == {}
    assert write_translated(make_full_study(), tmp_path, "en", ("svg",)) == {}
    assert [*tmp_path.iterdir()] == []
